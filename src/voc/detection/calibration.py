"""How rare a statistic is among calm history, and which of many to surface."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, t

Floats = NDArray[np.float64]

TAIL = 0.05
"""Beyond its last 5 % a null is continued by a curve, because ranks there are spoilt twice: past dates of one customer
resemble each other, and a company's past holds real cases, which must not make everybody else's look ordinary."""
FREEDOM = 10
"""Degrees of freedom of that curve, a Student t through the null's median and ninth decile, which neither touches.
`python benchmarks/detection.py --tails`, eight companies a row, planted -2.2 sd: false shares of .05 and .12 with 10,
.09 and .17 with 20, .12 and .24 with 40, against silent risks found 45, 54 and 56 of 88, 31, 39 and 41 of 64."""
STRATUM = 600
"""Comparisons a stratum needs, so that 30 lie in its tail and the tail's scale is known to about 18 %."""


@dataclass(frozen=True)
class Null:
    """Statistics of one kind in calm history, sorted, in strata of the number of recent items.

    ``edges``: the stratum of n items is the number of edges ≤ n.
    """

    edges: tuple[float, ...]
    strata: tuple[Floats, ...]

    @classmethod
    def learn(cls, statistic: Floats, n_items: Floats) -> "Null":
        """Up to three strata with equally many comparisons, fewer when they would be too small."""
        n_strata = int(np.clip(statistic.size // STRATUM, 1, 3))
        edges = np.unique(np.quantile(n_items, np.arange(1, n_strata) / n_strata)) if statistic.size else np.zeros(0)
        stratum = np.searchsorted(edges, n_items, side="right")
        return cls(
            tuple(float(e) for e in edges), tuple(np.sort(statistic[stratum == s]) for s in range(len(edges) + 1))
        )

    @property
    def size(self) -> int:
        return sum(s.size for s in self.strata)

    def p_values(self, statistic: Floats, n_items: Floats) -> Floats:
        """(1 + how many are as large) / (1 + how many) within the stratum, continued by the tail.

        Conformal p-values within strata: Vovk et al. (2003), Mondrian confidence machine; Bates et al. (2023).
        """
        p = np.ones_like(statistic)
        stratum = np.searchsorted(self.edges, n_items, side="right")
        for s, null in enumerate(self.strata):
            p[stratum == s] = _rarity(null, statistic[stratum == s])
        return p

    def get_state(self) -> dict[str, Any]:
        """JSON keeps no −inf: only how many they are."""
        return {
            "edges": list(self.edges),
            "strata": [{"n_shut": int(np.isneginf(s).sum()), "open": s[np.isfinite(s)].tolist()} for s in self.strata],
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Null":
        strata = (np.r_[np.full(s["n_shut"], -np.inf), np.asarray(s["open"], dtype=float)] for s in state["strata"])
        return cls(tuple(state["edges"]), tuple(strata))


def adjusted(p: Floats) -> Floats:
    """q-values of Benjamini and Hochberg (1995)."""
    return np.asarray(false_discovery_control(p), dtype=float) if p.size else p


def _rarity(null: Floats, statistic: Floats) -> Floats:
    """p-values by rank, beyond the tail's edge by an empirical null matched at its centre (Efron 2004)."""
    p = np.asarray((1 + null.size - np.searchsorted(null, statistic, side="left")) / (1 + null.size), dtype=float)
    centre, decile, edge = np.quantile(null, [0.5, 0.9, 1 - TAIL], method="lower") if null.size else (np.inf,) * 3
    if np.isfinite(centre) and decile > centre:
        beyond = statistic > edge
        p[beyond] = t.sf((statistic[beyond] - centre) / (decile - centre) * t.ppf(0.9, FREEDOM), FREEDOM)
    return np.asarray(np.maximum(p, np.finfo(float).tiny), dtype=float)
