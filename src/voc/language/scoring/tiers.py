"""The tiers of scorers: the lexicon, a scorer learned from ratings, a scorer learned from audit labels.

Each channel gets the highest tier that its labels can carry.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from voc.language.fault_questions import asks_for_faults
from voc.language.scoring.agreement import auc, balanced_accuracy, calibration_error
from voc.language.scoring.label_counts import can_learn, is_polar
from voc.language.scoring.learned_scorer import LearnedScorer, clipped_logit
from voc.language.scoring.lexicon_scorer import Tones
from voc.language.tokens import TokenisedTexts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class TrainingSet:
    """The texts of one channel, tokenised and scored by the lexicon, with their labels; arrays of shape (texts,).

    rating:     the answer beside the text, in [0, 1]; NaN where there is none.
    audit:      the label given in `voc label`, in [0, 1]; NaN where there is none.
    customer, respondent: integer codes; only equality means anything.
    """

    question: str
    tokenised: TokenisedTexts
    tones: Tones
    rating: Floats
    audit: Floats
    customer: Ints
    respondent: Ints


@dataclass(frozen=True)
class Agreement:
    """How well a scorer agrees with the polar labels of its channel, out of fold; NaN where there are too few.

    ``gain`` is the AUC above the lexicon's, ``gain_se`` its standard error, ``calibration_error`` in P(warm).
    """

    n_labels: int = 0
    auc: float = float("nan")
    lexicon_auc: float = float("nan")
    gain: float = float("nan")
    gain_se: float = float("nan")
    balanced_accuracy: float = float("nan")
    lexicon_balanced_accuracy: float = float("nan")
    calibration_error: float = float("nan")


@dataclass(frozen=True)
class Tier:
    """What scores a channel: ``scorer``, or the lexicon where that is None; ``why`` gives the reason in words.

    basis:       "lexicon", "ratings" or "audit labels".
    base_scorer: the scorer whose logit is a feature of ``scorer``, if any.
    """

    basis: str
    why: str
    agreement: Agreement = field(default_factory=Agreement)
    scorer: LearnedScorer | None = None
    base_scorer: LearnedScorer | None = None


def from_ratings(training_set: TrainingSet, key: bytes) -> Tier:
    """The tier of a channel by its own ratings.

    The answer beside a question for faults is about something else than the text: satisfied NHS respondents wrote
    comments that readers coded negative in 24 % of them, and in 1 % after "what was good?".
    """
    if not np.isfinite(training_set.rating).any():
        return Tier("lexicon", "no ratings beside its texts")
    if asks_for_faults(training_set.question):
        return Tier("lexicon", "it asks for faults, so its ratings are not about the text")
    return _learn(training_set, training_set.rating, "ratings", None, key)


def from_audits(training_set: TrainingSet, base_scorer: LearnedScorer | None, key: bytes) -> Tier:
    """The tier of a channel by its audit labels; ``base_scorer`` is another learned scorer of its language, if any."""
    return _learn(training_set, training_set.audit, "audit labels", base_scorer, key)


def has_audits(training_set: TrainingSet) -> bool:
    """Whether enough texts have audit labels to learn from."""
    return can_learn(training_set.audit)


def _learn(training_set: TrainingSet, label: Floats, basis: str, base_scorer: LearnedScorer | None, key: bytes) -> Tier:
    if not can_learn(label):
        return Tier(
            "lexicon",
            f"{np.isfinite(label).sum()} {basis}, too few to learn from",
            _lexicon_agreement(training_set, label),
        )
    tokenised, tones = training_set.tokenised, training_set.tones
    base_logit = clipped_logit(base_scorer.predict(tokenised, tones)) if base_scorer else None
    scorer = LearnedScorer().fit(
        tokenised,
        tones,
        label,
        customer=training_set.customer,
        respondent=training_set.respondent,
        base_logit=base_logit,
        key=key,
    )
    agreement = _scorer_agreement(training_set, label, scorer)
    if not scorer.is_better:
        return Tier("lexicon", f"{basis} taught nothing that is clearly better", agreement)
    return Tier(basis, "clearly better than the lexicon", agreement, scorer, base_scorer)


def _scorer_agreement(training_set: TrainingSet, label: Floats, scorer: LearnedScorer) -> Agreement:
    polar, labelled = _polar(label), np.flatnonzero(np.isfinite(label))
    p, middle = scorer.out_of_fold_, float(np.nanmean(label))
    return replace(
        _lexicon_agreement(training_set, label),
        auc=scorer.auc_,
        gain=scorer.gain_,
        gain_se=scorer.gain_se_,
        balanced_accuracy=balanced_accuracy(p[polar], label[polar] > 0.5, middle),
        calibration_error=calibration_error(p[labelled], label[labelled]),
    )


def _lexicon_agreement(training_set: TrainingSet, label: Floats) -> Agreement:
    polar = _polar(label)
    tone, warm = np.nan_to_num(training_set.tones.tone[polar]), label[polar] > 0.5
    agreement = Agreement(n_labels=int(np.isfinite(label).sum()), lexicon_auc=auc(tone, warm))
    if warm.all() or not warm.any():
        return agreement
    return replace(agreement, lexicon_balanced_accuracy=balanced_accuracy(tone, warm, 0.0))


def _polar(label: Floats) -> Ints:
    return np.flatnonzero(is_polar(label))
