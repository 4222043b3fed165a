"""E-mail addresses, also disguised ones, and IP addresses."""

import ipaddress
import re
from collections.abc import Iterator

from voc.language.redaction.normalised_text import END, Span

_OPEN, _CLOSE = r"\s*[(\[{<]\s*", r"\s*[)\]}>]\s*"
AT_WORDS = "at|@|ät|arroba|arobase|chiocciola|apenstaartje"
_DOT_WORDS = "dot|[.]|punkt|punt|ponto|punto|point"
_AT = rf"{_OPEN}(?:{AT_WORDS}){_CLOSE}"
_DOT = rf"(?:[.]|{_OPEN}(?:{_DOT_WORDS}){_CLOSE}|\s+dot\s+)"

# The local part is RFC 6531's without "/=?&#|{}^`~$*!", which in a comment part an address from what precedes it.
_LOCAL = r"[\w.+'%-]"
_DOMAIN = r"(?:[\w-]+[.])+(?:[^\W\d_][\w-]*[\w])"
# Where spaces set the parts apart, only these endings tell an address from "look at the dot on it".
_COMMON = "(?:com|net|org|info|edu|gov|eu|co|io|uk|us|de|at|ch|fr|nl|be|br|pt|es|it|pl|ie|dk|se|ca|au)"
_EMAIL = re.compile(
    "|".join(
        (
            rf"(?<!{_LOCAL}){_LOCAL}+?(?:@|%40){_DOMAIN}",
            rf'"[^"\n]{{1,64}}"@{_DOMAIN}',
            rf"(?<!{_LOCAL}){_LOCAL}+@\[[\da-f.:]+\]",
            rf"(?<!{_LOCAL}){_LOCAL}+{_AT}[\w-]+(?:{_DOT}[\w-]+)+",
            rf"(?<!{_LOCAL}){_LOCAL}+\s+(?:at|@)\s+[\w-]+(?:\s+dot\s+[\w-]+)*\s+dot\s+{_COMMON}{END}",
            rf"(?<!{_LOCAL}){_LOCAL}+ ?@ (?:[\w-]+[.])+{_COMMON}{END}",
        )
    ),
    re.IGNORECASE,
)


def emails(plain: str, region: str | None) -> Iterator[Span]:
    """Addresses of letters of any script, in quotes or in link encoding, and "name (at) example (dot) com"."""
    for found in _EMAIL.finditer(plain):
        lead = len(found[0]) - len(found[0].lstrip("'.+%-"))
        yield found.start() + lead, found.end()


_IPV6 = re.compile(r"(?<![\w:.])(?=[\da-f:]*:[\da-f]*:)[\da-f:][\da-f:.]{3,44}(?:%\w+)?(?!\w)", re.IGNORECASE)
_IPV4 = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_VERSION = re.compile(
    r"(?:version|vers[aã]o|versi[oó]n|ver|v|release|firmware|build|update|android|ios|os|app)[\s.:]*$", re.I
)


def ips(plain: str, region: str | None) -> Iterator[Span]:
    """IPv4 and IPv6 addresses; four numbers right after a word such as "version" are a version, and stay."""
    for found in _IPV6.finditer(plain):
        address = found[0].rstrip(".:")
        address = found[0] if found[0].endswith("::") else address
        if _is_v6(address.partition("%")[0]):
            yield found.start(), found.start() + len(address)
    for found in _IPV4.finditer(plain):
        octets = [int(octet) for octet in found[0].split(".")]
        if max(octets) <= 255 and not _VERSION.search(plain, max(0, found.start() - 12), found.start()):
            yield found.span()


def _is_v6(address: str) -> bool:
    """Whether it is a valid address and not a mistyped time such as "10::30"."""
    groups = [group for group in address.split(":") if group]
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return False
    return len(groups) >= 4 or any(len(group) >= 3 for group in groups)
