"""What a plan's instruments beside the futures pay, cover and call for."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.plan import HedgePlan
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Floats
from hedgedesk.market.instruments import calls, cover_mtok, gain, gain_by_month
from hedgedesk.market.instruments.kind import Setting


def setting_of(exposure: Exposure, plan: HedgePlan, scenarios: ScenarioSet) -> Setting:
    """Where the plan's instruments are valued."""
    return Setting(exposure.after(scenarios.as_of), scenarios, plan.program.currency)


def choices_by_month(plan: HedgePlan, setting: Setting) -> Floats:
    """(S, T) gains less transaction cost, which belongs to the months that the instrument covers, or else to all."""
    scenarios = setting.scenarios
    total = np.zeros(scenarios.price_per_mtok.shape)
    for choice in plan.choices:
        total += choice.quantity * gain_by_month(choice.offer, setting)
        weight = cover_mtok(choice.offer, setting)
        weight = weight if weight.sum() > 0 else np.ones_like(weight)
        total -= choice.transaction_cost * weight / weight.sum()
    return total


def mean_gains(plan: HedgePlan, setting: Setting) -> Floats:
    """(J,) mean over the scenarios of what each choice pays, transaction cost not taken off."""
    return np.array([choice.quantity * gain(choice.offer, setting).mean() for choice in plan.choices])


def covered(plan: HedgePlan, setting: Setting) -> Floats:
    """(T,) volume whose price the choices settle, Mtok of the contract's unit."""
    cover = np.zeros(setting.scenarios.months.size)
    for choice in plan.choices:
        cover += choice.quantity * cover_mtok(choice.offer, setting)
    return cover


def called(plan: HedgePlan, setting: Setting) -> Floats | None:
    """(S, D) cash that the choices need by each margin date beyond their initial margin; None: nothing calls."""
    needs = [(choice.quantity, calls(choice.offer, setting)) for choice in plan.choices]
    found = [quantity * need for quantity, need in needs if need is not None]
    return np.sum(found, axis=0) if found else None


def initial_margin(plan: HedgePlan) -> float:
    """Of futures and choices together, in the programme's currency."""
    return float(plan.initial_margin.sum()) + sum(choice.initial_margin for choice in plan.choices)


def transaction_cost(plan: HedgePlan) -> float:
    """Of futures and choices together, in the programme's currency."""
    return float(plan.transaction_cost.sum()) + sum(choice.transaction_cost for choice in plan.choices)
