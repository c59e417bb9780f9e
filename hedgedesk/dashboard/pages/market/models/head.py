"""Leaf props of the head of the models' part: what there is, how a fit stands, the next step. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hedgedesk.dashboard.pages import leaves
from hedgedesk.dashboard.pages.market.models import places
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import price_model, say

if TYPE_CHECKING:
    from hedgedesk.dashboard.pages.market.models.own_values import OwnValues
    from hedgedesk.domain.price_models import ModelStudy

HEAD = (
    f"{places.STATE}.children",
    f"{places.NOTE}.children",
    f"{places.FIT}.children",
    f"{places.FIT}.style",
    f"{places.FIT}.disabled",
    f"{places.FOUND}.hidden",
    f"{places.EMPTY}.hidden",
    f"{places.WHY}.children",
    f"{places.RUN_WITH}.children",
    f"{places.RUN_WITH}.disabled",
    f"{places.RUN_WITH}-hint.title",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the fit is under way, and how the last one ended."""

    busy: bool = False
    failed: str = ""
    cancelled: bool = False


def head(study: ModelStudy | None, own: OwnValues, standing: Standing, model: str | None) -> leaves.Leaves:
    """What there is, and the next step."""
    fitted = study is not None and bool(study.fits)
    pending = study is None or own.pending(study)
    key = "models.fit" if study is None else "models.fit_view" if own.view() else "models.fit_again"
    named = price_model(model) if model else ""
    values: tuple[Any, ...] = (
        _state(study),
        _note(standing),
        say(key),
        {} if pending else {"display": "none"},
        standing.busy,
        not fitted,
        fitted,
        _why(study),
        say("models.run_with", model=named) if named else say("models.run_blank"),
        not fitted,
        say("models.run_hint"),
    )
    return dict(zip(HEAD, values, strict=True))


def _state(study: ModelStudy | None) -> str:
    if study is None:
        return say("models.none")
    count = len(study.fits)
    key = "models.told_one" if count == 1 else "models.told"
    told = [say(key, count=count, index=study.index, date=fmt.day(study.as_of))]
    if study.refusals:
        told.append(say("models.told_refused", count=len(study.refusals)))
    if study.parameter_uncertainty:
        told.append(say("models.told_drawn"))
    return " · ".join(told)


def _note(standing: Standing) -> str:
    if standing.busy:
        return say("models.working")
    if standing.failed:
        return say("models.failed", why=standing.failed)
    return say("models.stopped") if standing.cancelled else ""


def _why(study: ModelStudy | None) -> str:
    """What there would be; where no model can be had, why not."""
    if study is None or study.fits:
        return say("models.none_text")
    from hedgedesk.reports.tables.models import refusals

    return "\n".join(refusals(study))
