"""What a person sees of a contradiction's evidence in a terminal."""

from collections.abc import Callable, Iterable, Sequence

from rich.columns import Columns
from rich.console import Console
from rich.table import Table
from rich.text import Text

from voc.cli.show.plot import BAND, DOT, START, plot
from voc.domain.cases import case_words
from voc.domain.evidence.evidence import Evidence, Explained, Series
from voc.domain.evidence.evidence_words import (  # fmt: skip
    NOT_TESTED,
    coverage_words,
    left_out_words,
    name_words,
    path_words,
    percent,
    plausibility_words,
    said_words,
    signed,
    standing_words,
    unheard_words,
    unsurfaced_words,
    weight_words,
    with_unlikely_joined,
)
from voc.domain.evidence.plausibility import Plausibility
from voc.domain.formatting import amount, counted, tone

_out = Console(highlight=False, markup=False)  # what comes from files is never taken for markup

_STYLE = {Plausibility.EXPLAINS: "bold yellow", Plausibility.MAY_EXPLAIN: "bold", Plausibility.RULED_OUT: "dim"}
_BAR = 16  # characters of a story that is certain
_MOST_MEMBERS = 10
_WIDEST = 100  # a line that is longer is hard to read, and 78 weeks fit


def explained(found: Explained) -> None:
    """A screen about one subject: what is found, both series, and what speaks for and against it."""
    called = found.name if found.name == found.subject else f"{found.name} ({found.subject})"
    _say(Text(called if found.level == "customer" else f"{called}, a {found.level}", "bold"))
    if (case := found.case) is not None:
        _say(f"case {case.case_id}: {case.state}, opened {case.opened_on}, owner {case.owner_email}")
    if found.evidence and found.evidence.is_found:
        _found(found.evidence)
    else:
        _not_found(found)
    for title, unheard in (("Fell silent", found.fell_silent), ("Nobody asked", found.nobody_asked)):
        if unheard:
            _title(title)
            _say(f"{unheard_words(unheard, found.as_of)} {NOT_TESTED}")
    if found.others:
        _title("More of the same subject")
        for other in found.others:
            _say(f"{_subtitle(other)}: {standing_words(other)} voc explain {other.contradiction_id[:10]}")


def _found(evidence: Evidence) -> None:
    _say(f"\n{evidence.reason}")
    _say(Text(f"{_subtitle(evidence)}: {case_words.kind_words(evidence.kind)}. {standing_words(evidence)}", "dim"))
    _series(evidence)
    if evidence.stories:
        _title("What happened, and how likely that is")
        _grid(
            (
                Text("█" * round(_BAR * hypothesis.weight), "blue"),
                Text(f"{name_words(hypothesis.name)}: {weight_words(hypothesis)}"),
            )
            for hypothesis in with_unlikely_joined(evidence.stories)
        )
    if evidence.themes:
        _title("What they write of more")
        for theme in evidence.themes:
            _say(theme.sentence)
            if theme.items:
                _side_by_side([f"e.g. {theme.items[0]}", *theme.items[1:]])
    if evidence.rivals:
        _title("What else could explain it")
        _grid(
            (
                Text(plausibility_words(rival.verdict), _STYLE[rival.verdict]),
                Text(f"{name_words(rival.name)}. {rival.sentence}"),
            )
            for rival in evidence.rivals
        )
    _title("How sure it is")
    sure = case_words.q_words(evidence.q_value)
    _say(f"{sure[0].upper()}{sure[1:]}.")
    if evidence.left_out:
        _say(left_out_words(evidence.left_out, "customer" if evidence.is_of_a_group else "message"))
    if evidence.items:
        _title("Messages that move the score most (plus is towards the disagreement)")
        _side_by_side([f"{item.feedback_id} {signed(item.moved)}" for item in evidence.items])
    if evidence.members:
        _title("Who carries it")
        shares = [f"{member.name} ({member.customer_id}) {percent(member.share)}" for member in evidence.members]
        rest = [f"and {len(shares) - _MOST_MEMBERS:,} more"] if shares[_MOST_MEMBERS:] else []
        _side_by_side(shares[:_MOST_MEMBERS] + rest)


def _not_found(found: Explained) -> None:
    """Why there is nothing to show."""
    _say(f"\nNothing is surfaced here as of {found.as_of}.")
    if found.coverage:
        _say(coverage_words(found.coverage, found.as_of))
    if found.evidence:
        clearest, q = f"the clearest is {_subtitle(found.evidence)}", found.evidence.q_value
        sure = "" if q is None else f": {case_words.q_words(q)}"
        _say(f"{counted(found.n_tested, 'comparison')} tested; {clearest}{sure}.")
        _say(unsurfaced_words(found.evidence))


def _series(evidence: Evidence) -> None:
    """Both series, one above the other on the same weeks."""
    weeks, kpi = evidence.weeks, evidence.kpi
    if not weeks:
        return
    _title(f"{said_words(evidence)}  ({DOT} a week  {BAND} to be expected  {START} start)")
    _draw(evidence, evidence.said, evidence.expected, tone, "blue", rows=10)
    if kpi is not None and evidence.metric.weeks:
        target = "" if kpi.target is None else f"  (target {amount(kpi, kpi.target)}, {kpi.better} is better)"
        _title(f"{kpi.label}{target}")
        _draw(evidence, evidence.metric, evidence.metric, lambda value: amount(kpi, value), "yellow", rows=7)
    _say(Text(path_words(evidence), "dim"))


def _draw(
    evidence: Evidence, dots: Series, band: Series, value_words: Callable[[float], str], colour: str, rows: int
) -> None:
    drawn = plot(
        evidence.weeks, dots, band, started_week=evidence.started_week, value_words=value_words, colour=colour,
        width=_width(), rows=rows,
    )  # fmt: skip
    _out.print(drawn, no_wrap=True, crop=True)


def _subtitle(evidence: Evidence) -> str:
    return f"{name_words(evidence.kind)}{f' on {evidence.kpi.label}' if evidence.kpi else ''}"


def _title(text: str) -> None:
    _say(Text(f"\n{text}", "bold"))


def _grid(rows: Iterable[tuple[Text, Text]]) -> None:
    """Two columns; what is long is folded within its own."""
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row(*row)
    _out.print(table, width=_width())


def _side_by_side(names: Sequence[str]) -> None:
    """As many beside each other as there is room for, none of them torn apart."""
    _out.print(Columns([Text(name) for name in names], padding=(0, 3)), width=_width())


def _say(text: str | Text) -> None:
    _out.print(text, width=_width())


def _width() -> int:
    return min(_out.width, _WIDEST)
