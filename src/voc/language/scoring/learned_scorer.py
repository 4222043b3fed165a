"""The learned scorer: how warm a channel's texts are, learned from the company's own ratings or audit labels."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.base import BaseEstimator
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression

from voc.language.scoring.agreement import auc, auc_gain
from voc.language.scoring.label_counts import is_polar
from voc.language.scoring.lexicon_scorer import Tones
from voc.language.terms import Terms
from voc.language.tokens import BOUNDARY, Cut

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEARNED = "learned-1"
"""Changes with anything that decides what a scorer learns or says."""
FOLDS = 5
LATENT = 50
"""Directions in which the channel's texts differ (latent semantic analysis, Deerwester et al. 1990): labelled and
unlabelled texts teach which terms go together, worth .01 to .02 AUC up to 200 labels."""
LATENT_WEIGHT = 1.5
C = 3.0
"""Inverse strength of the penalty; 1 to 10 differ by less than .003 AUC (`python benchmarks/sentiment.py`)."""
LEAST_SE = 0.1
"""No channel's scores are surer than this, however alike its labels."""
SCALE_SD = 0.1
"""How far the calibration's scale is from 1 before anything is known: .91 to .97 in three sets of 200 labels."""


@dataclass(frozen=True)
class Reading:
    """Scores in [−1, 1] and their standard errors against what the writer would answer; both shape (texts,)."""

    tone: Floats
    tone_se: Floats


