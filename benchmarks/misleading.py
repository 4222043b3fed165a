"""How often score and words of one answer are at odds, question by question, as read by people and as read by us.

Run: python benchmarks/misleading.py [--data DIR]. NHS: the patients' answer from 1 (very good) to 5, the comment coded
by readers on the same scale; Olist: stars and comments, which nobody coded so. The rules are those of the dbt macro
`is_at_odds` and of mart_survey_agreement, which names a survey whose lower bound is above 10 %.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from harness.labelled import DATA

from voc.language.fault_questions import asks_for_faults
from voc.language.scoring import tiers
from voc.language.scoring.lexicon import load
from voc.language.scoring.lexicon_scorer import score_tokens
from voc.language.scoring.tiers import TrainingSet
from voc.language.tokens import tokenise_texts

LEAST = 20  # answers


def nhs(data: Path) -> pd.DataFrame:
    frame = pd.read_csv(data / "nhs_fft/v6framework.csv", encoding_errors="replace").rename(columns=str.strip)
    frame = frame[frame["FFT categorical answer"].between(1, 5) & frame["FFT answer"].notna()]
    frame = frame[frame["FFT answer"] != "Did not answer"]
    return pd.DataFrame(
        {
            "question": "nhs: " + frame["FFT question"].str.split().str.join(" "),
            "language": "en",
            "text": frame["FFT answer"],
            "score": (3 - frame["FFT categorical answer"]) / 2,
            "human": (3 - frame["Comment sentiment"]) / 2,
            "person": pd.factorize(frame["Respondent ID"])[0],
        }
    )


def olist(data: Path) -> pd.DataFrame:
    frame = pd.read_csv(data / "olist/surveys.csv").dropna(subset=["comment", "score"])
    score, person = (frame["score"] - 3) / 2, np.arange(len(frame))
    return pd.DataFrame(
        {"question": "olist", "language": "pt", "text": frame["comment"], "score": score, "human": np.nan}
        | {"person": person}
    )


def at_odds(score: np.ndarray, tone: np.ndarray, tone_se: np.ndarray) -> np.ndarray:
    return (np.sign(score) * np.sign(tone) < 0) & (np.abs(score - tone) > np.maximum(1, 1.96 * tone_se))


def wilson(n: int, of: int) -> tuple[float, float]:
    z = 1.959964
    half = z * np.sqrt(n * (of - n) / of + z * z / 4)
    return (n + z * z / 2 - half) / (of + z * z), (n + z * z / 2 + half) / (of + z * z)


def show(name: str, of: pd.DataFrame) -> None:
    language, question = of["language"].iloc[0], name.partition(": ")[2]
    tokenised = tokenise_texts(of["text"].tolist(), load().grammar)
    tones = score_tokens(tokenised, [language] * tokenised.n, asks_faults=asks_for_faults(question))
    score = of["score"].to_numpy()
    rating = np.where(np.abs(score) <= 0.2, 0.5, (score > 0).astype(float))
    person = of["person"].to_numpy()
    tier = tiers.from_ratings(
        TrainingSet(question, tokenised, tones, rating, np.full(tokenised.n, np.nan), person, person), b"key"
    )
    read = tier.scorer.predict(tokenised, tones) if tier.scorer else tones
    parts = []
    human = of["human"].to_numpy(dtype=float)
    for who, tone, se in (("readers", human, np.zeros(tokenised.n)), (f"by {tier.basis}", read.tone, read.tone_se)):
        there = ~np.isnan(tone)
        n, total = int(at_odds(score[there], tone[there], se[there]).sum()), int(there.sum())
        if total >= LEAST:
            low, high = wilson(n, total)
            parts.append(f"{who} {n / total:.1%} of {total:,} ({low:.1%} to {high:.1%})")
    print(f"{name[:60]:60} {'; '.join(parts)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    data = parser.parse_args().data
    for name, of in pd.concat([nhs(data), olist(data)], ignore_index=True).groupby("question"):
        show(str(name), of.reset_index(drop=True))


if __name__ == "__main__":
    main()
