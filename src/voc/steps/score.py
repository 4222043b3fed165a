"""Step: score. Texts are cleaned and redacted, each gets a tone by its channel's scorer, and its themes."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from voc.adapters.control_store import audit_labels
from voc.adapters.work_file import texts, warehouse
from voc.adapters.work_file.texts import TextChannel
from voc.domain.formatting import counted
from voc.language.scoring.learned_scorer import clipped_logit
from voc.language.scoring.lexicon_scorer import BATCH, SCORER
from voc.language.scoring.tiers import Tier
from voc.steps.score_learning import ScorerTraining, lexicon_tones
from voc.steps.score_reading import read
from voc.steps.score_themes import assign_themes


@dataclass(frozen=True)
class Scored:
    """How many texts were read for the first time, how many were scored, and channels whose scorer is new."""

    n_read: int
    n_scored: int
    newly_trained: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """One line for people."""
        again = self.n_scored - self.n_read
        parts = [counted(self.n_read, "new text")]
        if self.newly_trained:
            parts.append(f"a scorer was learned for {', '.join(self.newly_trained)}")
        if again > 0:
            parts.append(f"{counted(again, 'earlier text')} scored again")
        return "; ".join(parts)


def run(path: Path, as_of: date, *, state: Path) -> Scored:
    """Reads and scores what is new; an earlier text is scored again only when its channel's scorer has changed.

    Reads   int.int_text of the work file at ``path``; audit labels in the control store of ``state``.
    Writes  ml.texts, ml.text_scores, ml.scorers, ml.boilerplate, ml.themes, ml.text_themes; state/models.
    Raises  InputError when the night in hand is another one.
    """
    with warehouse.opened(path) as connection:
        night = warehouse.require_night(connection, as_of)
        n_read = read(connection)
        blocked = warehouse.brand_words(connection)
        training = ScorerTraining(
            connection, state / "models", blocked, audit_labels.known_in(state, night.learn_before)
        )
        tiers = training.scorers()
        # the company's own words change what a text's tone is, so they are part of the lexicon's name
        lexicon = f"{SCORER}+{warehouse.fingerprint(sorted(blocked))}"
        names = {channel: name if tier.scorer else lexicon for channel, (name, tier) in tiers.items()}
        n_scored = 0
        for channel, new in texts.unscored(connection, names).items():
            n_scored += len(new)
            for start in range(0, len(new), BATCH):
                part = new.iloc[start : start + BATCH]
                texts.save_tones(connection, _tones(part, channel, blocked, names[channel], tiers[channel][1]))
        assign_themes(connection, state / "models")
    return Scored(n_read, n_scored, tuple(f"{c.source} {c.question}".strip() for c in training.newly_trained))


def _tones(new: pd.DataFrame, channel: TextChannel, blocked: frozenset[str], scorer: str, tier: Tier) -> pd.DataFrame:
    """The columns of ml.text_scores."""
    tokenised, tones = lexicon_tones(new["text"].tolist(), channel, blocked)
    tone, tone_se, reason = tones.tone, tones.tone_se, tones.unscored_reason
    if tier.scorer:
        base_logit = clipped_logit(tier.base_scorer.predict(tokenised, tones)) if tier.base_scorer else None
        prediction = tier.scorer.predict(tokenised, tones, base_logit)
        tone, tone_se = prediction.tone, prediction.tone_se
        reason = np.where(np.isnan(tone), reason, np.array(None, dtype=object))
    return pd.DataFrame(
        {
            "text_id": new["text_id"].to_numpy(),
            "scorer": scorer,
            "lexicon": None if tier.scorer else tones.lexicon,
            "n_words": tones.n_words,
            "n_hits": tones.n_hits,
            "tone": tone,
            "tone_se": tone_se,
            "unscored_reason": reason,
        }
    )
