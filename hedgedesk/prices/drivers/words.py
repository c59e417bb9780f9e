"""What a run says of its drivers: how each moves, how they are linked, and what was repaired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from hedgedesk.domain.drivers import CURRENCY, GPU_RENT, POWER, TOKEN, VOLUME, Drivers
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.market import MarketSnapshot
from hedgedesk.domain.values import Floats
from hedgedesk.market.production import stack_of
from hedgedesk.prices.drivers.linked import RULES, Links, source
from hedgedesk.prices.drivers.single import FEWEST_CHANGES, SingleLaw
from hedgedesk.prices.events import Following, JumpLaw

CALLED = {TOKEN: "token", POWER: "power", GPU_RENT: "GPU rent", CURRENCY: "CNY per USD", VOLUME: "volume"}
FILES = {POWER: "market/power.csv", GPU_RENT: "market/gpu.csv", CURRENCY: "market/fx.csv"}
UNITS = {POWER: "per MWh", GPU_RENT: "an hour"}
WEEKS_A_YEAR = 52.0


def require_volatility(singles: Sequence[SingleLaw], drivers: Drivers) -> None:
    """Raise :class:`InputError` for every driver but the currency whose volatility nobody knows."""
    known = {name for name, terms in drivers.terms.items() if terms.volatility is not None}
    faults = [
        Fault(
            FILES[one.name],
            None,
            None,
            f"{one.changes} price changes",
            f"at least {FEWEST_CHANGES}, or {one.name}.volatility in {RULES}",
        )
        for one in singles
        if one.changes < FEWEST_CHANGES and one.name not in known and one.name != CURRENCY
    ]
    if faults:
        raise InputError(faults=faults)


def told(
    market: MarketSnapshot, drivers: Drivers, singles: Sequence[SingleLaw], found: Links, elasticity: Floats
) -> tuple[str, ...]:
    """The notices of a run with drivers."""
    units = {history.name: f" {history.currency} {UNITS[history.name]}" for history in drivers.histories}
    each = "; ".join(_moving(one, units.get(one.name, "")) for one in singles)
    moving = [f"drivers: {each}"] if singles else []
    return (*moving, *_linked(found), *_cost(market, drivers, singles, found, elasticity), *_peak(drivers))


def of_energy(energy: JumpLaw | None, elasticity: Floats) -> Iterator[str]:
    """What is said of jumps of the power price."""
    if energy is None:
        return
    ((rate, mean, spread),) = energy.sides
    uneven = f", standard deviation {spread:.2f} in logarithms" if spread else ""
    yield (
        f"energy shocks: {rate:g} times a year power becomes {np.exp(mean):.3g} times as high{uneven}, on top of the "
        "volatility above; between them it falls by as much as they add"
        + ("; today's curve stays" if np.any(elasticity != 0.0) else "; they do not reach the token")
    )


def of_shortages(model: str, rises: JumpLaw, following: Following | None) -> str:
    """What is said of how accelerator rent is hit by the token's upward jumps."""
    if following is None:
        return f"shortages move the token alone: no history of GPU rent ({FILES[GPU_RENT]})"
    if rises.rate == 0.0:
        return f"shortages: {model} draws no jumps upward, so none moves GPU rent"
    return (
        f"shortages: the token's jumps upward ({rises.rate:.2g} a year, x {np.exp(rises.mean):.3g} in the middle) move "
        f"GPU rent by {following.share:.0%} of their logarithm, on top of the volatility and the correlation above; "
        "between them rent falls by as much as they add; they are in the token's price already, so cost does not pass "
        "them on again; price wars move the token alone"
    )


def without_shocks(model: str) -> str:
    """What is said where the model's price has no Gaussian shocks to be correlated with."""
    return f"{model} draws no Gaussian shocks: its price is simulated independent of the drivers' own moves"


def _moving(one: SingleLaw, unit: str) -> str:
    basis = f"from {one.changes} changes" if one.changes else "as given"
    moves = "a random walk"
    if one.reversion > 0.0:
        half = float(np.log(2.0)) / one.reversion * WEEKS_A_YEAR
        moves = f"returns to {np.exp(one.mean_log):,.4g}, half of the way in {half:.1f} weeks"
    return f"{CALLED[one.name]} {one.today:,.4g}{unit} today, volatility {one.volatility:.0%} a year {basis}, {moves}"


def _linked(found: Links) -> Iterator[str]:
    pairs = [link for link in found.pairs if not link.by_cost]
    if pairs:
        each = (f"{CALLED[p.one]} and {CALLED[p.other]} {p.asked:+.2f} ({source(p)})" for p in pairs)
        yield f"correlations: {'; '.join(each)}"
    if found.least_eigenvalue < 0.0:
        moved = (
            f"{CALLED[link.one]} and {CALLED[link.other]} from {link.asked:+.3f} to {now:+.3f}"
            for link, now in zip(found.pairs, found.used, strict=True)
            if abs(now - link.asked) > 5e-4
        )
        yield (
            f"these correlations cannot hold together (smallest eigenvalue {found.least_eigenvalue:.3f}); the nearest "
            f"that can are used: {'; '.join(moved)}; largest change {found.repair:.3f}"
        )


def _cost(
    market: MarketSnapshot, drivers: Drivers, singles: Sequence[SingleLaw], found: Links, elasticity: Floats
) -> Iterator[str]:
    if drivers.production is None:
        return
    stack = stack_of(drivers.production, drivers, market.fx)
    linked = [f"{by:.3f} to {CALLED[one.name]}" for one, by in zip(singles, elasticity, strict=True) if by != 0.0]
    yield (
        f"production cost {stack.usd_per_mtok:.3f} USD per Mtok, {stack.gpu_share:.1%} of it GPU rent; "
        f"{drivers.production.pass_through:.0%} of a change is passed on: the token's elasticity is "
        f"{' and '.join(linked) or '0: no history of either'}, in the place of {_replaced(found) or 'a correlation'}; "
        "today's curve stays"
    )


def _replaced(found: Links) -> str:
    """The token's correlations that production cost stands in for, as they would have been."""
    known = [
        (link.estimate.value if link.given is None else link.given, link.other) for link in found.pairs if link.by_cost
    ]
    told = [f"{value:+.2f} with {CALLED[other]}" for value, other in known if np.isfinite(value)]
    return f"a correlation of {' and '.join(told)}" if told else ""


def _peak(drivers: Drivers) -> Iterator[str]:
    peak = drivers.peak
    if peak is None:
        return
    raised = f"{peak.share:.0%} of the tokens at {peak.multiple:g} times the price"
    when = "in force" if peak.in_force else f"starts {peak.starts_per_year:g} times a year, then stays"
    if not peak.in_index:
        yield (
            f"peak prices: {raised}, {when}; paid on top of the index, so no future covers it; the fan of prices is of "
            "what is paid"
        )
    elif peak.in_force:
        yield f"peak prices: {raised}, in force and in the index already"
    else:
        yield f"peak prices: {raised}, {when}; in the index, whose mean stays today's curve"
