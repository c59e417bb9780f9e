"""Results as charts, one function and one module each. They arrange and format; they never compute.

A :class:`~hedgedesk.reports.chart.Chart` is drawn by ``reports.paint`` (screen), ``reports.svg`` (page) and
``reports.notebook``; the same numbers as text are in ``reports.tables.twins``.
"""

from __future__ import annotations

from hedgedesk.reports.chart import Chart
from hedgedesk.reports.figures.cost import cost_distribution
from hedgedesk.reports.figures.cover import cover_by_month
from hedgedesk.reports.figures.curve import price_curve
from hedgedesk.reports.figures.exposure import open_by_month
from hedgedesk.reports.figures.fan import price_fan
from hedgedesk.reports.figures.frontier import frontier_chart
from hedgedesk.reports.figures.heatmap import open_by_model, open_map
from hedgedesk.reports.figures.ladder import basis_ladder, basis_split
from hedgedesk.reports.figures.landing import year_landing
from hedgedesk.reports.figures.months import cost_by_month
from hedgedesk.reports.figures.shares import concentration
from hedgedesk.reports.figures.tornado import stress_tornado

__all__ = [
    "Chart",
    "basis_ladder",
    "basis_split",
    "concentration",
    "cost_by_month",
    "cost_distribution",
    "cover_by_month",
    "frontier_chart",
    "open_by_model",
    "open_by_month",
    "open_map",
    "price_curve",
    "price_fan",
    "stress_tornado",
    "year_landing",
]
