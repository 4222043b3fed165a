"""Customers' texts in the work file: those to be read and scored, and the results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from voc.adapters.work_file.warehouse import Connection, transaction

MAX_BOILERPLATE_TEXTS = 100_000
"""At most so many texts of a source are searched for boilerplate: 1 % of them, its least share, are a thousand."""
MAX_TRAINING_TEXTS, MAX_RATED_TEXTS = 20_000, 10_000
"""A scorer is learned from at most so many texts of its channel, and so many of these with an answer beside them: ten
times as many labels gain .007 to .015 AUC (`python benchmarks/sentiment.py`), and cost time and memory."""


@dataclass(frozen=True)
class Channel:
    """Texts that share a scorer; ``question`` is '' for tickets, ``language`` '' where none is known."""

    source: str
    question: str
    language: str


def source_fingerprints(connection: Connection) -> dict[str, str]:
    """Source -> a fingerprint of its texts that were known when the block began."""
    found = connection.execute(
        "select source, to_hex(coalesce(bit_xor(hash(text_id)) filter (is_known_at_block), 0)) "
        "from int.int_text group by source order by source"
    )
    return dict(found.fetchall())


def source_texts(connection: Connection, source: str) -> list[str]:
    """A source's texts as they came, known when the block began; of very many, `MAX_BOILERPLATE_TEXTS`."""
    found = connection.execute(
        "select text from int.int_text where source = ? and is_known_at_block order by text_id limit ?",
        [source, MAX_BOILERPLATE_TEXTS],
    )
    return [text for (text,) in found.fetchall()]


def boilerplate(connection: Connection, source: str, data: str) -> frozenset[str] | None:
    """What the source repeats, where that was counted from the texts called ``data``."""
    found = connection.execute("select pieces from ml.boilerplate where source = ? and data = ?", [source, data])
    rows = found.fetchall()
    return frozenset(rows[0][0]) if rows else None


def save_boilerplate(connection: Connection, source: str, data: str, pieces: frozenset[str]) -> None:
    """Keeps what the source repeats, counted from the texts called ``data``."""
    connection.execute("insert or replace into ml.boilerplate values (?, ?, ?)", [source, data, sorted(pieces)])


def unread(connection: Connection, readers: Mapping[str, str]) -> pd.DataFrame:
    """Texts that have not been read as they would be now: text_id, source, language, country, names, text, reader.

    readers: source -> the name of how its texts are read.
    """
    frame = pd.DataFrame({"source": list(readers), "reads": list(readers.values())}, dtype=str)
    connection.register("readers", frame)
    found = connection.execute("""
        with called as (
            select texts.*, md5(reads || cast(names as varchar)) as reader
            from int.int_text as texts inner join readers using (source)
        )
        select text_id, source, language, country, names, text, reader
        from called anti join ml.texts using (text_id, reader)
        order by text_id
    """).df()
    connection.unregister("readers")
    return found


def save_read(connection: Connection, read: pd.DataFrame) -> None:
    """Keeps what was read and forgets the tones of these texts; ``read`` has the columns of ml.texts."""
    with transaction(connection):
        connection.register("read", read)
        connection.execute("insert or replace into ml.texts by name select * from read")
        connection.execute("delete from ml.text_scores where text_id in (select text_id from read)")
        connection.unregister("read")


def channels(connection: Connection) -> dict[Channel, str]:
    """Every channel with a fingerprint of what its scorer can be learned from: its texts, as read, and their ratings.

    A text whose language was neither declared nor recognised gets the commonest one of its question, as known when the
    block began.
    Writes  the temporary table text_channel, which the functions below read.
    """
    connection.execute("""
        create or replace temp table text_channel as
        with said as (
            select
                int_text.text_id, source, question, read.language, customer_id, respondent, label, read.reader,
                said_at, is_known_at_block
            from int.int_text inner join ml.texts as read using (text_id)
        ),
        commonest as (
            select source, question, language
            from said where is_known_at_block and language <> '' group by source, question, language
            qualify row_number() over (partition by source, question order by count(*) desc, language) = 1
        )
        select said.* replace (coalesce(nullif(said.language, ''), commonest.language, '') as language)
        from said left join commonest using (source, question)
    """)
    found = connection.execute("""
        select
            source, question, language,
            to_hex(coalesce(bit_xor(hash(text_id, label, reader)) filter (is_known_at_block), 0))
        from text_channel group by all order by all
    """)
    return {Channel(*key): data for *key, data in found.fetchall()}


def labelled(connection: Connection, channel: Channel, audited: Mapping[str, float]) -> dict[str, float]:
    """The audit labels of a channel's texts, by text_id."""
    found = connection.execute(
        "select text_id from text_channel where source = ? and question = ? and language = ? and is_known_at_block "
        "and list_contains(?, text_id) order by text_id",
        [*_key(channel), list(audited)],
    )
    return {text_id: audited[text_id] for (text_id,) in found.fetchall()}


def training_texts(connection: Connection, channel: Channel, audited: Sequence[str]) -> pd.DataFrame:
    """The texts that a channel's scorer is learned from: text_id, text, customer_id, respondent, label.

    Only texts known when the block began. audited: text_ids with an audit label; these come first, then texts with a
    rating, then others; each in the order of text_id, a digest, which is a random but reproducible order.
    """
    return connection.execute(
        """
        with ordered as (
            select
                *, list_contains(?, text_id) as is_audited,
                row_number() over (partition by label is null order by text_id) as n
            from text_channel
            where source = ? and question = ? and language = ? and is_known_at_block
        )
        select text_id, safe_text as text, customer_id, respondent, label
        from ordered inner join ml.texts using (text_id)
        where is_audited or label is null or n <= ?
        order by is_audited desc, label is null, text_id limit ?
        """,
        [list(audited), *_key(channel), MAX_RATED_TEXTS, MAX_TRAINING_TEXTS],
    ).df()


def unscored(connection: Connection, channel: Channel, scorer: str) -> pd.DataFrame:
    """A channel's texts that ``scorer`` has not scored: text_id, text."""
    return connection.execute(
        """
        select text_id, safe_text as text
        from text_channel inner join ml.texts using (text_id)
        anti join (select text_id from ml.text_scores where scorer = ?) as scored using (text_id)
        where source = ? and question = ? and text_channel.language = ?
        """,
        [scorer, *_key(channel)],
    ).df()


def save_tones(connection: Connection, tones: pd.DataFrame) -> None:
    """Keeps tones in place of what another scorer said; ``tones`` has the columns of ml.text_scores."""
    with transaction(connection):
        connection.register("tones", tones)
        connection.execute("insert or replace into ml.text_scores by name select * from tones")
        connection.unregister("tones")


def _key(channel: Channel) -> tuple[str, str, str]:
    return channel.source, channel.question, channel.language
