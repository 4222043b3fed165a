"""Evidence for the small night of `reported_night`: what speaks for and against a contradiction, made by hand."""

from typing import Any

from support.reported_night import START, WEEKS, Night

SHOWN = WEEKS[:60]
STORIES = {"nothing happened": 0.04, "only the customer fell": 0.845, "both fell": 0.115}
RIVALS = {
    "mix_of_respondents": ("ruled_out", "The same people as before are as unhappy."),
    "mix_of_channels": ("may_explain", "Part of it could come from more tickets."),
    "few_items": ("ruled_out", "Without its strongest message it is beyond chance."),
}
ITEMS = {"nps:1": 0.42, "desk:7": -0.1}
GREW = "Delivery: 9 of 20 texts since 22 December 2025, 3 of 24 before; others from 4 % to 5 %."


def add_evidence(night: Night, contradiction_id: str = "a", **changes: Any) -> None:
    """What a night writes of a contradiction that is surfaced or explained; `changes`: kpi, rivals, members."""
    kpi, rivals = changes.get("kpi", "on_time"), changes.get("rivals", RIVALS)
    rows: list[dict[str, Any]] = []
    for position, week in enumerate(SHOWN):
        said = 0.5 if week < START else -0.3
        if position % 7 != 3:
            rows.append(_row("sentiment", position, week=week, value=said, low=said - 0.3, high=said + 0.3))
        rows.append(_row("expected", position, week=week, value=0.4, low=0.1, high=0.7))
        if kpi:
            rows.append(_row("kpi", position, week=week, name=kpi, value=0.97))
    rows += [_row("story", i, name=name, value=weight) for i, (name, weight) in enumerate(STORIES.items())]
    rows += [
        _row("rival", i, name=name, value=1.5, verdict=verdict, sentence=sentence)
        for i, (name, (verdict, sentence)) in enumerate(rivals.items())
    ]
    rows += [_row("item", i, name=name, value=moved) for i, (name, moved) in enumerate(ITEMS.items())]
    rows += [_row("member", i, name=name, value=share) for i, (name, share) in enumerate(changes.get("members", ()))]
    rows.append(_row("theme", 0, name="delivery", theme="delivery", value=1.9, low=0.6, high=3.2, sentence=GREW))
    rows += [_row("theme_item", i, name=f"nps:8{i}", theme="delivery") for i in range(3)]
    rows.append(_row("leave_one_out", 0, name="score", value=3.9, low=3.1, high=4.0))
    night.add("fct_case_evidence", [{"contradiction_id": contradiction_id, **row} for row in rows])


def explain_by(night: Night, contradiction_id: str, rival: str) -> None:
    night.do(
        "update marts.fct_contradictions set is_surfaced = false, explained_by = ? where contradiction_id = ?",
        rival,
        contradiction_id,
    )


def add_group(night: Night, **changes: Any) -> None:
    """A surfaced contradiction of the segment `home`, with evidence that C1 and C2 carry, and its case."""
    night.add("fct_contradictions", [{
        "contradiction_id": "9a", "level": "segment", "subject": "home", "kpi": "on_time", "kind": "watermelon",
        "started_week": START, "as_of": "2026-03-01", "is_surfaced": True, "score": 9.0, "reason": "They held.",
        "kpi_before": 0.97, "kpi_after": 0.97,
    } | changes])  # fmt: skip
    night.add_case("group", level="segment", subject="home", customer_id=None, tonight="seen", value_at_stake=800)
    add_evidence(night, "9a", members=[("C1", 0.7), ("C2", 0.3)])


def add_themes(night: Night) -> None:
    """A theme that grew and is new, one that did not grow, and a survey that misleads beside one that does not."""
    night.add("dim_theme", [
        {"theme": "en: dog", "name": "dog, bite, van", "languages": ["en"], "terms": ["dog", "bite"],
         "is_seeded": False, "is_new": True},
        {"theme": "price", "name": "price and billing", "languages": ["en"], "terms": ["bill"], "is_seeded": True,
         "is_new": False},
    ])  # fmt: skip
    growth = {"n_items": 9, "n_items_before": 2, "share": 0.2, "share_low": 0.1, "share_high": 0.3,
              "share_before": 0.02}  # fmt: skip
    night.add("mart_theme_growth", [
        growth | {"theme": "en: dog", "has_grown": True, "share_before": 0.005, "examples": ["nps:77", "nps:78"]},
        growth | {"theme": "price", "has_grown": False, "share": 0.4, "share_high": 0.5, "examples": []},
    ])  # fmt: skip
    survey = {"source": "nps", "n_answers": 324, "n_at_odds": 71, "share_at_odds": 0.219, "share_low": 0.18,
              "share_high": 0.27}  # fmt: skip
    night.add("mart_survey_agreement", [
        survey | {"survey": "what to improve", "is_misleading": True},
        survey | {"survey": "what was good", "is_misleading": False},
    ])  # fmt: skip


def add_unheard(night: Night, table: str, customer_id: str, **changes: Any) -> None:
    """A row of mart_fell_silent or mart_nobody_asked."""
    was_asked = {"was_asked": True} if table == "mart_fell_silent" else {}
    night.add(table, [{
        "customer_id": customer_id, "kpi": "on_time", "started_week": START, "kpi_before": 0.964, "kpi_after": 0.81,
        "moved": -2.4, "n_items_before": 12, "last_feedback_at": "2025-10-03 10:00", **was_asked, **changes,
    }])  # fmt: skip


def _row(part: str, position: int, **values: Any) -> dict[str, Any]:
    return {"part": part, "position": position, **values}
