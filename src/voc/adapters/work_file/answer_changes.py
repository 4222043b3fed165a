"""What subjects answered before and since something began, read from the work file."""

import pandas as pd

from voc.adapters.work_file.warehouse import Connection, replace_rows, transaction
from voc.domain.answers import LEAST_SHARE, Answers


def of_subjects(connection: Connection, subjects: pd.DataFrame) -> dict[int, Answers]:
    """By id, the answers on the scale that most messages of both sides were given on; those without one are left out.

    A reversed scale is left out, as a smaller number would be better.

    subjects: id, level, subject ('' for the company), first_week, started_week, last_week; Mondays, first and last
    included.
    Writes    ml.compared_subjects.
    Reads     int.int_answer_change, which is about these.
    """
    with transaction(connection):
        replace_rows(connection, "compared_subjects", subjects)
    rows = connection.execute(
        """
        select id, mean_before, mean, scale_min, scale_max
        from int.int_answer_change
        where mean is not null and scale_min < scale_max
            and n_before >= $share * n_items_before and n >= $share * n_items
        order by id, n
        """,
        {"share": LEAST_SHARE},
    ).fetchall()
    return {id_: Answers(before, after, low, high) for id_, before, after, low, high in rows}
