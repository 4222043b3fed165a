"""Suspected onsets: when something may have begun, at once or gradually."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Onset:
    """``weeks``: complete weeks from it to the end; ``ramp``: weeks until the step has its full height, 1 is at
    once."""

    weeks: int
    ramp: int = 1

    def height(self, week: NDArray[np.int64], end: int) -> Floats:
        """Part of the step that is there in each of ``week``, in [0, 1]; ``end`` is the first week not seen."""
        return np.clip((week - (end - self.weeks) + 1) / self.ramp, 0.0, 1.0)


ONSETS = (
    *(Onset(weeks) for weeks in (4, 6, 8, 10, 13, 17, 21, 26)),
    *(Onset(weeks, ramp=6) for weeks in (8, 10, 13, 17, 21, 26)),
)
"""About 1.3 apart: nearer ones hardly differ. Without ramps a tenth of the found is lost (average precision on the
answerable .39 instead of .43 in a linear test world); more onsets gained nothing."""
ONSET_WEEKS = np.array([onset.weeks for onset in ONSETS])
ABRUPT = tuple(i for i, onset in enumerate(ONSETS) if onset.ramp == 1)
"""Positions of the onsets without a ramp. Those alone are tried for groups, whose onsets are sharp enough."""
ABRUPT_WEEKS = ONSET_WEEKS[list(ABRUPT)]
BASELINE_WEEKS = 52
"""Weeks before an onset that groups and rival explanations compare it with: a whole year, so that no season stands on
one side only."""
