"""The ladder: by what the texts of each channel are scored, from the lexicon up to what its own labels taught."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from voc.language.fault_questions import asks_for_faults
from voc.language.scoring.agreement import auc, balanced_accuracy, calibration_error
from voc.language.scoring.label_counts import can_learn, is_polar
from voc.language.scoring.learned_scorer import LearnedScorer, borrow
from voc.language.scoring.lexicon_scorer import Tones
from voc.language.tokens import Cut

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Lesson:
    """What a channel can be learned from: its texts, cut and read by the lexicon, shape (texts,) each.

    rating:     what was answered beside the text, in [0, 1], NaN without.
    audit:      how somebody read it for `voc label`, in [0, 1], NaN without.
    customer, respondent: of which only equality means anything.
    """

    question: str
    said: Cut
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
class Rung:
    """By what a channel is scored: ``scorer``, or the lexicon where that is None, and in words why.

    lender: the scorer whose logit it takes over, if any. basis: lexicon, ratings or audit labels.
    """

    basis: str
    why: str
    agreement: Agreement = field(default_factory=Agreement)
    scorer: LearnedScorer | None = None
    lender: LearnedScorer | None = None


def from_ratings(lesson: Lesson, key: bytes) -> Rung:
    """The rung that a channel's own ratings lead to.

    The answer beside a question for faults is about something else than the text: satisfied NHS respondents wrote
    comments that readers coded negative in 24 % of them, and in 1 % after "what was good?".
    """
    if not np.isfinite(lesson.rating).any():
        return Rung("lexicon", "no ratings beside its texts")
    if asks_for_faults(lesson.question):
        return Rung("lexicon", "it asks for faults, so its ratings are not about the text")
    return _learn(lesson, lesson.rating, "ratings", None, key)


def from_audits(lesson: Lesson, lender: LearnedScorer | None, key: bytes) -> Rung:
    """The rung that audit labels lead to; ``lender`` is another learned scorer of the same language, if any."""
    return _learn(lesson, lesson.audit, "audit labels", lender, key)


def has_audits(lesson: Lesson) -> bool:
    """Whether enough texts were labelled by somebody."""
    return can_learn(lesson.audit)


def _learn(lesson: Lesson, label: Floats, basis: str, lender: LearnedScorer | None, key: bytes) -> Rung:
    if not can_learn(label):
        return Rung("lexicon", f"{np.isfinite(label).sum()} {basis}, too few to learn from", _of_lexicon(lesson, label))
    said, tones = lesson.said, lesson.tones
    borrowed = borrow(lender.predict(said, tones)) if lender else None
    scorer = LearnedScorer().fit(
        said, tones, label, customer=lesson.customer, respondent=lesson.respondent, borrowed=borrowed, key=key
    )
    agreement = _of_learned(lesson, label, scorer)
    if not scorer.is_better:
        return Rung("lexicon", f"{basis} taught nothing that is clearly better", agreement)
    return Rung(basis, "clearly better than the lexicon", agreement, scorer, lender)


def _of_learned(lesson: Lesson, label: Floats, scorer: LearnedScorer) -> Agreement:
    polar, known = _polar(label), np.flatnonzero(np.isfinite(label))
    p, middle = scorer.out_of_fold_, float(np.nanmean(label))
    return replace(
        _of_lexicon(lesson, label),
        auc=scorer.auc_,
        gain=scorer.gain_,
        gain_se=scorer.gain_se_,
        balanced_accuracy=balanced_accuracy(p[polar], label[polar] > 0.5, middle),
        calibration_error=calibration_error(p[known], label[known]),
    )


def _of_lexicon(lesson: Lesson, label: Floats) -> Agreement:
    polar = _polar(label)
    tone, warm = np.nan_to_num(lesson.tones.tone[polar]), label[polar] > 0.5
    agreement = Agreement(n_labels=int(np.isfinite(label).sum()), lexicon_auc=auc(tone, warm))
    if warm.all() or not warm.any():
        return agreement
    return replace(agreement, lexicon_balanced_accuracy=balanced_accuracy(tone, warm, 0.0))


def _polar(label: Floats) -> Ints:
    return np.flatnonzero(is_polar(label))
