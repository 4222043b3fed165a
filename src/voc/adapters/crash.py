"""The fault tests' hook: the process kills itself at a named point when VOC_CRASH_AT says so, and never otherwise."""

import os
import signal


def crash_point(name: str) -> None:
    """Nothing, unless the environment variable VOC_CRASH_AT is ``name``: then this process dies here.

    SIGKILL, because it runs no clean-up: what is on disk is what a power cut or the kernel's memory killer would leave.
    """
    if os.environ.get("VOC_CRASH_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
