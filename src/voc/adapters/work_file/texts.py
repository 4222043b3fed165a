"""Customers' texts in the work file: those to be read and scored, and the results."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass

import pandas as pd

from voc.adapters.work_file.warehouse import Connection, transaction

MAX_BOILERPLATE_TEXTS = 100_000
"""At most so many texts of a source are searched for boilerplate: 1 % of them, its least share, are a thousand."""
MAX_TRAINING_TEXTS, MAX_RATED_TEXTS = 20_000, 10_000
"""A scorer is learned from at most so many texts of its channel, and so many of these with an answer beside them: ten
times as many labels gain .007 to .015 AUC (`python benchmarks/sentiment.py`), and cost time and memory."""


@dataclass(frozen=True)
class TextChannel:
    """Texts that share a scorer; ``question`` is '' for tickets, ``language`` '' where none is known."""

    source: str
    question: str
    language: str


def source_fingerprints(connection: Connection) -> dict[str, str]:
    """Source -> a fingerprint of its texts that were known when the block began."""
    found = connection.execute("select source, fingerprint from int.int_text_source order by source")
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
    return connection.execute(
        """
        with called as (
            select
                text_id, source, language, country, names, text,
                md5($reads[list_position($sources, source)] || cast(names as varchar)) as reader
            from int.int_text
        )
        select * from called
        where (text_id, reader) not in (select (text_id, reader) from ml.texts)
        order by text_id
        """,
        {"sources": list(readers), "reads": list(readers.values())},
    ).df()


def save_read(connection: Connection, read: pd.DataFrame) -> None:
    """Keeps what was read and forgets the tones of these texts; ``read`` has the columns of ml.texts."""
    with transaction(connection):
        connection.register("read", read)
        connection.execute("insert or replace into ml.texts by name select * from read")
        connection.execute("delete from ml.text_scores where text_id in (select text_id from read)")
        connection.unregister("read")


def channels(connection: Connection) -> dict[TextChannel, str]:
    """Every channel with a fingerprint of what its scorer can be learned from: texts, as read, and their ratings."""
    found = connection.execute(
        "select source, question, language, fingerprint from int.int_channel order by source, question, language"
    )
    return {TextChannel(*key): fingerprint for *key, fingerprint in found.fetchall()}


def labelled(connection: Connection, channel: TextChannel, audited: Mapping[str, float]) -> dict[str, float]:
    """The audit labels of a channel's texts, by text_id."""
    if not audited:
        return {}
    found = connection.execute(
        "select text_id from int.int_channel_text where source = ? and question = ? and language = ? "
        "and is_known_at_block and list_contains(?, text_id) order by text_id",
        [*astuple(channel), list(audited)],
    )
    return {text_id: audited[text_id] for (text_id,) in found.fetchall()}


def training_texts(connection: Connection, channel: TextChannel, audited: Sequence[str]) -> pd.DataFrame:
    """The texts that a channel's scorer is learned from: text_id, text, customer_id, respondent, label.

    Only texts known when the block began. audited: text_ids with an audit label; these come first, then texts with a
    rating, then others; each in the order of text_id, a digest, which is a random but reproducible order.
    """
    return connection.execute(
        """
        with known as materialized (
            select
                text_id, safe_text as text, customer_id, respondent, label,
                list_contains($audited, text_id) as is_audited
            from int.int_channel_text
            where source = $source and question = $question and language = $language and is_known_at_block
        ),
        rated as (
            select text_id from known where label is not null order by text_id limit $labels
        )
        select * exclude (is_audited) from known
        where is_audited or label is null or text_id in (select text_id from rated)
        order by is_audited desc, label is null, text_id limit $most
        """,
        {**asdict(channel), "audited": list(audited), "labels": MAX_RATED_TEXTS, "most": MAX_TRAINING_TEXTS},
    ).df()


def unscored(connection: Connection, scorers: Mapping[TextChannel, str]) -> dict[TextChannel, pd.DataFrame]:
    """The texts of each channel that its scorer, by name, has not scored: text_id, text."""
    new = connection.execute(
        """
        with called as (
            select
                text_id, safe_text as text, source, question, language,
                $scorers[list_position($channels, [source, question, language])] as scorer
            from int.int_channel_text
        )
        select text_id, text, source, question, language from called
        where (text_id, scorer) not in (select (text_id, scorer) from ml.text_scores)
        """,
        {"channels": [list(astuple(channel)) for channel in scorers], "scorers": list(scorers.values())},
    ).df()
    parts = {TextChannel(*map(str, key)): part for key, part in new.groupby(["source", "question", "language"])}
    return {channel: parts.get(channel, new.iloc[:0]) for channel in scorers}


def save_tones(connection: Connection, tones: pd.DataFrame) -> None:
    """Keeps tones in place of what another scorer said; ``tones`` has the columns of ml.text_scores."""
    with transaction(connection):
        connection.register("tones", tones)
        connection.execute("insert or replace into ml.text_scores by name select * from tones")
        connection.unregister("tones")
