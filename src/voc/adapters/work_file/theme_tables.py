"""Themes in the work file: what they are learned from, which texts have none yet, and what came of it."""

from datetime import date, timedelta

import pandas as pd

from voc.adapters.work_file.warehouse import Connection, transaction
from voc.domain.weeks import BLOCK_WEEKS

LESSON = 10_000
"""Texts of a language that its themes are learned from at most, evenly spaced in time: as many as
`voc.language.themes.themes` takes."""


def known(connection: Connection) -> dict[str, dict[date, str]]:
    """Language -> start of each four-week block since its first text, tonight's last -> a name for what was known.

    Of tonight's history: what was said before a block began, as far as tonight's block knows it. Texts whose language
    nobody knows are left out. Reads text_channel, which `texts.channels` leaves; leaves theme_text, for `lesson`.
    """
    block = timedelta(weeks=BLOCK_WEEKS)
    connection.execute(f"""
        create or replace temp table theme_text as
        with night as (
            select timezone, cast(timezone(timezone, timezone('UTC', learn_before)) as date) as learn_day
            from raw.config_run cross join raw.config_company
        ),
        dated as (
            select
                text_channel.*, learn_day,
                date_diff('day', learn_day, cast(timezone(timezone, timezone('UTC', said_at)) as date)) as days
            from text_channel cross join night
            where is_known_at_block and language <> ''
        )
        select * exclude (days), learn_day + cast({block.days} * floor(days / {block.days}) as integer) as block
        from dated
    """)
    found = connection.execute(
        "select language, learn_day, block, bit_xor(hash(text_id, reader, block)) "
        "from theme_text group by all order by language, block"
    )
    names: dict[str, dict[date, str]] = {}
    said: dict[tuple[str, date], int] = {}
    first: dict[str, tuple[date, date]] = {}
    for language, learn_day, begun, data in found.fetchall():
        said[language, begun] = data
        first.setdefault(language, (begun, learn_day))
    for language, (start, learn_day) in first.items():
        names[language], data = {}, 0
        for n in range(1, (learn_day - start) // block + 1):
            data ^= said.get((language, start + (n - 1) * block), 0)
            names[language][start + n * block] = f"{data:x}"
    return names


def touchpoints(connection: Connection) -> list[str]:
    """The touchpoints that feedback named, as far as they were known when the block began."""
    found = connection.execute(
        "select distinct touchpoint from int.int_feedback where is_known_at_block and touchpoint is not null order by 1"
    )
    return [touchpoint for (touchpoint,) in found.fetchall()]


def lesson(connection: Connection, language: str, before: date) -> pd.DataFrame:
    """A language's texts said before a block began, in order of time: text, customer_id, is_latest (the last one)."""
    return connection.execute(
        """
        with numbered as (
            select
                safe_text as text, customer_id, block = $before - $days as is_latest,
                row_number() over (order by said_at, text_id) as n, count(*) over () as n_texts
            from theme_text inner join ml.texts using (text_id)
            where theme_text.language = $language and block < $before
        )
        select text, customer_id, is_latest from numbered
        where n_texts <= $most or n * $most // n_texts <> (n - 1) * $most // n_texts
        order by n
        """,
        {"language": language, "before": before, "days": 7 * BLOCK_WEEKS, "most": LESSON},
    ).df()


def unlaid(connection: Connection, language: str, learned: str) -> pd.DataFrame:
    """A language's texts that have not been laid to the themes called ``learned``: text_id, text."""
    return connection.execute(
        """
        select text_id, safe_text as text
        from text_channel inner join ml.texts using (text_id)
        anti join (select text_id from ml.text_themes where learned = ?) as laid using (text_id)
        where text_channel.language = ?
        order by text_id
        """,
        [learned, language],
    ).df()


def save(connection: Connection, themes: pd.DataFrame, laid: list[pd.DataFrame]) -> None:
    """Replaces ml.themes, and keeps in ml.text_themes what ``laid`` says of its texts; columns as in these tables."""
    with transaction(connection):
        connection.execute("delete from ml.themes")
        for table, frame in [("themes", themes), *(("text_themes", part) for part in laid)]:
            if len(frame):  # the columns of an empty frame may have no types
                connection.register("said", frame)
                connection.execute(f"insert or replace into ml.{table} by name select * from said")
                connection.unregister("said")
