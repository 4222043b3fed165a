"""What redaction takes out of real texts, how often any number passes for something personal, and how fast it is.

Run: python benchmarks/redaction.py [--data DIR], about a minute.
"""

import argparse
import random
import re
import time
from collections import Counter
from pathlib import Path

from harness.labelled import DATA, nhs, olist, tweets

from voc.language.redaction import redact, redact_names

COUNTRIES = {"tweets": "US", "nhs": "GB", "olist": "BR"}
PLACEHOLDER = re.compile(r"\[(email|phone|card|iban|national id|ip|secret)\]")
NUMBERS, TRIES = (7, 8, 9, 10, 11, 12, 14, 16), 4000


def kinds(before: list[str], after: list[str]) -> Counter[str]:
    """In how many texts each kind was found."""
    return Counter(kind for old, new in zip(before, after, strict=True) if old != new for kind in found(new))


def found(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def show_real(data: Path) -> None:
    for of in (tweets(data), nhs(data), olist(data)):
        n, country = len(of.texts), COUNTRIES[of.name]
        start = time.process_time()
        safe = redact(of.texts, [country] * n)
        middle = time.process_time()
        redact_names(safe, [[f"Ann Example{i % 2000}", f"ann{i % 2000}@example.org"] for i in range(n)])
        end = time.process_time()
        touched = sum(a != b for a, b in zip(of.texts, safe, strict=True))
        rates = f"{n / (middle - start):,.0f} texts a CPU second, names {n / (end - middle):,.0f}"
        print(f"{of.name:8} {touched} of {n:,} touched {dict(kinds(of.texts, safe))}; {rates}")


def show_numbers() -> None:
    """Share of arbitrary numbers that are taken for each kind, by how many digits and the customer's country."""
    rng = random.Random(3)
    for digits in NUMBERS:
        texts = [f"my parcel {rng.randrange(10 ** (digits - 1), 10**digits)} is late" for _ in range(TRIES)]
        shown = []
        for country in (None, "NL", "BR", "US", "GB", "DE"):
            taken = kinds(texts, redact(texts, [country] * TRIES))
            shown.append(f"{country}: " + (", ".join(f"{k} {n / TRIES:.1%}" for k, n in taken.most_common()) or "-"))
        print(f"{digits} digits  " + "  ".join(shown))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    show_real(parser.parse_args().data)
    show_numbers()


if __name__ == "__main__":
    main()
