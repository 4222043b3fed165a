"""A suite file: the rules of one door, each with its reason, and how SQL counts the rows that break one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voc.adapters.sql import quoted
from voc.errors import InputError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Meta(_Strict):
    """Why the rule stands. ``from_rows``: in a smaller table the rule says nothing, as chance alone may break it."""

    why: str = Field(min_length=1)
    from_rows: int = Field(1, ge=0)


class Rule(_Strict):
    """One expectation in Great Expectations' own serialised form."""

    type: str
    kwargs: dict[str, Any]
    severity: Literal["critical", "warning"]
    meta: Meta

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rule judges; none for a rule about the whole table."""
        names = [self.kwargs.get(key) for key in ("column", "column_A", "column_B")]
        return tuple(name for name in [*names, *self.kwargs.get("column_list", [])] if name is not None)

    @property
    def condition(self) -> str | None:
        """Which rows are judged, in the words that pandas and DuckDB share: ==, !=, <, and, in, 'single quotes'.

        An empty value is unlike any other: it meets != and no ==, not even with itself.
        """
        return self.kwargs.get("row_condition")

    def applies_to(self, n_rows: int) -> bool:
        """A rule about columns says nothing of an empty table; one about the table, like a row count, does."""
        return self.type.startswith("expect_table_") or n_rows >= max(1, self.meta.from_rows)


class Suite(_Strict):
    """The rules of one door."""

    name: str
    expectations: tuple[Rule, ...] = Field(min_length=1)


def columns_of(rules: Iterable[Rule], available: Iterable[str]) -> list[str]:
    """The columns that ``rules`` judge, and those of ``available`` that a condition of theirs mentions."""
    rules = list(rules)
    judged = {name for rule in rules for name in rule.columns}
    words = {word for rule in rules for word in re.findall(r"\w+", rule.condition or "")}
    return sorted(judged | (words & set(available)))


def read(suite_file: Path) -> Suite:
    """The rules of ``suite_file``.

    Raises  InputError when it is missing, isn't YAML, or a rule in it lacks its type, severity or reason.
    """
    try:
        content = yaml.safe_load(suite_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{suite_file}: there is no such suite", "restore the file, or reinstall voc") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise InputError(
            f"{suite_file}{where}: not readable as YAML", "correct the indentation or quotes there"
        ) from None
    try:
        return Suite.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise InputError(f"{suite_file}: {_place(first['loc'], content)}: {first['msg']}", FIX) from None


FIX = "each rule needs a Great Expectations type, its kwargs, a severity (critical or warning) and meta: {why: ...}"


def _place(loc: tuple[int | str, ...], content: Any) -> str:
    """Which rule, counted from 1, and which of its keys."""
    if len(loc) < 2 or loc[0] != "expectations":
        return ".".join(map(str, loc)) or "the whole file"
    index = int(loc[1])
    rule = content["expectations"][index]
    kind = rule.get("type", "without a type") if isinstance(rule, dict) else "not a mapping"
    return f"rule {index + 1} ({kind}) {'.'.join(map(str, loc[2:]))}".rstrip()


@dataclass(frozen=True)
class Count:
    """SQL for three numbers: rows looked at, values judged among them, and values that break the rule."""

    looked_at: str
    judged: str
    broken: str
    values: dict[str, Any]


_COUNTABLE = {"column", "column_list", "min_value", "max_value", "strict_min", "strict_max", "mostly"} | {
    "row_condition",
    "condition_parser",
}


def count(rule: Rule, relation: str, number: int) -> Count | None:
    """How to count ``rule`` exactly over ``relation``, or None for a rule whose type or kwargs SQL isn't taught.

    Counts as Great Expectations does: an empty value is not judged except for being empty, and every row of a
    repeated key is a broken one. ``number`` keeps the bound values of several rules apart.
    """
    if not rule.kwargs.keys() <= _COUNTABLE:
        return None
    among = f"({rule.condition.replace('!=', 'is distinct from')})" if rule.condition else "true"
    columns = [quoted(name) for name in rule.columns]
    looked_at = f"count(*) filter ({among})"
    filled = f"{among} and ({' or '.join(f'{column} is not null' for column in columns)})"
    judged, values = f"count(*) filter ({filled})", {}
    match rule.type:
        case "expect_column_values_to_not_be_null":
            judged, broken = looked_at, f"count(*) filter ({among} and {columns[0]} is null)"
        case "expect_column_values_to_be_null":
            judged, broken = looked_at, judged
        case "expect_column_values_to_be_between":
            bounds = []
            for side, sign in (("min", ">"), ("max", "<")):
                if (value := rule.kwargs.get(f"{side}_value")) is not None:
                    values[f"{side}_{number}"] = value
                    bounds.append(
                        f"{columns[0]} {sign}{'' if rule.kwargs.get(f'strict_{side}') else '='} ${side}_{number}"
                    )
            broken = f"count(*) filter ({filled} and not ({' and '.join(bounds)}))"
        case "expect_column_values_to_be_unique" | "expect_compound_columns_to_be_unique":
            repeated = f"select count(*) as n from {relation} where {filled} group by {', '.join(columns)} having n > 1"
            broken = f"(select coalesce(sum(n), 0) from ({repeated}))"
        case _:
            return None
    return Count(looked_at, judged, broken, values)
