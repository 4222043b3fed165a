"""The latent world: how satisfied every customer is in every week, how much it says, and what is planted on top."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from voc.demo.customers import MONDAYS, WEEKS, customers, present
from voc.demo.plants import Plant, plants

PHI = 0.9
"""Weekly persistence of satisfaction."""
LEVEL_SD, MOOD_SD = np.sqrt(0.75), 0.5
"""A customer's own level and its wandering; the squares sum to 1, so satisfaction is in population sd."""
MEAN_RATE = 1.0
"""Feedback items a customer and week, on average; gamma over customers, so most say little and a few say much."""
BURN_IN = 8
"""Weeks simulated before the window, so that lagged metrics have a cause to follow."""


@dataclass(frozen=True)
class World:
    """Everything true about the company, for N customers over W weeks.

    frame: the customers, N rows. is_customer: in which weeks, (N, W). cause: satisfaction's own movement, sd about 1,
    without plants, (N, BURN_IN + W). satisfaction: as spoken, in population sd, plants included, (N, W). rates: items a
    week.
    """

    frame: pd.DataFrame
    is_customer: NDArray[np.bool_]
    cause: NDArray[np.float64]
    satisfaction: NDArray[np.float64]
    rates: NDArray[np.float64]
    plants: list[Plant]


def world(seed: int) -> World:
    """The same world for the same seed."""
    frame = customers(stream(seed, "customers"))
    rng = stream(seed, "satisfaction")
    n = len(frame)
    rates = rng.gamma(0.9, MEAN_RATE / 0.9, n)
    rates[rng.random(n) < 0.03] = 0.0  # customers nobody hears
    level = LEVEL_SD * stream(seed, "level").normal(size=n)
    planted = plants(stream(seed, "stories"), frame, rates, level)
    mood = _ar1(rng, n, BURN_IN + WEEKS)
    shock = rng.normal(0, 0.25, BURN_IN + WEEKS)  # company-wide, in units of the mood's own sd
    cause = mood + shock
    season = 0.15 * np.cos(2 * np.pi * (MONDAYS - MONDAYS[0]).astype(int) / 365.25)
    satisfaction = level[:, None] + MOOD_SD * cause[:, BURN_IN:] + season
    for plant in planted:
        if plant.customer is not None:
            satisfaction[plant.customer, plant.start : plant.end] += plant.sentiment_shift
    return World(frame, present(frame), cause, satisfaction, rates, planted)


def stream(seed: int, part: str) -> np.random.Generator:
    """Random numbers of one part of the world: a change in one part leaves the others as they were."""
    return np.random.default_rng([seed, *part.encode()])


def _ar1(rng: np.random.Generator, n: int, weeks: int) -> NDArray[np.float64]:
    """Stationary AR(1) of variance 1, shape (n, weeks)."""
    steps = rng.normal(size=(n, weeks))
    for week in range(1, weeks):
        steps[:, week] = PHI * steps[:, week - 1] + np.sqrt(1 - PHI**2) * steps[:, week]
    return steps
