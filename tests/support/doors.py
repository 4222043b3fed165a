"""A door made for one test, in the folder that the test runs in."""

from pathlib import Path

import yaml

SUITE = Path("door.yml")


def rule(kind, *, severity="critical", why="a reason", from_rows=1, **kwargs):
    return {"type": kind, "kwargs": kwargs, "severity": severity, "meta": {"why": why, "from_rows": from_rows}}


def door(*rules) -> Path:
    SUITE.write_text(yaml.safe_dump({"name": "door", "expectations": list(rules)}))
    return SUITE


FILLED = rule("expect_column_values_to_not_be_null", column="a")
