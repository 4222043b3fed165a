"""Units: readings that jump by a factor known for their unit, and stay there."""

import numpy as np
from numpy.typing import NDArray

from voc.detection.metrics import FACTORS
from voc.domain.kpi import Kpi

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAR = float(np.log(2))
"""How near to a factor the medians of four readings before and after a jump must come."""
STEADY = 4


def unit_jumps(kpi: Kpi, values: Floats) -> tuple[Ints, Ints, Floats]:
    """Row, week and factor (up > 1, down < 1) of each lasting jump from one reading to the next by a known factor.

    values: shape (n, W). The medians of four readings on both sides lie near the factor apart and each four are
    steadier than half of that.
    """
    factors = np.log(FACTORS[kpi.unit])
    row, week = np.nonzero(values > 0)
    log = np.log(values[row, week])
    jump = np.diff(log, prepend=log[:1])
    at = np.flatnonzero(np.abs(jump) > factors.min() - NEAR)
    at = at[(at >= STEADY) & (at + STEADY <= log.size)]
    at = at[(row[at - STEADY] == row[at]) & (row[at + STEADY - 1] == row[at])]
    before, after = log[at[:, None] + np.arange(-STEADY, 0)], log[at[:, None] + np.arange(STEADY)]
    size = np.median(after, 1) - np.median(before, 1)
    off = np.abs(np.abs(size)[:, None] - factors)
    steady = np.maximum(np.ptp(before, 1), np.ptp(after, 1)) < np.abs(size) / 2
    known = steady & (off.min(1) < NEAR)
    factor = np.exp(np.sign(size) * factors[off.argmin(1)])
    return row[at[known]], week[at[known]], factor[known]
