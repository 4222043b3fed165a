"""Themes, the end of the detect step: themes that grew in contradictions and in the whole company."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import beta

from voc.adapters.work_file import theme_items
from voc.adapters.work_file.warehouse import Connection
from voc.detection.hypotheses.contrasts import LOOKBACK
from voc.domain.evidence.theme_words import grew_words, no_growth_words
from voc.domain.weeks import monday
from voc.language.themes.growth import grown
from voc.language.themes.representative_texts import representative

THEME_WEEKS = 13
"""Complete weeks that count as recent for the company: as many as make a customer count as silent."""
_MAX_GROWN = 3  # grown themes of a subject that readers see, with examples; own choice
_EXAMPLES = 3  # of a theme; own choice
_ALL_ITEMS = ""  # in place of a theme: all items of a subject
_COMPANY = -1  # in place of a contradiction's row: the company in its recent weeks
_KEY = ["level", "subject", "kpi", "kind"]

_OWN, _COMPANYS = ["n_before", "n_after"], ["company_before", "company_after"]  # columns of `theme_items.counts`

Examples = dict[tuple[int, str], list[str]]
"""Feedback ids by contradiction's row and theme."""


@dataclass(frozen=True)
class Compared:
    """A subject's items before and since its week, whether they are enough to compare, and its themes, those that grew
    most first: n_before, n_after, others_before, others (shares of everybody else), change of the log odds beyond
    theirs with its interval, p_value, has_grown."""

    n_before: int
    n: int
    is_enough: bool
    themes: pd.DataFrame

    @property
    def grown(self) -> list[str]:
        """The first themes that grew."""
        return self.themes.index[self.themes["has_grown"]].tolist()[:_MAX_GROWN]


NO_COMPARISON = Compared(0, 0, False, pd.DataFrame({"has_grown": pd.Series(dtype=bool)}))


