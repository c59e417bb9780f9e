"""Plans side by side on the same scenarios: the frontier, the strategies, and how a plan fares under every model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.values import ArrayHolder, Floats, Months


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One efficient plan, in fractions of lots; money in the programme's currency, fees included."""

    risk_weight: float | None
    """None: CVaR alone."""
    mean: float
    cvar: float
    standard_deviation: float
    lots: float
    """Sum over the contracts of the lots after trading."""
    initial_margin: float
    position: tuple[float, ...]
    """Lots after trading of each contract, then quantities of the offers in their order."""


@dataclass(frozen=True, slots=True)
class Frontier:
    """Mean cost against tail, from the cheapest plan to the safest; dominated points are left out."""

    currency: str
    level: float
    points: tuple[FrontierPoint, ...]
    proposed: FrontierPoint
    """The plan, in the lots it has."""
    book: FrontierPoint
    """The lots held, nothing traded."""
    open: FrontierPoint
    """No hedge at all."""

    def summary(self) -> str:
        """One line a plan, for the terminal."""
        tail = f"CVaR {self.level:.0%}"
        rows = [f"{'plan, ' + self.currency:<24}{'mean':>14}{tail:>14}{'s.d.':>14}{'lots':>10}{'margin':>14}"]
        marks = (("no hedge", self.open), ("the book", self.book), ("proposed", self.proposed))
        weights = (
            ("CVaR alone" if each.risk_weight is None else f"risk weight {each.risk_weight:.4g}", each)
            for each in self.points
        )
        for name, point in (*weights, *marks):
            rows.append(
                f"{name:<24}{point.mean:>14,.0f}{point.cvar:>14,.0f}{point.standard_deviation:>14,.0f}"
                f"{point.lots:>10,.1f}{point.initial_margin:>14,.0f}"
            )
        return "\n".join(rows)


@dataclass(frozen=True, slots=True)
class StrategyLine:
    """One way to hedge on the scenarios of the run; money in the programme's currency."""

    name: str
    """nothing, everything, layered, minimum_variance (no limit but the open volume), proposed, or the user's own."""
    mean: float
    standard_deviation: float
    p95: float
    var: float
    cvar: float
    budget_at_risk: float | None
    initial_margin: float
    lots: float
    cover: float
    """Share of the forecast of the hedgeable months whose price is settled, commitments included."""
    regret: tuple[float, ...]
    """Mean of cost less unhedged cost under each stress of :attr:`Strategies.stresses`; above 0, hedging made it
    dearer."""
    keeps_rules: bool
    """Whether it is within every rule of the programme."""
    note: str = ""
    """How it was worked out, where that needs saying."""


@dataclass(frozen=True, slots=True)
class Strategies:
    """Hedge nothing, everything, in layers, by minimum variance, and as proposed, on common scenarios."""

    currency: str
    level: float
    scenarios: int
    stresses: tuple[str, ...]
    """Named shocks, each the day after the trade; the price war first."""
    lines: tuple[StrategyLine, ...]

    def summary(self) -> str:
        """One line a strategy, then its regrets, for the terminal."""
        tail = f"CVaR {self.level:.0%}"
        title = f"strategy, {self.currency}"
        rows = [f"{title:<24}{'mean':>14}{tail:>14}{'margin':>14}{'lots':>10}{'cover':>8}  note"]
        for line in self.lines:
            rows.append(
                f"{line.name:<24}{line.mean:>14,.0f}{line.cvar:>14,.0f}{line.initial_margin:>14,.0f}"
                f"{line.lots:>10,.1f}{line.cover:>8.1%}  {line.note}".rstrip()
            )
        rows += ["", f"{'regret':<24}" + "".join(f"{name:>16}" for name in self.stresses)]
        rows += [f"{line.name:<24}" + "".join(f"{each:>16,.0f}" for each in line.regret) for line in self.lines]
        return "\n".join(rows)