class LearnedScorer(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """TF-IDF of words, pairs and stems beside the lexicon's tone and the length, logistic regression, calibrated.

    Five regressions each leave out a fifth of the respondents; together they score what is new, and a text that taught
    is scored by the one it did not teach. Labels may lie between 0 (cold) and 1 (warm): the regression is of their mean
    (Papke and Wooldridge 1996), so that a score of 0.2 stands for the same mean answer in every channel.

    Attributes
    ----------
    terms_ : Terms
    coef_ : ndarray, shape (terms + columns, FOLDS); columns are those of `columns`, then the borrowed logit if any.
    intercept_ : ndarray, shape (FOLDS,)
    scale_, shift_ : float, of the calibration on held-out folds (Platt 1999).
    noise_ : float: root mean square of a score's error, out of fold. One for all: a score is already drawn to the
        middle by as much as its text leaves open, and an error that followed it would set like scores apart.
    taught_, fold_ : ndarrays: keyed hashes of the texts that taught, ascending, and the fold that left each out.
    out_of_fold_ : ndarray, shape (texts,): calibrated P of each labelled text, NaN elsewhere; not kept in a file.
    gain_, gain_se_ : float: AUC over the lexicon's out of fold and its standard error, grouped by respondent.
    """

    def fit(
        self,
        said: Cut,
        tones: Tones,
        label: Floats,
        *,
        customer: Ints,
        respondent: Ints,
        borrowed: Floats | None = None,
        key: bytes = b"",
    ) -> "LearnedScorer":
        """Learns from all of a channel's texts which terms there are, and from the labelled ones what they mean.

        label:                in [0, 1], NaN where there is none.
        customer, respondent: of which only equality means anything.
        borrowed:             the logit another channel's scorer gives each text.
        key:                  of the hashes, up to 64 bytes.
        """
        self.terms_ = Terms.learn(said, customer)
        self.length_ = float(np.log1p(tones.n_words).mean())
        x = self.terms_.weigh(said)
        axes = _axes(x)
        latent = np.asarray(x @ axes.T)
        aside = self._columns(tones, borrowed)
        taught = np.flatnonzero(np.isfinite(label))
        seen = sparse.hstack([x[taught], latent[taught], aside[taught]]).tocsr()
        fold = _folds(respondent[taught])
        coef, intercept, left_out = [], [], np.empty(taught.size)
        for out in range(FOLDS):
            learned = _regress(seen[fold != out], label[taught[fold != out]], C)
            left_out[fold == out] = learned.decision_function(seen[fold == out])
            by_term, by_axis, by_column = np.split(learned.coef_[0], [x.shape[1], x.shape[1] + len(axes)])
            coef.append(np.concatenate([by_term + axes.T @ by_axis, by_column]))
            intercept.append(learned.intercept_[0])
        self.coef_, self.intercept_ = np.stack(coef, 1), np.array(intercept)
        self._calibrate(left_out, label[taught])
        self._remember(said, taught, fold, key)
        p = self._probability(left_out)
        self.out_of_fold_ = np.full(said.n, np.nan)
        self.out_of_fold_[taught] = p
        polar = is_polar(label[taught])
        of = taught[polar]
        self.gain_, self.gain_se_ = auc_gain(p[polar], np.nan_to_num(tones.tone[of]), label[of] > 0.5, respondent[of])
        self.auc_ = auc(p[polar], label[of] > 0.5)
        return self

    @property
    def is_better(self) -> bool:
        """Whether it beats the lexicon out of fold by more than one standard error."""
        return bool(self.gain_ > self.gain_se_)

    def decide(self, said: Cut, tones: Tones, borrowed: Floats | None = None) -> Floats:
        """The calibrated logit of each text, shape (texts,)."""
        x = sparse.hstack([self.terms_.weigh(said), self._columns(tones, borrowed)]).tocsr()
        each = x @ self.coef_ + self.intercept_
        found = each.mean(1)
        if self.taught_.size:
            hashed = _hashes(said, self.key_)
            place = np.minimum(np.searchsorted(self.taught_, hashed), self.taught_.size - 1)
            known = np.flatnonzero(self.taught_[place] == hashed)
            found[known] = each[known, self.fold_[place[known]]]
        return np.asarray(self.scale_ * found + self.shift_, dtype=float)

    def predict(self, said: Cut, tones: Tones, borrowed: Floats | None = None) -> Reading:
        """Tone and its standard error; NaN where a text holds no answer."""
        p = expit(self.decide(said, tones, borrowed))
        silent = np.isin(tones.unscored_reason.astype(str), ["no_text", "null_answer"]) & ~tones.says_nothing
        tone = np.where(silent, np.nan, 2 * p - 1)
        return Reading(tone, np.where(silent, np.nan, self.noise_))

    def _columns(self, tones: Tones, borrowed: Floats | None) -> Floats:
        """Tone and length on scales on which the penalty lets them speak."""
        unread = np.isnan(tones.tone)
        columns = [3 * np.nan_to_num(tones.tone), 0.3 * unread, (np.log1p(tones.n_words) - self.length_) / 2]
        return np.column_stack(columns if borrowed is None else [*columns, borrowed])

    def _calibrate(self, left_out: Floats, label: Floats) -> None:
        self.scale_, self.shift_ = _platt(left_out, label)
        p = self._probability(left_out)
        self.noise_ = max(float(np.sqrt(np.mean(4 * (label - p) ** 2))), LEAST_SE)

    def _probability(self, decided: Floats) -> Floats:
        return np.asarray(expit(self.scale_ * decided + self.shift_), dtype=float)

    def _remember(self, said: Cut, taught: Ints, fold: Ints, key: bytes) -> None:
        """Which fold left a text out. What taught in several folds, as "good" does, is no one's own and left away."""
        self.key_ = key
        hashed, code = np.unique(_hashes(said, key)[taught], return_inverse=True)
        first, last = np.full(hashed.size, FOLDS), np.full(hashed.size, -1)
        np.minimum.at(first, code, fold)
        np.maximum.at(last, code, fold)
        self.taught_, self.fold_ = hashed[first == last], first[first == last]


def borrow(reading: Reading) -> Floats:
    """What another channel takes over of a reading: its logit, 0 where there is none."""
    return np.asarray(np.nan_to_num(logit(np.clip((reading.tone + 1) / 2, 0.01, 0.99))), dtype=float)


def _regress(x: sparse.csr_matrix | Floats, label: Floats, strength: float) -> LogisticRegression:
    """Every text counts as warm with its label and as cold with the rest of 1."""
    twice = sparse.vstack([x, x]).tocsr() if sparse.issparse(x) else np.concatenate([x, x])
    warm = np.repeat([True, False], label.size)
    return LogisticRegression(C=strength, max_iter=1000).fit(
        twice, warm, sample_weight=np.concatenate([label, 1 - label])
    )


def _platt(decided: Floats, label: Floats) -> tuple[float, float]:
    """Scale and shift of the logit under which the labels are likeliest (Platt 1999), the scale held near 1."""

    def loss(at: Floats) -> float:
        z = at[0] * decided + at[1]
        return float(np.sum(np.logaddexp(0, z) - label * z) + ((at[0] - 1) / SCALE_SD) ** 2 / 2)

    scale, shift = minimize(loss, np.array([1.0, 0.0])).x
    return float(scale), float(shift)


def _axes(x: sparse.csr_matrix) -> Floats:
    """The latent directions, weighted, shape (LATENT or fewer, terms)."""
    n = min(LATENT, min(x.shape) - 1)
    if n < 1:
        return np.zeros((0, x.shape[1]))
    return np.asarray(LATENT_WEIGHT * TruncatedSVD(n, random_state=0).fit(x).components_)


def _folds(respondent: Ints) -> Ints:
    """A fold for each text, all of a respondent's in one."""
    who = np.unique(respondent, return_inverse=True)[1]
    shuffled = np.random.default_rng(0).permutation(int(who.max(initial=-1)) + 1)
    return np.asarray(shuffled[who] % FOLDS, dtype=np.int64)


def _hashes(said: Cut, key: bytes) -> NDArray[np.uint64]:
    texts = said.folded.split(BOUNDARY)[: said.n]
    digests = (hashlib.blake2b(t.encode("utf-8", "replace"), digest_size=8, key=key).digest() for t in texts)
    return np.frombuffer(b"".join(digests), dtype=np.uint64)
