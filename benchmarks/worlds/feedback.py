"""Items: who says what, where and how clearly, from the mood of the moment."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from voc.domain.kinds import Kind
from worlds.company import Company
from worlds.roles import Roles, height
from worlds.world import Floats, Ints

TOUCHPOINTS = ("delivery", "support", "product", "billing")
COMMON_TEXTS = 20
"""Phrases that anybody may use, such as a plain thank you."""


@dataclass(frozen=True)
class Manner:
    """How people speak; sizes in standard deviations of satisfaction.

    ``bias`` of each channel, of which the first is the kindest and the last the harshest; ``respondent``: spread of
    people's own biases; ``noise`` of an item; ``angry``: share of items with a tail of anger; ``misread``: share read
    as something else; ``twice``: share told twice. ``link``: how a feeling becomes a sentiment in [-1, 1].
    """

    bias: tuple[float, ...] = (0.4, 0.1, -0.1, -0.5)
    respondent: float = 0.4
    noise: float = 0.8
    angry: float = 0.03
    misread: float = 0.14
    twice: float = 0.0
    link: Literal["smooth", "clipped", "rated"] = "smooth"


@dataclass(frozen=True)
class Items:
    """Arrays (M,) ordered by customer and week; ``felt``: what is said of the mood without biases; ``spread``: the
    standard deviation of its noise."""

    customer: Ints
    week: Ints
    sentiment: Floats
    se: Floats
    channel: Ints
    touchpoint: Ints
    respondent: Ints
    text: Ints
    felt: Floats
    spread: Floats


def speak(
    rng: np.random.Generator,
    mood: Floats,
    company: Company,
    roles: Roles,
    manner: Manner,
    uninformative: float,
    anger: float,
    loud: Ints,
) -> Items:
    """Everything said; ``uninformative``: share of items without a tone, ``anger``: multiplies the angry ones,
    ``loud``: rows of customers who got a loud new respondent at their role's onset."""
    sd = float(mood.std())
    said = rng.poisson(company.rates).reshape(-1)
    customer, week = np.divmod(np.repeat(np.arange(said.size), said), mood.shape[1])
    newcomer = np.full(customer.size, False)
    rows, weeks = _since(rng, loud, roles, np.maximum(3 * company.rates[loud].mean(1), 0.4), mood.shape[1])
    customer, week = np.r_[customer, rows], np.r_[week, weeks]
    newcomer = np.r_[newcomer, np.full(rows.size, True)]
    m = customer.size
    touchpoint = np.where(rng.random(m) < 0.2, -1, rng.integers(0, len(TOUCHPOINTS), m))
    channel = _channels(rng, customer, week, roles, len(manner.bias))
    people, respondent, bias = _people(rng, len(mood), customer, newcomer, manner.respondent)
    spread = manner.noise * np.exp(0.3 * rng.standard_normal(m) - 0.045)
    noise = spread * rng.standard_normal(m)
    noise -= (rng.random(m) < manner.angry * anger) * (0.5 + rng.exponential(1.2, m))
    meant = mood[customer, week] / sd - mood.mean() / sd - _split(roles, customer, week, touchpoint)
    known = np.array(manner.bias)[channel] + bias
    misread = rng.random(m) < manner.misread
    felt = np.where(misread, 1.3 * rng.standard_normal(m), meant + noise)
    toneless = rng.random(m) < uninformative
    felt = np.where(toneless, 0.25 * rng.standard_normal(m) - known, felt)
    sentiment = _read(felt + known, channel, manner.link)
    se = 0.4 * spread * np.exp(0.3 * rng.standard_normal(m))
    text = np.where(rng.random(m) < 0.04, rng.integers(0, COMMON_TEXTS, m), COMMON_TEXTS + np.arange(m))
    text = np.where(rng.random(m) < 0.05, -1, text)
    respondent = np.where(~newcomer & (rng.random(m) < 0.1), -1, respondent)
    items = Items(customer, week, sentiment, se, channel, touchpoint, respondent, text, sd * felt, sd * spread)
    return _ordered(items, _repeated(rng, items, roles, people, mood.shape[1], sd, manner.twice))


