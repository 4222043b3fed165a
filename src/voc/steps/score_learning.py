"""Learning, the second half of the score step: which scorer each channel has, learned when it is not known yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from voc.adapters.work_file import scorers, texts, warehouse
from voc.adapters.work_file.scorers import Kept
from voc.adapters.work_file.texts import Channel
from voc.adapters.work_file.warehouse import Connection
from voc.language.fault_questions import asks_for_faults
from voc.language.scoring import scorer_state, tiers
from voc.language.scoring.label_counts import can_learn
from voc.language.scoring.learned_scorer import LEARNED, LearnedScorer
from voc.language.scoring.lexicon import load
from voc.language.scoring.lexicon_scorer import Tones, score_cut
from voc.language.scoring.tiers import Lesson, Rung
from voc.language.tokens import Cut, cut


class School:
    """The scorers of one night: a pure function of what was known when the four-week block began."""

    def __init__(
        self, connection: Connection, folder: Path, blocked: frozenset[str], audited: Mapping[str, float]
    ) -> None:
        """folder: of the scorers' files. blocked: words without tone. audited: text_id -> label in [0, 1]."""
        self.connection, self.folder, self.blocked, self.audited = connection, folder, blocked, audited
        self.taught: list[Channel] = []
        """Channels for which something was learned tonight."""
        self._known = scorers.known(connection)
        self._rows: list[dict[str, Any]] = []

    def scorers(self) -> dict[Channel, tuple[str, Rung]]:
        """The name of each channel's scorer, and the scorer. Writes ml.scorers and the files of ``folder``."""
        channels = texts.channels(self.connection)
        rated = {channel: self._by_ratings(channel, data) for channel, data in channels.items()}
        final = {channel: self._best(channel, channels[channel], rated) for channel in channels}
        in_force = {name for name, _ in final.values()}
        for row in self._rows:
            row["is_in_force"] = row["name"] in in_force
        scorers.save_known(self.connection, self._rows)
        scorers.keep_only(self.folder, "scorer", {str(row["name"]) for row in self._rows})
        return final

    def _best(self, channel: Channel, data: str, rated: Mapping[Channel, tuple[str, Rung]]) -> tuple[str, Rung]:
        """What audit labels taught; where that is nothing, what ratings did."""
        audited = self._by_audits(channel, data, rated)
        return audited if audited and audited[1].scorer else rated[channel]

    def _by_ratings(self, channel: Channel, data: str) -> tuple[str, Rung]:
        def climb(lesson: Lesson, key: bytes) -> Rung:
            return tiers.from_ratings(lesson, key)

        return self._rung(channel, [data], None, climb)

    def _by_audits(
        self, channel: Channel, data: str, rated: Mapping[Channel, tuple[str, Rung]]
    ) -> tuple[str, Rung] | None:
        """None where too few of the channel's texts are labelled."""
        labels = texts.labelled(self.connection, channel, self.audited)
        if not can_learn(np.array(list(labels.values()), dtype=float)):
            return None
        lender_name, lender = _lender(channel, rated)

        def climb(lesson: Lesson, key: bytes) -> Rung:
            return tiers.from_audits(lesson, lender, key)

        return self._rung(channel, [data, sorted(labels.items()), lender_name], lender, climb)

    def _rung(
        self,
        channel: Channel,
        went_in: list[object],
        lender: LearnedScorer | None,
        climb: Callable[[Lesson, bytes], Rung],
    ) -> tuple[str, Rung]:
        """The rung that what went in leads to, from its file where it has been climbed before."""
        name = "scorer-" + warehouse.fingerprint([asdict(channel), LEARNED, sorted(self.blocked), *went_in])
        if (row := self._known.get(name)) is not None:
            rung = _remembered(row, scorers.load(self.folder, name), lender)
            if rung is not None:
                self._rows.append(row)
                return name, rung
        rung = climb(self._lesson(channel), name.encode())
        if rung.scorer:
            scorers.save(self.folder, name, Kept(*scorer_state.state(rung.scorer)))
            self.taught.append(channel)
        told = {"name": name, "basis": rung.basis, "why": rung.why}
        self._rows.append({**asdict(channel), **told, **asdict(rung.agreement)})
        return name, rung

    def _lesson(self, channel: Channel) -> Lesson:
        found = texts.lesson(self.connection, channel, list(self.audited))
        said, tones = heard(found["text"].tolist(), channel, self.blocked)
        return Lesson(
            question=channel.question,
            said=said,
            tones=tones,
            rating=found["label"].to_numpy(dtype=float),
            audit=np.array([self.audited.get(text_id, np.nan) for text_id in found["text_id"]], dtype=np.float64),
            customer=pd.factorize(found["customer_id"])[0],
            respondent=pd.factorize(found["respondent"])[0],
        )


def heard(said: Sequence[str], channel: Channel, blocked: frozenset[str]) -> tuple[Cut, Tones]:
    """Texts of a channel cut, and as the lexicon reads them in its language after its question."""
    tokens = cut(said, load().grammar)
    languages = [channel.language or None] * tokens.n
    return tokens, score_cut(tokens, languages, blocked, asks_faults=asks_for_faults(channel.question))


def _lender(channel: Channel, rated: Mapping[Channel, tuple[str, Rung]]) -> tuple[str, LearnedScorer | None]:
    """The channel's own scorer by ratings, else that of the channel of its language with the most."""
    able = {c: (name, rung) for c, (name, rung) in rated.items() if rung.scorer and c.language == channel.language}
    if not able:
        return "", None
    best = channel if channel in able else max(able, key=lambda c: able[c][1].agreement.n_labels)
    return able[best][0], able[best][1].scorer


def _remembered(row: Mapping[str, object], kept: Kept | None, lender: LearnedScorer | None) -> Rung | None:
    """None when its file is gone."""
    # the row comes from the table that these very fields were written to, so its types are theirs
    agreement = tiers.Agreement(**{name: row[name] for name in tiers.Agreement.__dataclass_fields__})  # type: ignore[arg-type]
    basis, why = str(row["basis"]), str(row["why"])
    if basis == "lexicon":
        return Rung(basis, why, agreement)
    if kept is None:
        return None
    return Rung(basis, why, agreement, scorer_state.restored(kept.about, kept.terms, kept.arrays), lender)
