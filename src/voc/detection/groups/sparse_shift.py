"""Sparse shift: whether a part of a group's members moved together, each too weakly to be seen alone.

Higher criticism in a Bayesian manner: Donoho and Jin (2004), Higher criticism for detecting sparse heterogeneous
mixtures. The evidence of all members adds up, beside a shift that the whole group has in common.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from voc.detection.hypotheses.hypotheses import Null
from voc.detection.process.gls import SentimentSteps
from voc.detection.process.onsets import ABRUPT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHIFTED_SHARES = (0.1, 0.3, 1.0)
"""Shares of the members that may have moved."""
SHIFT_SIZES = (0.5, 1.0)
"""Shifts of one member in standard deviations of satisfaction: a third and two thirds of an ordinary fall of one
customer."""
COMMON_SHIFTS = 0.05 * np.arange(-10, 11)
"""Shifts that all members may have in common; a thousand members can hardly tell closer values apart."""
UNKNOWN_COMMON_SD = 0.5
"""Standard deviation of the common shift of a group whose null scatter is not known."""
MAX_STEP_SE = 2.0
"""Choice: a member's step with a larger standard error says nothing of its own."""
MAX_COMPARED_MEMBERS = 1000
"""Members of a group that are compared, those with the smallest standard errors."""
POOL_MEMBERS = 3000
"""Customers of the company that random groups are drawn from."""
RANDOM_GROUPS = 1000
"""Random groups that a group is compared with: the smallest p-value is then a tenth of a percent."""


@dataclass(frozen=True)
class MemberSteps:
    """Steps of m members at the abrupt onsets.

    Attributes
    ----------
    rows : ndarray of int, shape (m,)
        Rows of the panel's customers.
    x, se : ndarray of float, shape (m, O)
        Steps beyond expectation and their standard errors, in standard deviations of satisfaction.
    alternatives : ndarray of float, shape (m,)
        Likelihood of all other hypotheses over that of "nothing happened", each times its prior.
    """

    rows: Ints
    x: Floats
    se: Floats
    alternatives: Floats

    def __getitem__(self, chosen: Ints) -> "MemberSteps":
        return MemberSteps(*(part[chosen] for part in vars(self).values()))

    def with_common_change(self, change: Floats) -> "MemberSteps":
        """With the change of the group's weekly mean, (O,), which observations leave out, put back.

        The changes of the members' other groups stay out: a region that fell is a part of every plan, and would be
        found in each.
        """
        return replace(self, x=self.x + change)


@dataclass(frozen=True)
class SparseShift:
    """The comparison of one group with random groups of as many members.

    Attributes
    ----------
    p : float
        Share of the random groups in which at least as much speaks for a part that fell.
    onset_index : int
        Likeliest onset as an index of ``ABRUPT``.
    shares : ndarray of float, shape (m,)
        Share of each member in what raises the log likelihood ratio.
    without : ndarray of float, shape (m,)
        ``p`` without each member.
    """

    p: float
    onset_index: int
    shares: Floats
    without: Floats


def measured_members(steps: SentimentSteps, alternatives: Floats, rows: Ints) -> MemberSteps:
    """Those of ``rows`` whose step is known well enough, without what their groups have in common."""
    abrupt = list(ABRUPT)
    kept = rows[steps.se[rows][:, abrupt].min(1) < MAX_STEP_SE]
    return MemberSteps(kept, steps.residual[kept][:, abrupt], steps.se[kept][:, abrupt], alternatives[kept])


def best_measured(members: MemberSteps) -> MemberSteps:
    """At most `MAX_COMPARED_MEMBERS`, those with the smallest standard errors."""
    return members[np.sort(np.argsort(members.se.min(1), kind="stable")[:MAX_COMPARED_MEMBERS])]


