"""A drawing as bytes for a mail or as an element of a page; the same drawing gives the same bytes."""

import hashlib
import io
import re
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

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
_FONT = re.compile(r"font-family: [^;]*;? ?")  # a page has its own
_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"


def png(draw: Callable[[], "Figure"]) -> bytes:
    """The drawing on light paper, 960 pixels wide."""
    from PIL import Image

    drawn = io.BytesIO(_saved(draw, format="png", dpi=72 * _PIXELS / WIDTH, facecolor=LIGHT["paper"]))
    with Image.open(drawn) as image, io.BytesIO() as buffer:
        # few colours are in it; as many as these take a third of the bytes and look the same
        image.convert("RGB").quantize(_COLOURS, method=Image.Quantize.FASTOCTREE).save(buffer, format="png")
        return buffer.getvalue()


def svg(draw: Callable[[], "Figure"], *, key: str, title: str, alt: str) -> str:
    """The drawing as an `svg` element for a page, with its alternative text.

    key: what no other drawing of the page has; ids begin with its hash, so that many fit into one page.
    Its colours are the custom properties --chart-<role> of the page, light ones where a page has none.
    """
    root = ElementTree.fromstring(_saved(draw, format="svg", transparent=True, metadata={"Date": None}))  # noqa: S314  # our own drawing, not a file from outside
    _adopt(root, f"c{hashlib.sha256(key.encode()).hexdigest()[:12]}", title, alt)
    text = ElementTree.tostring(root, encoding="unicode")
    for role, colour in LIGHT.items():
        text = text.replace(colour, f"var(--chart-{role}, {colour})")
    return text


def _saved(draw: Callable[[], "Figure"], **how: Any) -> bytes:
    """The drawing in matplotlib's default look, whatever look is set here; the settings are as before afterwards."""
    import matplotlib as mpl  # a second to import, which a mail without a case does not need

    with mpl.rc_context(), warnings.catch_warnings(), io.BytesIO() as buffer:
        # a page has fonts of its own; in a mail the words beside the picture hold what it can only show as boxes
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        mpl.rcdefaults()
        mpl.rcParams.update(_LOOK)
        draw().savefig(buffer, **how)
        return buffer.getvalue()


def _adopt(root: ElementTree.Element, prefix: str, title: str, alt: str) -> None:
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
        if "style" in element.attrib:
            element.set("style", _FONT.sub("", element.attrib["style"]))
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        if element.attrib.get("id") in used:
            element.set("id", f"{prefix}-{element.attrib['id']}")
        else:
            element.attrib.pop("id", None)
        if _HREF in element.attrib:
            element.set("href", element.attrib.pop(_HREF).replace("#", f"#{prefix}-"))
        if "clip-path" in element.attrib:
            element.set("clip-path", element.attrib["clip-path"].replace("#", f"#{prefix}-"))
    for group in root.iter("g"):
        # a dot a week: said once for all of them, its colours take half the bytes
        dots = group.findall("use")
        if len({dot.attrib.get("style", "") for dot in dots}) == 1 and "style" not in group.attrib:
            group.set("style", dots[0].attrib.get("style", ""))
            for dot in dots:
                dot.attrib.pop("style", None)
    box = root.attrib["viewBox"]
    root.attrib.clear()
    root.attrib |= {
        "xmlns": _SVG, "viewBox": box, "role": "img", "style": _STYLE,
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
    }  # fmt: skip
    for place, (tag, words) in enumerate((("title", title), ("desc", alt))):
        element = ElementTree.Element(tag, id=f"{prefix}-{tag}")
        element.text = words
        root.insert(place, element)
