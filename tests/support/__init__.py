"""What tests begin with: made-up companies, nights, inboxes and what reads them."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"

# set before numpy is imported: two workers with two threads each wait for one another on two cores
os.environ.setdefault("OMP_NUM_THREADS", "1")
