"""What customers say: survey answers and tickets, from how satisfied they are and how much they speak."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from voc.demo.customers import AS_OF, MONDAYS, WEEKS
from voc.demo.fillers import EMPTY_ANSWERS
from voc.demo.words import comment, ticket, tone
from voc.demo.world import World

TIMEZONE = "Europe/Amsterdam"
ITEM_SD = 0.8
"""What the moment adds to satisfaction, in its population sd."""
BIAS_SD = 0.4
"""How much kinder or harsher one respondent of an account is than another."""
NO_COMMENT, NO_SCORE, NULL_COMMENT = 0.35, 0.03, 0.02
"""Shares of survey answers without a comment, without a score, and with a comment that says nothing."""
ANGER = -4.0
"""How a lone furious customer feels at that moment."""


@dataclass(frozen=True)
class Items:
    """Feedback items in the order of time. ``has_reading``: a score or words that say something. Times are UTC."""

    customer: NDArray[np.int64]
    week: NDArray[np.int64]
    said_at: pd.DatetimeIndex
    respondent: NDArray[np.int64]
    felt: NDArray[np.float64]
    is_ticket: NDArray[np.bool_]

    def pick(self, mask: NDArray[np.bool_]) -> "Items":
        """The items where ``mask`` is true."""
        picked = {name: values[mask] for name, values in vars(self).items()}
        return replace(self, **picked)


def items(world: World, rng: np.random.Generator) -> Items:
    """Who spoke when, and how it felt."""
    customer, week, mood = _spoken(world, rng)
    n = len(customer)
    respondent = (rng.random(n) ** 2 * world.frame["respondents"].to_numpy()[customer]).astype(int)
    bias = rng.normal(0, BIAS_SD, (len(world.frame), world.frame["respondents"].max()))
    felt = mood + np.where(mood == ANGER, 0, bias[customer, respondent] + rng.normal(0, ITEM_SD, n))
    is_ticket = rng.random(n) < 1 / (1 + np.exp(0.7 + 0.3 * felt))  # the unhappy write more tickets
    order = np.argsort(said_at := _moments(rng, week), kind="stable")
    spoken = Items(customer, week, pd.DatetimeIndex(said_at), respondent, felt, is_ticket)
    return Items(**{name: values[order] for name, values in vars(spoken).items()})


def surveys(world: World, spoken: Items, rng: np.random.Generator) -> pd.DataFrame:
    """Survey answers on the contract's columns: nps 0 to 10 about the relationship, csat 1 to 5 after a contact."""
    n = len(spoken.felt)
    touchpoint = rng.choice(["relationship", "installation", "support", "billing"], n, p=[0.46, 0.14, 0.24, 0.16])
    is_nps = touchpoint == "relationship"
    raw = np.where(is_nps, 7.3 + 1.6 * spoken.felt, 3.9 + 0.8 * spoken.felt)
    score = np.clip(np.round(raw + rng.normal(0, 0.4, n)), np.where(is_nps, 0, 1), np.where(is_nps, 10, 5))
    score[(rng.random(n) < NO_SCORE) & (spoken.felt != ANGER)] = np.nan
    tones = tone(spoken.felt + rng.normal(0, 0.5, n))
    chance = rng.random(n)
    chance[spoken.felt == ANGER] = 1
    words: list[str | None] = [
        None if c < NO_COMMENT else _null_answer(rng) if c < NO_COMMENT + NULL_COMMENT else comment(rng, where, how)
        for c, where, how in zip(chance, touchpoint, tones, strict=True)
    ]
    return pd.DataFrame(
        {
            "response_id": [f"R-{i:06d}" for i in range(1, n + 1)],
            "customer_id": world.frame["customer_id"].to_numpy()[spoken.customer],
            "responded_at": _iso(spoken.said_at),
            "survey": np.where(is_nps, "nps", "csat"),
            "score": pd.Series(score).astype("Int64"),
            "scale_min": np.where(is_nps, 0, 1),
            "scale_max": np.where(is_nps, 10, 5),
            "comment": words,
            "touchpoint": touchpoint,
            "respondent": _respondents(world, spoken),
            "language": "en",
            "invited_at": _iso(spoken.said_at - pd.to_timedelta(rng.integers(600, 200_000, n), unit="s")),
            "device": rng.choice(["phone", "desktop", "tablet"], n, p=[0.6, 0.35, 0.05]),  # not in the contract
        }
    )


