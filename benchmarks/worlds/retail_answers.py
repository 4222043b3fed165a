"""What shops hear: mostly stars, some reviews, and complaints of those who are unhappy anyway."""

import numpy as np

from worlds.company import Company
from worlds.feedback import COMMON_TEXTS, TOUCHPOINTS, Items
from worlds.saying import occasions, tone
from worlds.uneven import Uneven
from worlds.world import Floats, Ints

LEVEL, MOVES, ITEM = 0.15, 0.3, 0.95
"""Standard deviations between shops, of a shop's states and of a single answer around them, which makes one in all."""
STARS = (-1.17, -0.99, -0.74, -0.25)
"""Feelings between which an answer has one to five stars: six in ten have five, more have one than two."""
BY_TOUCHPOINT = (0.25, 0.15, 0.5, 0.1)
"""Share of each touchpoint, where one is said."""
STAR, REVIEW, COMPLAINT = range(3)


def answers(
    rng: np.random.Generator,
    mood: Floats,
    sd: float,
    company: Company,
    roles: Uneven,
    uninformative: float,
    anger: float,
) -> Items:
    """Everything said; ``sd``: of the mood before anything was planted, the unit of a touchpoint's fall;
    ``uninformative``: share of items that become reviews without a tone, ``anger``: multiplies the angry ones."""
    customer, week, alone = occasions(rng, company, roles)
    m = customer.size
    touchpoint = np.where(rng.random(m) < 0.25, -1, rng.choice(len(TOUCHPOINTS), m, p=BY_TOUCHPOINT))
    respondent, bias = _people(rng, customer, len(mood))
    angry = rng.random(m) < 0.02 * anger
    felt = mood[customer, week] - sd * roles.split(customer, week, touchpoint)
    felt = felt + bias + ITEM * rng.standard_normal(m) - angry * (1 + rng.exponential(1.2, m))
    felt = np.where(alone, -6.0, felt)
    channel = np.where(rng.random(m) < 0.2, REVIEW, STAR)
    channel = np.where((felt < -0.5) & (rng.random(m) < 0.2), COMPLAINT, channel)
    toneless = ~alone & (rng.random(m) < uninformative)
    channel = np.where(toneless, REVIEW, channel)
    read = tone(rng, felt, np.where(channel == COMPLAINT, -0.3, 0.1))
    sentiment = np.where(channel == STAR, (np.searchsorted(STARS, felt) - 2) / 2, read)
    sentiment = np.where(toneless, 0.1 * rng.standard_normal(m), sentiment)
    se = np.where(channel == STAR, 0.25, rng.uniform(0.25, 0.6, m))
    text = np.where(rng.random(m) < 0.05, rng.integers(0, COMMON_TEXTS, m), COMMON_TEXTS + np.arange(m))
    text = np.where(channel == STAR, -1, text)
    spread = np.full(m, ITEM)
    return Items(customer, week, np.clip(sentiment, -1, 1), se, channel, touchpoint, respondent, text, felt, spread)


def _people(rng: np.random.Generator, customer: Ints, n: int) -> tuple[Ints, Floats]:
    """Code and bias of who answers: six in ten are nobody known, three come once, one is a regular of three."""
    m = customer.size
    bias = 0.4 * rng.standard_normal(3 * n)
    regular = 3 * customer + rng.integers(0, 3, m)
    draw = rng.random(m)
    code = np.where(draw < 0.6, -1, np.where(draw < 0.9, 3 * n + np.arange(m), regular))
    return code, np.where(draw < 0.9, 0, bias[regular])
