"""Secrets in links, and keys recognised by their shape."""

import re
from collections.abc import Iterator

from voc.language.redaction.normalised_text import EDGE, END, MASK, Span

KEY_STARTS = (
    "AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|[sr]k_(?:live|test)_|sk-|AIza|ya29[.]|npm_|SG[.]|eyJ|"
    "[Bb]earer |-----BEGIN"
)
"""How the keys of AWS, GitHub, GitLab, Slack, Stripe, OpenAI, Google, npm and SendGrid, JWTs (RFC 7519), bearer tokens
(RFC 6750) and PEM blocks (RFC 7468) begin."""

_VALUE = rf"[^\s&#;\"'<>{MASK}]+"
_SECRETS = re.compile(
    "|".join(
        (
            # user and password before the host (RFC 3986, 3.2.1)
            rf"://([^\s/?#{MASK}]+)@(?=[^\s@])",
            # a parameter by its name: the first list anywhere, the second only in a query or fragment
            rf"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|senha)=({_VALUE})",
            r"[?&#;][\w.\-\[\]]*(?:auth\w*|code|cred\w*|hash|hmac|jwt|key|nonce|otp|pin|sess\w*|sid|sig\w*|state|ticket)"
            rf"=({_VALUE})",
            rf"{EDGE}((?-i:{KEY_STARTS})[\w.\-+/=]{{16,}})",
            r"(-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.*?-----END [A-Z ]*-----|.*))",
        )
    ),
    re.IGNORECASE | re.DOTALL,
)
# What is unguessable gives access: a long mixed run or a UUID in a path or query, as reset and invite links have.
_URL = re.compile(rf"(?:https?://|www\.)[^\s{MASK}]+", re.IGNORECASE)
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OPAQUE = re.compile(rf"(?<=[/=?#&.:_-])(?:(?=\w*\d)(?=\w*[a-z])\w{{20,}}|{_UUID}){END}", re.IGNORECASE)


def secrets(plain: str, region: str | None) -> Iterator[Span]:
    """Tokens, passwords and keys; the rest of a link, its host above all, stays."""
    for found in _SECRETS.finditer(plain):
        yield found.span(found.lastindex or 0)
    for link in _URL.finditer(plain):
        path = plain.find("/", link.start() + len("https://"), link.end())
        if path >= 0:
            yield from (found.span() for found in _OPAQUE.finditer(plain, path, link.end()))
