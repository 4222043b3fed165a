"""The detector's own cleaned inputs, as weekly arrays that a peer can be run on."""

import numpy as np

from compared.peers import Weekly
from voc.detection.hypotheses.company_model import CompanyModel
from voc.detection.inputs import kpi_normalisation
from voc.detection.inputs.observations import observe
from voc.detection.panel import Panel


def cleaned(company: CompanyModel, panel: Panel) -> Weekly:
    """What was said, in standard deviations of satisfaction, and metrics, in each customer's own; NaN where unknown.

    Repeated items count once, channels are comparable, surer observations of a week weigh more; units are undone; what
    the company and the groups have in common is out of both.
    """
    shape = (len(panel.customers), len(panel.weeks))
    observed, readings = observe(panel, company.channel_reliability), kpi_normalisation.correct_units(panel)
    cell = observed.customer * shape[1] + observed.week
    precision = 1 / observed.noise
    weight, total = (
        np.bincount(cell, x, minlength=shape[0] * shape[1]) for x in (precision, observed.y / observed.noise)
    )
    mean = np.divide(total, weight, out=np.full(weight.size, np.nan), where=weight > 0)
    kpis = np.stack(
        [kpi_normalisation.comparable(panel, readings, k, scale)[0] for k, scale in enumerate(company.scales)], axis=1
    )
    return Weekly(mean.reshape(shape), kpis)
