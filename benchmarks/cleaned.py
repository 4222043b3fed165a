"""The detector's own cleaned inputs, as weekly arrays that a peer can be run on."""

import numpy as np
from peers import Weekly

from voc.detection.hypotheses.company_model import Company
from voc.detection.inputs import kpi_normalisation, observations
from voc.detection.panel import Panel


def cleaned(company: Company, panel: Panel) -> Weekly:
    """What was said, in standard deviations of satisfaction, and metrics, in each customer's own; NaN where unknown.

    Repeated items count once, channels are comparable, surer voices of a week weigh more; units are undone; what the
    company and the groups have in common is out of both.
    """
    shape = (len(panel.customers), len(panel.weeks))
    said = observations.observe(panel, company.channel_reliability)
    cell = said.customer * shape[1] + said.week
    weight, total = (np.bincount(cell, x, minlength=shape[0] * shape[1]) for x in (1 / said.noise, said.y / said.noise))
    mean = np.divide(total, weight, out=np.full(weight.size, np.nan), where=weight > 0)
    kpis = np.stack(
        [kpi_normalisation.comparable(panel, k, scale)[0] for k, scale in enumerate(company.scales)], axis=1
    )
    return Weekly(mean.reshape(shape), kpis)
