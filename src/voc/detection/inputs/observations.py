"""Observations: what a panel's items say independently of each other, without the company's mood of the week."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voc.detection.inputs.channel_reliability import ChannelReliability, satisfaction_of_items
from voc.detection.panel import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OBSERVATION_LIMIT = 3.0
"""An observation counts at most three of its own standard deviations (Iglewicz and Hoaglin 1993 take 3.5 as an
outlier)."""
REPEATED = 13
"""Choice: weeks within which the same words of the same person are one matter."""


@dataclass(frozen=True)
class Observations:
    """C independent observations, sorted by customer and week.

    Attributes
    ----------
    customer, week, respondent, touchpoint : ndarray of int, shape (C,)
        Row of the panel's customers, index of the week, and codes. Unnamed respondents are distinct and negative.
    y, noise : ndarray of float, shape (C,)
        The reading of satisfaction and the variance of its noise, in standard deviations of satisfaction.
    item : ndarray of int, shape (C,)
        The first of the panel's items that the observation holds.
    expected : ndarray of float, shape (C,)
        What the metrics lead one to expect of ``y``.
    of_company : ndarray of float, shape (C,)
        The company's mood of the week, which was taken out of ``y``.
    of_groups : ndarray of float, shape (C, L)
        The mood, beyond the company's, of the customer's group at each level, which was taken out too.
    """

    customer: Ints
    week: Ints
    respondent: Ints
    touchpoint: Ints
    y: Floats
    noise: Floats
    item: Ints
    expected: Floats
    of_company: Floats
    of_groups: Floats

    def __getitem__(self, chosen: Any) -> "Observations":
        return Observations(*(getattr(self, f.name)[chosen] for f in fields(self)))


_NO_IDS, _NO_VALUES = np.zeros(0, np.int64), np.zeros(0)
NO_OBSERVATIONS = Observations(
    customer=_NO_IDS, week=_NO_IDS, respondent=_NO_IDS, touchpoint=_NO_IDS, y=_NO_VALUES, noise=_NO_VALUES,
    item=_NO_IDS, expected=_NO_VALUES, of_company=_NO_VALUES, of_groups=np.zeros((0, 0)),
)  # fmt: skip


def observe(panel: Panel, channel_reliability: ChannelReliability) -> Observations:
    """The observations of a panel, without the company's and each group's movement of the week.

    All items of one respondent, week and touchpoint are one observation. Repeated words of a person count once.
    """
    y, noise = satisfaction_of_items(panel, channel_reliability)
    row, week = panel.item_customer, panel.item_week
    kept = np.flatnonzero(~_repeated(panel))
    # an unnamed respondent may be anybody, so each such item stands for itself
    who = np.where(panel.respondent >= 0, panel.respondent, -1 - np.arange(len(y)))
    order = kept[np.lexsort((panel.touchpoint[kept], who[kept], week[kept], row[kept]))]
    key = np.stack([row, week, who, panel.touchpoint])[:, order]
    new = np.r_[True, (np.diff(key, axis=1) != 0).any(0)] if order.size else np.zeros(0, bool)
    cell = np.cumsum(new) - 1
    n = np.bincount(cell) if order.size else np.zeros(0)
    mean, mean_noise = (np.bincount(cell, x[order], minlength=len(n)) / np.maximum(n, 1) for x in (y, noise))
    customer, week, who, touchpoint = key[:, new]
    of_company, of_groups = _common(mean, mean_noise, customer, week, panel)
    limit = OBSERVATION_LIMIT * np.sqrt(1 + mean_noise)
    y = np.clip(mean - of_company - of_groups.sum(1), -limit, limit)
    return Observations(
        customer, week, who, touchpoint, y, mean_noise, order[new], np.zeros_like(y), of_company, of_groups
    )


def _repeated(panel: Panel) -> NDArray[np.bool_]:
    """Items whose words the same person at the same customer used within the weeks before.

    All who are not named count as one person. The same words of several named people are several opinions.
    """
    is_repeated = np.zeros(panel.item_week.shape, bool)
    if not panel.item_text.size:
        return is_repeated
    worded = np.flatnonzero(panel.item_text >= 0)
    same_words = panel.item_customer, panel.item_text, panel.respondent
    order = worded[np.lexsort((panel.item_week[worded], *(code[worded] for code in same_words)))]
    same = np.all([np.diff(code[order]) == 0 for code in same_words], axis=0)
    is_repeated[order[1:][same & (np.diff(panel.item_week[order]) <= REPEATED)]] = True
    return is_repeated


def _common(y: Floats, noise: Floats, customer: Ints, week: Ints, panel: Panel) -> tuple[Floats, Floats]:
    """The movement of the company's mood in each week, then of each group's, shrunken as far as chance explains it."""
    weight, n_weeks = 1 / (1 + noise), len(panel.weeks)
    of_company = _movement(y, weight, customer, week, n_weeks, len(panel.customers))
    of_groups = np.zeros((y.size, len(panel.group)))
    for level, code in enumerate(panel.group):
        group = code[customer] + 1
        n = n_weeks * (int(code.max(initial=-1)) + 2)
        rest = y - of_company - of_groups.sum(1)
        moved = _movement(rest, weight, customer, group * n_weeks + week, n, len(panel.customers))
        of_groups[:, level] = np.where(group > 0, moved, 0.0)
    return of_company, of_groups


def _movement(y: Floats, weight: Floats, customer: Ints, key: Ints, n_keys: int, n_customers: int) -> Floats:
    """Shift of each key's mean around the customers' own, shrunken towards 0 (James and Stein 1961)."""
    if not y.size:
        return y
    own = np.bincount(customer, weight * y, minlength=n_customers) / np.maximum(
        np.bincount(customer, weight, minlength=n_customers), 1e-9
    )
    around = y - own[customer]
    total = np.maximum(np.bincount(key, weight, minlength=n_keys), 1e-9)
    level = np.bincount(key, weight * around, minlength=n_keys) / total
    noise = np.bincount(key, (weight * around) ** 2, minlength=n_keys) / total**2
    n_observed = np.bincount(key, minlength=n_keys)
    spread = max(0.0, float(np.average(level**2 - noise, weights=n_observed)))
    return np.asarray((level * spread / np.maximum(spread + noise, 1e-12))[key], dtype=float)
