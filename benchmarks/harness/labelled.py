"""Texts that people have judged: real sets that the language benchmarks share."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from voc.language.fault_questions import asks_for_faults
from voc.language.scoring import lexicon_scorer

DATA = Path(__file__).parents[3] / "shared/data"
"""Where the sets lie unless said."""


@dataclass(frozen=True)
class Labelled:
    """Texts with a human judgement in [-1, 1]; 0 is neutral, the rest is polar."""

    name: str
    texts: list[str]
    human: np.ndarray
    language: str
    blocked: frozenset[str] = frozenset()
    entity: np.ndarray | None = None
    asks_faults: np.ndarray | None = None
    """Whether each text answers a question for faults."""

    def score(self, *, declared: bool = True, blocked: bool = True) -> lexicon_scorer.Tones:
        languages = [self.language if declared else None] * len(self.texts)
        return lexicon_scorer.score_texts(self.texts, languages, self.blocked if blocked else frozenset())

    def auc(self, scores: np.ndarray, rows: np.ndarray | None = None) -> float:
        rows = self.polar if rows is None else rows
        return float(roc_auc_score(self.human[rows] > 0, np.nan_to_num(scores[rows])))

    def spearman(self, scores: np.ndarray) -> float:
        return float(pd.Series(np.nan_to_num(scores)).corr(pd.Series(self.human), method="spearman"))

    def entity_correlation(self, scores: np.ndarray) -> float:
        """Between the entities' mean tone and their mean human judgement."""
        means = pd.DataFrame({"tone": scores, "human": self.human}).groupby(self.entity).mean()
        return float(means["tone"].corr(means["human"]))

    @property
    def polar(self) -> np.ndarray:
        return np.flatnonzero(self.human != 0)


def tweets(data: Path) -> Labelled:
    """Airline tweets, repeated ones once; human class. Blocked: the words of the airlines' names."""
    frame = pd.read_csv(data / "airline_tweets/Tweets.csv", encoding_errors="replace").drop_duplicates("text")
    human = frame["airline_sentiment"].map({"negative": -1.0, "neutral": 0.0, "positive": 1.0}).to_numpy()
    brands = frozenset(" ".join(frame["airline"].unique()).casefold().split())
    return Labelled("tweets", frame["text"].tolist(), human, "en", brands, frame["airline"].to_numpy())


def nhs(data: Path) -> Labelled:
    """NHS survey comments; the human code 1 (very positive) to 5 mapped onto 1 to -1."""
    frame = pd.read_csv(data / "nhs_fft/v6framework.csv", encoding_errors="replace").rename(columns=str.strip)
    frame = frame.dropna(subset=["Comment sentiment", "FFT answer"])
    human = (3 - frame["Comment sentiment"].to_numpy()) / 2
    asks = frame["FFT question"].map(asks_for_faults).to_numpy()
    return Labelled("nhs", frame["FFT answer"].tolist(), human, "en", asks_faults=asks)


def olist(data: Path) -> Labelled:
    """Portuguese order reviews; 1 to 5 stars mapped onto -1 to 1, three stars neutral."""
    frame = pd.read_csv(data / "olist/surveys.csv").dropna(subset=["comment", "score"])
    return Labelled("olist", frame["comment"].tolist(), (frame["score"].to_numpy() - 3) / 2, "pt")
