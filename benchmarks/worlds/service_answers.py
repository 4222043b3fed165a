"""What accounts say: surveys of one to five and of nought to ten, tickets, and some surveys as means of the week."""

import numpy as np
from numpy.typing import NDArray

from worlds.company import Company
from worlds.feedback import COMMON_TEXTS, TOUCHPOINTS, Items
from worlds.saying import occasions, tone
from worlds.service_contracts import Contracts, Merged
from worlds.uneven import Uneven
from worlds.world import Floats, Ints

LEVEL, MOVES, PERSON, ITEM = 0.2, 0.35, 0.5, 0.75
"""Standard deviations between accounts, of an account's moves, between people and of a single answer: one in all."""
GRADES = (-1.7, -1.1, -0.5, 0.3)
"""Feelings between which an answer after a ticket has one to five points."""
BY_TOUCHPOINT = (0.1, 0.45, 0.3, 0.15)
"""Share of each touchpoint, where one is said."""
SURVEY, QUARTERLY_SURVEY, TICKET, WEEKLY_MEAN = range(4)
ALWAYS = 0.7
"""Share of what is said at any time; the rest answers the survey of the quarter."""
PEOPLE = 6
"""The most who speak for an account at one time."""
HARSH = -1.6
"""Bias of a decoy's new contact."""


def waves(contracts: Contracts, weeks: int) -> Floats:
    """How much more is said in each week for being surveyed, (N, W), one on average."""
    return (ALWAYS + 13 * (1 - ALWAYS) * _surveyed(np.arange(weeks), contracts.phase[:, None])).astype(np.float32)


def answers(
    rng: np.random.Generator,
    mood: Floats,
    sd: float,
    company: Company,
    roles: Uneven,
    contracts: Contracts,
    merged: Merged,
    uninformative: float,
    anger: float,
) -> Items:
    """Everything said; ``sd``: of the mood before anything was planted, the unit of a touchpoint's fall;
    ``uninformative``: share of items that become tickets without a tone, ``anger``: multiplies the angry ones."""
    customer, week, alone = occasions(rng, company, roles)
    m = customer.size
    respondent, bias = _people(rng, customer, week, mood.shape, roles, merged)
    toneless = ~alone & (rng.random(m) < uninformative)
    channel = np.where(rng.random(m) < 0.55, SURVEY, TICKET)
    asked = _surveyed(week, contracts.phase[customer]) & (rng.random(m) < 1 - ALWAYS / (ALWAYS + 13 * (1 - ALWAYS)))
    channel = np.where(toneless, TICKET, np.where(asked, QUARTERLY_SURVEY, channel))
    touchpoint = np.where(rng.random(m) < 0.15, -1, rng.choice(len(TOUCHPOINTS), m, p=BY_TOUCHPOINT))
    touchpoint = np.where(channel == QUARTERLY_SURVEY, -1, touchpoint)
    angry = rng.random(m) < 0.03 * anger
    felt = mood[customer, week] - sd * roles.split(customer, week, touchpoint)
    felt = felt + bias + ITEM * rng.standard_normal(m) - angry * (1 + rng.exponential(1.2, m))
    felt = np.where(alone, -6.0, felt)
    points = np.round(np.clip(7.8 + 2.2 * felt, 0, 10)) / 5 - 1
    sentiment = np.choose(channel, [(np.searchsorted(GRADES, felt) - 2) / 2, points, tone(rng, felt, np.full(m, -0.4))])
    sentiment = np.where(toneless, 0.1 * rng.standard_normal(m), sentiment)
    se = np.where(channel == TICKET, rng.uniform(0.25, 0.6, m), np.where(channel == SURVEY, 0.3, 0.2))
    text = np.where(rng.random(m) < 0.03, rng.integers(0, COMMON_TEXTS, m), COMMON_TEXTS + np.arange(m))
    worded = (channel == TICKET) | ((channel == QUARTERLY_SURVEY) & (rng.random(m) < 0.4))
    items = Items(
        customer=customer,
        week=week,
        sentiment=sentiment,
        se=se,
        channel=channel,
        touchpoint=touchpoint,
        respondent=respondent,
        text=np.where(worded, text, -1),
        felt=felt,
        spread=np.full(m, ITEM),
    )
    many = company.rates.sum(1) > 2 * company.here.sum(1)
    return _averaged(items, (many & (rng.random(many.size) < 0.4))[customer] & (channel == SURVEY))


def _surveyed(week: Ints, phase: Ints) -> NDArray[np.bool_]:
    """Whether an account is surveyed in a week of its quarter."""
    return (week - phase) % 13 == 0


def _people(
    rng: np.random.Generator, customer: Ints, week: Ints, shape: tuple[int, ...], roles: Uneven, merged: Merged
) -> tuple[Ints, Floats]:
    """Code, -1 for one in ten, and bias of who speaks. The first of an account's people speaks most; in one account of
    three another follows that one, in decoys for it somebody harsh. After a merger both accounts' people speak."""
    n, weeks = shape
    m = customer.size
    count = np.minimum(1 + rng.poisson(1.5, n), PEOPLE)
    leaves = np.where(rng.random(n) < 1 / 3, rng.integers(0, weeks, n), weeks)
    bias = PERSON * rng.standard_normal((n, PEOPLE, 2))
    harsh = roles.rows("new_contact")
    leaves[harsh], bias[harsh, 0, 1] = roles.onset[harsh], HARSH
    other, part = np.arange(n), np.zeros(n)
    other[merged.into], part[merged.into] = merged.gone, merged.part
    joined = (week >= roles.onset[customer]) & (rng.random(m) < part[customer])
    speaker = np.where(joined, other[customer], customer)
    slot = np.floor(count[speaker] * rng.random(m) ** 2).astype(np.int64)
    late = ((slot == 0) & (week >= leaves[speaker])).astype(np.int64)
    code = (speaker * PEOPLE + slot) * 2 + late
    return np.where(rng.random(m) < 0.1, -1, code), bias[speaker, slot, late]


def _averaged(items: Items, some: NDArray[np.bool_]) -> Items:
    """``some`` (M,) of the items as one mean for each customer and week, whose error says of how many."""
    weeks = items.week.max(initial=0) + 1
    cell, index, count = np.unique(
        items.customer[some] * weeks + items.week[some], return_inverse=True, return_counts=True
    )
    nobody, root = np.full(cell.size, -1), np.sqrt(count)
    means = Items(
        customer=cell // weeks,
        week=cell % weeks,
        sentiment=np.bincount(index, items.sentiment[some], cell.size) / count,
        se=np.bincount(index, items.se[some], cell.size) / count / root,
        channel=np.full(cell.size, WEEKLY_MEAN),
        touchpoint=nobody,
        respondent=nobody,
        text=nobody,
        felt=np.bincount(index, items.felt[some], cell.size) / count,
        spread=ITEM / root,
    )
    order = np.lexsort((np.r_[items.week[~some], means.week], np.r_[items.customer[~some], means.customer]))
    return Items(**{name: np.r_[values[~some], vars(means)[name]][order] for name, values in vars(items).items()})
