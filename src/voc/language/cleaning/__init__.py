"""What the customer wrote, without what mail programs, ticket systems and agents put around it.

`structure` needs one text alone, `repeated` a whole source. In doubt a rule leaves the text alone: a footer left in
costs less than a complaint lost.
"""

from collections.abc import Sequence

from voc.language.cleaning.repeated import boilerplate, boilerplate_counts, take_out
from voc.language.cleaning.structure import strip, unsign

__all__ = ["boilerplate", "boilerplate_counts", "clean"]


def clean(texts: Sequence[str], boilerplate: frozenset[str] = frozenset()) -> list[str]:
    """The customers' own words of each text, "" where there are none; a text with nothing to take away stays the same.

    texts:       as they came, plain or HTML.
    boilerplate: pieces that the source repeats, from the function of that name.

    Taken away are HTML, quoted mail, ticket footers, boilerplate and signatures, in this order.

    >>> clean(["Too late again!\\n\\nKind regards,\\nAnn Lee", "-----Original Message-----\\nHi Ann"])
    ['Too late again!', '']
    """
    cleaned = list(texts)
    signed = strip(cleaned)
    take_out(cleaned, boilerplate)
    unsign(cleaned, signed)
    return cleaned