def growth(connection: Connection, contradictions: pd.DataFrame, as_of: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of ml.evidence on themes that grew, and the rows of ml.theme_growth.

    A subject that is surfaced or explained is compared with its own weeks before its start and with everybody else
    meanwhile, the company's last 13 weeks with those before them; complete weeks, as far back as the detector looks.
    Reads   ml.themes, int.int_theme_count, int.int_theme_candidate.
    Writes  ml.compared_subjects, ml.grown_themes, which these two are about.
    """
    names = theme_items.names(connection)
    if not names:
        return pd.DataFrame(), pd.DataFrame()
    found = _found(contradictions)
    subjects = subjects_of(contradictions, as_of)
    level = dict(zip(subjects["id"], subjects["level"], strict=True))
    counts = theme_items.counts(connection, subjects)
    compared = {key: _compared(counts[counts["id"] == key], level[key] != "company") for key in counts["id"].unique()}
    examples = _examples(connection, compared, subjects)
    rows = [
        row
        for key, contradiction in zip(found.index.tolist(), found.to_dict("records"), strict=True)
        for row in _evidence(key, contradiction, compared.get(key, NO_COMPARISON), names, as_of, examples)
    ]
    return pd.DataFrame(rows), _company_growth(compared.get(_COMPANY, NO_COMPARISON), names, examples)


def _found(contradictions: pd.DataFrame) -> pd.DataFrame:
    return contradictions[contradictions["is_surfaced"] | contradictions["explained_by"].notna()]


def subjects_of(contradictions: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The subjects whose items are counted: every one that is surfaced or explained, by its row, and the company in its
    recent weeks."""
    found, last_week = _found(contradictions), monday(as_of - timedelta(days=6))
    subjects = found[["level", "subject", "started_week"]].assign(id=found.index)
    recent = {"level": "company", "started_week": last_week - timedelta(weeks=THEME_WEEKS - 1), "id": _COMPANY}
    subjects = pd.concat([subjects, pd.DataFrame([recent])], ignore_index=True)
    return subjects.assign(
        subject=subjects["subject"].where(subjects["level"] != "company", ""),
        started_week=pd.to_datetime(subjects["started_week"]).dt.date,
        first_week=last_week - timedelta(weeks=LOOKBACK - 1),
        last_week=last_week,
    )


def _compared(rows: pd.DataFrame, has_peers: bool) -> Compared:
    rows = rows.set_index("theme")
    n_all = rows.loc[[_ALL_ITEMS], _OWN + _COMPANYS].to_numpy(dtype=np.int64)
    rows = rows.drop(index=_ALL_ITEMS)
    n = rows[_OWN + _COMPANYS].to_numpy(dtype=np.int64)
    own, others, own_all, others_all = n[:, :2], n[:, 2:] - n[:, :2], n_all[:, :2], n_all[:, 2:] - n_all[:, :2]
    found = grown(own[None], own_all, *((others[None], others_all) if has_peers else ()))
    with np.errstate(invalid="ignore"):
        peer_share = others / others_all if has_peers else np.full(own.shape, np.nan)
    themes = rows[_OWN].assign(
        others_before=peer_share[:, 0],
        others=peer_share[:, 1],
        change=found.change[0],
        change_low=found.low[0],
        change_high=found.high[0],
        p_value=found.p_value[0],
        has_grown=found.has_grown[0],
        gain=found.share_after[0] - found.share_before[0],
    )
    themes = themes.sort_values(["has_grown", "gain"], ascending=False, kind="stable")
    return Compared(int(own_all[0, 0]), int(own_all[0, 1]), bool(found.is_enough[0]), themes)


def _examples(connection: Connection, compared: Mapping[int, Compared], subjects: pd.DataFrame) -> Examples:
    """Items near the middle of what each subject writes about each of its first grown themes."""
    wanted = [(key, theme) for key, comparison in compared.items() for theme in comparison.grown]
    grown = subjects.set_index("id").loc[[key for key, _ in wanted]].reset_index()
    grown = grown.assign(theme=[theme for _, theme in wanted]).drop(columns="first_week")
    items = theme_items.candidates(connection, grown)
    found = {}
    for key, theme in wanted:
        candidates = items[(items["id"] == key) & (items["theme"] == theme)]
        rows = representative(
            candidates["text"].tolist(),
            candidates["weight"].to_numpy(),
            candidates["sentiment"].to_numpy(dtype=float),
            _EXAMPLES,
        )
        found[key, theme] = candidates["feedback_id"].iloc[rows].tolist()
    return found


def _evidence(
    key: int,
    contradiction: Mapping[Any, Any],
    comparison: Compared,
    names: Mapping[str, str],
    as_of: date,
    examples: Examples,
) -> list[dict[str, Any]]:
    """The rows of one contradiction: each theme that grew with its examples, or that none grew."""
    since = pd.Timestamp(contradiction["started_week"]).date()
    columns = {name: contradiction[name] for name in _KEY}
    if not comparison.grown:
        sentence = no_growth_words(comparison.n, comparison.n_before, since, as_of, is_enough=comparison.is_enough)
        return [columns | {"part": "theme", "position": 0, "sentence": sentence}]
    rows = []
    grew = comparison.themes.head(len(comparison.grown)).to_dict("records")
    for position, (theme, row) in enumerate(zip(comparison.grown, grew, strict=True)):
        counts = (int(row["n_after"]), comparison.n, int(row["n_before"]), comparison.n_before)
        others = None if np.isnan(row["others"]) else (row["others_before"], row["others"])
        sentence = grew_words(names[theme], counts, others, since, as_of)
        rows.append(
            columns
            | {"part": "theme", "position": position, "name": names[theme], "theme": theme, "sentence": sentence}
            | {"value": row["change"], "low": row["change_low"], "high": row["change_high"]}
        )
    shown = [(theme, feedback_id) for theme in comparison.grown for feedback_id in examples.get((key, theme), ())]
    return rows + [
        columns | {"part": "theme_item", "position": position, "name": feedback_id, "theme": theme}
        for position, (theme, feedback_id) in enumerate(shown)
    ]


def _company_growth(comparison: Compared, names: Mapping[str, str], examples: Examples) -> pd.DataFrame:
    """The rows of ml.theme_growth, one a theme; none where there are too few items to compare."""
    if not comparison.is_enough:
        return pd.DataFrame()
    themes = comparison.themes.reindex(list(names))
    n, n_before = (themes[name].fillna(0).to_numpy(dtype=np.int64) for name in ("n_after", "n_before"))
    return pd.DataFrame(
        {
            "theme": themes.index,
            "n_items": n,
            "n_items_before": n_before,
            "share": n / comparison.n,
            # the posterior of a share by the prior of Jeffreys, as in `theme_growth`
            "share_low": beta.ppf(0.025, n + 0.5, comparison.n - n + 0.5),
            "share_high": beta.ppf(0.975, n + 0.5, comparison.n - n + 0.5),
            "share_before": n_before / comparison.n_before,
            **{name: themes[name].to_numpy() for name in ("change", "change_low", "change_high", "p_value")},
            "has_grown": themes["has_grown"].eq(True).to_numpy(),
            "examples": [list(examples.get((_COMPANY, theme), ())) for theme in themes.index],
        }
    )
