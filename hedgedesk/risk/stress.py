"""Named shocks applied to every scenario under the same plan."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgedesk.domain.drivers import GPU_RENT, PASS_THROUGH
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.market import fx_factor
from hedgedesk.domain.plan import HedgePlan
from hedgedesk.domain.results import StressResult
from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.domain.values import Floats
from hedgedesk.market.instruments import needs_paths
from hedgedesk.market.production import ProductionStack, peak_average
from hedgedesk.risk.choices import mean_gains, setting_of, transaction_cost
from hedgedesk.risk.limit_locked import can_lock, days_locked, told_of_locks

PEAK_SHARE = 0.4
"""Share of the tokens used in peak hours where the desk has no hourly profile (assumption)."""
DEARER_RENT = 1.38
"""H100 rent 1.70 to 2.35 USD an hour, October 2025 to March 2026."""
CURRENCY_MOVE = 0.10
"""Move of CNY per USD, against us (assumption)."""
SPIKE_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Shock:
    """Factors on the drawn scenarios."""

    name: str
    told: str
    price: float = 1.0
    cny_per_usd: float = 1.0
    volume: float = 1.0
    volume_months: int = 0
    gpu_rent: float = 1.0
    locked: bool = False
    """Whether the futures alone move: a market at its daily limit, against the plan."""


def shocks(exposure: Exposure, scenarios: ScenarioSet, currency: str) -> Iterator[Shock]:
    """The stresses that apply to this desk, with the source of each number."""
    yield Shock("Price war", "token price ×0.25 (a lab's permanent cut, 31 May 2026)", price=0.25)
    yield Shock(
        "Peak pricing",
        f"×2 in peak hours for {PEAK_SHARE:.0%} of the tokens, so price ×{peak_average(1.0, PEAK_SHARE, 2.0):.2f}",
        price=peak_average(1.0, PEAK_SHARE, 2.0),
    )
    chip = 1.0 + PASS_THROUGH * ProductionStack().gpu_share * (DEARER_RENT - 1.0)
    yield Shock(
        "Chip shortage",
        f"accelerator rent ×{DEARER_RENT:.2f}, {PASS_THROUGH:.0%} passed on, so price ×{chip:.3f}",
        price=chip,
        gpu_rent=DEARER_RENT,
    )
    yield Shock(
        "Demand spike",
        f"volume ×2 in the first {SPIKE_MONTHS} months (assumption)",
        volume=2.0,
        volume_months=SPIKE_MONTHS,
    )
    paid_in = {scenarios.curve.currency, exposure.commitment_currency} - {"", currency}
    if scenarios.cny_per_usd is not None and paid_in:
        # A dearer foreign currency is what hurts.
        factor = 1.0 - CURRENCY_MOVE if currency == "USD" else 1.0 + CURRENCY_MOVE
        yield Shock("CNY move", f"CNY per USD ×{factor:.2f} (assumption)", cny_per_usd=factor)
    if can_lock(scenarios.contracts):
        yield Shock("Limit-locked", told_of_locks(scenarios.contracts), locked=True)


def stress_table(
    exposure: Exposure, plan: HedgePlan, scenarios: ScenarioSet, budget: float | None, *, side_by_side: bool = False
) -> tuple[StressResult, ...]:
    """Every shock on the same plan: physical cost, hedge gain, margin call, regret; means over the scenarios.

    A price shock moves the index, the settlements and so the futures alike: the plan's hedge is on that index. Other
    instruments are valued anew on the shocked scenarios, at what was agreed before the shock. A market that is locked
    moves the futures alone.

    Parameters
    ----------
    side_by_side
        Plans are compared: each has a line for every one of :func:`shocks`, also for a locked market without lots.
    """
    base = _Means.of(exposure, scenarios, plan)
    return tuple(
        (_locked if shock.locked else _result)(shock, base, exposure, plan, scenarios, budget)
        for shock in shocks(exposure, scenarios, plan.program.currency)
        if side_by_side or plan.position.any() or not shock.locked
    )


def _locked(
    shock: Shock, base: _Means, exposure: Exposure, plan: HedgePlan, scenarios: ScenarioSet, budget: float | None
) -> StressResult:
    """Days at the daily limit against the lots, which are closed at the last one's price; the bill is unchanged.

    So ends a position whose margin calls are not met.
    """
    locked, currency = days_locked(plan, scenarios.as_of), plan.program.currency
    lost, called = (scenarios.money_today(float(money), currency) for money in (locked.lost[-1], locked.called.max()))
    physical = base.floating + base.committed
    gain = plan.held_gain - float(lost) + float(base.choices.sum())
    total = physical - gain + transaction_cost(plan)
    return StressResult(
        name=shock.name,
        shock=shock.told,
        physical_cost=physical,
        hedge_gain=gain,
        total_cost=total,
        margin_call=max(0.0, float(called)),
        regret=total - physical,
        over_budget=None if budget is None else total - budget,
    )


@dataclass(frozen=True, slots=True)
class _Means:
    """Means over the scenarios that a shock of price or currency only scales; in the programme's currency."""

    floating: float
    committed: float
    gain_per_lot: Floats
    """(K,)."""
    entry_per_lot: Floats
    """(K,) today's price of a lot at the currency of its delivery."""
    choices: Floats
    """(J,) of what each instrument beside the futures pays; a shock values them anew."""

    @classmethod
    def of(cls, exposure: Exposure, scenarios: ScenarioSet, plan: HedgePlan) -> _Means:
        currency = plan.program.currency
        committed = 0.0
        if exposure.commitment_currency:
            rate = fx_factor(scenarios.cny_per_usd, exposure.commitment_currency, currency)
            committed = float((exposure.committed_cost * np.atleast_2d(rate).mean(axis=0)).sum())
        entry = scenarios.curve.price_per_mtok * scenarios.mtok_per_lot
        return cls(
            floating=float(scenarios.cost_by_month(exposure, currency).sum(axis=1).mean()) - committed,
            committed=committed,
            gain_per_lot=scenarios.gain_per_lot(currency).mean(axis=0),
            entry_per_lot=entry * np.atleast_2d(scenarios.rate_at_delivery(currency)).mean(axis=0),
            choices=mean_gains(plan, setting_of(exposure, plan, scenarios)),
        )

    def physical(self, shock: Shock, paid: float, exposure: Exposure, currency: str) -> float:
        """Cost without hedges when price and currency move; ``paid`` is the factor on the curve's currency."""
        committed = self.committed
        if exposure.commitment_currency:
            committed *= _moved(shock, exposure.commitment_currency, currency)
        return self.floating * shock.price * paid + committed


