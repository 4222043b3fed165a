"""Numbers as people write them."""


def counted(n: int, noun: str) -> str:
    """A number and its noun: 1 table, 2 tables, 1,204 rows."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
