"""Texts of the work file that people can label, and the order in which they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pandas as pd

from voc.adapters.work_file.texts import TextChannel
from voc.adapters.work_file.warehouse import Connection, replace_rows, transaction
from voc.domain.labelling import TextToLabel
from voc.errors import InputError


@dataclass(frozen=True)
class LabellingChannel:
    """A channel with texts nobody has labelled: how many, its labels by text_id, and whether its scorer is learned."""

    channel: TextChannel
    n_texts: int
    labels: Mapping[str, float]
    is_learned: bool


def channels(connection: Connection, audited: Mapping[str, float]) -> list[LabellingChannel]:
    """Every channel with a text left to label.

    Only texts that a known customer wrote and that hold an answer are asked, and equal texts once in a channel.

    audited: text_id -> label in [0, 1].
    Writes  ml.audit_labels, by which labelled texts are left out, here and by `next_texts`.
    Raises  InputError when no night has read texts yet.
    """
    labels = pd.DataFrame({"text_id": list(audited), "label": list(audited.values())})
    with transaction(connection):
        replace_rows(connection, "audit_labels", labels)
    try:
        found = connection.execute(
            "select source, question, language, n_texts, labels, is_learned from int.int_label_channel "
            "order by source, question, language"
        ).fetchall()
    except duckdb.CatalogException:
        raise InputError("no night has read any texts yet", "run one first: voc run") from None
    return [LabellingChannel(TextChannel(*key), n, dict(labels), is_learned) for *key, n, labels, is_learned in found]


def next_texts(connection: Connection, channel: TextChannel, n: int) -> tuple[TextToLabel, ...]:
    """The next texts of a channel to label, at most ``n``: everybody's first text before anybody's second.

    Otherwise the order is that of text_id, a digest: random, but the same every time.
    """
    found = connection.execute(
        "select text_id, safe_text, cast(said_at as date) from int.int_label_queue "
        "where source = ? and question = ? and language = ? order by turn, text_id limit ?",
        [channel.source, channel.question, channel.language, n],
    )
    return tuple(TextToLabel(*row) for row in found.fetchall())
