"""A process of its own that the kernel kills at a named point, as a power cut would."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

# its children are forks of a server that has imported much and done nothing: imports cost a second each time
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(
    ["aiosmtpd.controller", "pandas", "voc.steps.alert", "voc.steps.expire", "voc.steps.land"]
)


def killed_at(point: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """Calls ``function`` in a process that must die at the crash point; what it is given can be pickled."""
    process = _SERVER.Process(target=_call, args=(point, function, arguments, options))
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL


def _call(point: str, function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
    os.environ["VOC_CRASH_AT"] = point
    function(*arguments, **options)
