"""What a solve leaves for the next one on the same scenarios, so that a slider is answered sooner."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Singles
from hedgedesk.hedging.programme.columns import Payoffs, payoffs_of

if TYPE_CHECKING:
    from hedgedesk.hedging.cvar import Warm


class Memory:
    """The payoffs of the last programme, the cash along its paths, and its answer.

    It never changes an answer beyond the solver's tolerance: payoffs are used again only for the same scenarios,
    exposure and instruments, and every answer is proved anew.
    """

    def __init__(self) -> None:
        self._scenarios: ScenarioSet | None = None
        self._exposure: Exposure | None = None
        self._asked: tuple[object, ...] = ()
        self._payoffs: Payoffs | None = None
        self._cash: Singles | None = None
        self.warm: Warm | None = None
        """Where the next search starts; None: anywhere."""

    def payoffs(self, program: HedgeProgram, exposure: Exposure, scenarios: ScenarioSet) -> Payoffs:
        """What can be had and what it pays: remembered, or worked out and remembered."""
        allowed = tuple(terms for terms in program.terms if program.allows(terms.name))
        asked = (program.currency, program.transaction_cost_per_mtok, allowed)
        same = self._scenarios is scenarios and self._asked == asked and self._is_of(exposure)
        if self._payoffs is None or not same:
            before, self._payoffs = self._payoffs, payoffs_of(program, exposure, scenarios)
            if before is None or before.payoff.shape != self._payoffs.payoff.shape:
                self.warm = None
            self._scenarios, self._exposure, self._asked = scenarios, exposure, asked
            self._cash = None
        return self._payoffs

    def _is_of(self, exposure: Exposure) -> bool:
        known = self._exposure
        return known is not None and all(
            np.array_equal(getattr(known, name), getattr(exposure, name))
            for name in ("months", "forecast_mtok", "fixed_mtok", "committed_cost", "beta")
        )

    def cash(self, work_out: Callable[[], Singles]) -> Singles:
        """Cash along the paths of the programme that was last asked for."""
        if self._cash is None:
            self._cash = work_out()
        return self._cash
