"""Reading one file the way landing does, and looking at what came of it."""

from voc.adapters.files import reader
from voc.domain.contract import Table
from voc.domain.source import Source


def read(sql, path, content, **options):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = Source("nps", Table.SURVEYS, "unused", timezone="UTC", **options)
    return reader.read(sql, path, source, source.columns)


def staged(sql, staged, *columns):
    """The named columns of what was read."""
    names = [f"c{staged.header.ours[column]}" for column in columns]
    return sql.execute(f"select {', '.join(names)} from {staged.records} order by rowid").fetchall()


def broken(sql, staged):
    return sql.execute(f"select line, reason from {staged.broken} order by line").fetchall()


def lines(sql, staged):
    return [line for (line,) in sql.execute(f"select line from ({staged.lines}) order by record").fetchall()]
