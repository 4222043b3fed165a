"""How well the zero-label scorer agrees with human readers and how fast it is, beside vaderSentiment and LeIA.

Run: python benchmarks/lexicon.py [--data DIR], about half a minute. Texts left unscored count as 0 in every AUC and
rank correlation, as in the packages, so that leaving the hard ones out earns nothing.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import LeIA
import numpy as np
import pandas as pd
from harness.labelled import DATA, Labelled, nhs, olist, tweets
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from voc.language.scoring import lexicon

PACKAGE = {"en": "vaderSentiment", "pt": "LeIA"}
ROUNDS = 3  # of each timing; the best counts
DRAWS = 200  # of the bootstrap behind every standard error
WORD_BINS = {"1-8": (0, 8), "9-20": (9, 20), "21 and more": (21, 10**6)}
HIT_BINS = {"1": (1, 1), "2": (2, 2), "3": (3, 3), "4 and more": (4, 10**6)}


def package(sample: Labelled) -> Callable[[], np.ndarray]:
    """The language's own package, text by text as it is meant to be called."""
    analyser = (SentimentIntensityAnalyzer if sample.language == "en" else LeIA.SentimentIntensityAnalyzer)()
    return lambda: np.array([analyser.polarity_scores(text)["compound"] for text in sample.texts])


def show_agreement(sample: Labelled, theirs: np.ndarray) -> None:
    """AUC on polar texts, Spearman on all, and the share without a score, for both."""
    rows = {PACKAGE[sample.language]: theirs, "ours": sample.score().tone}
    rows["ours, language undeclared"] = sample.score(declared=False).tone
    if sample.blocked:
        rows["ours, names not blocked"] = sample.score(blocked=False).tone
    print(f"\n{sample.name}: {len(sample.texts):,} texts, {len(sample.polar):,} polar")
    for label, scores in rows.items():
        unscored = np.mean(np.isnan(scores) | (scores == 0)) if scores is theirs else np.mean(np.isnan(scores))
        line = (
            f"  {label:26} AUC {sample.auc(scores):.3f}  Spearman {sample.spearman(scores):.3f}  without {unscored:.1%}"
        )
        if sample.entity is not None:
            line += f"  correlation of airline means {sample.entity_correlation(scores):+.2f}"
        print(line)
    low, high = interval(sample, sample.score().tone, theirs)
    print(f"  ours minus package, AUC: 95 % between {low:+.4f} and {high:+.4f}")
    for label, tones in (("declared", sample.score()), ("undeclared", sample.score(declared=False))):
        lists = pd.Series(tones.lexicon).value_counts()
        reasons = pd.Series(tones.unscored_reason).value_counts()
        counts = [f"{name} {count:,}" for name, count in pd.concat([lists, reasons]).items()]
        print(f"  {label}: {', '.join(counts)}")


