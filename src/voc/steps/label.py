"""Step: which texts people are asked to label, and what their labels amount to."""

from collections.abc import Collection
from pathlib import Path

from voc.adapters.control_store import audit_labels
from voc.adapters.work_file import labelling_queue, warehouse
from voc.adapters.work_file.labelling_queue import Askable
from voc.domain.labelling import COLD, NEITHER, WARM, Sheet, Standing
from voc.errors import InputError
from voc.language.scoring.label_counts import LEAST_LABELS, LEAST_OF_EACH


def run(
    path: Path,
    *,
    state: Path,
    n: int,
    source: str | None = None,
    question: str | None = None,
    language: str | None = None,
) -> Sheet:
    """The next ``n`` texts of one channel: of those that are meant, the one where labels help most.

    That is one without a learned scorer, then one without labels enough to learn from, then the one with most texts.
    Texts are drawn by lot, never by how they were scored: figures out of fold would flatter a scorer that had chosen
    its own examination.

    Reads   the texts of the work file at ``path``; audit labels in the control store of ``state``.
    Raises  InputError when no night has read texts yet, or there is nothing to label in what is meant.
    """
    if not path.is_file():
        raise InputError("no night has read any texts yet", "run one first: voc run")
    with warehouse.opened(path) as connection:
        found = labelling_queue.channels(connection, audit_labels.known_in(state))
        meant = [
            one
            for one in found
            if source in (None, one.channel.source)
            and question in (None, one.channel.question)
            and language in (None, one.channel.language)
        ]
        if not meant:
            raise InputError("there is no text to label in what is meant", _others(found))
        one = min(meant, key=_help)
        channel = one.channel
        asked = labelling_queue.draw(connection, channel, n)
    return Sheet(channel.source, channel.question, channel.language, asked, one.labels)


def standing(labels: Collection[float]) -> Standing:
    """What the labels of a channel amount to."""
    n_warm, n_neither, n_cold = (sum(one == label for one in labels) for label in (WARM, NEITHER, COLD))
    warm_wanted, cold_wanted = max(LEAST_OF_EACH - n_warm, 0), max(LEAST_OF_EACH - n_cold, 0)
    n_wanted = max(LEAST_LABELS - len(labels), warm_wanted + cold_wanted)
    return Standing(n_warm, n_neither, n_cold, max(n_wanted, 0), warm_wanted, cold_wanted)


def _help(one: Askable) -> tuple[bool, bool, int]:
    """Smaller where labels help more."""
    return one.is_learned, standing(one.labels.values()).n_wanted == 0, -one.n_texts


def _others(found: list[Askable]) -> str:
    """Where there is something."""
    if not found:
        return "every text with an answer in it is labelled, or equal to one that is; wait for the next night"
    named = [
        f"--source {c.source} --question '{c.question}' --language '{c.language}'" for c in (f.channel for f in found)
    ]
    return f"name one of: {'; '.join(named)}"
