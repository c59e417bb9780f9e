"""What is proposed: trades, instruments beside them, the limits they use, and the proof. Fields and one summary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.instruments import InstrumentChoice
from hedgedesk.domain.market import INDICATIVE, FuturesContract
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.domain.values import ArrayHolder, Floats

WHOLE_FROM = 1_000.0
"""Amounts of an instrument are told without decimals from here on."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """How good the continuous plan is proved to be, in the programme's currency.

    ``lower_bound`` is the Lagrangian at the solver's dual, computed again by us; no plan within the rules can have an
    objective below it.
    """

    objective: float
    lower_bound: float
    gap: float
    solver: str
    status: str


@dataclass(frozen=True, slots=True)
class LimitUse:
    """One rule of the programme and how much of it the plan uses."""

    rule: str
    """band_min, band_max, over_hedge, open_volume, no_short, allowed, position_limit, quota, opening, depth,
    annual_share, tenor, net_position, credit_line, liquidity, premium_budget, turnover, budget_at_risk or capacity."""
    where: str
    """YYYY-MM of the month or contract, or what an offer is called; empty: the whole plan."""
    used: float
    limit: float
    unit: str
    binds: bool
    shadow_value: float | None = None
    """What one unit more room would save, programme's currency per ``unit``, at least 0: the dual of the continuous
    programme; None: not worked out, or a record made before it was."""


@dataclass(frozen=True, eq=False)
class HedgePlan(ArrayHolder):
    """What is proposed: trades to do now, beside the lots already held."""

    program: HedgeProgram
    contracts: tuple[FuturesContract, ...]
    """(K,)."""
    lots: Floats
    """(K,) to trade now; buy is positive."""
    held_lots: Floats
    """(K,) already in the book."""
    continuous_lots: Floats
    """(K,) trades before rounding."""
    price_per_mtok: Floats
    """(K,) today's curve, in the contracts' currency."""
    transaction_cost: Floats
    """(K,) in the programme's currency."""
    held_gain: float
    """Gain so far on the lots held against their trade prices, in the programme's currency."""
    certificate: Certificate
    """Of the continuous programme."""
    rounding_cost: float
    """What whole lots add to the objective."""
    initial_margin: Floats
    """(K,) of the lots after trading, in the programme's currency."""
    limits: tuple[LimitUse, ...] = ()
    reasons: tuple[str, ...] = ()
    """(K,) short why of each contract's trade."""
    indicative: bool = False
    """True: the curve is model-implied and nobody quotes it."""
    notices: tuple[str, ...] = ()
    choices: tuple[InstrumentChoice, ...] = ()
    """What is taken of the instruments beside the futures; those of which nothing is taken are left out."""
    rate_today: float | None = None
    """Programme currency for one unit of the contracts' currency; None in a record made before it was kept."""

    def validate(self) -> None:
        """Raise ``ValueError`` unless every array has one entry a contract."""
        count = len(self.contracts)
        for name in (
            "lots",
            "held_lots",
            "continuous_lots",
            "price_per_mtok",
            "transaction_cost",
            "initial_margin",
        ):
            if getattr(self, name).shape != (count,):
                raise ValueError(f"{name} must have one entry per contract")

    @property
    def position(self) -> Floats:
        """(K,) lots after trading."""
        return self.held_lots + self.lots

    @property
    def mtok_per_lot(self) -> Floats:
        """(K,) Mtok of the contract's unit in one lot."""
        return np.array([contract.spec.mtok_per_lot for contract in self.contracts])

    def summary(self) -> str:
        """The trades and the certificate, for the terminal."""
        rows = [f"curve {INDICATIVE}"] if self.indicative else []
        rows += [f"{'contract':<10}{'lots':>8}{'held':>8}{'Mtok':>12}{'price':>10}{'cost':>12}  why"]
        for k, contract in enumerate(self.contracts):
            mtok = self.lots[k] * contract.spec.mtok_per_lot
            why = self.reasons[k] if self.reasons else ""
            rows.append(
                f"{contract.code:<10}{self.lots[k]:>+8g}{self.held_lots[k]:>+8g}{mtok:>12,.0f}"
                f"{self.price_per_mtok[k]:>10.4f}{self.transaction_cost[k]:>12,.2f}  {why}"
            )
        rows += [_choice_line(choice, self.program.currency) for choice in self.choices]
        proof = self.certificate
        rows.append(
            f"certified: objective {proof.objective:,.2f}, lower bound {proof.lower_bound:,.2f}, gap {proof.gap:.1e} "
            f"({proof.solver}, {proof.status}); whole lots add {self.rounding_cost:,.2f} {self.program.currency}"
        )
        return "\n".join(rows)


def _choice_line(choice: InstrumentChoice, currency: str) -> str:
    """One instrument beside the futures, for the terminal."""
    offer = choice.offer
    amount = f"{choice.quantity:,.0f}" if abs(choice.quantity) >= WHOLE_FROM else f"{choice.quantity:,.4g}"
    told = [f"{offer.code} ({offer.kind.replace('_', ' ')}): {amount} {offer.unit}"]
    if choice.cover_mtok:
        told.append(f"covers {choice.cover_mtok:,.0f} Mtok")
    if choice.premium:
        told.append(f"premium {choice.premium:,.2f} {currency}")
    told.append(f"mean gain {choice.mean_gain:,.2f} {currency}")
    return f"{', '.join(told)}  {choice.reason}".rstrip()
