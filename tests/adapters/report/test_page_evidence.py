"""What the report shows of why: evidence, what explains it otherwise, and who could not be heard."""

import pytest
from support.evidenced_night import GREW, add_evidence, add_group, add_themes, add_unheard, explain_by
from support.reported_night import Page, small_night
from support.written_report import full_page, written


@pytest.fixture
def night(tmp_path):
    return small_night(tmp_path / "night.duckdb")


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "state" / "reports"


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return full_page(tmp_path_factory.mktemp("full"))


def test_only_the_first_case_says_at_once_why(full):
    assert [details.keys() for details in full.all("details")] == [{"class", "open"}, {"class"}]
    for said in (
        "Only the customer fell: likely (84 %)",
        "Nothing happened: very unlikely (4 %)",
        "Leaving out any one message, the score stays between 3.1 and 4.0; with all of them it is 3.9.",
        "nps:1 +0.42",
        "desk:7 −0.10",
        "may explain Mix of channels. Part of it could come from more tickets.",
        "ruled out Few items.",
        "voc explain 9a",
    ):
        assert said in full.text


def test_a_group_names_who_carries_it_and_draws_its_metric(full):
    assert "Jansen Bakery (C1) 70 %" in full.text
    assert "Quiet Quarry (C2) 30 %" in full.text
    assert "not drawn here" not in full.text


def test_of_many_members_the_first_are_named_and_the_rest_counted(night, reports):
    add_group(night)
    night.do("delete from marts.fct_case_evidence where part = 'member'")
    member = {"contradiction_id": "9a", "part": "member", "value": 0.05}
    night.add("fct_case_evidence", [member | {"position": i, "name": f"M{i:02}"} for i in range(20)])
    text = Page(written(night, reports).read_text()).text
    assert "M09" in text
    assert "M10" not in text
    assert "10 more customers carry 50 % together." in text


def test_what_is_explained_or_unheard_is_told_without_a_promise(full):
    assert "Watermelon: Invoiced a month, since 22 December 2025 Mix of channels. Tickets came instead" in full.text
    assert "Visits on time went from 96 % to 81 % since 22 December 2025 3 October 2025" in full.text
    assert full.text.count("nothing is promised about how many of these are false") == 2
    assert "nothing is promised about how many are explained wrongly" in full.text
    assert full.text.count("None tonight.") == 1  # nobody was left unasked
    assert "1,234" in full.text


def test_a_case_whose_disagreement_is_explained_tonight_says_so(night, reports):
    night.add_case("a")
    explain_by(night, "a", "mix_of_channels")
    add_evidence(night, rivals={"mix_of_channels": ("explains", "Tickets came instead of surveys.")})
    text = Page(written(night, reports).read_text()).text
    assert "Not surfaced: explained by mix of channels." in text
    assert text.count("Tickets came instead of surveys.") == 2  # under the case and in the list


def test_a_case_says_what_got_worse_with_typical_messages(full):
    assert f"About {GREW} Typical: nps:80 , nps:81 , nps:82" in full.text


def test_a_theme_that_is_new_and_grows_is_shown_first(night, reports):
    add_themes(night)
    text = Page(written(night, reports).read_text()).text
    assert "Dog, bite, van new and growing Typical: nps:77 , nps:78 20.0 % (10.0 to 30.0) 0.5 %" in text
    assert text.index("Dog, bite, van") < text.index("Price and billing bill")


def test_a_theme_that_many_wrote_of_before_is_not_called_new(night, reports):
    add_themes(night)
    night.do("update marts.mart_theme_growth set share_before = 0.011")
    text = Page(written(night, reports).read_text()).text
    assert "Dog, bite, van grown" in text


def test_a_survey_that_misleads_is_named_and_another_is_not(night, reports):
    add_themes(night)
    text = Page(written(night, reports).read_text()).text
    assert "what to improve (nps) misleads" in text
    assert "in 22 % of 324 answers of the last 52 weeks (18 % to 27 %)" in text
    assert "what was good" not in text


def test_without_themes_the_report_says_why(night, reports):
    assert "Too little was written to find themes." in Page(written(night, reports).read_text()).text


def test_long_lists_show_their_first_rows_and_count_the_rest(night, reports):
    for i in range(23):
        add_unheard(night, "mart_nobody_asked", f"C{i}", monthly_revenue=float(i))
    page = Page(written(night, reports).read_text())
    assert "3 more rows in marts.mart_nobody_asked." in page.text
    assert "never" in page.text
    assert [f"C{i}" in page.texts for i in (22, 3)] == [True, True]
    assert "C0" not in page.texts
