"""Rival: the metric, or the feedback, has not had the time to show it."""

from voc.detection.rivals.candidate import RivalExplanation
from voc.detection.rivals.candidate_view import CandidateView
from voc.detection.rivals.corrections import NOTABLE_SHARE
from voc.domain.evidence.plausibility import Plausibility
from voc.domain.formatting import counted
from voc.domain.kinds import Feedback

KNOWN_LAG = "known_lag"


def known_lag(view: CandidateView) -> RivalExplanation:
    """Statistic: weeks since the start in which it could have shown; all of them where no delay is known.

    A worsening metric waits for sentiment to follow it, a fall of sentiment for the metric. Nothing can show as long as
    fewer weeks have passed than the delay, so that explains; while a third of the weeks since lie within it, it may.
    Another metric that follows sentiment and has had the time would have shown the fall: then it no more than may.
    """
    candidate, lags = view.candidate, view.baseline.lags
    waits = candidate.kind.claim.feedback is Feedback.HELD
    delays = {k: lag for k in range(len(lags)) if (lag := lags[k].leads if waits else lags[k].follows) is not None}
    passed = len(view.panel.weeks) - candidate.start
    own = [delays[k] for k in view.kpis if k in delays]
    is_named = candidate.kpi >= 0
    if not own:
        nothing = f"No delay between {view.metric if is_named else 'any metric'} and what is said is known."
        return RivalExplanation(KNOWN_LAG, float(passed), Plausibility.RULED_OUT, nothing)
    delay, metric = min(own), view.metric if is_named else "the quickest metric"
    others_showed = not waits and any(lag < passed for lag in delays.values())
    plausibility = Plausibility.RULED_OUT
    if delay >= NOTABLE_SHARE * passed:
        plausibility = Plausibility.EXPLAINS if delay >= passed and not others_showed else Plausibility.MAY_EXPLAIN
    follows = f"What is said follows {metric}" if waits else f"{metric[:1].upper()}{metric[1:]} follows what is said"
    ending = {
        Plausibility.RULED_OUT: "a delay does not explain it",
        Plausibility.MAY_EXPLAIN: "the delay may explain it",
        Plausibility.EXPLAINS: "it is too early to tell",
    }[plausibility]
    after = f"after {counted(delay, 'week')}" if delay else "without delay"
    sentence = f"{follows} {after} and {counted(passed, 'week')} have passed since the start: {ending}."
    return RivalExplanation(KNOWN_LAG, float(max(passed - delay, 0)), plausibility, sentence)
