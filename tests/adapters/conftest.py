"""What the tests of several outside things begin with."""

import duckdb
import pytest


@pytest.fixture
def sql():
    """A database in memory, its session in UTC."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection
