"""Who answers for a case."""

import pytest

from voc.domain.cases.owner_gaps import Alike, examine
from voc.domain.cases.owners import Owners, Route
from voc.domain.kpi import Kpi

FALLBACK = "lead@lumen.example"
OWNERS = Owners(
    [
        Route("keys@lumen.example", {"segment": "enterprise"}),
        Route("billing@lumen.example", {"touchpoint": "billing"}),
        Route("south@lumen.example", {"segment": "smb", "region": "south"}),
    ],
    FALLBACK,
    frozenset({"lumen.example"}),
)
ABOUT = dict.fromkeys(("segment", "region", "plan", "touchpoint", "kpi"))


@pytest.mark.parametrize(
    ("about", "customers", "kpis", "owner", "why"),
    [
        ({"segment": "enterprise", "touchpoint": "billing"}, "am@lumen.example", "k@lumen.example",
         "keys@lumen.example", "route segment enterprise"),
        ({"segment": "smb", "region": "south"}, None, None, "south@lumen.example", "route segment smb, region south"),
        ({"segment": "smb", "region": "north"}, "am@lumen.example", "k@lumen.example", "am@lumen.example",
         "the customer's owner"),
        ({}, None, "k@lumen.example", "k@lumen.example", "the metric's owner"),
        ({}, None, None, FALLBACK, "fallback"),
    ],
)  # fmt: skip
def test_the_first_rule_that_applies_names_the_owner(about, customers, kpis, owner, why):
    assert OWNERS.owner_of({**ABOUT, **about}, customers, kpis) == (owner, why)


@pytest.mark.parametrize(
    "address",
    [
        "am@elsewhere.example",
        "am@lumen.example.evil.example",
        "am@lumen.example\r\nBcc: all@evil.example",
        "am@lumen.example, all@evil.example",
        "Ann <am@lumen.example>",
        "=?utf-8?q?b=40evil.example=2C_c?=@lumen.example",
        "=?utf-8?q?a=0d=0aBcc=3A_b=40evil.example?=@lumen.example",
        "am\u202e@lumen.example",
        "not an address",
        "",
    ],
)
def test_an_address_that_mail_may_not_go_to_is_passed_over(address):
    assert OWNERS.owner_of(ABOUT, address, "k@lumen.example") == ("k@lumen.example", "the metric's owner")


def test_one_person_is_one_mailbox_however_a_file_spells_it():
    assert OWNERS.may_mail("Ann@Lumen.Example")
    assert OWNERS.owner_of(ABOUT, "Ann@Lumen.Example", None)[0] == "ann@lumen.example"


def test_a_route_to_an_address_outside_gives_way_to_the_next_that_matches():
    routes = [Route("x@elsewhere.example", {"segment": "smb"}), Route("in@lumen.example", {"segment": "smb"})]
    owners = Owners(routes, FALLBACK, OWNERS.allowed_domains)
    assert owners.owner_of({**ABOUT, "segment": "smb"}, None, None)[0] == "in@lumen.example"


def test_the_doctor_names_gaps_overlaps_and_addresses_that_get_no_mail():
    owners = Owners(
        [
            *OWNERS.routes,
            Route("late@lumen.example", {"segment": "enterprise", "plan": "gold"}),
            Route("typo@elsewhere.example", {"segment": "entreprise"}),
        ],
        FALLBACK,
        OWNERS.allowed_domains,
    )
    kpis = [Kpi("disputes", "Disputes", "count", "lower", touchpoint="billing"), Kpi("usage", "Use", "count", "higher")]
    customers = [
        Alike("enterprise", "north", "gold", None, 3),
        Alike("smb", "north", None, None, 5),
        Alike("smb", "north", None, "am@elsewhere.example", 2),
    ]
    said = examine(owners, kpis, customers, None)
    found = "\n".join(said["findings"])
    assert "the route for segment enterprise, plan gold is never reached" in found
    assert "the route for segment entreprise matches nobody" in found
    assert "typo@elsewhere.example, lies outside alerts.allowed_domains" in found
    assert "owner_email of 2 customers lies outside" in found
    assert "usage: cases of 7 customers have nobody but the fallback owner" in found
    assert "the routes for segment enterprise and for touchpoint billing overlap: 3 customers" in found
    assert said["owners"]["usage"] == {f"{FALLBACK} (fallback)": 7, "keys@lumen.example (route segment enterprise)": 3}


def test_the_doctor_finds_nothing_where_every_case_has_one_owner():
    owners = Owners([Route("keys@lumen.example", {"segment": "enterprise"})], FALLBACK, OWNERS.allowed_domains)
    kpis = [Kpi("usage", "Use", "count", "higher", owner="k@lumen.example")]
    assert examine(owners, kpis, [Alike("smb", None, None, None, 1), Alike("enterprise", None, None, None, 1)], None)[
        "findings"
    ] == []  # fmt: skip
