"""Whether cases find their owners: gaps and overlaps of the routing rules, found before a case is lost to one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voc.domain.cases.owners import Owners, Route, route_words
from voc.domain.formatting import counted
from voc.domain.kpi import Kpi


@dataclass(frozen=True)
class Alike:
    """Customers that routing cannot tell apart, and how many they are, without those who left."""

    segment: str | None
    region: str | None
    plan: str | None
    owner_email: str | None
    n: int


def examine(owners: Owners, kpis: Sequence[Kpi], customers: Sequence[Alike] | None, operator: str | None
            ) -> dict[str, Any]:  # fmt: skip
    """What is wrong, as sentences under ``findings``, and per metric how many customers' cases each rule would take.

    customers: of the newest published night; None before the first one, when only the rules themselves can be read.
    """
    findings = [*_addresses(owners, kpis, operator), *_shadowed(owners.routes)]
    takes: dict[str, dict[str, int]] = {}
    if customers is not None:
        findings += [*_unmatched(owners, kpis, customers), *_outside(owners, customers)]
        for kpi in kpis:
            rules: Counter[str] = Counter()
            for alike in customers:
                owner, why = owners.owner_of(_about(alike, kpi), alike.owner_email, kpi.owner)
                rules[f"{owner} ({why})"] += alike.n
            takes[kpi.name] = dict(rules.most_common())
        findings += [*_gaps(owners, kpis, customers), *_overlaps(owners, kpis, customers)]
    return {"findings": findings, "owners": takes, "n_customers": sum(alike.n for alike in customers or ())}


def _addresses(owners: Owners, kpis: Sequence[Kpi], operator: str | None) -> list[str]:
    """Addresses of voc.yml that mail may not go to."""
    named = [("owners.fallback", owners.fallback)]
    named += [(f"the route for {route_words(route)}", route.owner) for route in owners.routes]
    named += [(f"the owner of {kpi.name}", kpi.owner) for kpi in kpis if kpi.owner]
    named += [("alerts.operator", operator)] if operator else []
    return [
        f"{setting}, {address}, lies outside alerts.allowed_domains: it gets no mail"
        for setting, address in named
        if not owners.may_mail(address)
    ]


def _shadowed(routes: Sequence[Route]) -> list[str]:
    """Routes that can never be the first to match."""
    return [
        f"the route for {route_words(late)} is never reached: "
        f"the one for {route_words(early)} comes first and takes all of it"
        for i, late in enumerate(routes)
        for early in routes[:i]
        if early.keys.items() <= late.keys.items()
    ]


def _unmatched(owners: Owners, kpis: Sequence[Kpi], customers: Sequence[Alike]) -> list[str]:
    """Routes that match no existing customer and metric: a misspelt name, or a segment that is no more."""
    return [
        f"the route for {route_words(route)} matches nobody: no customer and metric is like that"
        for route in owners.routes
        if not any(route.matches(_about(alike, kpi)) for alike in customers for kpi in kpis)
    ]


def _outside(owners: Owners, customers: Sequence[Alike]) -> list[str]:
    """Customers' own owners whom no mail may reach."""
    n = sum(alike.n for alike in customers if alike.owner_email and not owners.may_mail(alike.owner_email))
    return [f"owner_email of {counted(n, 'customer')} lies outside alerts.allowed_domains: passed over"] if n else []


def _gaps(owners: Owners, kpis: Sequence[Kpi], customers: Sequence[Alike]) -> list[str]:
    """Metrics whose cases would fall to the fallback for some customers."""
    found = []
    for kpi in kpis:
        n = sum(
            alike.n
            for alike in customers
            if owners.owner_of(_about(alike, kpi), alike.owner_email, kpi.owner)[1] == "fallback"
        )
        if n:
            found.append(f"{kpi.name}: cases of {counted(n, 'customer')} have nobody but the fallback owner")
    return found


def _overlaps(owners: Owners, kpis: Sequence[Kpi], customers: Sequence[Alike]) -> list[str]:
    """Pairs of routes that match the same cases; the first one takes them."""
    both: Counter[tuple[str, str]] = Counter()
    for alike in customers:
        pairs = set()
        for kpi in kpis:
            matching = [route for route in owners.routes if route.matches(_about(alike, kpi))]
            pairs |= {(route_words(matching[0]), route_words(r)) for r in matching[1:] if _compete(matching[0], r)}
        both.update(dict.fromkeys(pairs, alike.n))
    return [
        f"the routes for {first} and for {later} overlap: {counted(n, 'customer')} match both, the first takes them"
        for (first, later), n in both.items()
    ]


def _compete(first: Route, later: Route) -> bool:
    """Whether two routes compete: they have different owners, and the first does not cover all of the later one."""
    return first.owner != later.owner and not first.keys.items() <= later.keys.items()


def _about(alike: Alike, kpi: Kpi) -> dict[str, str | None]:
    return {
        "segment": alike.segment,
        "region": alike.region,
        "plan": alike.plan,
        "touchpoint": kpi.touchpoint,
        "kpi": kpi.name,
    }
