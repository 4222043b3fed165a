"""What a power cut must not take back."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Waits until the file, or the folder's list of names, is on the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
