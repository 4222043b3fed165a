"""The zero-label scorer: how warm or cold a text sounds, by counted words, for all texts at once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from voc.language.fault_questions import nothing_answer
from voc.language.null_answers import blank, null_answer
from voc.language.scoring.lexicon import LISTED, load
from voc.language.scoring.lexicon_choice import OTHER, guess_rows
from voc.language.tokens import BOUNDARY, TokenisedTexts, tokenise_texts

SCORER = "lexicon-1"

_NEGATED = -0.74  # what a negator leaves of a valence: VADER's N_SCALAR (Hutto and Gilbert 2014)
_REACH = 3  # tokens a negator reaches forward, as in VADER
_LENGTH = 4.0  # added to the number of words, so that a single word is no extreme; not tuned

# Error of one tone against a person's judgement in [-1, 1], each less its set's mean; `python benchmarks/lexicon.py`:
# .62 on 11,000 tweets, .55 on 4,100 NHS comments, .59 on 2,900 Olist reviews. It hardly depends on the number of hits
# (1: .58, 2: .59, 3: .57, more: .61) or words (to 8: .58, to 20: .59, more: .63), and the sets contradict one another
# in the sign (tweets .69 to .58, Olist .47 to .73), so it is one figure: the root mean square of the three.
_SE = 0.58
# "Nothing" after "what could we improve?": mean and standard deviation of the human codes of 401 such NHS answers.
_NO_FAULTS, _NO_FAULTS_SE = 0.94, 0.2
# tanh bounds the tone: it explains .40 / .31 / .51 of the judgements' variance (tweets / NHS / Olist), VADER's own
# x / sqrt(x^2 + 15) .39 / .30 / .46. It also has their scale: per unit of tone E[human | tone] rises by 1.03 / 0.76 /
# 1.19. The mean is 0.99 and the sets are not alike, so no slope is applied.
BATCH = 8192  # texts at once: bounds the memory of a first load; any size gives the same result
_UNDECLARED = -2
_ROWS = {None: _UNDECLARED, "": _UNDECLARED} | {language: row for row, language in enumerate(LISTED)}


@dataclass(frozen=True)
class Tones:
    """What `score_texts` found: one entry per text, in the order of the texts.

    Attributes
    ----------
    tone : ndarray of float
        In [-1, 1], cold to warm; NaN where unscored. Compare it within a channel only: its zero is no reader's zero.
    tone_se : ndarray of float
        Standard error of ``tone`` against a human reader of the same channel; NaN where unscored.
    n_words, n_hits : ndarray of int
        Words (emoji and emoticons included, links not), and those of them that carry tone.
    lexicon : ndarray of object
        "en" or "pt": the list looked into; None where that was none.
    unscored_reason : ndarray of object
        None when scored, else "no_text" (blank), "null_answer" ("n/a", "-", "did not answer"),
        "language_not_covered" (declared or recognised, but without a list) or "no_known_words".
    says_nothing : ndarray of bool
        "Nothing", "no complaints": what it means depends on the question.
    """

    tone: NDArray[np.float64]
    tone_se: NDArray[np.float64]
    n_words: NDArray[np.int64]
    n_hits: NDArray[np.int64]
    lexicon: NDArray[np.object_]
    unscored_reason: NDArray[np.object_]
    says_nothing: NDArray[np.bool_]


def score_texts(texts: Sequence[str], languages: Sequence[str | None], blocked: frozenset[str] = frozenset()) -> Tones:
    """The tone of each text; it depends on that text, its language and ``blocked`` alone.

    texts:     customers' own words, any length.
    languages: two-letter code of each text, lower case, which is believed; None or "" when undeclared: it is guessed.
    blocked:   words that never carry tone, upper or lower case: the names of the company, its products and its people.

    The valences of its words are summed, each flipped and damped where a negator stands up to three tokens before it in
    the same sentence, divided by sqrt(4 + words) and squashed by tanh. Raises ValueError when the lengths differ.

    >>> tones = score_texts(["a good flight", "not a good flight", "n/a"], ["en", "en", None])
    >>> tones.tone.round(2), tones.unscored_reason[2]
    (array([ 0.62, -0.46,   nan]), 'null_answer')
    """
    if len(texts) != len(languages):
        raise ValueError(f"{len(texts)} texts but {len(languages)} languages")
    starts, grammar = range(0, max(len(texts), 1), BATCH), load().grammar
    parts = [
        score_tokens(tokenise_texts(texts[i : i + BATCH], grammar), languages[i : i + BATCH], blocked) for i in starts
    ]
    return Tones(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Tones)})


def score_tokens(
    tokenised: TokenisedTexts,
    languages: Sequence[str | None],
    blocked: frozenset[str] = frozenset(),
    *,
    asks_faults: bool = False,
) -> Tones:
    """As `score_texts`, of texts that are already tokenised by the lexicon's grammar.

    asks_faults: whether they answer a question for faults; "nothing" is praise then.
    """
    n, owner, lexicon = tokenised.n, tokenised.owner, load()
    ids = np.fromiter(map(lexicon.ids.get, tokenised.tokens, repeat(0)), dtype=np.intp, count=len(tokenised.tokens))
    stops = lexicon.stops[ids]

    valences = lexicon.valence_without(blocked)
    hits = _count(valences != 0, ids, owner, n)
    row = np.fromiter(map(_ROWS.get, languages, repeat(OTHER)), dtype=np.int64, count=n)
    undeclared = row == _UNDECLARED
    if undeclared.any():
        row[undeclared] = guess_rows(_count(lexicon.function, ids, owner, n), hits)[undeclared]

    has_list = row != OTHER
    read_as = np.where(has_list, row, 0)
    token_row = read_as[owner]
    valence = valences[token_row, ids]
    valence[_negated(lexicon.negates[token_row, ids], stops, owner)] *= _NEGATED
    n_words = np.bincount(owner[~stops], minlength=n)
    n_hits = hits[read_as, np.arange(n)]
    tone = np.tanh(np.bincount(owner, weights=valence, minlength=n) / np.sqrt(_LENGTH + n_words))

    bodies = tokenised.folded.split(BOUNDARY)[:n]  # no texts at all would split into one
    is_blank, is_null, nothing = blank(bodies), null_answer(bodies, n_hits), nothing_answer(bodies)
    is_praise = nothing & asks_faults
    is_null &= ~is_praise
    looked_into = has_list & ~is_null & ~is_blank & ~is_praise
    scored = (looked_into & (n_hits > 0)) | is_praise
    tone[is_praise] = _NO_FAULTS
    reason, read_with = np.full(n, None, dtype=object), np.full(n, None, dtype=object)
    reason[~scored] = "no_known_words"
    reason[~has_list & ~is_praise] = "language_not_covered"
    reason[is_null] = "null_answer"
    reason[is_blank] = "no_text"
    read_with[looked_into] = np.array(LISTED, dtype=object)[read_as[looked_into]]
    return Tones(
        tone=np.where(scored, tone, np.nan),
        tone_se=np.where(is_praise, _NO_FAULTS_SE, np.where(scored, _SE, np.nan)),
        n_words=n_words,
        n_hits=np.where(looked_into, n_hits, 0),
        lexicon=read_with,
        unscored_reason=reason,
        says_nothing=nothing,
    )


def _count(flags: NDArray[np.bool_], ids: NDArray[np.intp], owner: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """How many tokens of each text each row of ``flags`` marks, shape (rows, n)."""
    return np.stack([np.bincount(owner[marked[ids]], minlength=n) for marked in flags])


def _negated(negates: NDArray[np.bool_], stops: NDArray[np.bool_], owner: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for each token with a negator up to `_REACH` tokens before it in its text and no stop between."""
    place = np.arange(len(negates))
    # a text's first token has nothing before it
    first = np.searchsorted(owner, owner)
    last_stop = np.maximum(np.maximum.accumulate(np.where(stops, place, -1)), first - 1)
    last_negator = np.maximum.accumulate(np.where(negates, place, -1))
    before = np.concatenate([[-1], last_negator[:-1]])[: len(negates)]
    within: NDArray[np.bool_] = (before > last_stop) & (place - before <= _REACH)
    return within
