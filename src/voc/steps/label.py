"""Step: label. Chooses the texts that people are asked to label, and counts labels."""

from collections.abc import Collection
from pathlib import Path

from voc.adapters.control_store import audit_labels
from voc.adapters.work_file import labelling_queue, warehouse
from voc.adapters.work_file.labelling_queue import LabellingChannel
from voc.domain.labelling import COLD, NEITHER, WARM, LabelCounts, Sheet
from voc.errors import InputError
from voc.language.scoring.label_counts import LEAST_LABELS, LEAST_OF_EACH


def run(
    path: Path,
    *,
    state: Path,
    n: int,
    source: str | None = None,
    question: str | None = None,
    language: str | None = None,
) -> Sheet:
    """The next ``n`` texts of one channel: of those that match, the one where labels help most.

    That is a channel without a learned scorer, then one without enough labels to learn from, then the one with most
    texts. Texts are drawn at random, never by their scores: a scorer tested on texts of its own choice would look
    better than it is.

    Reads   the texts of the work file at ``path``; audit labels in the control store of ``state``.
    Raises  InputError when no night has read texts yet, or nothing that matches is left to label.
    """
    if not path.is_file():
        raise InputError("no night has read any texts yet", "run one first: voc run")
    with warehouse.opened(path) as connection:
        found = labelling_queue.channels(connection, audit_labels.known_in(state))
        matching = [
            candidate
            for candidate in found
            if source in (None, candidate.channel.source)
            and question in (None, candidate.channel.question)
            and language in (None, candidate.channel.language)
        ]
        if not matching:
            raise InputError("there is no text to label in what is meant", _others(found))
        chosen = min(matching, key=_priority)
        channel = chosen.channel
        asked = labelling_queue.next_texts(connection, channel, n)
    return Sheet(channel.source, channel.question, channel.language, asked, chosen.labels)


def count_labels(labels: Collection[float]) -> LabelCounts:
    """The labels of a channel counted, and how many more it takes to learn a scorer from them."""
    n_warm, n_neither, n_cold = (sum(label == kind for label in labels) for kind in (WARM, NEITHER, COLD))
    warm_wanted, cold_wanted = max(LEAST_OF_EACH - n_warm, 0), max(LEAST_OF_EACH - n_cold, 0)
    n_wanted = max(LEAST_LABELS - len(labels), warm_wanted + cold_wanted)
    return LabelCounts(n_warm, n_neither, n_cold, max(n_wanted, 0), warm_wanted, cold_wanted)


def _priority(candidate: LabellingChannel) -> tuple[bool, bool, int]:
    """Smaller where labels help more."""
    has_enough = count_labels(candidate.labels.values()).n_wanted == 0
    return candidate.is_learned, has_enough, -candidate.n_texts


def _others(found: list[LabellingChannel]) -> str:
    """A fix that names the channels with texts to label."""
    if not found:
        return "every text with an answer in it is labelled, or equal to one that is; wait for the next night"
    named = [
        f"--source {c.source} --question '{c.question}' --language '{c.language}'" for c in (f.channel for f in found)
    ]
    return f"name one of: {'; '.join(named)}"
