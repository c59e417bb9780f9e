"""Where outcomes fell in a model's forecasts: flat where the forecasts are honest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.chart import Axis, Chart, Mark
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.messages import price_model, say

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import ValidationRow


def pit_histogram(row: ValidationRow) -> Chart:
    """Share of outcomes in each tenth of the forecast distribution (teal), against an honest one's range (slate)."""
    bins, total = len(row.pit), sum(row.pit)
    x: list[object] = [float(k) for k in range(bins)]
    shares = [count / total if total else 0.0 for count in row.pit]
    told = [
        say("figure.pit.told", low=fmt.share(k / bins), high=fmt.share((k + 1) / bins), count=row.pit[k], of=total)
        for k in range(bins)
    ]
    low, high = expected(total, bins)
    wide: list[object] = [-0.5, bins - 0.5]
    top = max(*shares, high) * 1.1
    ends = tuple((share * bins - 0.5, fmt.share(share)) for share in (0.25, 0.5, 0.75))
    return Chart(
        "histogram",
        say("figure.pit.title", model=price_model(row.model)),
        say("figure.pit.unit_one" if row.horizon_months == 1 else "figure.pit.unit", months=row.horizon_months),
        _alt(row, shares),
        (
            Mark("fill", say("figure.pit.honest"), wide, [high, high], "slate", base=[low, low], strength=0.16),
            Mark("bar", say("figure.pit.outcomes"), x, list(shares), "teal", told=told, strength=0.85),
            Mark("line", say("figure.pit.flat"), wide, [1 / bins, 1 / bins], "slate", width=1.2, dash="dash"),
        ),
        x=Axis(-0.5, bins - 0.5, ends),
        y=Axis(0.0, top, ticks(0.0, top, _percent)),
    )


def expected(total: int, bins: int) -> tuple[float, float]:
    """Shares between which about 95 in 100 bars of an honest forecast lie: 1 / bins plus and minus two errors."""
    if not total:
        return 0.0, 1.0
    mean = 1.0 / bins
    error = math.sqrt(mean * (1.0 - mean) / total)
    return max(0.0, mean - 1.96 * error), mean + 1.96 * error


def _percent(value: float, decimals: int) -> str:
    return fmt.share(value, max(0, decimals - 2))


def _alt(row: ValidationRow, shares: list[float]) -> str:
    return say(
        "figure.pit.alt",
        model=price_model(row.model),
        months=row.horizon_months,
        origins=fmt.number(row.origins),
        low=fmt.share(shares[0]),
        high=fmt.share(shares[-1]),
        p=fmt.number(row.pit_p_value, 2),
    )