def interval(sample: Labelled, one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """95 % bootstrap interval of the difference in AUC."""
    draws = np.random.default_rng(0).choice(sample.polar, (DRAWS, len(sample.polar)))
    low, high = np.percentile([sample.auc(one, rows) - sample.auc(other, rows) for rows in draws], [2.5, 97.5])
    return float(low), float(high)


@contextmanager
def changed(name: str, value: frozenset[str]) -> Iterator[None]:
    """The lexicon with one of its own word sets replaced."""
    with patch.object(lexicon, name, value):
        lexicon.load.cache_clear()
        yield
    lexicon.load.cache_clear()


def show_choices(samples: list[Labelled]) -> None:
    """What each word-level choice of ours is worth: AUC with it minus AUC without it."""
    choices = {
        "business words dropped": ("BUSINESS_WORDS", frozenset(), "en"),
        '"no" a plain negator': ("EN_NEGATORS", lexicon.EN_NEGATORS - {"no"}, "en"),
        "own Portuguese negators": ("PT_NEGATORS", lexicon.LEIA_NEGATORS, "pt"),
    }
    print("\nworth of our choices, AUC with minus without (95 %)")
    for label, (name, value, language) in choices.items():
        for sample in (s for s in samples if s.language == language):
            with_it = sample.score().tone
            with changed(name, value):
                without = sample.score().tone
            gain = sample.auc(with_it) - sample.auc(without)
            low, high = interval(sample, with_it, without)
            print(f"  {label:26} {sample.name:8} {gain:+.4f} ({low:+.4f} to {high:+.4f})")


def show_scale(samples: list[Labelled]) -> None:
    """Slope of the human judgement on tone, and how far tone is from it: the constants of `lexicon_scorer`.

    The error is taken within a set, at slope 1, each side less its mean: levels are never compared across channels.
    """
    frames = []
    for sample in samples:
        tones = sample.score()
        frame = pd.DataFrame({"human": sample.human, "tone": tones.tone, "words": tones.n_words, "hits": tones.n_hits})
        frame = frame.dropna()
        slope, level = np.polyfit(frame["tone"], frame["human"], 1)
        error = (frame["human"] - frame["human"].mean()) - (frame["tone"] - frame["tone"].mean())
        frames.append(frame.assign(square=error**2))
        line = f"  {sample.name:8} human = {level:+.2f} {slope:+.2f} tone"
        print(f"{line}, error at slope 1: {np.sqrt((error**2).mean()):.3f}")
    pooled = np.sqrt(np.mean([frame["square"].mean() for frame in frames]))
    print(f"  all three, each set counting the same: {pooled:.3f}")
    for column, bins in (("words", WORD_BINS), ("hits", HIT_BINS)):
        for label, (first, last) in bins.items():
            inside = [frame[frame[column].between(first, last)] for frame in frames]
            per_set = [part["square"].mean() for part in inside]
            shown = ", ".join(f"{np.sqrt(s):.2f} (n {len(part):,})" for s, part in zip(per_set, inside, strict=True))
            print(f"  {column} {label:12} se {np.sqrt(np.mean(per_set)):.2f}   sets: {shown}")


def show_squash(samples: list[Labelled]) -> None:
    """Share of the variance of the human judgement that is linear in the tone, by the function that bounds it."""
    squashes = {
        "none": lambda raw: raw,
        "tanh (ours)": np.tanh,
        "x / sqrt(x^2 + 1)": lambda raw: raw / np.sqrt(raw**2 + 1),
        "x / sqrt(x^2 + 15), VADER": lambda raw: raw / np.sqrt(raw**2 + 15),
    }
    for label, squash in squashes.items():
        shares = []
        for sample in samples:
            tone_of = sample.score().tone
            scored = np.isfinite(np.arctanh(tone_of))
            raw = np.arctanh(tone_of[scored])
            shares.append(f"{sample.name} {np.corrcoef(squash(raw), sample.human[scored])[0, 1] ** 2:.3f}")
        print(f"  {label:26} {'  '.join(shares)}")


def show_speed(sample: Labelled, theirs: Callable[[], np.ndarray]) -> None:
    """Texts per CPU second, in turns, the best of each."""
    spent = {"ours": [], "package": []}
    for _ in range(ROUNDS):
        for label, run in (("ours", sample.score), ("package", theirs)):
            start = time.process_time()
            run()
            spent[label].append(time.process_time() - start)
    ours, package = (len(sample.texts) / min(spent[label]) for label in ("ours", "package"))
    name = PACKAGE[sample.language]
    print(f"  {sample.name:8} ours {ours:8,.0f}  {name} {package:8,.0f}  ratio {ours / package:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    data = parser.parse_args().data
    samples = [tweets(data), nhs(data), olist(data)]
    packages = [package(sample) for sample in samples]
    for sample, theirs in zip(samples, packages, strict=True):
        show_agreement(sample, theirs())
    show_choices(samples)
    print("\nscale and standard error")
    show_scale(samples)
    print("\nsquash, share of the variance explained")
    show_squash(samples)
    print("\ntexts per CPU second")
    for sample, theirs in zip(samples, packages, strict=True):
        show_speed(sample, theirs)


if __name__ == "__main__":
    main()
