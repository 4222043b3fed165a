"""Which column of a file is which of ours: always by name, never by position."""

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voc.domain.contract import CONTRACT, Table
from voc.errors import InputError

_SHOWN, _SHOWN_LENGTH = 20, 40  # of a file's other columns: enough to find the one that is meant, short enough to read


@dataclass(frozen=True)
class Header:
    """Positions in the file: of the contract's columns by our name, and of all others by theirs."""

    ours: Mapping[str, int]
    extra: Mapping[str, int]


def match(names: Sequence[str], table: Table, renames: Mapping[str, str], source: str) -> Header:
    """The file's columns on the contract's, upper and lower case and outer blanks aside.

    names: the file's header, in its order. renames: their name -> ours; a renamed column goes before one that has our
    name by itself, which then is an extra. Raises InputError for a missing required or a doubled column.
    """
    keys = [_key(name) for name in names]
    if doubled := [repr(key) for key, times in Counter(keys).items() if times > 1]:
        raise InputError(f"the header names {', '.join(doubled)} more than once", "give every column a name of its own")
    renamed = {_key(theirs): _key(ours) for theirs, ours in renames.items()}
    contract = {column.name for column in CONTRACT[table]}
    taken = {renamed[key] for key in keys if key in renamed}
    ours: dict[str, int] = {}
    extra: dict[str, int] = {}
    for position, (name, key) in enumerate(zip(names, keys, strict=True)):
        target = renamed.get(key, "" if key in taken else key)
        if target in ours:
            raise InputError(f"two columns are mapped to {target!r}", f"correct `columns:` under source {source}")
        if target in contract:
            ours[target] = position
        else:
            extra["currency" if target == "currency" else name.strip()] = position
    missing = [column.name for column in CONTRACT[table] if column.required and column.name not in ours]
    if missing:
        raise _refusal(missing, list(extra), any_known=bool(ours), source=source)
    return Header(ours, extra)


def _key(name: str) -> str:
    return name.strip().casefold()


def _refusal(missing: Sequence[str], others: Sequence[str], *, any_known: bool, source: str) -> InputError:
    """Says what is missing; names the others only if this line is surely a header and not somebody's data."""
    near = {
        ours: hit[0]
        for ours in missing
        if (hit := difflib.get_close_matches(ours, others, n=1) or [o for o in others if _key(o) in ours.split("_")])
    }
    named = [other[:_SHOWN_LENGTH] for other in others[:_SHOWN]]
    found = ", ".join(named) or "nothing else"
    if len(others) > _SHOWN:
        found += f" and {len(others) - _SHOWN} more"
    if not (any_known or near):
        found = f"{len(others)} names of which none is known"
    guess = f", did you mean {', '.join(f'{theirs} for {ours}' for ours, theirs in near.items())}" if near else ""
    example = ", ".join(f"{near.get(ours, 'THEIRS')}: {ours}" for ours in missing)
    return InputError(
        f"expected {', '.join(missing)}, found {found}{guess}", f"put `columns: {{{example}}}` under source {source}"
    )
