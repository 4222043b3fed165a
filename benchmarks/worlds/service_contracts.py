"""Contracts of accounts, and accounts that become one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worlds.company import Company
from worlds.uneven import Uneven
from worlds.world import Floats, Ints


@dataclass(frozen=True)
class Contracts:
    """Arrays (N,): ``size`` of the account, standard normal; whether it pays by the quarter; weeks of its ``term``; the
    week ``phase`` in which a term begins and in which the account is surveyed once a quarter."""

    size: Floats
    quarterly: NDArray[np.bool_]
    term: Ints
    phase: Ints

    def renewed(self, weeks: int) -> Ints:
        """Week of the latest renewal by each week, (N, W); the first one before any."""
        week = np.arange(weeks)
        return np.maximum(week - (week - self.phase[:, None]) % self.term[:, None], 0)


@dataclass(frozen=True)
class Merged:
    """Arrays (P,): the accounts ``into`` which others are merged, those ``gone``, and the ``part`` of what is said
    afterwards that people of the latter say."""

    into: Ints
    gone: Ints
    part: Floats

    def added(self, size: Floats, since: NDArray[np.bool_]) -> Floats:
        """What the ones gone add to a logarithm whose usual is ``size`` (N,), (N, W), in the weeks ``since`` (N, W)."""
        out = np.zeros(since.shape, np.float32)
        out[self.into] = np.log1p(np.exp(size[self.gone] - size[self.into]))[:, None] * since[self.into]
        return out


def merge(rng: np.random.Generator, roles: Uneven, company: Company, mood: Floats) -> Merged:
    """Merges an ordinary account into each decoy for it, since its onset and in place: the one gone says no more, and
    the mood of both together is what each would say, by their voices."""
    weeks = mood.shape[1]
    ordinary = (roles.name == "") & (company.first == 0) & (company.last == weeks - 1)
    gone = rng.permutation(np.flatnonzero(ordinary))
    into = roles.rows("merger")[: gone.size]
    gone = gone[: into.size]
    part = company.rates[gone, -1] / (company.rates[gone, -1] + company.rates[into, -1])
    since = np.arange(weeks) >= roles.onset[into, None]
    mood[into] += since * part[:, None] * (mood[gone] - mood[into])
    company.rates[into] += since * company.rates[gone]
    company.rates[gone] *= ~since
    company.last[gone] = roles.onset[into] - 1
    return Merged(into, gone, part)
