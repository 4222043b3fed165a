"""The picture of a case: what is said above, what the metric does below, on one axis of weeks."""

import hashlib
import io
import re
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from voc.domain import levels
from voc.domain.case_view import CaseView
from voc.domain.words import amount, counted, day, tone

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LIGHT = {"said": "#0060a8", "metric": "#a84300", "ink": "#1f2328", "quiet": "#59636e", "paper": "#ffffff"}
DARK = {"said": "#6cb6ff", "metric": "#f0a35e", "ink": "#e6edf3", "quiet": "#9da7b3", "paper": "#161b22"}
"""A colour a role. Blue and orange stay apart in the common colour blindnesses (Okabe and Ito 2008), and each colour
has a contrast of at least 4.5:1 with its paper, as text needs (WCAG 2.2, success criterion 1.4.3)."""

WIDTH = 400.0
"""Points of a drawing."""
_PIXELS = 960  # a mail shows it 480 wide, so that a screen of double density has a pixel for each
_COLOURS = 64
_LOOK: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "voc"}
_STYLE = "width:100%;height:auto;font-family:inherit;stroke-linejoin:round;stroke-linecap:butt"
_NUMBER = re.compile(r"-?\d+\.\d{3,}")  # a hundredth of a point is finer than any screen
_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"


def alt(view: CaseView) -> str:
    """The picture in words: mean sentiment and median of the metric, before the start and since, in the weeks shown."""
    weeks = view.trends.weeks
    if not weeks:
        return "No complete week to draw yet."
    span = f"{counted(len(weeks), 'week')} to the week of {day(weeks[-1], view.as_of)}"
    sentences = [
        f"{'Two trends' if view.kpi else 'A trend'} over {span}.",
        f"What is said went {_from_to(levels.said(view), tone)}, start {day(view.started_week, view.as_of)}.",
    ]
    if (kpi := view.kpi) is not None:
        target = "" if kpi.target is None else f"; its target is {amount(kpi, kpi.target)}"
        sentences.append(f"{kpi.label} went {_from_to(levels.metric(view), lambda v: amount(kpi, v))}{target}.")
    return " ".join(sentences)


def png(view: CaseView) -> bytes:
    """The picture on light paper, 960 pixels wide; the same view gives the same bytes."""
    from PIL import Image

    drawn = io.BytesIO(_saved(view, format="png", dpi=72 * _PIXELS / WIDTH, facecolor=LIGHT["paper"]))
    with Image.open(drawn) as image, io.BytesIO() as buffer:
        # few colours are in it; as many as these take a third of the bytes and look the same
        image.convert("RGB").quantize(_COLOURS, method=Image.Quantize.FASTOCTREE).save(buffer, format="png")
        return buffer.getvalue()


def svg(view: CaseView) -> str:
    """The picture as an `svg` element for a page, with its alternative text; the same view gives the same text.

    Its colours are the custom properties --chart-<role> of the page, light ones where a page has none. Ids begin with
    a hash of the case's, so that many fit into one page.
    """
    drawn = _saved(view, format="svg", transparent=True, metadata={"Date": None})
    root = ElementTree.fromstring(drawn)  # noqa: S314  # our own drawing, not a file from outside
    _adopt(root, f"c{hashlib.sha256(view.case_id.encode()).hexdigest()[:12]}", alt(view))
    text = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", ElementTree.tostring(root, encoding="unicode"))
    for role, colour in LIGHT.items():
        text = text.replace(colour, f"var(--chart-{role}, {colour})")
    return text


def _from_to(pair: levels.Levels, said: Callable[[float], str]) -> str:
    before, since = ("nothing" if level is None else said(level) for level in pair)
    return f"from {before} to {since}"


def _saved(view: CaseView, **how: Any) -> bytes:
    """The drawing in matplotlib's default look, whatever look is set here; the settings are as before afterwards."""
    import matplotlib as mpl  # a second to import, which a mail without a case does not need

    from voc.adapters.chart_drawing import drawing

    with mpl.rc_context(), warnings.catch_warnings(), io.BytesIO() as buffer:
        # a page has fonts of its own; in a mail the words beside the picture hold what it can only show as boxes
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        mpl.rcdefaults()
        mpl.rcParams.update(_LOOK)
        figure: Figure = drawing(view)
        figure.savefig(buffer, **how)
        return buffer.getvalue()


def _adopt(root: ElementTree.Element, prefix: str, said: str) -> None:
    """Make a document an element of a page: no style for all, no ids but those referred to, and those its own."""
    used = set(re.findall(r"#(\w+)", " ".join(v for e in root.iter() for v in e.attrib.values())))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.endswith(("}metadata", "}style")):
                parent.remove(child)
    for element in root.iter():
        element.text, element.tail = (element.text or "").strip(), None
        for name in {"d", "x", "y", "transform"} & element.attrib.keys():
            element.set(name, _NUMBER.sub(lambda number: f"{float(number[0]):.2f}", element.attrib[name]))
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        if element.attrib.get("id") in used:
            element.set("id", f"{prefix}-{element.attrib['id']}")
        else:
            element.attrib.pop("id", None)
        if _HREF in element.attrib:
            element.set("href", element.attrib.pop(_HREF).replace("#", f"#{prefix}-"))
        if "clip-path" in element.attrib:
            element.set("clip-path", element.attrib["clip-path"].replace("#", f"#{prefix}-"))
    box = root.attrib["viewBox"]
    root.attrib.clear()
    root.attrib |= {
        "xmlns": _SVG, "viewBox": box, "role": "img", "style": _STYLE,
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
    }  # fmt: skip
    for place, (tag, words) in enumerate((("title", "The trends of this case"), ("desc", said))):
        element = ElementTree.Element(tag, id=f"{prefix}-{tag}")
        element.text = words
        root.insert(place, element)
