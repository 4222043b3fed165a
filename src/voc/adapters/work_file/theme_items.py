"""What subjects speak of, counted in the work file, and the items to choose examples from."""

import pandas as pd

from voc.adapters.work_file.warehouse import Connection, replace_rows, transaction


def names(connection: Connection) -> dict[str, str]:
    """Theme -> what readers call it."""
    # a theme of several languages keeps its first name in the alphabet, as in marts.dim_theme
    found = connection.execute("select theme, name from ml.themes order by theme, name desc")
    return dict(found.fetchall())


def counts(connection: Connection, subjects: pd.DataFrame) -> pd.DataFrame:
    """Items of some subjects and of the whole company by theme, before and since each subject's week.

    subjects: id, level, subject ('' for the company), first_week, started_week, last_week; Mondays, first and last
    included.
    Returns   id, theme ('' for all items, whatever they are about), n_before, n_after, company_before, company_after.
    A theme that a subject does not speak of is left out.
    Writes    ml.compared_subjects.
    Reads     int.int_theme_count, which is about these.
    """
    with transaction(connection):
        replace_rows(connection, "compared_subjects", subjects)
    return connection.execute(
        "select id, theme, n_before, n_after, company_before, company_after from int.int_theme_count order by id, theme"
    ).df()


def candidates(connection: Connection, grown: pd.DataFrame) -> pd.DataFrame:
    """Items of subjects about themes since their week, to choose examples from: id, theme, feedback_id, text, weight,
    sentiment.

    grown:  id, level, subject, theme, started_week, last_week.
    Writes  ml.grown_themes.
    Reads   int.int_theme_candidate, which is about these.
    """
    with transaction(connection):
        replace_rows(connection, "grown_themes", grown)
    return connection.execute(
        "select id, theme, feedback_id, text, weight, sentiment from int.int_theme_candidate "
        "order by id, theme, feedback_id"
    ).df()
