"""What tests begin with: made-up companies, nights, inboxes and what reads them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
