"""A customer to be forgotten: the words that name it, and what was removed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

INSTEAD = "[forgotten]"
"""Replaces the customer's name in texts of others."""
BLANKS = " \t\r\n\u00a0"
"""Characters that are stripped from both ends of an id when it lands."""
_SHORTEST_ID = 4
_LETTER, _EMAIL_JOINT, _JOINT = r"[^\W_]", r"[-_.+]", r"[-_]"


@dataclass(frozen=True)
class Person:
    """A customer, and the ``words`` that name it wherever they stand: its id, its name, its addresses.

    An id that others' data may hold by chance (`is_telling`) is not among the words: it names the customer only in a
    column of customers' ids.
    """

    customer_id: str
    words: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds the words in any case, touched by no letter or digit, not even across a hyphen."""
        return re.compile("|".join(map(_bounded, self.words)), re.IGNORECASE) if self.words else None

    @property
    def loose_pattern(self) -> str:
        """A regular expression, for DuckDB too, that finds the words in any case, also inside other words."""
        return "(?i)" + "|".join(map(_written, self.words))

    def is_named_in(self, text: str) -> bool:
        """Whether one of the words stands in the text."""
        lower = text.lower()  # a million records take 0.3 s, by the pattern alone 8 s
        if self.pattern is None or not any(map(lower.__contains__, self._needles)):
            return False
        return self.pattern.search(text) is not None

    @cached_property
    def _needles(self) -> tuple[str, ...]:
        return tuple(word.split()[0].lower() for word in self.words)

    def taken_out(self, value: Any) -> Any:
        """The value, with every word taken out of every text in it; lists and dictionaries as JSON has them."""
        if isinstance(value, str):
            return self.pattern.sub(INSTEAD, value) if self.pattern and self.is_named_in(value) else value
        if isinstance(value, list):
            return [self.taken_out(item) for item in value]
        if isinstance(value, dict):
            return {key: self.taken_out(item) for key, item in value.items()}
        return value


def is_telling(customer_id: str) -> bool:
    """Whether an id is unlikely to mean anything else: four characters or more, a letter and a digit among them.

    >>> [is_telling(id_) for id_ in ("LB-0401", "42", "20260301", "north")]
    [True, False, False, False]
    """
    return (
        len(customer_id) >= _SHORTEST_ID and any(map(str.isalpha, customer_id)) and any(map(str.isdigit, customer_id))
    )


def _bounded(word: str) -> str:
    # an address may be the end of a longer one, "a@b.example" of "x.a@b.example"
    before, after = (_EMAIL_JOINT, r"[-_.]") if "@" in word else (_JOINT, _JOINT)
    return rf"(?<!{_LETTER})(?<!{_LETTER}{before}){_written(word)}(?!{after}?{_LETTER})"


def _written(word: str) -> str:
    """The word as a pattern; a mail may break its line wherever there is a space."""
    return r"\s+".join(map(re.escape, word.split()))


@dataclass(frozen=True)
class Place:
    """What one place held of a customer, counted in ``unit``, and how much of it was removed."""

    name: str
    unit: str
    found: int
    removed: int


@dataclass(frozen=True)
class Forgotten:
    """What was removed of a customer; ``left`` names what still holds something of it, and is empty when all is well.

    not_looked_for: names that other customers share, or that are ordinary words. They go with the customer's own rows,
    but are not looked for in other texts.
    """

    places: tuple[Place, ...]
    left: tuple[str, ...]
    not_looked_for: tuple[str, ...]


def total(name: str, unit: str, counts: Iterable[int]) -> Place:
    """A place where everything that was found was removed."""
    n = sum(counts)
    return Place(name, unit, n, n)
