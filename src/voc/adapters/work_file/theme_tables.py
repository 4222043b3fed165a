"""Themes in the work file: the texts they are learned from, texts without themes yet, and the results."""

from datetime import date, timedelta

import pandas as pd

from voc.adapters.work_file.warehouse import Connection, transaction
from voc.domain.weeks import BLOCK_WEEKS


def block_fingerprints(connection: Connection) -> dict[str, dict[date, str]]:
    """Language -> start of each four-week block since its first text -> a fingerprint of the texts before it.

    The last block is tonight's. Texts count as far as they were known when tonight's block began; texts without a
    language are left out.
    Reads   text_channel, which `texts.channels` writes.
    Writes  the temporary table theme_text, which `training_texts` reads.
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
    fingerprints: dict[str, dict[date, str]] = {}
    digests: dict[tuple[str, date], int] = {}
    first: dict[str, tuple[date, date]] = {}
    for language, learn_day, block_start, digest in found.fetchall():
        digests[language, block_start] = digest
        first.setdefault(language, (block_start, learn_day))
    for language, (start, learn_day) in first.items():
        fingerprints[language], cumulative = {}, 0
        for n in range(1, (learn_day - start) // block + 1):
            cumulative ^= digests.get((language, start + (n - 1) * block), 0)
            fingerprints[language][start + n * block] = f"{cumulative:x}"
    return fingerprints


def touchpoints(connection: Connection) -> list[str]:
    """The touchpoints that feedback named, as far as they were known when the block began."""
    found = connection.execute(
        "select distinct touchpoint from int.int_feedback where is_known_at_block and touchpoint is not null order by 1"
    )
    return [touchpoint for (touchpoint,) in found.fetchall()]


def training_texts(connection: Connection, language: str, before: date, *, most: int) -> pd.DataFrame:
    """A language's texts written before a block began, in order of time: text, customer_id, is_latest.

    is_latest: whether the text is of the last block before. most: of more texts, so many evenly spaced ones.
    """
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
        {"language": language, "before": before, "days": 7 * BLOCK_WEEKS, "most": most},
    ).df()


def unassigned(connection: Connection, language: str, learned: str) -> pd.DataFrame:
    """A language's texts that are not yet assigned to the themes called ``learned``: text_id, text."""
    return connection.execute(
        """
        select text_id, safe_text as text
        from text_channel inner join ml.texts using (text_id)
        anti join (select text_id from ml.text_themes where learned = ?) as assigned using (text_id)
        where text_channel.language = ?
        order by text_id
        """,
        [learned, language],
    ).df()


def save(connection: Connection, themes: pd.DataFrame, assigned: list[pd.DataFrame]) -> None:
    """Replaces ml.themes, and adds ``assigned`` to ml.text_themes; columns as in these tables."""
    with transaction(connection):
        connection.execute("delete from ml.themes")
        for table, frame in [("themes", themes), *(("text_themes", part) for part in assigned)]:
            if len(frame):  # the columns of an empty frame may have no types
                connection.register("new_rows", frame)
                connection.execute(f"insert or replace into ml.{table} by name select * from new_rows")
                connection.unregister("new_rows")
