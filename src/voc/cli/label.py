"""`voc label`: people read texts, so that scorers can learn from them and be examined."""

from typing import Annotated

import typer

from voc import app
from voc.app.label import labelling
from voc.cli.case import By
from voc.cli.options import HERE, Config, StateFolder
from voc.cli.show import label as show_label

N = Annotated[int, typer.Option("--n", min=1, help="How many texts; a hundred take a quarter of an hour.")]
OfSource = Annotated[str | None, typer.Option("--source", help="Only texts of this source.")]
OfQuestion = Annotated[str | None, typer.Option("--question", help="Only answers to this survey; '' is tickets.")]
OfLanguage = Annotated[str | None, typer.Option("--language", help="Only texts in this language: en, pt.")]


def label(
    config: Config = HERE,
    state: StateFolder = None,
    source: OfSource = None,
    question: OfQuestion = None,
    language: OfLanguage = None,
    n: N = 100,
    by: By = None,
) -> None:
    """Label texts as warm, cold or neither, one key each, in the channel where that helps most.

    Texts are drawn by lot and shown without personal data. Each label is kept at once: quit whenever you like, and the
    next session goes on with texts that nobody has labelled.

    Example: voc label --source desk --n 50
    """
    project = app.open_project(config, state)
    show_label.label(labelling(project, n, source=source, question=question, language=language, by=by))
