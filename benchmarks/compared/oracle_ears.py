"""The oracle once more, with our eyes and ears: it knows the company's parameters, but of the customers what we do.

Its observations and metrics are those that our detector makes and compares: people's biases, the noise of an item,
a metric's own scale and season are not given away. Nor is how much each customer's metrics follow its satisfaction: all
follow as they do on average. What it loses beside the oracle no judgement of the same inputs can win back.
"""

from dataclasses import replace

import numpy as np
from worlds.world import Floats, Truth, World

from compared.oracle import judged, known, summed
from voc.detection.detector import ContradictionDetector
from voc.detection.hypotheses.contrasts import prepare
from voc.detection.inputs import kpi_normalisation


def log_odds(world: World, detector: ContradictionDetector) -> Floats:
    """Log odds that a contradiction runs, shape (N,), from what the fitted ``detector`` sees."""
    truth, company, panel = known(world), detector.company_, world.panel
    prepared, process = prepare(panel, company, detector.min_metric_weeks), company.process
    seen, readings = prepared.observations, prepared.readings
    noise = (process.trust * seen.noise + process.person + process.week) * truth.sd**2
    heard = summed(panel, seen.customer, seen.week, seen.touchpoint, 1 / noise, seen.y * truth.sd)
    compared = [kpi_normalisation.comparable(panel, readings, k, scale)[0] for k, scale in enumerate(company.scales)]
    return judged(_of_everybody(truth, np.stack(compared, 1)), *heard)


def _of_everybody(truth: Truth, z: Floats) -> Truth:
    """The parameters with the customers' own ones replaced by what is usual, for metrics ``z`` (N, K, W) in customers'
    own standard deviations."""
    slow, white, coupling = (of.mean(0) for of in (truth.kpi_slow, truth.kpi_white, truth.coupling))
    own = np.sqrt(slow**2 + white**2 + (coupling * truth.wander) ** 2)
    lag = np.array([np.bincount(of).argmax() for of in truth.lag.T])
    shape = truth.own.shape
    return replace(
        truth,
        z=z,
        own=np.ones(shape),
        kpi_slow=np.broadcast_to(slow / own, shape),
        kpi_white=np.broadcast_to(white / own, shape),
        coupling=np.broadcast_to(coupling / own, shape),
        lag=np.broadcast_to(lag, shape),
    )
