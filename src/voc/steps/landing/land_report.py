"""The report of landing, collected file by file."""

from collections.abc import Mapping

from voc.domain.landed import FileOutcome, Landed
from voc.steps.landing.land_file import LandingFile


class LandingReport:
    """Outcomes and warnings, in the order of the files."""

    def __init__(self) -> None:
        self._files: list[FileOutcome] = []
        self._warnings: list[str] = []
        self._n_texts_removed: list[int] = []
        self._not_removable: list[str] = []
        self._sources_with_extras: set[str] = set()

    @property
    def landed(self) -> Landed:
        """The report."""
        return Landed(
            tuple(self._files), tuple(self._warnings), tuple(self._n_texts_removed), tuple(self._not_removable)
        )

    def extra_columns(self, source: str, extra: Mapping[str, int]) -> None:
        """Names columns outside the contract, once a source."""
        names = [name for name in extra if name != "currency"]
        if names and source not in self._sources_with_extras:
            self._sources_with_extras.add(source)
            self._warnings.append(f"{source}: columns outside the contract are kept in _extra: {', '.join(names)}")

    def landing(self, file: LandingFile) -> None:
        """Adds what the stages of landing have found in a file."""
        if file.n_texts_removed:
            self._n_texts_removed.append(file.n_texts_removed)
        if file.not_removable:
            self._not_removable.append(file.not_removable)
            self._warnings.append(file.not_removable)
        self._warnings += file.warnings

    def outcome(self, file: FileOutcome) -> None:
        """Adds the outcome of a file, with a warning where rows or the whole of it did not land."""
        self._files.append(file)
        where = f"{file.source}, {file.file_name}"
        if file.status in ("refused", "quarantined", "left"):
            self._warnings.append(f"{where}: {file.status}: {file.why}")
        elif file.status == "landed" and file.n_rejected:
            self._warnings.append(f"{where}: {file.n_rejected:,} of {file.n_read:,} rows were rejected")
        if file.status == "landed" and file.n_conflicts:
            self._warnings.append(
                f"{where}: {file.n_conflicts:,} keys occur with different content; the later row counts"
            )
