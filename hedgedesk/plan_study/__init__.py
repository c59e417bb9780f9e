"""Studies of a plan: beside other plans, along the frontier, in layers, and under every price model.

Pure composition of hedging, risk and prices: a strategy is a plan, and a plan is judged as every plan is.
"""

from hedgedesk.plan_study.across_models import across_models
from hedgedesk.plan_study.frontier import frontier
from hedgedesk.plan_study.history import layered_history
from hedgedesk.plan_study.layered import AIRLINE, Ladder, ladder_of, triggered
from hedgedesk.plan_study.strategies import strategies

__all__ = [
    "AIRLINE",
    "Ladder",
    "across_models",
    "frontier",
    "ladder_of",
    "layered_history",
    "strategies",
    "triggered",
]
