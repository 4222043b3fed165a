"""Processes in time, in single precision, over any leading axes."""

import numpy as np
from scipy.signal import fftconvolve, lfilter

from worlds.world import Floats


def white(rng: np.random.Generator, *shape: int) -> Floats:
    """Standard normal."""
    return rng.standard_normal(shape, dtype=np.float32)


def remembered(steps: Floats, persistence: float) -> Floats:
    """An AR(1) driven by ``steps`` of variance one, itself of variance one from its first week on."""
    steps = steps * np.float32(np.sqrt(1 - persistence**2))
    steps[..., 0] /= np.float32(np.sqrt(1 - persistence**2))
    return lfilter(np.float32([1]), np.float32([1, -persistence]), steps, axis=-1)


def slow(rng: np.random.Generator, persistence: float, *shape: int) -> Floats:
    """A Gaussian AR(1) of variance one."""
    return remembered(white(rng, *shape), persistence)


def heavy(rng: np.random.Generator, freedom: float, *shape: int) -> Floats:
    """Student t scaled to variance one."""
    return (rng.standard_t(freedom, shape) / np.sqrt(freedom / (freedom - 2))).astype(np.float32)


def delayed(x: Floats, lag: np.ndarray) -> Floats:
    """Row i of ``x`` (N, W) ``lag[i]`` weeks later; before its start it stays at its first value."""
    at = np.maximum(np.arange(x.shape[1]) - lag[:, None], 0)
    return np.take_along_axis(x, at, 1)


def fractional(steps: Floats, d: float) -> Floats:
    """A long memory driven by ``steps``, which fade like a power of time: ARFIMA(0, d, 0) (Granger and Joyeux 1980).
    Before the first week was nothing, so let it warm up."""
    weeks = steps.shape[-1]
    since = np.arange(1, weeks)
    weights = np.r_[1, np.cumprod((since - 1 + d) / since)].astype(np.float32)
    return fftconvolve(steps, weights.reshape((1,) * (steps.ndim - 1) + (-1,)), axes=-1)[..., :weeks]


def stable(rng: np.random.Generator, alpha: float, *shape: int) -> Floats:
    """Symmetric alpha-stable noise, whose variance is infinite below two (Chambers, Mallows and Stuck 1976)."""
    angle = rng.uniform(-np.pi / 2, np.pi / 2, shape)
    wait = rng.standard_exponential(shape)
    x = np.sin(alpha * angle) / np.cos(angle) ** (1 / alpha)
    return (x * (np.cos((1 - alpha) * angle) / wait) ** ((1 - alpha) / alpha)).astype(np.float32)
