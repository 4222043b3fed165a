"""Rival: the metric only seems to be fine, or bad, because its readings stopped or cover far fewer members."""

import numpy as np
from scipy.special import bdtr

from voc.detection.process.onsets import BASELINE_WEEKS
from voc.detection.rivals.candidate import RivalExplanation
from voc.detection.rivals.candidate_view import CandidateView
from voc.detection.rivals.corrections import EXPLAINED_SHARE, NOTABLE_SHARE, ONE_SIDED_LEVEL
from voc.domain.evidence.plausibility import Plausibility
from voc.domain.formatting import counted

FEED_STALE = "feed_stale_or_shrunken"


def feed_stale_or_shrunken(view: CandidateView) -> RivalExplanation:
    """Statistic: readings since the start as a share of those due at each member's own rate of the year before.

    Of all metrics where none is named. Rates are Jeffreys' (r + ½) / (weeks + 1); "beyond chance" is a binomial tail,
    which overstates the scatter of a regular feed and so errs towards "ruled out".
    """
    panel, candidate = view.panel, view.candidate
    low, weeks = max(0, candidate.start - BASELINE_WEEKS), len(panel.weeks)
    week = np.arange(low, weeks)
    is_after = week >= candidate.start
    members = candidate.members
    is_customer = (week >= panel.first_week[members, None]) & (week <= panel.last_week[members, None])
    n_read, due, tried = 0, 0.0, 0
    for k in view.kpis:
        read = np.isfinite(panel.kpi_values[members, k, low:]) & is_customer
        rate = (read[:, ~is_after].sum(1) + 0.5) / (is_customer[:, ~is_after].sum(1) + 1)
        open_ = is_customer[:, is_after].sum(1)
        n_read, due, tried = n_read + int(read[:, is_after].sum()), due + float(rate @ open_), tried + int(open_.sum())
    if not tried:
        return RivalExplanation(
            FEED_STALE, float("nan"), Plausibility.MAY_EXPLAIN, "No metric could have been measured since the start."
        )
    missing = 1 - n_read / due
    is_chance = bdtr(n_read, tried, due / tried) >= ONE_SIDED_LEVEL
    plausibility = Plausibility.RULED_OUT
    if missing >= NOTABLE_SHARE and not is_chance:
        plausibility = Plausibility.EXPLAINS if missing >= EXPLAINED_SHARE else Plausibility.MAY_EXPLAIN
    ending = {
        Plausibility.RULED_OUT: "the feed does not explain it",
        Plausibility.MAY_EXPLAIN: "the feed thinned out, which may explain it",
        Plausibility.EXPLAINS: "the feed stopped or thinned out, so nobody can say what happened since",
    }[plausibility]
    has = f"{view.metric} {'has' if view.candidate.kpi >= 0 else 'have'} {counted(n_read, 'reading')}"
    sentence = f"{has} since the start and about {round(due):,} were due: {ending}."
    return RivalExplanation(FEED_STALE, n_read / due, plausibility, sentence)
