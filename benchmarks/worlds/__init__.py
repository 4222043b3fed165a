"""Six made-up companies, built unlike each other, with planted contradictions and decoys; everything from one seed.

>>> from worlds import WORLDS
>>> world = WORLDS["linear"](seed=1, n=300)
>>> len(world.planted), len(world.decoys)
(12, 36)
"""

from worlds.events import events
from worlds.heavy import heavy
from worlds.linear import linear, unrelated
from worlds.retail import retail
from worlds.service import service
from worlds.world import Planted, World, cut

__all__ = ["WORLDS", "Planted", "World", "cut"]

WORLDS = {
    "linear": linear,
    "heavy": heavy,
    "events": events,
    "unrelated": unrelated,
    "retail": retail,
    "service": service,
}
