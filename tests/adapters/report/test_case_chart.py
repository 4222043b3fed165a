"""The picture of a case, as SVG for the report and as PNG for the mail."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import matplotlib as mpl
import pytest
from PIL import Image
from support.drawn import ids, parsed, texts
from support.reported_night import START, small_night

from voc.adapters.published import case_views
from voc.adapters.report import case_chart, svg_png


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    night = small_night(tmp_path_factory.mktemp("chart") / "night.duckdb")
    night.add_case("a")
    (view,) = case_views.read(night.path)
    return view


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("palette", [svg_png.LIGHT, svg_png.DARK], ids=["light", "dark"])
def test_every_colour_can_be_read_on_its_paper(palette):
    paper = luminance(palette["paper"])
    for role in palette.keys() - {"paper"}:
        bright, dark = sorted((luminance(palette[role]), paper), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, role


def test_the_words_of_a_drawing_are_words(view):
    said = texts(case_chart.svg(view))
    assert "start" in said
    assert "Visits on time, target 95\u00a0%" in said
    assert {"−1", "0", "+1"} <= set(said)


def test_a_drawing_has_its_alternative_text(view):
    root = parsed(case_chart.svg(view))
    named = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert root.get("role") == "img"
    assert [named[i] for i in root.get("aria-labelledby").split()] == ["The trends of this case", case_chart.alt(view)]


def test_the_alternative_text_says_from_where_to_where(view):
    assert case_chart.alt(view) == (
        "Two trends over 52 weeks to the week of 23 February. What is said went from +0.6 to −0.2, "
        "begun in the week of 22 December 2025. "
        "Visits on time went from 97\u00a0% to 97\u00a0%; its target is 95\u00a0%."
    )


def test_drawings_of_two_cases_fit_into_one_page(view):
    one, two = case_chart.svg(view), case_chart.svg(replace(view, case_id='b" onload="x'))
    assert ids(one)
    assert not set(ids(one)) & set(ids(two))
    for drawn in (one, two):
        assert len(ids(drawn)) == len(set(ids(drawn)))
        assert set(re.findall(r'(?:url\(|href=")#([\w-]+)', drawn)) <= set(ids(drawn))
        assert "<style" not in drawn
        assert drawn.startswith("<svg ")


def test_a_drawing_takes_its_colours_from_the_page(view):
    bare = re.sub(r"var\(--chart-\w+, #[0-9a-f]{6}\)", "", case_chart.svg(view))
    assert "var(--chart-said, #" in case_chart.svg(view)
    assert re.findall(r"#[0-9a-f]{6}\b", bare) == []


def test_a_drawing_is_in_the_font_of_its_page_and_says_a_colour_once_for_all_weeks(view):
    inside = case_chart.svg(view).split(">", 1)[1]
    assert "font-family" not in inside
    dots = re.findall(r"<use [^>]*>", inside)
    assert len(dots) > 80
    assert not [dot for dot in dots if "style" in dot]


def test_the_same_view_gives_the_same_bytes_whatever_matplotlib_is_set_to(view):
    drawn, picture = case_chart.svg(view), case_chart.png(view)
    with mpl.rc_context({"lines.linewidth": 9, "font.size": 30, "svg.hashsalt": "other", "axes.grid": True}):
        before = dict(mpl.rcParams)
        assert (case_chart.svg(view), case_chart.png(view)) == (drawn, picture)
        assert dict(mpl.rcParams) == before


def test_a_picture_is_small_and_sharp_and_has_its_own_paper(view):
    picture = case_chart.png(view)
    assert len(picture) < 60_000
    with Image.open(io.BytesIO(picture)) as image:
        assert image.width == 960
        assert min(image.convert("RGB").getpixel((0, 0))) > 250
        assert "Software" not in image.info


def test_values_that_were_carried_over_are_not_evidence(view):
    trends = view.trends
    at = trends.weeks.index(START)
    carried = tuple(i > at for i in range(52))
    imputed = replace(view, trends=replace(trends, kpi=(1.0,) * (at + 1) + (0.0,) * (51 - at), is_imputed=carried))
    assert "went from 100\u00a0% to 100\u00a0%" in case_chart.alt(imputed)


@pytest.mark.parametrize("label", ["Cost $x_{$ of $\\frac$", "]]></svg><script>", "a" * 300, "満足度 😀", "--><b>"])
def test_no_label_breaks_a_drawing(view, label):
    named = replace(view, kpi=replace(view.kpi, label=label))
    assert any(text and text.startswith(label[:20]) for text in texts(case_chart.svg(named)))
    assert case_chart.png(named).startswith(b"\x89PNG")


def without(view, **columns):
    return replace(view, trends=replace(view.trends, **columns))


NONE = (None,) * 52
ODD = {
    "no metric": lambda v: replace(v, kpi=None),
    "never measured": lambda v: without(v, kpi=NONE),
    "nobody spoke": lambda v: without(v, sentiment=NONE, sentiment_low=NONE, sentiment_high=NONE, n_feedback=(0,) * 52),
    "no interval": lambda v: without(v, sentiment_low=NONE, sentiment_high=NONE),
    "constant": lambda v: without(v, kpi=(0.95,) * 52),
    "huge": lambda v: without(v, kpi=tuple(1e12 * i for i in range(52))),
    "target far away": lambda v: replace(v, kpi=replace(v.kpi, target=1e6)),
    "one week": lambda v: replace(v, trends=type(v.trends)(*((column[-1],) for column in vars(v.trends).values()))),
    "starts with the first week": lambda v: replace(v, started_week=v.trends.weeks[0]),
}


@pytest.mark.parametrize("name", ODD)
def test_any_history_can_be_drawn(view, name):
    odd = ODD[name](view)
    assert texts(case_chart.svg(odd))
    assert case_chart.png(odd).startswith(b"\x89PNG")
    assert "nan" not in case_chart.alt(odd) + " ".join(filter(None, texts(case_chart.svg(odd))))


@pytest.mark.parametrize("away", [-52 * 7 * 2, 52 * 7])
def test_a_start_outside_the_weeks_is_not_drawn_inside(view, away):
    assert "start" not in texts(case_chart.svg(replace(view, started_week=START + timedelta(days=away))))


def test_a_case_without_weeks_says_so(view):
    empty = replace(view, trends=type(view.trends)(*((),) * 7))
    assert texts(case_chart.svg(empty)) == ["No complete week to draw yet"]
    assert case_chart.alt(empty) == "No complete week to draw yet."
    assert case_chart.png(empty).startswith(b"\x89PNG")
