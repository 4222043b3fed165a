"""Rival explanations of a candidate contradiction, assessed before anybody is blamed.

>>> [rival.__name__ for rival in OF_METRICS]
['feed_stale_or_shrunken', 'unit_or_definition_change', 'known_lag']
"""

from voc.detection.panel import Panel
from voc.detection.rivals.candidate import Candidate, RivalExplanation
from voc.detection.rivals.candidate_view import CandidateView
from voc.detection.rivals.company_baseline import CompanyBaseline, learn_baseline
from voc.detection.rivals.definition import unit_or_definition_change
from voc.detection.rivals.delay import known_lag
from voc.detection.rivals.feed import feed_stale_or_shrunken
from voc.detection.rivals.mix import mix_of_channels, mix_of_respondents, mix_of_touchpoints
from voc.detection.rivals.mood import company_wide_mood
from voc.detection.rivals.statements import duplicates, few_items
from voc.domain.evidence.plausibility import Plausibility

__all__ = ["RIVALS", "Candidate", "CompanyBaseline", "RivalExplanation", "explanations", "learn_baseline"]

OF_METRICS = (feed_stale_or_shrunken, unit_or_definition_change, known_lag)
OF_FEEDBACK = (
    duplicates,
    mix_of_respondents,
    mix_of_channels,
    mix_of_touchpoints,
    company_wide_mood,
    few_items,
)
RIVALS = (*OF_METRICS, *OF_FEEDBACK)


def explanations(panel: Panel, candidate: Candidate, baseline: CompanyBaseline) -> tuple[RivalExplanation, ...]:
    """All rival explanations of the candidate, in the order of ``RIVALS``.

    baseline: of the same panel. Reads only the members' slices of the panel.
    """
    view = CandidateView(panel, candidate, baseline)
    if view.has_items_on_both_sides:
        return tuple(rival(view) for rival in RIVALS)
    silent = "Too little was said before or since the start to tell."
    return (
        *(rival(view) for rival in OF_METRICS),
        *(RivalExplanation(rival.__name__, float("nan"), Plausibility.MAY_EXPLAIN, silent) for rival in OF_FEEDBACK),
    )