def tickets(world: World, spoken: Items, rng: np.random.Generator) -> pd.DataFrame:
    """Tickets on the contract's columns; what was not solved by the end of the window is open."""
    n = len(spoken.felt)
    touchpoint = rng.choice(["support", "billing", "outage"], n, p=[0.5, 0.22, 0.28])
    tones = tone(spoken.felt - 0.3 + rng.normal(0, 0.5, n))  # nobody writes because all is well
    words = [ticket(rng, where, how) for where, how in zip(touchpoint, tones, strict=True)]
    solved_at = spoken.said_at + pd.to_timedelta((rng.lognormal(2.8, 1.0, n) * 3_600).astype(int), unit="s")
    is_solved = (solved_at < pd.Timestamp(AS_OF, tz="UTC")) & (rng.random(n) > 0.01)
    rated = np.clip(np.round(3.8 + 0.8 * spoken.felt + rng.normal(0, 0.5, n)), 1, 5)
    return pd.DataFrame(
        {
            "ticket_id": [f"T-{i:06d}" for i in range(1, n + 1)],
            "customer_id": world.frame["customer_id"].to_numpy()[spoken.customer],
            "opened_at": _iso(spoken.said_at),
            "solved_at": pd.Series(_iso(solved_at)).where(is_solved, None),
            "status": np.where(is_solved, "solved", "open"),
            "priority": rng.choice(["low", "normal", "high"], n, p=[0.2, 0.6, 0.2]),
            "channel": rng.choice(["email", "chat", "portal"], n, p=[0.5, 0.3, 0.2]),
            "subject": [subject for subject, _ in words],
            "body": [body for _, body in words],
            "touchpoint": touchpoint,
            "actor_type": "customer",
            "requester": _respondents(world, spoken),
            "language": "en",
            "satisfaction": pd.Series(rated).where(is_solved & (rng.random(n) < 0.35)).astype("Int64"),
            "replies": rng.poisson(1 + 2 * (spoken.felt < -1)),
        }
    )


def _spoken(world: World, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Customer, week and satisfaction of every item; the decoys about volume say as much as they are meant to."""
    busy = rng.lognormal(0, 0.15, WEEKS)  # campaigns and holidays
    counts = rng.poisson(world.rates[:, None] * busy * world.is_customer)
    angry: list[tuple[int, int]] = []
    for plant in world.plants:
        if plant.customer is None:
            continue
        if plant.kind == "thin_feedback":
            counts[plant.customer, plant.start :] = 0
            counts[plant.customer, rng.integers(plant.start, WEEKS, rng.integers(1, 3))] = 1
        elif plant.kind == "lone_angry_comment":
            angry += [(plant.customer, week) for week in range(plant.start, min(plant.start + 2, WEEKS))]
    customer, week = np.nonzero(counts)
    times = counts[customer, week]
    customer, week = np.repeat(customer, times), np.repeat(week, times)
    lone = np.array(angry).reshape(-1, 2)
    mood = np.concatenate([world.satisfaction[customer, week], np.full(len(lone), ANGER)])
    return np.concatenate([customer, lone[:, 0]]), np.concatenate([week, lone[:, 1]]), mood


def _moments(rng: np.random.Generator, week: NDArray[np.int64]) -> pd.DatetimeIndex:
    """A time between 8 and 22 o'clock on the company's clock, in UTC; workdays more often."""
    day = rng.choice(7, len(week), p=[0.18, 0.18, 0.17, 0.17, 0.15, 0.08, 0.07])
    local = (MONDAYS[week] + day).astype("datetime64[s]") + rng.integers(8 * 3_600, 22 * 3_600, len(week))
    return pd.DatetimeIndex(local).tz_localize(TIMEZONE).tz_convert("UTC")


def _iso(times: pd.DatetimeIndex) -> NDArray[np.object_]:
    return times.strftime("%Y-%m-%dT%H:%M:%SZ").to_numpy(dtype=object)


def _respondents(world: World, spoken: Items) -> list[str]:
    ids = world.frame["customer_id"].to_numpy()[spoken.customer]
    return [f"{customer}-p{person + 1}" for customer, person in zip(ids, spoken.respondent, strict=True)]


def _null_answer(rng: np.random.Generator) -> str:
    return EMPTY_ANSWERS[rng.integers(len(EMPTY_ANSWERS))]
