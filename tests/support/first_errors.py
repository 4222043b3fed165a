"""A pytest plugin: what a shared fixture failed with is printed once, not again for every test that wanted it."""

from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Names the first test that met the error instead; pytest raises the very same error each time."""
    report = yield
    if report.failed and call.when == "setup" and call.excinfo is not None:
        first = vars(call.excinfo.value).setdefault("_first_met_by", item.nodeid)
        if first != item.nodeid:
            report.longrepr = f"a shared fixture has failed: see the error of {first}"
    return report
