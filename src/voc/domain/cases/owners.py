"""Who answers for a case: the first rule that applies, in one fixed order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_ADDRESS = re.compile(r"[\w.!#$%&'*+/^`{|}~-]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.ASCII | re.IGNORECASE)
"""A plain address (RFC 5322, dot-atom) without = and ?, which could begin an encoded word (RFC 2047) that a mail
program reads as something else."""
ROUTE_KEYS = ("segment", "region", "plan", "touchpoint", "kpi")


@dataclass(frozen=True)
class Route:
    """``owner`` answers for whatever matches all of ``keys`` (of ROUTE_KEYS)."""

    owner: str
    keys: Mapping[str, str]

    def matches(self, about: Mapping[str, str | None]) -> bool:
        """Whether all of its keys are what the case is about."""
        return all(about.get(key) == value for key, value in self.keys.items())


@dataclass(frozen=True)
class Owners:
    """The routing rules of `voc.yml`; mail may only go to ``allowed_domains``."""

    routes: Sequence[Route]
    fallback: str
    allowed_domains: frozenset[str]

    def owner_of(
        self, about: Mapping[str, str | None], customers_owner: str | None, kpis_owner: str | None
    ) -> tuple[str, str]:
        """The owner's address and by which rule: first route, customer's owner, KPI's owner, fallback.

        about: what the case is about, by route key. An address that mail may not go to is passed over, so that
        nobody's case is lost in a mailbox outside.
        """
        candidates = [(route.owner, f"route {route_words(route)}") for route in self.routes if route.matches(about)]
        candidates += [(customers_owner or "", "the customer's owner"), (kpis_owner or "", "the metric's owner")]
        for address, why in candidates:
            if self.may_mail(address):
                return address.casefold(), why  # one person is one mailbox, however a file spells it
        return self.fallback.casefold(), "fallback"

    def may_mail(self, address: str) -> bool:
        """Whether ``address`` is one address, without anything that could end a mail header, in an allowed domain."""
        found = _ADDRESS.fullmatch(address)
        return found is not None and found[1].casefold() in self.allowed_domains


def route_words(route: Route) -> str:
    """What a route is for, in words."""
    return ", ".join(f"{key} {value}" for key, value in route.keys.items()) or "for everything"