@dataclass(frozen=True, eq=False)
class LayeredHistory(ArrayHolder):
    """What an Mtok of each past delivery month would have cost, bought in several ways; before fees.

    Money is the contracts' currency per Mtok of the contract's unit.
    """

    currency: str
    unit: str
    ladder: str
    """Of the layered ways."""
    months: Months
    """(n,) delivery months that have been quoted and are over; none without a history of futures."""
    ways: tuple[str, ...]
    """(W,) nothing (at the index), everything (at the first quote), layered, triggered (layered, but ahead at low
    prices and waiting at high ones)."""
    paid_per_mtok: Floats
    """(W, n)."""
    cover: Floats
    """(W, n) share of the Mtok whose price was settled before the month began."""

    def validate(self) -> None:
        """Raise ``ValueError`` unless there is a row a way and a column a month."""
        for name in ("paid_per_mtok", "cover"):
            if getattr(self, name).shape != (len(self.ways), self.months.size):
                raise ValueError(f"{name} needs a row a way and a column a month")

    @property
    def mean(self) -> Floats:
        """(W,) over the months; NaN without any."""
        if not self.months.size:
            return self._unknown
        mean: Floats = self.paid_per_mtok.mean(axis=1)
        return mean

    @property
    def standard_deviation(self) -> Floats:
        """(W,) of what the months cost; NaN below two."""
        if self.months.size < 2:
            return self._unknown
        deviation: Floats = self.paid_per_mtok.std(axis=1, ddof=1)
        return deviation

    @property
    def _unknown(self) -> Floats:
        return np.full(len(self.ways), np.nan)

    @property
    def regret(self) -> Floats:
        """(W, n) what a way cost more than buying at the index; above 0, hedging made the month dearer."""
        dearer: Floats = self.paid_per_mtok - self.paid_per_mtok[0]
        return dearer

    def summary(self) -> str:
        """One line a way, for the terminal."""
        if not self.months.size:
            return "no delivery month has been quoted and is over, so no ladder can be judged on the past"
        span = f"{self.months[0]} to {self.months[-1]}, {self.months.size} delivery months"
        rows = [f"paid per M {self.unit.upper()}, {self.currency}, {span}, ladder {self.ladder}"]
        rows += [f"{'way':<20}{'mean':>12}{'s.d.':>12}{'cover':>8}{'dearer':>8}{'worst regret':>14}"]
        for w, way in enumerate(self.ways):
            dearer = float((self.regret[w] > 0).mean())
            rows.append(
                f"{way:<20}{self.mean[w]:>12.4f}{self.standard_deviation[w]:>12.4f}{self.cover[w].mean():>8.0%}"
                f"{dearer:>8.0%}{self.regret[w].max():>14.4f}"
            )
        return "\n".join(rows)


@dataclass(frozen=True, eq=False)
class ModelPlans(ArrayHolder):
    """Every model's best plan judged under every model, and the plans that are least bad over all of them.

    Money is the objective of the programme in its currency; positions are in fractions of lots.
    """

    models: tuple[str, ...]
    """(M,) price models, the run's own first."""
    plans: tuple[str, ...]
    """(P,) the models' own plans, then minimax_regret, robust and, last, proposed."""
    columns: tuple[str, ...]
    """(n,) contracts, then offers."""
    positions: Floats
    """(P, n)."""
    objective: Floats
    """(P, M) objective of each plan under each model."""
    refused: dict[str, str]
    """Models left out, by name, with what they would need."""

    def validate(self) -> None:
        """Raise ``ValueError`` unless every array has its shape."""
        if self.positions.shape != (len(self.plans), len(self.columns)):
            raise ValueError("positions need a row a plan and a column an instrument")
        if self.objective.shape != (len(self.plans), len(self.models)):
            raise ValueError("objectives need a row a plan and a column a model")

    @property
    def regret(self) -> Floats:
        """(P, M) objective above the best plan of the same model; what the solver's accuracy leaves below 0 is 0."""
        count = len(self.models)
        above: Floats = self.objective - np.diag(self.objective[:count, :count])[None, :]
        return np.maximum(above, 0.0)

    @property
    def worst_regret(self) -> Floats:
        """(P,)."""
        worst: Floats = self.regret.max(axis=1)
        return worst

    def summary(self) -> str:
        """Each plan's regret under each model and its worst, for the terminal."""
        rows = [f"{'regret of the plan':<20}" + "".join(f"{name:>16}" for name in (*self.models, "worst"))]
        for name, regret, worst in zip(self.plans, self.regret, self.worst_regret, strict=True):
            rows.append(f"{name:<20}" + "".join(f"{each:>16,.0f}" for each in (*regret, worst)))
        return "\n".join(rows + [f"left out: {name}: {reason}" for name, reason in self.refused.items()])
