"""Every error we raise on purpose.

VocError
├── InputError      the data or a setting is wrong; a retry cannot help       exit 2
│   └── GateFailed  a critical rule at a door was broken                      exit 2
├── LockHeld        another run is writing this state folder                  exit 75
└── OutsideError    something we call failed (dbt, disk, a process)           exit 1
"""


class VocError(Exception):
    """What went wrong and the next thing to do about it.

    Subclasses are names only: both arguments stay positional so that the error survives pickling between
    processes. Neither may hold a secret or a customer's words.
    """

    exit_code = 1

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what, fix)
        self.what, self.fix = what, fix

    def __str__(self) -> str:
        return f"{self.what}\n  fix: {self.fix}"


class InputError(VocError):
    """The data or a setting is wrong; running again gives the same answer."""

    exit_code = 2


class GateFailed(InputError):
    """A table broke a critical rule of its door and must not travel further."""


class LockHeld(VocError):
    """Another run holds the writer's lock of this state folder."""

    exit_code = 75


class OutsideError(VocError):
    """A file, process or service outside us failed; running again may work."""
