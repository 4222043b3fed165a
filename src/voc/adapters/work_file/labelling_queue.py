"""Texts of the work file that people can label, and the order in which they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pandas as pd

from voc.adapters.work_file import texts
from voc.adapters.work_file.texts import Channel
from voc.adapters.work_file.warehouse import Connection
from voc.domain.labelling import TextToLabel
from voc.errors import InputError


@dataclass(frozen=True)
class LabellingChannel:
    """A channel with texts nobody has labelled: how many, its labels by text_id, and whether its scorer is learned."""

    channel: Channel
    n_texts: int
    labels: Mapping[str, float]
    is_learned: bool


def channels(connection: Connection, audited: Mapping[str, float]) -> list[LabellingChannel]:
    """Every channel with a text left to label.

    Only texts that a known customer wrote and that hold an answer are asked. Equal texts are asked once in a channel,
    and everybody's first text before anybody's second; otherwise the order is that of text_id, a digest: random, but
    the same every time.

    audited: text_id -> label in [0, 1].
    Writes  the temporary table askable, which `next_texts` reads.
    Raises  InputError when no night has read texts yet.
    """
    try:
        texts.channels(connection)
        labels = pd.DataFrame({"text_id": list(audited), "audit": list(audited.values())})
        connection.register("audited", labels.astype({"text_id": str, "audit": float}))
        connection.execute(r"""
            create or replace temp table askable as
            with said as (
                select
                    source, question, text_channel.language, customer_id, respondent, text_id, safe_text, said_at,
                    audit,
                    lower(trim(regexp_replace(safe_text, '[\s\pZ]+', ' ', 'g'))) as words
                from text_channel
                inner join ml.texts using (text_id)
                left join audited using (text_id)
                semi join (
                    select text_id from int.int_feedback_scored
                    where has_customer and unscored_reason is distinct from 'not_the_customer'
                ) using (text_id)
                anti join (
                    select text_id from ml.text_scores where unscored_reason in ('no_text', 'null_answer')
                ) using (text_id)
                where safe_text <> ''
            ),
            in_turn as (
                select *, row_number() over (
                    partition by source, question, language, customer_id, respondent order by audit is null, text_id
                ) as turn
                from said
            ),
            once as (
                select * from in_turn
                qualify row_number() over (
                    partition by source, question, language, words order by audit is null, turn, text_id
                ) = 1
            )
            select source, question, language, text_id, safe_text, said_at, turn from once where audit is null
        """)
        found = connection.execute("""
            select source, question, language, count(*), coalesce(any_value(labels), map {}), any_value(basis)
            from askable
            left join (
                select source, question, language, map(list(text_id), list(audit)) as labels
                from text_channel inner join audited using (text_id) group by all
            ) using (source, question, language)
            left join (select * from ml.scorers where is_in_force) using (source, question, language)
            group by all order by all
        """).fetchall()
    except duckdb.CatalogException:
        raise InputError("no night has read any texts yet", "run one first: voc run") from None
    return [
        LabellingChannel(Channel(*key), n, dict(labels), basis not in (None, "lexicon"))
        for *key, n, labels, basis in found
    ]


def next_texts(connection: Connection, channel: Channel, n: int) -> tuple[TextToLabel, ...]:
    """The next texts of a channel to label, at most ``n``."""
    found = connection.execute(
        "select text_id, safe_text, cast(said_at as date) from askable "
        "where source = ? and question = ? and language = ? order by turn, text_id limit ?",
        [channel.source, channel.question, channel.language, n],
    )
    return tuple(TextToLabel(*row) for row in found.fetchall())
