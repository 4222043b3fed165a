"""The labelling of texts in a terminal, and the table of scorers."""

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from voc.app.label import LabellingSession
from voc.domain.display_text import display_text
from voc.domain.formatting import MINUS, counted
from voc.domain.labelling import COLD, NEITHER, WARM, LabelCounts, Sheet, TextToLabel

_out = Console(highlight=False, markup=False)  # what comes from files is never taken for markup

_LABELS = {"w": ("warm", WARM), "n": ("neither", NEITHER), "c": ("cold", COLD), "s": ("skipped", None)}
_KEY_HELP = "w warm, n neither, c cold, s skip, u undo, q quit"
_PACE, _TRUSTED = 9.0, 10
"""Seconds a text is thought to take (a hundred in a quarter of an hour), believed as much as ten texts of one's own."""
_WIDEST = 100  # a line that is longer is hard to read


def label(session: LabellingSession) -> None:
    """Asks one text after the other, until the last or `q`; then the counts of labels."""
    _say(f"How does its writer feel about what it tells? By the words alone: {_KEY_HELP}.")
    began, n_asked = time.monotonic(), 0
    while (asked := session.asked()) is not None:
        pace = (time.monotonic() - began + _TRUSTED * _PACE) / (n_asked + _TRUSTED)
        _ask(session.sheet, asked, session.position, pace)
        key = _key()
        while key not in _LABELS and key not in ("u", "q"):
            _say(f"One of: {_KEY_HELP}.")
            key = _key()
        n_asked += 1
        if key == "q":
            break
        if key in _LABELS:
            name, label = _LABELS[key]
            session.answer(label)
            _say(Text(f"   {name}", "dim"))
        else:
            _say("   the last answer is taken back" if session.undo() else "   nothing to undo in this session")
    _show_counts(session)


def _ask(sheet: Sheet, asked: TextToLabel, position: int, pace: float) -> None:
    n = len(sheet.asked)
    minutes = max(round((n - position) * pace / 60), 1)
    _say(Text(f"\n{position + 1} of {n}, about {minutes} min left", "dim"))
    _say(Text(f"{_channel(vars(sheet))}, {asked.said_on.day} {asked.said_on:%B %Y}", "dim"))
    _out.print(Padding(Text(display_text(asked.text), "bold"), (0, 3), expand=False), width=_width())


def _key() -> str:
    """The next key, or line where no terminal is; the end of the input and Ctrl-C mean quit."""
    try:
        pressed = typer.getchar() if sys.stdin.isatty() else sys.stdin.readline() or "q"
    except (KeyboardInterrupt, EOFError):
        return "q"
    return pressed.strip().lower()[:1]


def _show_counts(session: LabellingSession) -> None:
    """How many labels the channel has, how many it takes, and when they count."""
    counts, since = session.counts(), session.counts_from
    _say(
        f"\n{_channel(vars(session.sheet))}: {counted(counts.n_labels, 'label')}, "
        f"{counts.n_warm} warm, {counts.n_cold} cold, {counts.n_neither} neither. {_wanted(counts)}"
    )
    _say(f"New labels count from {since.day} {since:%B %Y} on, when the next four-week block begins.")


def _wanted(counts: LabelCounts) -> str:
    if not counts.n_wanted:
        return "That is enough to learn a scorer from; up to some 200, more make it better."
    least = [f"{n} {name}" for n, name in ((counts.warm_wanted, "warm"), (counts.cold_wanted, "cold")) if n]
    of_them = f", at least {' and '.join(least)}" if least else ""
    return f"To learn a scorer from them, {counts.n_wanted} more are wanted{of_them}."


def scorers(found: Sequence[Mapping[str, Any]]) -> None:
    """A row a channel: by what it is scored, and how well that agrees with labels, beside the lexicon."""
    table = Table(padding=(0, 1), show_lines=True)
    table.add_column("Channel\nscored by", overflow="fold")
    for name in ("Labels", "AUC\nlexicon's", "Gain\n± error", "Balanced\naccuracy\nlexicon's", "Calibration\nerror"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found:
        table.add_row(
            Text.assemble((_channel(row), "bold"), f"\n{row['basis']}: {row['why']}"),
            f"{row['n_labels']:,}",
            f"{_number(row['auc'])}\n{_number(row['lexicon_auc'])}",
            f"{_number(row['auc_gain'], '+')}\n{_number(row['auc_gain_se'], '± ')}",
            f"{_number(row['balanced_accuracy'])}\n{_number(row['lexicon_balanced_accuracy'])}",
            _number(row["calibration_error"]),
        )
    _out.print(table)
    _say("Each labelled text was read by a scorer that had not seen it. To add labels: voc label")


def _number(value: float | None, before: str = "") -> str:
    if value is None:
        return "-"
    return f"{value:+.3f}".replace("-", MINUS) if before == "+" else f"{before}{value:.3f}"


def _channel(row: Mapping[str, Any]) -> str:
    return ", ".join(display_text(row[name]) for name in ("source", "question", "language") if row[name])


def _say(text: str | Text) -> None:
    _out.print(text, width=_width())


def _width() -> int:
    return min(_out.width, _WIDEST)
