"""Views of the dbt project in a work file made by hand, without a run of dbt."""

import duckdb
from jinja2 import DictLoader, Environment

from voc.adapters.places import dbt_project

SCORED = ("int_text_source", "int_channel_text", "int_channel", "int_theme_text", "int_theme_block")
"""What the score step reads beside int_text."""
LABELLED = ("int_label_queue", "int_label_channel")
"""What the label step reads."""
COMPARED = ("int_cell_member", "int_answer_change", "int_subject_theme", "int_theme_count", "int_theme_candidate")
"""What the detect step reads of what it has found."""
PANEL = ("int_panel_customer", "int_panel_reading", "int_panel_feedback", "int_panel_name", "int_panel_item")
"""What the detect step judges."""
FOUND = ("int_contradiction", "int_surfaced")
"""What the case step reads of findings."""


def create(connection: duckdb.DuckDBPyConnection, *models: str) -> None:
    """Makes these models views in schema int, where the tables that they ask for must be; in their order."""
    macros = "\n".join(file.read_text() for file in sorted((dbt_project() / "macros").glob("*.sql")))
    files = {file.stem: file.read_text() for file in (dbt_project() / "models" / "intermediate").rglob("*.sql")}
    sql = Environment(loader=DictLoader(files), autoescape=False)  # noqa: S701 - SQL, not HTML
    known = {"ref": "int.{}".format, "source": "{}.{}".format, "config": lambda **_: ""}
    sql.globals |= known | vars(sql.from_string(macros, globals=known).module)
    for model in models:
        connection.execute(f"create or replace view int.{model} as {sql.get_template(model).render()}")
