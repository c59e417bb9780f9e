"""The figures of the screen for a notebook: the same names, each a ``plotly.graph_objects.Figure``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import figures, paint

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgedesk.domain.results import RiskReport
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.scenarios import PriceFan
    from hedgedesk.domain.strategies import Frontier
    from hedgedesk.domain.study import BasisLadder, BasisSplit, Concentration, Landing


def cost_distribution(report: RiskReport) -> Figure:
    """Cost of the horizon with the plan and without hedges, against the budget and both tail means."""
    return _figure(figures.cost_distribution(report))


def price_fan(fan: PriceFan) -> Figure:
    """The index's past and today's curve in the quantiles of the simulated monthly averages."""
    return _figure(figures.price_fan(fan))


def cover_by_month(report: RiskReport) -> Figure:
    """Fixed, held and proposed cover of each month inside the policy band."""
    return _figure(figures.cover_by_month(report))


def open_by_month(run: HedgeRun, measure: str = "tokens") -> Figure:
    """Volume by month: fixed, hedged and left open; ``measure`` is tokens, standard or money."""
    return _figure(figures.open_by_month(run, measure))


def open_by_model(run: HedgeRun, measure: str = "tokens") -> Figure:
    """Open volume by model and month; ``measure`` is tokens, standard or money."""
    return _figure(figures.open_by_model(run, measure))


def open_map(run: HedgeRun, measure: str = "tokens", by: str = "model") -> Figure:
    """Open volume by month and model or team (``by``); ``measure`` is tokens, standard or money."""
    return _figure(figures.open_map(run, measure, by))


def year_landing(landing: Landing) -> Figure:
    """Months paid and expected of the year, with their range and budget."""
    return _figure(figures.year_landing(landing))


def basis_ladder(ladder: BasisLadder) -> Figure:
    """From the index to the price paid, step by step."""
    return _figure(figures.basis_ladder(ladder))


def basis_split(split: BasisSplit) -> Figure:
    """From one month's cost to another's, by cause."""
    return _figure(figures.basis_split(split))


def concentration(found: Concentration) -> Figure:
    """Shares of sellers, models, teams or regions."""
    return _figure(figures.concentration(found))


def price_curve(fan: PriceFan) -> Figure:
    """Today's curve beside the mean of the scenarios."""
    return _figure(figures.price_curve(fan))


def cost_by_month(report: RiskReport) -> Figure:
    """Cost of each month with the plan as quantiles."""
    return _figure(figures.cost_by_month(report))


def stress_tornado(report: RiskReport) -> Figure:
    """Change of the expected cost under each stress."""
    return _figure(figures.stress_tornado(report))


def frontier_chart(found: Frontier) -> Figure:
    """Mean cost against tail: the best plans, the proposed one, the book and no hedge."""
    return _figure(figures.frontier_chart(found))


def _figure(chart: figures.Chart) -> Figure:
    from plotly.graph_objects import Figure

    painted = paint.plotly(chart)
    title = {"text": f"{chart.title}, {chart.unit}", "font": {"size": 13}, "x": 0.01}
    painted["layout"] |= {"title": title, "height": 360, "paper_bgcolor": "white"}
    painted["layout"]["margin"] |= {"t": 60}
    return Figure(painted)
