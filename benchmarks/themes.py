"""How well themes found without labels meet human readers, how stable they are and how fast, beside NMF and k-means.

Run: python benchmarks/themes.py [--data DIR], half a minute. Olist's orders (Portuguese) are the set that method and
constants were chosen on; by the figures of the NHS answers (English) nothing was chosen, though the stop words were
written with the commonest words of both in sight. The peers get as many themes as ours has, once on our terms and
weights, once on all words as scikit-learn weighs them. Olist's classes part the pleased from those who complain, which
is no theme of ours and which words like "good" and "not" tell best: hence its complaints also stand alone.
"""

import argparse
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import normalized_mutual_info_score

from voc.language.themes import theme_terms, themes
from voc.language.themes.components import new_words
from voc.language.themes.representative_texts import representative
from voc.language.themes.touchpoint_words import seeds

PLEASED = ["satisfeito", "antes_prazo"]  # Olist's subclasses of no complaint
SHUFFLES = 20
HALVES = 10  # drawn at random, for the spread
BLOCKS = 50  # of a twentieth of the texts, drawn at random
STEPS = 10  # of NMF from our components on
NEAR = (1e-9, 0.01, 0.02, 0.05, 0.1)  # cosines below which a text might be about nothing
MANY = 200_000  # texts, drawn with replacement, for the speed


@dataclass(frozen=True)
class Read:
    """Texts in the order of time, with what people said each is about; "" where nobody gave it one class."""

    name: str
    language: str
    texts: list[str]
    customers: np.ndarray
    human: dict[str, np.ndarray]
    n_human: np.ndarray | None = None

    def rows(self, rows: np.ndarray) -> "Read":
        human = {name: classes[rows] for name, classes in self.human.items()}
        texts = [self.texts[row] for row in rows]
        return replace(self, texts=texts, customers=self.customers[rows], human=human, n_human=None)

    def learn(self, previous: themes.Themes | None = None) -> themes.Themes:
        return themes.learn(self.texts, self.customers, self.language, seeds(self.language), previous=previous)

    def nmi(self, found: np.ndarray) -> list[float]:
        """One for each human reading, on the texts it has a class for."""
        there = [(classes, classes != "") for classes in self.human.values()]
        return [float(normalized_mutual_info_score(classes[said], found[said])) for classes, said in there]


def olist(data: Path) -> Read:
    """Order reviews; the class and subclass most readers chose."""
    labels = pd.read_csv(data / "olist/human_labels.csv")
    surveys = pd.read_csv(data / "olist/surveys.csv").dropna(subset=["comment"]).merge(labels, on="response_id")
    surveys = surveys.sort_values("responded_at", kind="stable")
    human = {c.removeprefix("most_voted_"): surveys[c].fillna("").to_numpy(str) for c in labels.columns[1:]}
    complains = ~np.isin(human["subclass"], PLEASED)
    human |= {f"complaint {name}": np.where(complains, classes, "") for name, classes in human.items()}
    return Read("olist", "pt", surveys["comment"].tolist(), pd.factorize(surveys["customer_id"])[0], human)


def nhs(data: Path) -> Read:
    """Survey answers; the theme of those that their reader gave one, and how many each was given."""
    frame = pd.read_csv(data / "nhs_fft/v6framework.csv", encoding_errors="replace").rename(columns=str.strip)
    frame = frame[frame["FFT answer"].notna() & (frame["FFT answer"] != "Did not answer")]
    british, american = (pd.to_datetime(frame["Date"], format=f, errors="coerce") for f in ("%d/%m/%Y", "%m/%d/%Y"))
    frame = frame.iloc[british.fillna(american).argsort(kind="stable")]
    flags = frame.iloc[:, frame.columns.get_loc("Comment sentiment") + 1 :].fillna(0) > 0
    n_human = flags.sum(axis=1).to_numpy()
    human = {"theme": np.where(n_human == 1, flags.to_numpy().argmax(axis=1).astype(str), "")}
    return Read("nhs", "en", frame["FFT answer"].tolist(), pd.factorize(frame["Respondent ID"])[0], human, n_human)


