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
from voc.language.tokens import BOUNDARY, TokenisedTexts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEARNED = "learned-1"
"""Version of the method: changes with anything that changes what a scorer learns or predicts."""
FOLDS = 5
"""Each regression learns from four fifths of the labels; five and ten are usual, and five takes half the time."""
LATENT = 50
"""Directions in which the channel's texts differ (latent semantic analysis, Deerwester et al. 1990): labelled and
unlabelled texts teach which terms go together, worth .01 to .02 AUC up to 200 labels."""
LATENT_WEIGHT = 1.5
"""Scale of the latent features beside TF-IDF rows of length 1: the heavier, the less they are penalised."""
C = 3.0
"""Inverse strength of the penalty; 1 to 10 differ by less than .003 AUC (`python benchmarks/sentiment.py`)."""
LEAST_SE = 0.1
"""No channel's scores are surer than this, however alike its labels."""
SCALE_SD = 0.1
"""Prior standard deviation of the calibration's scale around 1: it was .91 to .97 in three sets of 200 labels."""


@dataclass(frozen=True)
class TonePrediction:
    """Scores in [−1, 1] and their standard errors against the writer's own answer; both shape (texts,)."""

    tone: Floats
    tone_se: Floats


class LearnedScorer(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """TF-IDF of words, pairs and stems beside the lexicon's tone and the length, logistic regression, calibrated.

    Five regressions each leave out a fifth of the respondents; together they score new texts, and a text that was
    learned from is scored by the one that left it out. Labels may lie between 0 (cold) and 1 (warm): the regression is
    of their mean (Papke and Wooldridge 1996), so that a score of 0.2 stands for the same mean answer in every channel.

    Attributes
    ----------
    terms_ : Terms
    coef_ : ndarray, shape (terms + columns, FOLDS); columns are those of `_columns`, the base scorer's logit the last.
    intercept_ : ndarray, shape (FOLDS,)
    scale_, shift_ : float, of the calibration on held-out folds (Platt 1999).
    noise_ : float: root mean square of a score's error, out of fold. One for all: a score is already drawn to the
        middle by as much as its text leaves open, and an error that followed it would set like scores apart.
    taught_, fold_ : ndarrays: keyed hashes of the texts learned from, ascending, and the fold that left each out.
    out_of_fold_ : ndarray, shape (texts,): calibrated P of each labelled text, NaN elsewhere; not kept in a file.
    gain_, gain_se_ : float: AUC over the lexicon's out of fold and its standard error, grouped by respondent.
    """

    def fit(
        self,
        tokenised: TokenisedTexts,
        tones: Tones,
        label: Floats,
        *,
        customer: Ints,
        respondent: Ints,
        base_logit: Floats | None = None,
        key: bytes = b"",
    ) -> "LearnedScorer":
        """Learns the terms from all texts of a channel, and their weights from the labelled ones.

        label:                in [0, 1], NaN where there is none.
        customer, respondent: integer codes; only equality means anything.
        base_logit:           the logit that another channel's scorer gives each text.
        key:                  of the hashes, up to 64 bytes.
        """
        self.terms_ = Terms.learn(tokenised, customer)
        self.length_ = float(np.log1p(tones.n_words).mean())
        x = self.terms_.weigh(tokenised)
        axes = _axes(x)
        latent = np.asarray(x @ axes.T)
        columns = self._columns(tones, base_logit)
        labelled = np.flatnonzero(np.isfinite(label))
        features = sparse.hstack([x[labelled], latent[labelled], columns[labelled]]).tocsr()
        fold = _folds(respondent[labelled])
        coef, intercept, held_out = [], [], np.empty(labelled.size)
        for out in range(FOLDS):
            regression = _regress(features[fold != out], label[labelled[fold != out]], C)
            held_out[fold == out] = regression.decision_function(features[fold == out])
            by_term, by_axis, by_column = np.split(regression.coef_[0], [x.shape[1], x.shape[1] + len(axes)])
            coef.append(np.concatenate([by_term + axes.T @ by_axis, by_column]))
            intercept.append(regression.intercept_[0])
        self.coef_, self.intercept_ = np.stack(coef, 1), np.array(intercept)
        self._calibrate(held_out, label[labelled])
        self._remember_folds(tokenised, labelled, fold, key)
        p = self._probability(held_out)
        self.out_of_fold_ = np.full(tokenised.n, np.nan)
        self.out_of_fold_[labelled] = p
        is_polar_label = is_polar(label[labelled])
        polar = labelled[is_polar_label]
        self.gain_, self.gain_se_ = auc_gain(
            p[is_polar_label], np.nan_to_num(tones.tone[polar]), label[polar] > 0.5, respondent[polar]
        )
        self.auc_ = auc(p[is_polar_label], label[polar] > 0.5)
        return self

    @property
    def is_better(self) -> bool:
        """Whether it beats the lexicon out of fold by more than one standard error."""
        return bool(self.gain_ > self.gain_se_)

    def decide(self, tokenised: TokenisedTexts, tones: Tones, base_logit: Floats | None = None) -> Floats:
        """The calibrated logit of each text, shape (texts,)."""
        x = sparse.hstack([self.terms_.weigh(tokenised), self._columns(tones, base_logit)]).tocsr()
        by_fold = x @ self.coef_ + self.intercept_
        decided = by_fold.mean(1)
        if self.taught_.size:
            hashed = _hashes(tokenised, self.key_)
            place = np.minimum(np.searchsorted(self.taught_, hashed), self.taught_.size - 1)
            taught = np.flatnonzero(self.taught_[place] == hashed)
            decided[taught] = by_fold[taught, self.fold_[place[taught]]]
        return np.asarray(self.scale_ * decided + self.shift_, dtype=float)

    def predict(self, tokenised: TokenisedTexts, tones: Tones, base_logit: Floats | None = None) -> TonePrediction:
        """Tone and its standard error; NaN where a text holds no answer."""
        p = expit(self.decide(tokenised, tones, base_logit))
        silent = np.isin(tones.unscored_reason.astype(str), ["no_text", "null_answer"]) & ~tones.says_nothing
        tone = np.where(silent, np.nan, 2 * p - 1)
        return TonePrediction(tone, np.where(silent, np.nan, self.noise_))

    def _columns(self, tones: Tones, base_logit: Floats | None) -> Floats:
        """Tone, whether it is missing, and length, scaled so that the penalty does not silence them."""
        unread = np.isnan(tones.tone)
        columns = [3 * np.nan_to_num(tones.tone), 0.3 * unread, (np.log1p(tones.n_words) - self.length_) / 2]
        return np.column_stack(columns if base_logit is None else [*columns, base_logit])

    def _calibrate(self, held_out: Floats, label: Floats) -> None:
        self.scale_, self.shift_ = _platt(held_out, label)
        p = self._probability(held_out)
        self.noise_ = max(float(np.sqrt(np.mean(4 * (label - p) ** 2))), LEAST_SE)

    def _probability(self, decided: Floats) -> Floats:
        return np.asarray(expit(self.scale_ * decided + self.shift_), dtype=float)

    def _remember_folds(self, tokenised: TokenisedTexts, labelled: Ints, fold: Ints, key: bytes) -> None:
        """Keeps which fold left each labelled text out. A text of several folds, such as "good", is not kept."""
        self.key_ = key
        hashed, code = np.unique(_hashes(tokenised, key)[labelled], return_inverse=True)
        first, last = np.full(hashed.size, FOLDS), np.full(hashed.size, -1)
        np.minimum.at(first, code, fold)
        np.maximum.at(last, code, fold)
        self.taught_, self.fold_ = hashed[first == last], first[first == last]


def clipped_logit(prediction: TonePrediction) -> Floats:
    """The logit of P(warm), with P clipped to [0.01, 0.99]; 0 where there is no prediction. Shape (texts,)."""
    return np.asarray(np.nan_to_num(logit(np.clip((prediction.tone + 1) / 2, 0.01, 0.99))), dtype=float)


def _regress(x: sparse.csr_matrix | Floats, label: Floats, strength: float) -> LogisticRegression:
    """A logistic regression on labels in [0, 1]: each text counts as warm with weight label, as cold with 1 - label."""
    twice = sparse.vstack([x, x]).tocsr() if sparse.issparse(x) else np.concatenate([x, x])
    warm = np.repeat([True, False], label.size)
    return LogisticRegression(C=strength, max_iter=1000).fit(
        twice, warm, sample_weight=np.concatenate([label, 1 - label])
    )


def _platt(decided: Floats, label: Floats) -> tuple[float, float]:
    """Scale and shift of the logit under which the labels are likeliest (Platt 1999), the scale held near 1."""

    def loss(parameters: Floats) -> float:
        scale, shift = parameters
        z = scale * decided + shift
        return float(np.sum(np.logaddexp(0, z) - label * z) + ((scale - 1) / SCALE_SD) ** 2 / 2)

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
    respondent_code = np.unique(respondent, return_inverse=True)[1]
    shuffled = np.random.default_rng(0).permutation(int(respondent_code.max(initial=-1)) + 1)
    return np.asarray(shuffled[respondent_code] % FOLDS, dtype=np.int64)


def _hashes(tokenised: TokenisedTexts, key: bytes) -> NDArray[np.uint64]:
    texts = tokenised.folded.split(BOUNDARY)[: tokenised.n]
    digests = (hashlib.blake2b(t.encode("utf-8", "replace"), digest_size=8, key=key).digest() for t in texts)
    return np.frombuffer(b"".join(digests), dtype=np.uint64)