def _result(
    shock: Shock, base: _Means, exposure: Exposure, plan: HedgePlan, scenarios: ScenarioSet, budget: float | None
) -> StressResult:
    currency = plan.program.currency
    paid = _moved(shock, scenarios.curve.currency, currency)
    lot = base.gain_per_lot * shock.price + base.entry_per_lot * (shock.price - 1.0)
    physical, choices = base.physical(shock, paid, exposure, currency), base.choices
    if shock.volume_months or plan.choices:
        paths = needs_paths(choice.offer for choice in plan.choices)
        moved = shocked_scenarios(shock, exposure, scenarios, paths=paths)
        choices = mean_gains(plan, setting_of(exposure, plan, moved))
        if shock.volume_months:
            physical = float(moved.cost_by_month(exposure, currency).sum(axis=1).mean())
    gain = float(lot @ plan.position) * paid + plan.held_gain + float(choices.sum())
    total = physical - gain + transaction_cost(plan)
    return StressResult(
        name=shock.name,
        shock=shock.told,
        physical_cost=physical,
        hedge_gain=gain,
        total_cost=total,
        margin_call=_margin_call(shock, plan, scenarios, base.choices - choices),
        regret=total - physical,
        over_budget=None if budget is None else total - budget,
    )


def _moved(shock: Shock, source: str, currency: str) -> float:
    """Factor on what is converted from ``source`` into ``currency``."""
    return float(fx_factor(shock.cny_per_usd, source, currency))


def shocked_scenarios(shock: Shock, exposure: Exposure, scenarios: ScenarioSet, *, paths: bool = False) -> ScenarioSet:
    """The same draws with the shock's factors on them; today's curve, at which the plan traded, stays.

    The futures prices along the paths stay too, unless ``paths`` says that something is valued on them.
    """
    moved: dict[str, Any] = {}
    if shock.price != 1.0:
        moved["price_per_mtok"] = scenarios.price_per_mtok * shock.price
        moved["settlement_per_mtok"] = scenarios.settlement_per_mtok * shock.price
        if paths and scenarios.futures_per_mtok is not None:
            moved["futures_per_mtok"] = scenarios.futures_per_mtok * np.float32(shock.price)
    if shock.cny_per_usd != 1.0 and scenarios.cny_per_usd is not None:
        moved["cny_per_usd"] = scenarios.cny_per_usd * shock.cny_per_usd
    if shock.volume_months:
        spike = np.ones(scenarios.months.size)
        spike[: shock.volume_months] = shock.volume
        forecast = exposure.forecast_in(scenarios.unit)
        volume = scenarios.volume_mtok * spike
        factor = np.divide(volume, forecast, out=np.zeros_like(volume), where=forecast > 0)
        moved |= {"volume_mtok": volume, "open_mtok": exposure.open_given(factor, scenarios.unit)}
    for values in moved.values():
        values.setflags(write=False)  # nobody else has them: no copy is needed
    if shock.gpu_rent != 1.0 and GPU_RENT in scenarios.drivers:
        moved["drivers"] = scenarios.drivers | {GPU_RENT: scenarios.drivers[GPU_RENT] * shock.gpu_rent}
    return dataclasses.replace(scenarios, **moved)


def _margin_call(shock: Shock, plan: HedgePlan, scenarios: ScenarioSet, lost: Floats) -> float:
    """Variation margin due at once when every futures price moves by the shock's factor the day after the trade.

    Of the other instruments, those with a margin call for what they have ``lost`` (J,) on average.
    """
    loss: Floats = plan.position * plan.price_per_mtok * plan.mtok_per_lot * (1.0 - shock.price)
    margined = np.array([choice.initial_margin > 0 for choice in plan.choices], dtype=np.bool_)
    others = float(lost[margined].sum()) if lost.size else 0.0
    return max(0.0, float(np.sum(scenarios.money_today(loss, plan.program.currency))) + others)
