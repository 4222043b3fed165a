"""What stands in a drawing."""

import re
from xml.etree import ElementTree


def parsed(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)  # noqa: S314  # our own drawing


def texts(drawn: str) -> list[str | None]:
    return [element.text for element in parsed(drawn).iter() if element.tag.endswith("}text")]


def ids(drawn: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', drawn)
