"""The two levels of a trend, before and since a case's start: those that the detector compared tonight, if it did."""

from statistics import median

from voc.domain.cases.case_view import CaseView, Trends, Values

Levels = tuple[float | None, float | None]
"""Before and since; None where nothing was said or measured."""


def start_of(view: CaseView) -> int:
    """How many of the weeks shown lie before the start."""
    return sum(week < view.started_week for week in view.trends.weeks)


def sentiment(view: CaseView) -> Levels:
    """Mean sentiment: as compared tonight, else over the weeks shown, each week counting by its messages."""
    if view.sentiment_before is not None and view.sentiment_after is not None:
        return view.sentiment_before, view.sentiment_after
    trends, start = view.trends, start_of(view)
    weeks = list(zip(trends.sentiment, trends.n_feedback, strict=True))
    return _mean(weeks[:start]), _mean(weeks[start:])


def metric(view: CaseView) -> Levels:
    """Median of the metric in its own unit: as compared tonight, else over the weeks shown in which it was measured."""
    if view.kpi_before is not None and view.kpi_after is not None:
        return view.kpi_before, view.kpi_after
    values, start = measured(view.trends), start_of(view)
    return _median(values[:start]), _median(values[start:])


def measured(trends: Trends) -> Values:
    """The metric without imputed values."""
    return tuple(None if imputed else value for value, imputed in zip(trends.kpi, trends.is_imputed, strict=True))


def _mean(weeks: list[tuple[float | None, int]]) -> float | None:
    weeks_with_messages = [(value, n) for value, n in weeks if value is not None]
    total = sum(n for _, n in weeks_with_messages)
    return sum(value * n for value, n in weeks_with_messages) / total if total else None


def _median(values: Values) -> float | None:
    measured_values = [value for value in values if value is not None]
    return median(measured_values) if measured_values else None
