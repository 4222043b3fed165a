"""HTML as plain text; anything in angle brackets that is not an HTML tag stays as it was written."""

import html
import re

MARKUP_MARKS = ("<", "&", "\xa0", "\r")
"""Lower-case strings; the rules of this file find nothing in a text without any of them."""

_INLINE = (
    "a|abbr|b|big|body|center|cite|code|em|font|head|html|i|img|link|meta|o:p|s|small|span|strike|strong|sub|sup|u"
)
_BLOCK = (
    "address|article|blockquote|br|dd|div|dl|dt|figure|footer|form|h[1-6]|header|hr|li|main|ol|p|pre|section|table|"
    "tbody|tfoot|thead|title|tr|ul"
)
# Each attribute must have a value, so that "<a bit late>" and "<i think so>" remain what the customer wrote.
_ATTRIBUTES = r"""(?:\s+[\w:.-]++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'|[^\s"'<>]++))*+\s*+/?"""

_UNSEEN = re.compile(
    r"<!--.*?-->|<!doctype[^<>]*>|<(script|style|head|xml)\b[^<>]*>(?:(?!<\1\b).)*?</\1\s*>", re.I | re.S
)
_QUOTED = re.compile(rf"<blockquote{_ATTRIBUTES}>(?:(?!</?blockquote).)*+</blockquote\s*>", re.I | re.S)
_BREAK = re.compile(rf"</?(?:{_BLOCK}){_ATTRIBUTES}>", re.I)
_CELL = re.compile(rf"</?t[dh]{_ATTRIBUTES}>", re.I)
_TAG = re.compile(rf"</?(?:{_INLINE}){_ATTRIBUTES}>", re.I)
_BLOCK_END = re.compile(r"</(?:p|div|td|li|body|html)\s*>", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});", re.I)


def to_text(text: str) -> str:
    """The text without tags, comments and scripts, its entities as characters, a line for each block.

    A block that quotes another mail becomes the line ">>", for `voc.language.cleaning.quotes` to take away.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for _ in range(2):  # twice, since an export may have escaped the tags themselves
        if "<" in text:
            text = _without_tags(text)
        if "&" in text:
            text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return text.replace("\xa0", " ")


def _without_tags(text: str) -> str:
    text = _UNSEEN.sub("", text)
    if _BLOCK_END.search(text):
        text = text.replace("\n", " ")  # within laid out HTML a line break is only a space
    found = 1
    while found:  # from the innermost outwards
        text, found = _QUOTED.subn("\n>>\n", text)
    text = _BREAK.sub("\n", text)
    return _TAG.sub("", _CELL.sub(" ", text))
