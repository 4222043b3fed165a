"""How well a channel's scorer agrees with people at 0 to all labels, beside packages, and what a planted footer costs.

Run: python benchmarks/sentiment.py [--data DIR] [--seeds N], some six minutes on one core; needs the extra `bench`.
A third of each set is kept for testing in each seed. Labels are drawn at random from the rest, neutral ones among them;
AUC and balanced accuracy (BA) are of the polar texts, Spearman and the calibration error (in P(warm), neutral counts as
half) of all. Our texts are cleaned and redacted first, theirs are as they came.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import LeIA
import numpy as np
from harness.labelled import DATA, Labelled, nhs, olist, tweets
from harness.splits import Score, Split, learned, own, slow, split
from textblob import TextBlob
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from voc.language.scoring.learned_scorer import LearnedScorer
from voc.language.scoring.lexicon import load
from voc.language.scoring.lexicon_scorer import BATCH, score_tokens
from voc.language.tokens import tokenise_texts

LABELS = (50, 200, 1000)
FOOTER = "Thank you for contacting us, we are happy to help. Kind regards, your Customer Care Team"


def packages(of: Labelled) -> dict[str, Callable[[], np.ndarray]]:
    """Each package as it is meant to be called, on all texts."""
    vader, leia = SentimentIntensityAnalyzer(), LeIA.SentimentIntensityAnalyzer()
    return {
        "VADER": lambda: np.array([vader.polarity_scores(text)["compound"] for text in of.texts]),
        "TextBlob": lambda: np.array([TextBlob(text).sentiment.polarity for text in of.texts]),
        "LeIA": lambda: np.array([leia.polarity_scores(text)["compound"] for text in of.texts]),
    }


def line(name: str, scores: list[Score]) -> str:
    """Mean and standard deviation over the seeds."""
    rows = np.array([score.row for score in scores])
    shown = "  ".join(f"{m:.3f} ± {s:.3f}" for m, s in zip(rows.mean(0), rows.std(0), strict=True))
    return f"  {name:22} {shown}"


def show_agreement(of: Labelled, seeds: int) -> dict[int | str, list[Score]]:
    """Prints the table of one set; what it holds, by number of labels or package."""
    told = {name: run() for name, run in packages(of).items()}
    cleaned = own(of)
    splits = [split(cleaned, seed) for seed in range(seeds)]
    found: dict[int | str, list[Score]] = {}
    print(f"\n{of.name}: {len(of.texts):,} texts      AUC            BA             Spearman       calibration error")
    for name, tone in told.items():
        found[name] = [parts.judge(tone[parts.test], 0.0) for parts in splits]
        print(line(name, found[name]))
    found[0] = [parts.judge(parts.part(parts.test)[1].tone, 0.0) for parts in splits]
    print(line("ours, 0 labels", found[0]), flush=True)
    for n in (*LABELS, splits[0].train.size):
        found[n if n in LABELS else "all"] = scores = [learned(parts, n) for parts in splits]
        print(line(f"ours, {n:,} labels", scores), flush=True)
        if n in LABELS[1:]:
            print(line(f"slow recipe, {n:,}", [slow(parts, n) for parts in splits[:2]]), flush=True)
    return found


def show_goals(tables: dict[str, dict[int | str, list[Score]]]) -> None:
    """What is asked of the method, over the sets."""

    def mean(n: int | str, what: str) -> float:
        return float(np.mean([getattr(score, what) for table in tables.values() for score in table[n]]))

    print("\nover the three sets")
    print(f"  1,000 labels: AUC {mean(1000, 'auc'):.3f} (aim .95), BA {mean(1000, 'balanced'):.3f} (aim .87)")
    print(f"  200 labels: AUC {mean(200, 'auc'):.3f} (aim .92), calibration error {mean(200, 'off'):.3f} (aim .03)")
    for name in ("tweets", "nhs"):
        gain = [ours.auc - theirs.auc for ours, theirs in zip(tables[name][0], tables[name]["VADER"], strict=True)]
        print(f"  {name}: lexicon above VADER by {np.mean(gain):+.3f} AUC (sd {np.std(gain):.3f})")


def show_entities(of: Labelled) -> None:
    """Do airlines' mean tones follow their mean judgement? Learned from 200 labels of the earlier half, by seed."""
    parts = [split(of, seed) for seed in range(3)]
    lexicon = of.score().tone
    print(f"\nairline means against human means: lexicon {of.entity_correlation(lexicon):.3f}", end="")
    for n in (200, 1000):
        found = []
        for p in parts:
            said, tones = p.part(p.train)
            one = np.arange(said.n)
            scorer = LearnedScorer().fit(said, tones, p.draw(n), customer=one, respondent=one)
            held = Labelled(of.name, [], of.human[p.test], of.language, of.blocked, of.entity[p.test])
            found.append(held.entity_correlation(scorer.predict(*p.part(p.test)).tone))
        print(f", {n:,} labels {np.mean(found):.3f} (least {min(found):.3f})", end="")
    print()


def show_footer(samples: list[Labelled]) -> None:
    """AUC lost to a footer under half of the texts, with and without cleaning."""
    print("\na footer under half of the texts, AUC lost      uncleaned          cleaned")
    for of in samples:
        hit = np.random.default_rng(0).random(len(of.texts)) < 0.5
        texts = [f"{t}\n\n{FOOTER}" if h else t for t, h in zip(of.texts, hit, strict=True)]
        planted = replace(of, texts=texts)
        clear, dirty, mended = split(own(of), 0), split(planted, 0), split(own(planted), 0)
        for name, run in (("lexicon", lexicon_auc), ("1,000 labels", lambda parts: learned(parts, 1000).auc)):
            base = run(clear)
            lost = [base - run(parts) for parts in (dirty, mended)]
            print(f"  {of.name:8} {name:14} {base:.3f}          {lost[0]:+.4f}          {lost[1]:+.4f}")


def lexicon_auc(parts: Split) -> float:
    return parts.judge(parts.part(parts.test)[1].tone, 0.0).auc


def show_speed(samples: list[Labelled]) -> None:
    """Texts per CPU second, in turns, the best of three: ours from string to tone and error, 1,000 labels."""
    print("\ntexts per CPU second")
    for of in samples:
        parts = split(of, 0)
        said, tones = parts.part(parts.train)
        one = np.arange(said.n)
        scorer = LearnedScorer().fit(said, tones, parts.draw(1000), customer=one, respondent=one)

        def ours(of: Labelled = of, scorer: LearnedScorer = scorer) -> None:
            for start in range(0, len(of.texts), BATCH):
                part = tokenise_texts(of.texts[start : start + BATCH], load().grammar)
                scorer.predict(part, score_tokens(part, [of.language] * part.n, of.blocked))

        runs = {"ours": ours, **packages(of)}
        spent: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(3):
            for name, run in runs.items():
                start = time.process_time()
                run()
                spent[name].append(time.process_time() - start)
        rates = {name: len(of.texts) / min(times) for name, times in spent.items()}
        shown = "  ".join(f"{name} {rate:8,.0f}" for name, rate in rates.items())
        print(f"  {of.name:8} {shown}  ours / VADER {rates['ours'] / rates['VADER']:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--seeds", type=int, default=5)
    said = parser.parse_args()
    samples = [tweets(said.data), nhs(said.data), olist(said.data)]
    show_goals({of.name: show_agreement(of, said.seeds) for of in samples})
    show_entities(samples[0])
    show_footer(samples)
    show_speed(samples)


if __name__ == "__main__":
    main()