def _since(rng: np.random.Generator, rows: Ints, roles: Roles, rate: Floats, weeks: int) -> tuple[Ints, Ints]:
    """Customer and week of extra items after the onset, at least three each."""
    left = weeks - roles.onset[rows]
    count = np.maximum(rng.poisson(rate * left), 3)
    return np.repeat(rows, count), weeks - 1 - rng.integers(0, np.repeat(left, count))


def _channels(rng: np.random.Generator, customer: Ints, week: Ints, roles: Roles, n: int) -> Ints:
    """Everybody uses every channel, but those who shift go from the kindest to the harshest."""
    channel = rng.integers(0, n, customer.size)
    shifts = (roles.name == "channel_shift")[customer]
    after = week >= roles.onset[customer]
    channel[shifts & ~after] = 0
    return np.where(shifts & after & (rng.random(customer.size) < 0.85), n - 1, channel)


def _people(
    rng: np.random.Generator, n: int, customer: Ints, newcomer: NDArray[np.bool_], spread: float
) -> tuple[Ints, Ints, Floats]:
    """First code of each customer's people (N,), and code and bias of each item's; the last code is the newcomer's."""
    count = 2 + rng.poisson(1.2, n)
    first = np.r_[0, np.cumsum(count)[:-1]]
    bias = spread * rng.standard_normal(count.sum())
    late = first + count - 1
    bias[late] = -2.0
    slot = np.floor((count[customer] - 1) * rng.random(customer.size) ** 1.5).astype(np.int64)
    code = np.where(newcomer, late[customer], first[customer] + slot)
    return first, code, bias[code]


def _split(roles: Roles, customer: Ints, week: Ints, touchpoint: Ints) -> Floats:
    """How far below the mood items of a falling touchpoint are, in standard deviations of satisfaction."""
    hit = (roles.name == Kind.SPLIT_BY_TOUCHPOINT)[customer] & (roles.touchpoint[customer] == touchpoint)
    return hit * roles.size[customer] * height(week - roles.onset[customer], roles.ramp[customer])


def _read(feeling: Floats, channel: Ints, link: str) -> Floats:
    """Sentiment in [-1, 1]."""
    if link == "clipped":
        return np.clip(0.1 + 0.4 * feeling, -1, 1)
    smooth = np.tanh(0.1 + 0.5 * feeling)
    # the first channel is a survey with five answers
    return np.where(channel == 0, np.round(2 * smooth) / 2, smooth) if link == "rated" else smooth


def _repeated(
    rng: np.random.Generator, items: Items, roles: Roles, people: Ints, weeks: int, sd: float, twice: float
) -> dict[str, NDArray]:
    """Items to add: those told twice, one item at the very bottom, and one angry text told six times."""
    again = np.flatnonzero(rng.random(items.week.size) < twice)
    extra = {name: [values[again]] for name, values in vars(items).items()}
    for role, times, felt in (("lone_anger", 1, -6.0), ("duplicates", 6, -2.5)):
        rows = roles.rows(role)
        left = weeks - roles.onset[rows]
        start = roles.onset[rows] + rng.integers(0, np.maximum(left - 3, 1))
        m = rows.size * times
        new = {
            "customer": np.repeat(rows, times),
            "week": np.minimum(np.repeat(start, times) + rng.integers(0, 4, m), weeks - 1),
            "sentiment": np.full(m, np.maximum(np.tanh(0.5 * felt), -1) if times > 1 else -1.0),
            "se": np.full(m, 0.4),
            "channel": np.repeat(rng.integers(0, 2, rows.size), times),
            "touchpoint": np.repeat(rng.integers(0, len(TOUCHPOINTS), rows.size), times),
            "respondent": np.repeat(people[rows], times),
            "text": np.repeat(items.text.max(initial=0) + 1 + rows, times),
            "felt": np.full(m, felt * sd),
            "spread": np.full(m, sd),
        }
        for name, values in new.items():
            extra[name].append(values)
    return {name: np.concatenate(values) for name, values in extra.items()}


def _ordered(items: Items, extra: dict[str, NDArray]) -> Items:
    """All items by customer and week."""
    order = np.lexsort((np.r_[items.week, extra["week"]], np.r_[items.customer, extra["customer"]]))
    return Items(**{name: np.r_[values, extra[name]][order] for name, values in vars(items).items()})
