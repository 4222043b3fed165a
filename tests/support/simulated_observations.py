"""Voices of made-up customers whose satisfaction follows a known process, without a panel around them."""

from dataclasses import fields

import numpy as np

from voc.detection.inputs.observations import Observations
from voc.detection.process.satisfaction_process import Process

WEEKS = 104


def simulated(rng, truth: Process, n=400, rate=1.0, people=0, noise=(0.5, 1.0, 2.0)) -> Observations:
    """What ``n`` calm customers say, each at its own ``rate`` a week, by ``people`` named respondents (0: unnamed)."""
    n_items = rng.poisson(rate * rng.gamma(1.0, 1.0, size=(n, 1)) * np.ones(WEEKS))
    customer, week = (np.repeat(axis, n_items.ravel()) for axis in (a.ravel() for a in np.indices(n_items.shape)))
    m = customer.size
    who = rng.integers(0, people, m) if people else -1 - np.arange(m)
    mood = np.sqrt(truth.level) * rng.normal(size=(n, 1)) + np.sqrt(truth.week) * rng.normal(size=(n, WEEKS))
    mood += np.sqrt(truth.wander) * remembered(rng, (n, WEEKS), truth.persistence)
    of_item = rng.choice(noise, m)
    y = mood[customer, week] + np.sqrt(truth.trust * of_item) * rng.normal(size=m)
    y += np.sqrt(truth.person) * rng.normal(size=(n, max(people, 1)))[customer, np.maximum(who, 0)]
    return observations_of(customer=customer, week=week, respondent=who, y=y, noise=of_item)


def observations_of(customer, week, **columns) -> Observations:
    """Voices by column, sorted; a column that is not given is as plain as can be."""
    m = len(customer)
    plain = {"respondent": -1 - np.arange(m), "touchpoint": np.full(m, -1), "noise": np.ones(m), "item": np.arange(m)}
    given = {f.name: np.zeros(m) for f in fields(Observations)} | plain
    given |= {name: np.asarray(column) for name, column in columns.items()}
    given |= {"customer": np.asarray(customer), "week": np.asarray(week)}
    order = np.lexsort((given["week"], given["customer"]))
    return Observations(**{name: column[order] for name, column in given.items()})


def remembered(rng, shape, persistence):
    """Gaussian AR(1) of variance one along the last axis."""
    x = rng.normal(size=shape)
    for t in range(1, shape[-1]):
        x[..., t] = persistence * x[..., t - 1] + np.sqrt(1 - persistence**2) * x[..., t]
    return x
