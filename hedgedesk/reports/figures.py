"""Results as charts. They draw and format; they never compute."""

from __future__ import annotations

from hedgedesk.reports.chart import Chart
from hedgedesk.reports.cost_figure import cost_distribution
from hedgedesk.reports.cover_figure import cover_by_month
from hedgedesk.reports.fan_figure import price_fan

__all__ = ["Chart", "cost_distribution", "cover_by_month", "price_fan"]
