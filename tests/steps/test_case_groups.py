"""Cases of groups: a contradiction of many customers is one subject's, and belongs to none of them."""

import pytest
from support.hand_made_nights import OWNERS, hand_made

from voc.domain.cases.owners import Owners, Route

GROUPS = {"company": "Lumen", "plan": "gold", "region": "north", "segment": "smb", "touchpoint": "delivery"}


@pytest.fixture
def company(tmp_path):
    company = hand_made(tmp_path / "state")
    company.ask("insert into int.int_revenue values ('region', 'north', 1000)")
    company.finds(*({"customer_id": None, "level": level, "subject": name} for level, name in GROUPS.items()))
    return company


def test_every_level_opens_a_case_of_its_own_that_is_pinned_on_no_customer(company):
    assert company.night(0).events["opened"] == 5
    assert company.ask("select level, subject, customer_id, value_at_stake from ml.cases order by level") == [
        (level, subject, None, 900.0 if level == "region" else None) for level, subject in GROUPS.items()
    ]


def test_a_group_is_routed_by_what_it_is_and_not_by_its_members(company):
    routes = [
        Route("north@lumen.example", {"region": "north"}),
        Route("post@lumen.example", {"touchpoint": "delivery"}),
    ]
    company.night(0, owners=Owners(routes, OWNERS.fallback, OWNERS.allowed_domains))
    assert company.ask("select level, owner_email from ml.cases order by level") == [
        (level, {"region": "north@lumen.example", "touchpoint": "post@lumen.example"}.get(level, "ops@lumen.example"))
        for level in GROUPS
    ]


def test_what_something_else_explains_opens_no_case(company):
    company.finds({"customer_id": "C1", "is_surfaced": False, "explained_by": "other respondents"})
    assert company.night(0).n_live == 0
