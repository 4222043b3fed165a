"""What the sentiment benchmark asks of each scorer: a set split, labels drawn, agreement with the texts tested."""

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from harness.labelled import Labelled
from voc.language.cleaning import boilerplate, boilerplate_counts, clean
from voc.language.redaction import redact
from voc.language.scoring.agreement import auc, balanced_accuracy, calibration_error
from voc.language.scoring.learned_scorer import LearnedScorer
from voc.language.scoring.lexicon import load
from voc.language.scoring.lexicon_scorer import Tones, score_tokens
from voc.language.tokens import TokenisedTexts, tokenise_texts


@dataclass(frozen=True)
class Score:
    """Agreement with the human judgement of the texts tested."""

    auc: float
    balanced: float
    spearman: float
    off: float

    @property
    def row(self) -> tuple[float, float, float, float]:
        return self.auc, self.balanced, self.spearman, self.off


@dataclass(frozen=True)
class Split:
    """A set cut into texts to learn from and to test on, each cut into tokens and read by the lexicon."""

    of: Labelled
    train: np.ndarray
    test: np.ndarray
    seed: int

    def part(self, rows: np.ndarray) -> tuple[TokenisedTexts, Tones]:
        return read(self.of, rows)

    @property
    def truth(self) -> np.ndarray:
        return (self.of.human + 1) / 2

    def judge(self, tone: np.ndarray, threshold: float) -> Score:
        """tone: of the texts tested, in [-1, 1]; what is unscored counts as 0."""
        tone, truth, human = np.nan_to_num(tone), self.truth[self.test], self.of.human[self.test]
        polar = truth != 0.5
        warm = truth[polar] > 0.5
        spearman = pd.Series(tone).corr(pd.Series(human), method="spearman")
        off = calibration_error((tone + 1) / 2, truth)
        return Score(auc(tone[polar], warm), balanced_accuracy(tone[polar], warm, threshold), float(spearman), off)

    def draw(self, n: int) -> np.ndarray:
        """Labels of n texts to learn from, NaN for the others."""
        chosen = np.random.default_rng(self.seed).permutation(self.train.size)[:n]
        label = np.full(self.train.size, np.nan)
        label[chosen] = self.truth[self.train[chosen]]
        return label


def read(of: Labelled, rows: np.ndarray) -> tuple[TokenisedTexts, Tones]:
    """Some texts of a set cut, and as the lexicon reads them after their question."""
    tokenised = tokenise_texts([of.texts[i] for i in rows], load().grammar)
    plain = score_tokens(tokenised, [of.language] * tokenised.n, of.blocked)
    if of.asks_faults is None:
        return tokenised, plain
    asked = score_tokens(tokenised, [of.language] * tokenised.n, of.blocked, asks_faults=True)
    chosen = {
        field.name: np.where(of.asks_faults[rows], getattr(asked, field.name), getattr(plain, field.name))
        for field in fields(Tones)
    }
    return tokenised, Tones(**chosen)


def split(of: Labelled, seed: int) -> Split:
    order = np.random.default_rng([seed, 7]).permutation(len(of.texts))
    third = len(order) // 3
    return Split(of, np.sort(order[third:]), np.sort(order[:third]), seed)


def learned(parts: Split, n: int) -> Score:
    """Ours, after n labels."""
    label = parts.draw(n)
    tokenised, tones = parts.part(parts.train)
    one_each = np.arange(tokenised.n)
    scorer = LearnedScorer().fit(tokenised, tones, label, customer=one_each, respondent=one_each)
    # a text is called warm above the mean of the labels: a rare class is otherwise never called
    return parts.judge(scorer.predict(*parts.part(parts.test)).tone, 2 * float(np.nanmean(label)) - 1)


def slow(parts: Split, n: int) -> Score:
    """The recipe that ours is a faster form of: words 1-2 and characters 2-5, two regressions deep in features."""
    label = parts.draw(n)
    chosen = np.flatnonzero(np.isfinite(label))
    texts = [t.casefold() for t in parts.of.texts]
    blocks = []
    for options in ({"ngram_range": (1, 2)}, {"analyzer": "char_wb", "ngram_range": (2, 5)}):
        counted = TfidfVectorizer(sublinear_tf=True, min_df=3, **options).fit([texts[i] for i in parts.train])
        blocks.append(counted.transform(texts))
    tones = read(parts.of, np.arange(len(texts)))[1]
    aside = np.column_stack(
        [3 * np.nan_to_num(tones.tone), np.log1p(tones.n_words), [t.count("!") > 0 for t in parts.of.texts]]
    )
    x = sparse.hstack([*blocks, aside]).tocsr()
    rows = parts.train[chosen]
    polar = parts.truth[rows] != 0.5
    model = LogisticRegression(C=3, max_iter=1000).fit(x[rows[polar]], parts.truth[rows[polar]] > 0.5)
    p = model.predict_proba(x[parts.test])[:, 1]
    return parts.judge(2 * p - 1, 2 * float(parts.truth[rows].mean()) - 1)


def own(of: Labelled) -> Labelled:
    """The set cleaned and redacted."""
    pieces = boilerplate(boilerplate_counts(of.texts), len(of.texts))
    safe = redact(clean(of.texts, pieces), [""] * len(of.texts))
    return replace(of, texts=safe)
