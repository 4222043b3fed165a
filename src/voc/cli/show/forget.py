"""What a person sees of a forgotten customer."""

from rich.console import Console
from rich.table import Table

from voc.domain.display_text import display_text
from voc.domain.forgotten import Forgotten
from voc.domain.formatting import counted

_out = Console(highlight=False, markup=False)


def forgotten(result: Forgotten) -> None:
    """Counts by place, then what the search of every file has found."""
    table = Table("Place", padding=(0, 1))
    for name in ("Found", "Removed"):
        table.add_column(name, justify="right")
    for place in result.places:
        table.add_row(place.name, counted(place.found, place.unit), f"{place.removed:,}")
    _out.print(table)
    for name in result.not_looked_for:
        _out.print(
            f"Not looked for in what others said: {display_text(name)}, "
            "which others are called too or which is a word.",
            soft_wrap=True,
        )
    if result.left:
        _out.print(f"{counted(len(result.left), 'place')} still hold something; remove these files by hand:")
        for line in result.left:
            _out.print(f"  {display_text(line)}", soft_wrap=True)
    else:
        _out.print("Every file of the state folder was searched: nothing is left.")
        _out.print("Out of reach: the inbox, backups, mails that were delivered, and copies that analysts made.")
