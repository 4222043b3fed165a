"""Processes in time, in single precision, over any leading axes."""

import numpy as np
from scipy.signal import lfilter

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
