"""Leaf props of the plans under every price model: what was found, how its job stands, the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from hedgedesk.dashboard import grids
from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.market.models import standing
from hedgedesk.dashboard.pages.plan import places
from hedgedesk.dashboard.pages.plan.studies import empty_grid
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.dashboard.pages.market.models.head import Standing
    from hedgedesk.desk import Desk
    from hedgedesk.domain.strategies import ModelPlans

KIND = "plans"
"""Of the job that compares."""
HEAD = (
    f"{places.STATE}.children",
    f"{places.COMPARE}.children",
    f"{places.COMPARE}.disabled",
    f"{places.MODELS_BODY}.hidden",
)
TOLD = (f"{places.MODELS}-unit.children", f"{places.VERDICT}.children", f"{places.REFUSED}.children")
LEAVES = (*HEAD, *leaves.grid_leaves(places.MODELS), *TOLD)


def answer(desk: Desk, run_id: str) -> leaves.Leaves:
    """Every leaf for a run."""
    try:
        found = desk.plans.models(run_id)
    except HedgeDeskError as error:
        return without(say("plans.not_now", why=str(error).rstrip(".")), startable=False)
    stands = standing(desk, KIND)
    if found is None:
        return without(_state(stands) or say("model_plans.none"), startable=not stands.busy)
    return view(found, desk.result(run_id).plan.program.currency, stands)


def view(found: ModelPlans, currency: str, stands: Standing) -> leaves.Leaves:
    """Every leaf where the models have been compared."""
    from hedgedesk.reports.tables import model_plans as tables

    head: tuple[Any, ...] = (_state(stands), say("model_plans.again"), stands.busy, False)
    refused = [html.Li(text) for text in tables.refusals(found)]
    told = (tables.models_unit(found, currency), tables.models_words(found, currency), refused)
    return {
        **dict(zip(HEAD, head, strict=True)),
        **grids.grid_leaves(places.MODELS, tables.models_table(found, currency)),
        **dict(zip(TOLD, told, strict=True)),
    }


def without(words: str, *, startable: bool) -> leaves.Leaves:
    """Every leaf where they have not, and the way on."""
    head: tuple[Any, ...] = (words, say("model_plans.start"), not startable, True)
    return {
        **dict(zip(HEAD, head, strict=True)),
        **empty_grid(places.MODELS),
        **dict(zip(TOLD, ("", "", []), strict=True)),
    }


def _state(stands: Standing) -> str:
    if stands.busy:
        return say("model_plans.working")
    if stands.failed:
        return say("model_plans.failed", why=stands.failed)
    return say("model_plans.stopped") if stands.cancelled else ""
