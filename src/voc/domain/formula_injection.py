"""Cells that a spreadsheet opens as text, never as a formula."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def escape_formula(value: object) -> object:
    """The value as it may stand in a CSV file: text that would begin a formula gets a ' before it (ASVS 5.0, 1.2.10).

    Numbers stay numbers, a missing value is an empty cell.

    >>> escape_formula("=cmd|' /C calc'!A0"), escape_formula(-5), escape_formula(None)
    ("'=cmd|' /C calc'!A0", -5, '')
    """
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
