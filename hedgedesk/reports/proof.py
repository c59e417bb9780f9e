"""How good a plan is proved to be, and what it costs to hold, as named values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import page_scale
from hedgedesk.reports.tables.choices import trading_cost

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun


def proof(run: HedgeRun) -> tuple[tuple[str, str], ...]:
    """Certificate, rounding, transaction cost and effectiveness, in reading order."""
    plan, effect = run.plan, run.report.effectiveness
    certificate, currency, scale = plan.certificate, plan.program.currency, page_scale(run.report)
    unit = scale.unit(currency)
    pairs = [
        ("gap", gap_text(certificate.gap), {}),
        ("objective", scale.text(certificate.objective), {"unit": unit}),
        ("bound", scale.text(certificate.lower_bound), {"unit": unit}),
        ("rounding", fmt.number(plan.rounding_cost), {"currency": currency}),
        ("cost", fmt.number(trading_cost(plan)), {"currency": currency}),
        ("held_gain", fmt.number(plan.held_gain, signed=True), {"currency": currency}),
        ("effectiveness", fmt.share(effect.in_sample, 1), {}),
        ("effectiveness_out", fmt.share(effect.out_of_sample, 1), {}),
        ("solver", f"{certificate.solver}, {certificate.status}", {}),
    ]
    return tuple((say(f"certificate.{key}", **values), text) for key, text, values in pairs)


def gap_text(gap: float) -> str:
    """A certified gap as a share; what rounds to nothing is not shown as 0."""
    return "<0.001%" if 0 <= gap < 1e-5 else fmt.share(gap, 3)
