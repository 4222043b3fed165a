"""Sentences that a customer could have written, from a small grammar, with the slips people make."""

import numpy as np
from numpy.typing import NDArray

from voc.demo.fillers import CLOSER, EMOJI, FILL, GREETING, OPENER
from voc.demo.phrases import CORE, FEELING, PROBLEM, TONES

TONE_EDGES = (-3.0, -0.8, 0.3)
"""Felt satisfaction (population sd) below which words are furious, negative, neutral; above the last, positive."""
_WAYS = np.array([len(words) for words in FILL.values()])


def tone(felt: NDArray[np.float64]) -> NDArray[np.str_]:
    """The tone of what is written by somebody who feels so, shape of ``felt``."""
    return np.array(TONES)[np.searchsorted(TONE_EDGES, felt)]


def comment(rng: np.random.Generator, touchpoint: str, tone: str) -> str:
    """One survey comment; a fifth of them say two things."""
    first, second = _pick(rng, CORE[touchpoint][tone]), _pick(rng, CORE["relationship"][tone])
    says_two = rng.random() < 0.2 and second != first
    text = first + _pick(rng, (" and ", ", ", ", also ")) + second if says_two else first
    text = _sentence(_pick(rng, OPENER[tone]) + text.format_map(_small_things(rng)))
    return _slip(rng, _ends(rng, text, tone), tone)


def ticket(rng: np.random.Generator, touchpoint: str, tone: str) -> tuple[str, str]:
    """Subject and body of one ticket: what is the matter, then how the customer feels about it."""
    subject, problem = PROBLEM[touchpoint][rng.integers(len(PROBLEM[touchpoint]))]
    small_things = _small_things(rng)
    body = _sentence(_pick(rng, GREETING) + problem.format_map(small_things))
    if rng.random() < 0.75:
        body += " " + _sentence(_pick(rng, FEELING[tone]).format_map(small_things))
    return _sentence(subject.format_map(small_things)), _slip(rng, _ends(rng, body, tone), tone)


def _small_things(rng: np.random.Generator) -> dict[str, str]:
    """One choice for every `{…}`, the same throughout a text."""
    chosen = rng.integers(_WAYS)
    return {slot: words[i] for (slot, words), i in zip(FILL.items(), chosen, strict=True)}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ends(rng: np.random.Generator, text: str, tone: str) -> str:
    """With a full stop more often than not, and perhaps a closing word."""
    closer = _pick(rng, CLOSER[tone])
    stop = "." if text[-1] not in ".?!" and (closer or rng.random() < 0.6) else ""
    return f"{text}{stop} {closer}".strip()


def _slip(rng: np.random.Generator, text: str, tone: str) -> str:
    """Now and then: all lower case, shouting, a letter swapped or lost, an emoji."""
    case, typo, smile = rng.random(3)
    if case < 0.15:
        text = text.lower()
    elif tone == "furious" and case < 0.35:
        text = text.upper()
    i = int(rng.integers(1, max(2, len(text) - 2)))
    if typo < 0.07:
        text = text[:i] + text[i + 1 : i + 2] + text[i : i + 1] + text[i + 2 :]
    elif typo < 0.12:
        text = text[:i] + text[i + 1 :]
    return f"{text} {_pick(rng, EMOJI[tone])}" if smile < 0.07 else text


def _pick(rng: np.random.Generator, options: tuple[str, ...]) -> str:
    return options[rng.integers(len(options))]
