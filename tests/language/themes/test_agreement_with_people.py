"""Themes beside human readers, on real comments; the benchmark reads and counts."""

import runpy

import numpy as np
import pytest
from support import ROOT

from voc.language.themes import themes

BENCHMARK = runpy.run_path(str(ROOT / "benchmarks/themes.py"))


@pytest.fixture(scope="module", params=["olist", "nhs"])
def read(request, real_data):
    return BENCHMARK[request.param](real_data)


def test_themes_tell_of_what_people_say_it_is_about(read):
    found = themes.assign(read.learn(), read.texts).theme[:, 0]
    shuffled = read.nmi(np.random.default_rng(0).permutation(found))
    assert all(ours > 0.1 > 3 * theirs for ours, theirs in zip(read.nmi(found), shuffled, strict=True))


def test_complaints_are_told_apart_better_than_by_nmf_or_k_means_on_our_words(real_data):
    read = BENCHMARK["olist"](real_data)
    learned = read.learn()
    ours = read.nmi(themes.assign(learned, read.texts).theme[:, 0])
    for label, found in BENCHMARK["peers"](read, learned, 0).items():
        if "our terms" in label:
            assert all(a > b for a, b in zip(ours, read.nmi(found), strict=True))


def test_the_second_half_keeps_the_seeded_names_and_lays_most_texts_alike(read):
    n = len(read.texts)
    early, late = read.rows(np.arange(n // 2)), read.rows(np.arange(n // 2, n))
    after = late.learn(before := early.learn())
    assert set(before.keys[: before.n_seeded]) <= set(after.keys)
    then, now = (np.append(t.keys, "")[themes.assign(t, late.texts).theme[:, 0]] for t in (before, after))
    assert np.mean(then == now) > 0.7