def pool_of(members: MemberSteps) -> MemberSteps:
    """At most `POOL_MEMBERS`, evenly spaced."""
    return members[np.arange(0, members.rows.size, max(1, -(-members.rows.size // POOL_MEMBERS)))]


def log_likelihood_table(members: MemberSteps, null: Null, nothing: float) -> NDArray[np.float32]:
    """Log likelihood of each member, shape (m, O, C, 1 + shares x sizes).

    C are the common shifts. The last axis is first "no part of the group fell", then a fall of each share by each
    size. nothing: prior of the hypothesis that nothing happened.
    """
    x, se = members.x[:, :, None], members.se[:, :, None] * null.scale
    se = np.where(np.isfinite(se), se, 1e6)
    log_null = _log_t(x / se, null.freedom)

    def shifted(size: float) -> Floats:
        log_shifted = _log_t((x - COMMON_SHIFTS - size) / se, null.freedom)
        return nothing * np.exp(np.clip(log_shifted - log_null, -50, 50))

    alternatives = members.alternatives[:, None, None]
    unshifted = shifted(0.0)
    columns = [np.log(unshifted + alternatives)]
    for size in SHIFT_SIZES:
        fell = shifted(-size)
        columns += [np.log((1 - share) * unshifted + share * fell + alternatives) for share in SHIFTED_SHARES]
    return np.stack(columns, axis=3).astype(np.float32)


def compare_with_random_groups(table: NDArray[np.float32], pool: NDArray[np.float32], common_sd: Floats) -> SparseShift:
    """Compares a group's table with those of random groups, drawn from the table ``pool``.

    common_sd: standard deviation of the common shift at each onset, from the group's own null scatter, (O,).
    """
    total = table.sum(0, dtype=np.float64)
    log_prior = -0.5 * (COMMON_SHIFTS / np.maximum(common_sd, 1e-3)[:, None]) ** 2
    ratios = _log_ratios(total[None], log_prior)[0]
    observed = _log_mean_over_onsets(ratios)
    without = _log_mean_over_onsets(_log_ratios(total[None] - table, log_prior)) if len(table) else np.zeros(0)
    gain = np.maximum(observed - without, 0)
    random = np.random.default_rng(0)
    n, shape = len(pool), pool.shape[1:]
    counts = random.multinomial(len(table), np.full(n, 1 / n), size=RANDOM_GROUPS).astype(np.float32)
    drawn = (counts @ pool.reshape(n, -1)).reshape(RANDOM_GROUPS, *shape).astype(np.float64)
    # each random group has a common shift of its own: its table is moved along the axis of common shifts
    spacing = COMMON_SHIFTS[1] - COMMON_SHIFTS[0]
    offset = np.rint(random.standard_normal(RANDOM_GROUPS)[:, None] * common_sd / spacing).astype(np.int64)
    source = np.arange(shape[1]) - np.clip(offset, -shape[1] // 2, shape[1] // 2)[:, :, None]
    inside = (source >= 0) & (source < shape[1])
    moved = np.take_along_axis(drawn, np.clip(source, 0, shape[1] - 1)[..., None], axis=2)
    by_chance = np.sort(_log_mean_over_onsets(_log_ratios(np.where(inside[..., None], moved, -np.inf), log_prior)))
    return SparseShift(
        p=float(_p_values(by_chance, np.array([observed]))[0]),
        onset_index=int(ratios.argmax()),
        shares=gain / max(float(gain.sum()), 1e-9),
        without=_p_values(by_chance, without),
    )


def _log_ratios(total: Floats, log_prior: Floats) -> Floats:
    """Log likelihood ratio that a part fell, at each onset, summed over common shifts: (n, O, C, S) -> (n, O)."""
    weighted = total + log_prior[:, :, None]
    fell = logsumexp(weighted[..., 1:], axis=(2, 3)) - np.log(weighted.shape[3] - 1)
    return np.asarray(fell - logsumexp(weighted[..., 0], axis=2), dtype=float)


def _log_mean_over_onsets(ratios: Floats) -> Floats:
    return np.asarray(logsumexp(ratios, axis=-1) - np.log(ratios.shape[-1]), dtype=float)


def _p_values(by_chance: Floats, observed: Floats) -> Floats:
    """Ranks of ``observed`` among ``by_chance``, which ascends."""
    as_large = by_chance.size - np.searchsorted(by_chance, observed, side="left")
    return np.asarray((1 + as_large) / (1 + by_chance.size), dtype=float)


def _log_t(z: Floats, freedom: float) -> Floats:
    return np.asarray(-(freedom + 1) / 2 * np.log1p(z * z / freedom), dtype=float)
