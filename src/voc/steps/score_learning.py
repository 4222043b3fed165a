"""Training, the second half of the score step: each channel's scorer, learned where it is not known yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from voc.adapters.work_file import scorers, texts, warehouse
from voc.adapters.work_file.scorers import ModelFile
from voc.adapters.work_file.texts import TextChannel
from voc.adapters.work_file.warehouse import Connection
from voc.language.fault_questions import asks_for_faults
from voc.language.scoring import scorer_state, tiers
from voc.language.scoring.label_counts import can_learn
from voc.language.scoring.learned_scorer import LEARNED, LearnedScorer
from voc.language.scoring.lexicon import load
from voc.language.scoring.lexicon_scorer import Tones, score_tokens
from voc.language.scoring.tiers import Tier, TrainingSet
from voc.language.tokens import TokenisedTexts, tokenise_texts

NamedTier = tuple[str, Tier]
"""A tier with the name of its scorer in ml.scorers, which is a fingerprint of everything it was learned from."""


class ScorerTraining:
    """The scorers of one night: a pure function of what was known when the four-week block began."""

    def __init__(
        self, connection: Connection, folder: Path, blocked: frozenset[str], audited: Mapping[str, float]
    ) -> None:
        """folder: of the scorers' files. blocked: words without tone. audited: text_id -> label in [0, 1]."""
        self.connection, self.folder, self.blocked, self.audited = connection, folder, blocked, audited
        self.newly_trained: list[TextChannel] = []
        """Channels for which a scorer was learned tonight."""
        self._known = scorers.known(connection)
        self._rows: list[dict[str, Any]] = []

    def scorers(self) -> dict[TextChannel, NamedTier]:
        """Each channel's tier in force. Writes ml.scorers and the files of ``folder``."""
        channels = texts.channels(self.connection)
        by_ratings = {channel: self._by_ratings(channel, data) for channel, data in channels.items()}
        chosen = {channel: self._best(channel, channels[channel], by_ratings) for channel in channels}
        in_force = {name for name, _ in chosen.values()}
        for row in self._rows:
            row["is_in_force"] = row["name"] in in_force
        scorers.save_known(self.connection, self._rows)
        scorers.keep_only(self.folder, "scorer", {str(row["name"]) for row in self._rows})
        return chosen

    def _best(self, channel: TextChannel, data: str, by_ratings: Mapping[TextChannel, NamedTier]) -> NamedTier:
        """The tier by audit labels where these give a scorer, else the one by ratings."""
        by_audits = self._by_audits(channel, data, by_ratings)
        return by_audits if by_audits and by_audits[1].scorer else by_ratings[channel]

    def _by_ratings(self, channel: TextChannel, data: str) -> NamedTier:
        return self._tier(channel, [data], None, tiers.from_ratings)

    def _by_audits(
        self, channel: TextChannel, data: str, by_ratings: Mapping[TextChannel, NamedTier]
    ) -> NamedTier | None:
        """None where too few of the channel's texts are labelled."""
        labels = texts.labelled(self.connection, channel, self.audited)
        if not can_learn(np.array(list(labels.values()), dtype=float)):
            return None
        base_name, base_scorer = _base_scorer(channel, by_ratings)

        def train(training_set: TrainingSet, key: bytes) -> Tier:
            return tiers.from_audits(training_set, base_scorer, key)

        return self._tier(channel, [data, sorted(labels.items()), base_name], base_scorer, train)

    def _tier(
        self,
        channel: TextChannel,
        inputs: list[object],
        base_scorer: LearnedScorer | None,
        train: Callable[[TrainingSet, bytes], Tier],
    ) -> NamedTier:
        """The tier that ``train`` gives for these inputs; read from its file where it was trained before."""
        name = "scorer-" + warehouse.fingerprint([asdict(channel), LEARNED, sorted(self.blocked), *inputs])
        if (row := self._known.get(name)) is not None:
            tier = _from_file(row, scorers.load(self.folder, name), base_scorer)
            if tier is not None:
                self._rows.append(row)
                return name, tier
        tier = train(self._training_set(channel), name.encode())
        if tier.scorer:
            scorers.save(self.folder, name, ModelFile(*scorer_state.serialise(tier.scorer)))
            self.newly_trained.append(channel)
        self._rows.append(
            {**asdict(channel), "name": name, "basis": tier.basis, "why": tier.why, **asdict(tier.agreement)}
        )
        return name, tier

    def _training_set(self, channel: TextChannel) -> TrainingSet:
        rows = texts.training_texts(self.connection, channel, list(self.audited))
        tokenised, tones = lexicon_tones(rows["text"].tolist(), channel, self.blocked)
        return TrainingSet(
            question=channel.question,
            tokenised=tokenised,
            tones=tones,
            rating=rows["label"].to_numpy(dtype=float),
            audit=np.array([self.audited.get(text_id, np.nan) for text_id in rows["text_id"]], dtype=np.float64),
            customer=pd.factorize(rows["customer_id"])[0],
            respondent=pd.factorize(rows["respondent"])[0],
        )


def lexicon_tones(
    channel_texts: Sequence[str], channel: TextChannel, blocked: frozenset[str]
) -> tuple[TokenisedTexts, Tones]:
    """Texts of a channel tokenised, and scored by the lexicon in the channel's language, after its question."""
    tokenised = tokenise_texts(channel_texts, load().grammar)
    languages = [channel.language or None] * tokenised.n
    return tokenised, score_tokens(tokenised, languages, blocked, asks_faults=asks_for_faults(channel.question))


def _base_scorer(channel: TextChannel, by_ratings: Mapping[TextChannel, NamedTier]) -> tuple[str, LearnedScorer | None]:
    """The channel's own scorer by ratings, else the one of its language that was learned from most labels."""
    candidates = {
        other: (name, tier)
        for other, (name, tier) in by_ratings.items()
        if tier.scorer and other.language == channel.language
    }
    if not candidates:
        return "", None
    best = channel if channel in candidates else max(candidates, key=lambda c: candidates[c][1].agreement.n_labels)
    return candidates[best][0], candidates[best][1].scorer


def _from_file(row: Mapping[str, object], stored: ModelFile | None, base_scorer: LearnedScorer | None) -> Tier | None:
    """The tier of a row of ml.scorers; None when its file is gone."""
    # the row comes from the table that these very fields were written to, so its types are theirs
    agreement = tiers.Agreement(**{name: row[name] for name in tiers.Agreement.__dataclass_fields__})  # type: ignore[arg-type]
    basis, why = str(row["basis"]), str(row["why"])
    if basis == "lexicon":
        return Tier(basis, why, agreement)
    if stored is None:
        return None
    scorer = scorer_state.deserialise(stored.about, stored.terms, stored.arrays)
    return Tier(basis, why, agreement, scorer, base_scorer)
