"""An oracle for the Gaussian worlds: it knows every parameter a world was drawn with, but no label, onset or size.

Exact log odds of the contradictions against nothing and agreed moves, summed over onsets, shapes and lags, with sizes
integrated out. Items are taken as Gaussian with the moments of their mixture and a text counts once.
"""

import numpy as np
from scipy.special import expit, logsumexp
from worlds.feedback import COMMON_TEXTS, TOUCHPOINTS
from worlds.roles import SHARES
from worlds.world import Floats, Ints, Truth, World

from compared.oracle_hypotheses import FALL, Columns, MovedColumns, agreed, columns_of, contradictions
from voc.detection.panel import Panel
from voc.domain.kinds import Kind

CHUNK = 100
"""Customers judged together: about 400 MB."""
UNSEEN = 1e8
"""Variance of a week in which a metric was not measured."""
ANY_BASE = 100.0
"""Variance of a customer's own level of a metric, in its own variances: as good as unknown."""
LIMIT = 3.5
"""Standard deviations of satisfaction that one item may be away from the mean: the tail of anger is not Gaussian."""
DOUBT = 0.06
"""Who contradicts less probably than this when agreed moves are left out of account is not looked at again: nothing
speaks for it, for even who says nothing contradicts with a probability of 0.04."""


def log_odds(world: World) -> Floats:
    """Log odds that a contradiction runs, shape (N,). Raises ValueError for a world without known parameters."""
    truth = known(world)
    return judged(truth, *_weekly(world, truth))


def known(world: World) -> Truth:
    """The parameters; ValueError where there are none."""
    if world.truth is None:
        raise ValueError("this world is not Gaussian: there is no oracle for it")
    return world.truth


def judged(truth: Truth, precision: Floats, weighted: Floats) -> Floats:
    """The log odds, (N,), from the parameters and what was said: its `summed` precision and values."""
    n, k, weeks = truth.z.shape
    columns, out = columns_of(weeks, k), np.empty(n)
    for first in range(0, n, CHUNK):
        rows = slice(first, min(first + CHUNK, n))
        out[rows] = _judge(truth, rows, columns, precision[:, rows], weighted[:, rows])
    return out


def _weekly(world: World, truth: Truth) -> tuple[Floats, Floats]:
    """As `summed`, of every item as if its noise and all biases were known."""
    panel, good = world.panel, truth.informative
    text = np.where(panel.item_text < COMMON_TEXTS, -1 - np.arange(panel.item_text.size), panel.item_text)
    once = np.zeros(text.size, bool)
    once[np.unique(text, return_index=True)[1]] = True
    limit = LIMIT * truth.sd
    y = np.clip(truth.y, -limit, limit) / good
    noise = good * truth.noise + (1 - good) * (1.3 * truth.sd) ** 2 + good * (1 - good) * truth.sd**2
    precision = once * good**2 / noise
    return summed(panel, panel.item_customer, panel.item_week, panel.touchpoint, precision, y)


def summed(
    panel: Panel, customer: Ints, week: Ints, touchpoint: Ints, precision: Floats, value: Floats
) -> tuple[Floats, Floats]:
    """Precision of what was said and its precision-weighted sum, (T + 1, N, W): by touchpoint, the last is none."""
    shape = (len(TOUCHPOINTS) + 1, len(panel.customers), len(panel.weeks))
    cell = np.ravel_multi_index((touchpoint % shape[0], customer, week), shape)
    sums = (np.bincount(cell, x, minlength=np.prod(shape)).reshape(shape) for x in (precision, precision * value))
    return tuple(sums)


def _judge(truth: Truth, rows: slice, columns: Columns, precision: Floats, weighted: Floats) -> Floats:
    b, gram, b_split, gram_split = _contrasts(truth, rows, columns, precision, weighted)
    known = [_evidence(b, gram, hypothesis) for hypothesis in contradictions(truth, rows, columns)]
    known.append(_split(truth, b_split, gram_split))
    for_it = logsumexp(np.concatenate(known, 1), 1)
    against = np.full(for_it.size, np.log(1 - truth.share - truth.decoys / 2))
    doubtful = np.flatnonzero(expit(for_it - against) > DOUBT)
    b, gram = b[doubtful], gram[doubtful]
    for hypothesis in agreed(truth, np.arange(rows.start, rows.stop)[doubtful], columns):
        against[doubtful] = np.logaddexp(against[doubtful], logsumexp(_evidence(b, gram, hypothesis), 1))
    return for_it - against


