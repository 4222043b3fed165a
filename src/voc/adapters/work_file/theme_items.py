"""What subjects speak of, counted in the work file, and the items to choose examples from."""

import pandas as pd

from voc.adapters.work_file.warehouse import Connection

_OF_CUSTOMERS = ("region", "segment", "plan")
_DRAWN = 1000
"""Items of a subject and theme among which examples are chosen: as if by lot, so that their middle is that of all."""


def names(connection: Connection) -> dict[str, str]:
    """Theme -> what readers call it."""
    found = connection.execute("select theme, any_value(name) from ml.themes group by theme order by theme")
    return dict(found.fetchall())


def counts(connection: Connection, subjects: pd.DataFrame) -> pd.DataFrame:
    """Items of some subjects and of the whole company by theme, before and since each subject's week.

    subjects: id, level, subject ('' for the company), first_week, started_week, last_week; Mondays, first and last
    included.
    Returns   id, theme ('' for all items, whatever they are about), n_before, n_after, company_before, company_after.
    A theme that a subject does not speak of is left out.
    Reads     int.int_feedback_theme, int.int_customer. Leaves theme_subject and theme_item, for `candidates`.
    """
    connection.register("subjects", subjects)
    connection.execute("create or replace temp table theme_subject as select * from subjects")
    connection.unregister("subjects")
    groups = [("customer", "item.customer_id"), ("touchpoint", "item.touchpoint"), ("company", "''")]
    groups += [(level, f"customer.{level}") for level in _OF_CUSTOMERS]
    connection.execute(
        "create or replace temp table theme_item as with item as (select * from int.int_feedback_theme where week "
        "between (select min(first_week) from theme_subject) and (select max(last_week) from theme_subject)) "
        + " union all ".join(
            f"""
            select '{level}' as level, {subject} as subject, feedback_id, week, theme, weight, is_nearest
            from item left join int.int_customer as customer using (customer_id)
            where '{level}' = 'company' or {subject} in (select subject from theme_subject where level = '{level}')
            """
            for level, subject in groups
        )
    )
    return connection.execute("""
        with weekly as (
            select
                level, subject, week, if(grouping(theme) = 1, '', theme) as theme,
                if(grouping(theme) = 1, count(*) filter (is_nearest), count(*)) as n
            from theme_item
            group by grouping sets ((level, subject, week, theme_item.theme), (level, subject, week))
        ),
        counted as (
            select
                id, theme, weekly.level <> theme_subject.level as is_company,
                coalesce(sum(n) filter (week < started_week), 0) as n_before,
                coalesce(sum(n) filter (week >= started_week), 0) as n_after
            from theme_subject
            inner join weekly
                on weekly.level = 'company'
                or theme_subject.level = weekly.level and theme_subject.subject = weekly.subject
            where week between first_week and last_week and theme is not null
            group by all
        )
        select
            id, theme, own.n_before, own.n_after,
            coalesce(company.n_before, own.n_before) as company_before,
            coalesce(company.n_after, own.n_after) as company_after
        from (from counted where not is_company) as own
        left join (from counted where is_company) as company using (id, theme)
        order by id, theme
    """).df()


def candidates(connection: Connection, grown: pd.DataFrame) -> pd.DataFrame:
    """Items of subjects about themes since their week, to choose examples from: id, theme, feedback_id, text, weight,
    sentiment.

    grown: id, theme, of the subjects last given to `counts`.
    Reads  int.int_feedback_scored, ml.texts.
    """
    connection.register("grown", grown)
    found = connection.execute(
        """
        with drawn as (
            select id, theme, feedback_id, weight
            from grown
            inner join theme_subject using (id)
            inner join theme_item using (level, subject, theme)
            where week between started_week and last_week
            qualify row_number() over (partition by id, theme order by hash(feedback_id), feedback_id) <= ?
        )
        select id, theme, feedback_id, safe_text as text, weight, sentiment
        from drawn
        inner join int.int_feedback_scored as scored using (feedback_id)
        inner join ml.texts using (text_id)
        where scored.is_known_now and safe_text is not null
        order by id, theme, feedback_id
        """,
        [_DRAWN],
    ).df()
    connection.unregister("grown")
    return found
