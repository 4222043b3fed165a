"""Who the made-up company serves: accounts, plans, revenue, the people who answer for them."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

AS_OF = date(2026, 3, 1)
"""A Sunday, so that the last week is complete."""
WEEKS = 78
MONDAYS = np.datetime64("2026-02-23") - 7 * np.arange(WEEKS - 1, -1, -1)
"""The Mondays of the window, oldest first, ``datetime64[D]``, shape (WEEKS,)."""

N_CUSTOMERS = 600
LEGACY_PLAN, N_LEGACY = "Rural Wireless", 8

# segment: share of customers, median revenue a month, most respondents, plans
SEGMENTS: dict[str, tuple[float, float, int, tuple[str, ...]]] = {
    "home": (0.30, 45, 1, ("Fibre 100", "Fibre 500")),
    "small business": (0.35, 180, 2, ("Business Fibre", "Business Fibre Plus")),
    "mid-market": (0.23, 1_200, 4, ("Connect 1G", "Connect 10G")),
    "enterprise": (0.12, 9_000, 8, ("Dedicated Line", "Managed Network")),
}
REGIONS = ("Noord-Holland", "Zuid-Holland", "Utrecht", "Brabant", "Groningen")
OWNERS = ("anna.visser", "bram.kuiper", "chloe.adams", "dirk.smit", "esra.yilmaz", "femke.bos")
_SURNAMES = (
    *(
        "Bakker",
        "Jansen",
        "Visser",
        "Smit",
        "Meijer",
        "Mulder",
        "Bos",
        "Vos",
        "Peters",
        "Hendriks",
        "Dekker",
        "Brouwer",
    ),
    *(
        "Dijkstra",
        "Koster",
        "Willems",
        "Kuipers",
        "Prins",
        "Blom",
        "Huisman",
        "Peeters",
        "Schouten",
        "Kramer",
        "Wolters",
    ),
    *("Postma", "Timmer", "Hoekstra", "Veenstra", "Molenaar", "Kok", "Zijlstra"),
)
_TRADES = (
    *("Logistics", "Bakery", "Dental", "Architects", "Garage", "Accountants", "Interiors", "Foods", "Cycles", "Media"),
    *("Clinic", "Textiles", "Timber", "Robotics", "Events", "Seeds", "Printing", "Law", "Studio", "Pharma", "Ceramics"),
    *("Travel", "Catering", "Insurance", "Packaging"),
)


def customers(rng: np.random.Generator) -> pd.DataFrame:
    """One row per customer, on the contract's columns, plus ``true_revenue`` and ``respondents`` for the world.

    Dates are ``datetime64``; ``NaT`` where never. About 13 % sign up inside the window and 5 % churn in it.
    """
    n = N_CUSTOMERS
    shares = np.array([share for share, *_ in SEGMENTS.values()])
    segment = rng.choice(list(SEGMENTS), size=n, p=shares)
    median = np.array([SEGMENTS[s][1] for s in segment])
    revenue = np.round(median * rng.lognormal(0, 0.45, n), 2)
    plan = np.array([SEGMENTS[s][3][i] for s, i in zip(segment, rng.integers(0, 2, n), strict=True)], dtype=object)
    plan[rng.choice(np.flatnonzero(segment == "small business"), N_LEGACY, replace=False)] = LEGACY_PLAN
    signed_up, churned = _dates(rng, plan)
    return pd.DataFrame(
        {
            "customer_id": [f"LB-{i:04d}" for i in range(1, n + 1)],
            "name": _names(rng, segment),
            "segment": segment,
            "region": rng.choice(REGIONS, n, p=[0.3, 0.25, 0.18, 0.17, 0.1]),
            "plan": plan,
            "signed_up_on": signed_up,
            "churned_on": churned,
            "monthly_revenue": np.where(rng.random(n) < 0.05, np.nan, revenue),
            "owner_email": pd.Series(rng.choice(OWNERS, n)).add("@lumen.example").mask(rng.random(n) < 0.04),
            "locale": "en",
            "true_revenue": revenue,
            "respondents": [1 + int(rng.integers(SEGMENTS[s][2])) for s in segment],
        }
    )


def present(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Which customer is a customer in which whole week, shape (N, WEEKS)."""
    signed_up = frame["signed_up_on"].to_numpy("datetime64[D]")[:, None]
    churned = frame["churned_on"].to_numpy("datetime64[D]")[:, None]
    is_customer: NDArray[np.bool_] = (signed_up <= MONDAYS) & (np.isnat(churned) | (churned > MONDAYS + 6))
    return is_customer


def _dates(rng: np.random.Generator, plan: NDArray[np.object_]) -> tuple[pd.Series, pd.Series]:
    """Sign-up and churn days; the legacy plan neither gains nor loses anybody."""
    n = len(plan)
    first, last = MONDAYS[0], MONDAYS[-1]
    is_new = (rng.random(n) < 0.13) & (plan != LEGACY_PLAN)
    old = first - 30 - rng.integers(0, 2_000, n)
    new = first + rng.integers(1, WEEKS * 7 - 28, n)
    leaves = (rng.random(n) < 0.05) & ~is_new & (plan != LEGACY_PLAN)
    churned = last - rng.integers(0, 50 * 7, n)
    return pd.Series(np.where(is_new, new, old)), pd.Series(np.where(leaves, churned, np.datetime64("NaT")))


def _names(rng: np.random.Generator, segment: NDArray[np.str_]) -> list[str]:
    """A person for a home, a firm for a business; a number only where a name is taken."""
    names: dict[str, None] = {}
    for kind in segment:
        surname = _SURNAMES[rng.integers(len(_SURNAMES))]
        trade = _TRADES[rng.integers(len(_TRADES))]
        initial = chr(ord("A") + int(rng.integers(26)))
        name = f"{initial}. {surname}" if kind == "home" else f"{surname} {trade}"
        taken, again = name, 2
        while name in names:
            name, again = f"{taken} {again}", again + 1
        names[name] = None
    return list(names)
