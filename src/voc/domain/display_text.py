"""Text from outside, made fit to stand in a page, a mail or a header."""

import re

_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""C0 and C1 controls, and the controls of Unicode's bidirectional algorithm (UAX 9), which can make a text read as
another one."""
_WHITE_SPACE = re.compile(r"[^\S\xa0]+")  # not the no-break space that stands between a number and its unit


def display_text(text: str) -> str:
    """The text on one line, without control characters and without anything that turns its reading direction.

    >>> display_text("Acme\\r\\nBcc: all \\u202eexe.doc")
    'Acme Bcc: all exe.doc'
    """
    return _WHITE_SPACE.sub(" ", _HIDDEN.sub("", _WHITE_SPACE.sub(" ", text))).strip()
