"""Themes in the work file: the texts they are learned from, texts without themes yet, and the results."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from voc.adapters.work_file.warehouse import Connection, transaction
from voc.domain.weeks import BLOCK_WEEKS


def block_fingerprints(connection: Connection) -> dict[str, dict[date, str]]:
    """Language -> start of each four-week block since its first text -> a fingerprint of the texts before it.

    The last block is tonight's. Texts count as far as they were known when tonight's block began; texts without a
    language are left out.
    """
    block = timedelta(weeks=BLOCK_WEEKS)
    found = connection.execute(
        "select language, learn_day, block, fingerprint from int.int_theme_block order by language, block"
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


def known_texts(connection: Connection, language: str) -> pd.DataFrame:
    """A language's texts that were known when tonight's block began, in order of time: text_id, customer_id, block.

    block: the Monday of the four-week block in which it was written.
    """
    return connection.execute(
        "select text_id, customer_id, block from int.int_theme_text where language = ? order by said_at, text_id",
        [language],
    ).df()


def training_texts(connection: Connection, texts: pd.DataFrame, before: date, *, most: int) -> pd.DataFrame:
    """Of ``texts`` those written before a block began, in order of time: text, customer_id, is_latest.

    texts: as `known_texts` returns them. is_latest: whether the text is of the last block before. most: of more texts,
    so many evenly spaced ones.
    """
    earlier = texts[texts["block"] < pd.Timestamp(before)]
    if len(earlier) > most:
        steps = np.arange(len(earlier) + 1) * most // len(earlier)
        earlier = earlier[np.diff(steps) > 0]
    found = connection.execute(
        "select text_id, safe_text from ml.texts where text_id in (select unnest($1))", [earlier["text_id"].tolist()]
    )
    latest = pd.Timestamp(before - timedelta(weeks=BLOCK_WEEKS))
    return pd.DataFrame(
        {
            "text": earlier["text_id"].map(dict(found.fetchall())),
            "customer_id": earlier["customer_id"],
            "is_latest": earlier["block"] == latest,
        }
    )


def unassigned(connection: Connection, language: str, learned: str) -> pd.DataFrame:
    """A language's texts that are not yet assigned to the themes called ``learned``: text_id, text."""
    return connection.execute(
        """
        select text_id, safe_text as text from int.int_channel_text
        where language = ? and text_id not in (select text_id from ml.text_themes where learned = ?)
        order by text_id
        """,
        [language, learned],
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
