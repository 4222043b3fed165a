"""Why a subject is or is not a contradiction, for whoever asks; nothing here writes."""

from collections.abc import Sequence

from voc.adapters.control_store import cases, control
from voc.adapters.published import evidence_views, reading
from voc.adapters.published.unheard_views import coverage, unheard
from voc.app.project import Project
from voc.domain.cases.case import Case
from voc.domain.display_text import display_text
from voc.domain.evidence.evidence import Evidence, Explained
from voc.errors import InputError

Target = tuple[str, str, str | None]
"""A level, a subject and a contradiction's id; None where the subject as such is meant."""


def explain(where: Project, id_or_name: str) -> Explained:
    """Everything that the newest published night knows of one subject.

    id_or_name: a customer's id or a group, as `north` or `region:north`; or the id of a case or contradiction, or as
    much of its beginning as names it.
    Raises  InputError when nothing is published, or what is meant is nothing or more than one thing; OutsideError when
    another version of voc has published the night.
    """
    marts_file = where.current
    if not marts_file.exists():
        raise InputError("nothing is published yet", "run a night first: voc run")
    known_cases = _cases(where)
    cases_with_prefix = [case for case in known_cases if case.case_id.startswith(id_or_name.lower())]
    named = evidence_views.named(marts_file, id_or_name)
    level, subject, contradiction_id = _the_target(id_or_name, named, cases_with_prefix)
    case = next((case for case in known_cases if (case.level, case.subject) == (level, subject)), None)
    tested = evidence_views.of_subject(marts_file, level, subject)
    evidence = _chosen(tested, case, contradiction_id)
    # the customer of that id; a group is none, whatever it is called
    customer_id = subject if level == "customer" else ""
    name, customer_coverage = coverage(marts_file, customer_id)
    silent, _ = unheard(marts_file, "mart_fell_silent", most=1, customer_id=customer_id)
    unasked, _ = unheard(marts_file, "mart_nobody_asked", most=1, customer_id=customer_id)
    return Explained(
        level=level,
        subject=display_text(subject),
        name=name or display_text(subject),
        as_of=reading.run_of(marts_file)["as_of"],
        case=case,
        evidence=evidence,
        others=tuple(other for other in tested if other is not evidence and other.is_found),
        n_tested=len(tested),
        coverage=customer_coverage,
        fell_silent=next(iter(silent), None),
        nobody_asked=next(iter(unasked), None),
    )


def _cases(where: Project) -> list[Case]:
    if not control.path_in(where.state).exists():
        return []
    with control.opened(where.state) as store:
        return list(cases.standing(store).values())


def _the_target(id_or_name: str, named: Sequence[Target], cases_with_prefix: Sequence[Case]) -> Target:
    """The one thing that is meant: a subject rather than a case, a case rather than a contradiction."""
    subjects = [target for target in named if target[2] is None]
    found = subjects or [(case.level, case.subject, None) for case in cases_with_prefix] or named
    if not id_or_name or not found:
        raise InputError(
            f"no customer, group, case or contradiction is called {display_text(id_or_name) or 'nothing'}",
            "see `voc case list --all` for cases, marts.fct_contradictions for everything that was tested",
        )
    if len(found) > 1:
        names = [display_text(contradiction_id or f"{level}:{subject}") for level, subject, contradiction_id in found]
        raise InputError(
            f"{display_text(id_or_name)} can mean {', '.join(names[:5])}{' and others' if names[5:] else ''}",
            f"say which, for example: voc explain {names[0]}",
        )
    return found[0]


def _chosen(tested: Sequence[Evidence], case: Case | None, contradiction_id: str | None) -> Evidence | None:
    """The contradiction asked for, else what the case is about, else the first."""
    about = (case.kind, case.kpi) if case else None
    for evidence in tested:
        if evidence.contradiction_id == contradiction_id:
            return evidence
    for evidence in tested:
        if evidence.is_found and (evidence.kind, evidence.kpi and evidence.kpi.name) == about:
            return evidence
    return tested[0] if tested else None