def ours(read: Read) -> tuple[np.ndarray, int]:
    learned = read.learn()
    return themes.assign(learned, read.texts).theme[:, 0], len(learned.keys)


def our_weights(read: Read, learned: themes.Themes) -> sparse.csr_array:
    return theme_terms.weighed(theme_terms.uses(read.texts, learned.terms), learned.idf)


def nmf_on(weights: sparse.csr_array, k: int, seed: int) -> np.ndarray:
    found = NMF(k, init="nndsvda", random_state=seed, max_iter=400, tol=1e-3).fit_transform(weights)
    return np.where(found.max(axis=1) > 0, found.argmax(axis=1), themes.NONE)


def k_means_on(weights: sparse.csr_array, k: int, seed: int) -> np.ndarray:
    return KMeans(k, n_init=3, random_state=seed).fit_predict(weights)


def steps_on(weights: sparse.csr_array, learned: themes.Themes) -> tuple[np.ndarray, np.ndarray]:
    """What NMF makes of our components in ten steps: the texts' themes, and each component's cosine to what it was."""
    start = np.ascontiguousarray(weights @ learned.components.T) + 1e-6
    model = NMF(len(start.T), init="custom", solver="mu", max_iter=STEPS)
    found = model.fit_transform(weights, W=start, H=learned.components.copy())
    length = np.linalg.norm(model.components_, axis=1)
    return found.argmax(axis=1), (model.components_ * learned.components).sum(axis=1) / length


def peers(read: Read, learned: themes.Themes, seed: int) -> dict[str, np.ndarray]:
    """The theme of each text by each peer."""
    theirs = TfidfVectorizer(min_df=3, strip_accents="unicode").fit_transform(read.texts)
    mine, k = our_weights(read, learned), len(learned.keys)
    return {
        "NMF, our terms": nmf_on(mine, k, seed),
        "NMF, all words": nmf_on(theirs, k, seed),
        "k-means, our terms": k_means_on(mine, k, seed),
        "k-means, all words": k_means_on(theirs, k, seed),
    }


def line(label: str, read: Read, rows: list[list[float]]) -> None:
    parts = []
    for name, values in zip(read.human, np.array(rows).T, strict=True):
        spread = f" (sd {values.std(ddof=1):.3f}, max {values.max():.3f})" if len(values) > 1 else ""
        parts.append(f"{name} {values.mean():.3f}{spread}")
    print(f"  {label:25} NMI {'  '.join(parts)}")


def show_agreement(read: Read) -> None:
    """NMI with human readers on all texts, beside shuffled ones and the peers; then its spread over random halves."""
    learned = read.learn()
    found = themes.assign(learned, read.texts)
    first = found.theme[:, 0]
    n_themes = f"{len(learned.keys)} themes, {learned.n_seeded} of them seeded"
    print(f"\n{read.name}: {len(read.texts):,} texts, {n_themes}, {np.mean(first == themes.NONE):.1%} without a theme")
    rng = np.random.default_rng(0)
    line("ours", read, [read.nmi(first)])
    line(f"ours shuffled, {SHUFFLES} times", read, [read.nmi(rng.permutation(first)) for _ in range(SHUFFLES)])
    for label, theirs in peers(read, learned, 0).items():
        line(label, read, [read.nmi(theirs)])
    stepped, alike = steps_on(our_weights(read, learned), learned)
    line(f"ours and {STEPS} steps of NMF", read, [read.nmi(stepped)])
    print(f"    they move a seeded component to cosine {alike[: learned.n_seeded].min():.2f} of what it was, at worst")
    for near in NEAR:
        with patch.object(themes, "_NEAR", near):
            at = themes.assign(learned, read.texts).theme[:, 0]
        line(f"near {near:g}, {np.mean(at == themes.NONE):4.0%} without", read, [read.nmi(at)])
    if read.n_human is not None:
        two = found.theme[:, 1] != themes.NONE
        shares = ", ".join(f"{n}: {two[read.n_human == n].mean():.0%}" for n in (1, 2, 3))
        print(f"  share with a second theme, by how many a reader gave   {shares}")
    show_themes(read, learned, found)


