"""What the faults of mailing are tried on."""

import pytest
from support.told_cases import Mailbox


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"
