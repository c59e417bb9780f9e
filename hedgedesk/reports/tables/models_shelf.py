"""Every table of fitted models and of their validation that can be taken away as a file, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hedgedesk.reports import fits
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import price_model, say
from hedgedesk.reports.tables import model_views, models, validation
from hedgedesk.reports.tables.table import named

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import ModelFit, ModelStudy, Validation
    from hedgedesk.reports.tables.table import Table

FITTED: dict[str, Callable[[ModelStudy, ModelFit], Table]] = {
    "compared": lambda study, fit: models.compared_table(study, fit.summary.name),
    "parameters": lambda _study, fit: models.parameters_table(fit, own_values(fit)),
    "fan": model_views.fan_table,
    "curve": model_views.curve_table,
    "jumps": lambda study, fit: model_views.jumps_table(fits.jumps_of(study, fit.summary.name)[1]),
    "regimes": lambda study, fit: model_views.regimes_table(fits.regimes_of(study, fit.summary.name) or fit),
}
JUDGED: dict[str, Callable[[Validation, int], Table]] = {
    "validation": validation.validation_table,
    "pit": validation.pit_table,
    "pinball": lambda found, _months: validation.pinball_table(found),
}


def own_values(fit: ModelFit) -> dict[str, str]:
    """The user's own values that the fit was made with, as text."""
    return {name: fmt.significant(value, 6) for name, value in fit.summary.view.items()}


def fitted(name: str, study: ModelStudy, model: str) -> Table:
    """The table called ``name`` of the fitted models; of one model where it is of one.

    Raises
    ------
    HedgeDeskError
        Nothing has that name; the message lists what there is.
    """
    return named(FITTED, name, "table of the models")(study, fits.fit_called(study, model))


def judged(name: str, found: Validation, months: int) -> Table:
    """The table called ``name`` of a validation, at a horizon of ``months``.

    Raises
    ------
    HedgeDeskError
        Nothing has that name; the message lists what there is.
    """
    return named(JUDGED, name, "table of the validation")(found, months)


def about_fitted(name: str, study: ModelStudy, model: str, desk: str) -> tuple[tuple[str, str], ...]:
    """What a file says of a table of the models in it."""
    return (
        (say("sheet.table"), name),
        (say("sheet.desk"), desk),
        (say("sheet.as_of"), fmt.day(study.as_of)),
        (say("sheet.index"), f"{study.index}, {fits.unit(study)}"),
        (say("models.shown"), price_model(fits.fit_called(study, model).summary.name)),
    )


def about_judged(name: str, found: Validation, desk: str) -> tuple[tuple[str, str], ...]:
    """What a file says of a table of the validation in it."""
    return (
        (say("sheet.table"), name),
        (say("sheet.desk"), desk),
        (say("sheet.as_of"), fmt.day(found.as_of)),
        (say("sheet.index"), validation.validation_unit(found)),
        (say("judged.choice"), validation.verdict(found)),
    )
