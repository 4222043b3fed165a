"""When customers of very unequal loudness say something, and how a text of theirs is read."""

import numpy as np
from numpy.typing import NDArray

from voc.domain.kinds import Kind
from worlds.company import Company
from worlds.plant import FALLS
from worlds.roles import SHARES
from worlds.uneven import Uneven
from worlds.world import Floats, Ints

LOW, HIGH = 0.05, 200.0
"""Answers a week of the least and the most heard customer."""


def stirred(rng: np.random.Generator, roles: Uneven) -> Floats:
    """By how much each speaks more since its onset, (N,): whoever falls half or twice as much, others as before."""
    more = np.exp(0.5 * rng.standard_normal(roles.name.size))
    falls = np.isin(roles.name, [*FALLS, *SHARES]) & (roles.name != Kind.SILENT_RISK)
    return np.where(falls, more, 1)


def occasions(rng: np.random.Generator, company: Company, roles: Uneven) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Customer and week of each answer in order, and whether it is the one of a lone anger."""
    weeks = company.rates.shape[1]
    said = rng.poisson(company.rates).reshape(-1)
    cell = np.repeat(np.arange(said.size), said)
    rows = roles.rows("lone_anger")
    cell = np.r_[cell, rows * weeks + rng.integers(roles.onset[rows], weeks)]
    order = np.argsort(cell, kind="stable")
    customer, week = np.divmod(cell[order], weeks)
    return customer, week, order >= said.sum()


def tone(rng: np.random.Generator, felt: Floats, bias: Floats) -> Floats:
    """Tone of a text in [-1, 1]: noisy, and one in seven understood as anything. ``bias``: of who reads it, (M,)."""
    m = felt.size
    read = 0.6 * felt + 0.5 * rng.standard_normal(m) + bias
    return np.tanh(np.where(rng.random(m) < 0.14, 0.8 * rng.standard_normal(m), read))