def _contrasts(
    truth: Truth, rows: slice, columns: Columns, precision: Floats, weighted: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """D' C^-1 x (n, C) and D' C^-1 D (n, C, C) of all columns D; of a touchpoint's columns only the diagonal.

    C is block diagonal in metrics and items but for what satisfaction's wandering and level bring into all of them,
    so it is inverted by Woodbury's identity, per metric first and then for W + 1 numbers.
    """
    weeks, coupling, lag = truth.z.shape[2], truth.coupling[rows], truth.lag[rows]
    memory = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    missing = np.isnan(truth.z[rows])
    slow, white = truth.kpi_slow[rows, :, None, None], truth.kpi_white[rows, :, None]
    shared = slow**2 * (truth.kpi_persistence[:, None, None] ** memory) + ANY_BASE
    own = np.linalg.inv(shared + (white**2 + UNSEEN * missing)[..., None] * np.eye(weeks))
    z = np.nan_to_num(truth.z[rows]).astype(float)
    pull = coupling[..., None, None] * _felt(own, lag)
    twice = coupling[..., None, None] * _felt(np.swapaxes(pull, 2, 3), lag)
    heard, said = precision.sum(0), weighted.sum(0)
    wander = truth.wander**2 * truth.persistence**memory
    inner = np.zeros((heard.shape[0], weeks + 1, weeks + 1))
    inner[:, :-1, :-1] = np.linalg.inv(wander) + twice.sum(1)
    inner[:, np.arange(weeks), np.arange(weeks)] += heard
    inner[:, :-1, -1] = inner[:, -1, :-1] = heard
    inner[:, -1, -1] = heard.sum(1) + 1 / truth.level**2
    of_kpis = [_with_level(pull[:, k] @ columns.kpi, 0) for k in range(columns.n_kpis)]
    of_mood = [_with_level(p[:, :, None] * columns.mood, 1) for p in (heard, *precision[:-1])]
    data = _with_level((said + np.einsum("nkab,nkb->na", pull, z))[:, :, None], 0)
    data[:, -1, 0] = said.sum(1)
    basis = np.concatenate([of_mood[0], *of_kpis], 2)
    touchpoints = np.concatenate(of_mood[1:], 2)
    solved = np.linalg.solve(inner, np.concatenate([data, basis, touchpoints], 2))
    explained, of_basis, of_touchpoints = np.split(solved, [1, 1 + basis.shape[2]], 2)
    gram = -np.swapaxes(basis, 1, 2) @ of_basis
    m, width = columns.mood.shape[1], columns.kpi.shape[1]
    gram[:, :m, :m] += columns.mood.T @ (heard[:, :, None] * columns.mood)
    straight = [said @ columns.mood]
    for k in range(columns.n_kpis):
        at = slice(m + k * width, m + (k + 1) * width)
        half = columns.kpi.T @ own[:, k]
        gram[:, at, at] += half @ columns.kpi
        straight.append(np.einsum("ncw,nw->nc", half, z[:, k]))
    b = np.concatenate(straight, 1) - np.einsum("nwc,nw->nc", basis, explained[:, :, 0])
    b_split = np.concatenate([w @ columns.mood for w in weighted[:-1]], 1)
    b_split -= np.einsum("nwc,nw->nc", touchpoints, explained[:, :, 0])
    gram_split = np.concatenate([p @ columns.mood**2 for p in precision[:-1]], 1)
    return b, gram, b_split, gram_split - np.einsum("nwc,nwc->nc", touchpoints, of_touchpoints)


def _felt(own: Floats, lag: Ints) -> Floats:
    """S' Q of each Q (n, K, W, W): its rows summed by the week of satisfaction that they feel, ``lag`` weeks before."""
    out = np.zeros_like(own)
    for by in range(lag.max(initial=0) + 1):
        of = lag == by
        out[of, 0] = own[of, : by + 1].sum(1)
        out[of, 1 : out.shape[2] - by] = own[of, by + 1 :]
    return out


def _with_level(of_weeks: Floats, level: int) -> Floats:
    """Adds the row of the level, which items feel in every week and metrics never."""
    return np.concatenate([of_weeks, level * of_weeks.sum(1, keepdims=True)], 1)


def _evidence(b: Floats, gram: Floats, hypothesis: MovedColumns) -> Floats:
    """Log of weight times likelihood ratio of each variant, (n, H): Gaussian shifts with a Gaussian prior."""
    at = hypothesis.columns
    b, gram, variance = b[:, at], gram[:, at[:, :, None], at[:, None, :]], hypothesis.spread**2
    mean = np.broadcast_to(hypothesis.mean, b.shape)
    inner = np.eye(at.shape[1]) + variance[..., :, None] * gram
    left = b - np.einsum("nhde,nhe->nhd", gram, mean)
    gain = np.linalg.solve(inner, (variance * left)[..., None])[..., 0]
    exponent = (mean * (b + left) + left * gain).sum(2) / 2
    return np.log(hypothesis.weight) + exponent - np.linalg.slogdet(inner)[1] / 2


def _split(truth: Truth, b: Floats, gram: Floats) -> Floats:
    """One touchpoint's items fell: as `_evidence`, with one column a variant."""
    mean, variance = -FALL[0] * truth.sd, (FALL[1] * truth.sd) ** 2
    left = b - gram * mean
    exponent = (mean * (b + left) + variance * left**2 / (1 + variance * gram)) / 2
    weight = truth.share * SHARES[Kind.SPLIT_BY_TOUCHPOINT] / b.shape[1]
    return np.log(max(weight, 1e-300)) + exponent - np.log1p(variance * gram) / 2
