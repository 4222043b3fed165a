"""Readings of metrics made comparable for the rivals: around means, as those of many customers are added up."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voc.detection.inputs import kpi_scales
from voc.detection.inputs.kpi_scales import FLOOR_QUANTILE, STILL, Scale, mean
from voc.domain.kpi import Kpi

Floats = NDArray[np.float64]


def learn_scale(kpi: Kpi, values: Floats) -> Scale:
    """The metric's form and floor from its readings, (N, W), NaN where nothing was measured."""
    scale = kpi_scales.form_of(kpi, values)
    own = kpi_scales.spread(kpi_scales.shaped(kpi, scale, values), mean)
    own = own[own > STILL]
    return replace(scale, floor=float(np.quantile(own, FLOOR_QUANTILE)) if own.size else 1.0)


def standard(kpi: Kpi, scale: Scale, values: Floats) -> tuple[Floats, Floats]:
    """Readings in own standard deviations about the own mean, (N, W), and those standard deviations, (N,)."""
    x = kpi_scales.shaped(kpi, scale, values)
    own = np.maximum(kpi_scales.spread(x, mean), scale.floor)
    return (x - mean(x)[:, None]) / own[:, None], own