def show_themes(read: Read, learned: themes.Themes, found: themes.Assigned) -> None:
    for row, name in enumerate(learned.names):
        members = np.flatnonzero(found.theme[:, 0] == row)
        said = [read.texts[member] for member in members]
        shown = representative(said, found.weight[members, 0], np.full(len(members), np.nan), 1)
        words = " ".join(learned.terms[np.argsort(-learned.components[row])[:6]])
        print(f"    {len(members):5,} {name:30} {words:52.52} e.g. {[said[i][:60] for i in shown]}")


def show_spread(read: Read) -> None:
    """NMI over halves of the texts drawn at random, each learned from alone."""
    rows: dict[str, list[list[float]]] = {}
    for seed in range(HALVES):
        drawn = np.random.default_rng(seed).permutation(len(read.texts))[: len(read.texts) // 2]
        half = read.rows(np.sort(drawn))
        learned = half.learn()
        found = {"ours": themes.assign(learned, half.texts).theme[:, 0]} | peers(half, learned, seed)
        for label, labels in found.items():
            rows.setdefault(label, []).append(half.nmi(labels))
    print(f"\n{read.name}, {HALVES} halves at random")
    for label, values in rows.items():
        line(label, read, values)


def show_stability(read: Read) -> None:
    """What of the first half's themes, in time, is still there in the second's, and the themes of its texts."""
    n = len(read.texts)
    early, late = read.rows(np.arange(n // 2)), read.rows(np.arange(n // 2, n))
    both = read.learn(before := early.learn())
    for label, after in (("second half alone", late.learn(before)), ("both halves", both)):
        kept = np.isin(after.keys[after.n_seeded :], before.keys)
        then, now = (np.append(t.keys, "")[themes.assign(t, late.texts).theme[:, 0]] for t in (before, after))
        seeded = len(set(after.keys[: after.n_seeded]) & set(before.keys))
        n_free = len(before.keys) - before.n_seeded
        names = f"names kept: seeded {seeded} of {before.n_seeded}, free {kept.sum()} of {n_free}"
        print(f"  {read.name:6} first half, then {label:18} {names}, late texts alike {np.mean(then == now):.0%}")


def show_false_news(read: Read) -> None:
    """How many themes of words that came up of late there are, when the latest texts are any."""
    used = theme_terms.uses(read.texts, read.learn().terms)
    words = 0
    for seed in range(BLOCKS):
        is_latest = np.random.default_rng(seed).random(len(read.texts)) < 1 / 20
        words += len(new_words(used, np.zeros(used.shape[1], dtype=bool), is_latest))
    print(f"  {read.name:6} {words} new words in {BLOCKS} blocks in which nothing came up")


def per_second(n: int, run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return n / (time.process_time() - start)


def show_speed(read: Read) -> None:
    drawn = np.random.default_rng(0).integers(0, len(read.texts), MANY)
    many = read.rows(drawn)
    customers = np.arange(MANY)  # every text a customer of its own: the most words to weigh
    many = replace(many, customers=customers)
    start = time.process_time()
    learned = many.learn()
    spent = time.process_time() - start
    rate = per_second(MANY, lambda: themes.assign(learned, many.texts))
    length = np.median(list(map(len, many.texts)))
    learning = f"learned from {MANY:,} in {spent:.1f} CPU s"
    print(f"  {read.name:6} median {length:.0f} characters: {learning}, {rate:,.0f} assigned/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared/data")
    data = parser.parse_args().data
    warnings.simplefilter("ignore", ConvergenceWarning)  # ten steps of NMF are not meant to be enough
    reads = [olist(data), nhs(data)]
    for read in reads:
        show_agreement(read)
        show_spread(read)
    print("\nstability")
    for read in reads:
        show_stability(read)
        show_false_news(read)
    print("\nspeed")
    for read in reads:
        show_speed(read)


if __name__ == "__main__":
    main()
