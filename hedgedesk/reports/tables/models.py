"""Fitted price models as tables: side by side, and parameters with the user's own values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import fits
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import price_model, say, with_model_names
from hedgedesk.reports.tables import criteria
from hedgedesk.reports.tables.market import meaning_of
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import ModelFit, ModelStudy, Refusal, Validation
    from hedgedesk.domain.results import ModelSummary

COMPARED = (
    ("model", "text", 168),
    ("low", "number", 60),
    ("median", "number", 60),
    ("high", "number", 60),
    ("error", "number", 104),
    ("observations", "number", 92),
    ("parameters", "number", 84),
    ("likelihood", "number", 72),
    ("aic", "number", 72),
    ("bic", "number", 72),
    ("state", "state", 84),
)
PARAMETERS = (
    ("name", "text", 110),
    ("value", "number", 70),
    ("error", "number", 60),
    ("own", "number", 78),
    ("meaning", "text", 132),
)
Texts = Mapping[str, str]
"""What the user has typed, by parameter."""


def compared_table(study: ModelStudy, shown: str | None, validation: Validation | None = None) -> Table:
    """One row a model: its prices a year ahead, its likelihood, how it forecast.

    Parameters
    ----------
    shown
        The model on the screen.
    validation
        None: nothing has been judged yet.
    """
    unit = fits.unit(study)
    units = dict.fromkeys(("low", "median", "high"), unit)
    columns = tuple(
        Column(key, say(f"models.column.{key}"), kind, width, units.get(key, ""), _help(key))
        for key, kind, width in COMPARED
    )
    return Table("models", columns, tuple(_compared(study, fit, shown, validation) for fit in study.fits))


def _help(key: str) -> str:
    return "" if key in ("model", "state") else say(f"models.help.{key}")


def meanings() -> tuple[tuple[str, str], ...]:
    """What each column of the comparison holds."""
    return tuple((say(f"models.column.{key}"), _help(key)) for key, _, _ in COMPARED if _help(key))


def _compared(study: ModelStudy, fit: ModelFit, shown: str | None, validation: Validation | None) -> dict[str, Cell]:
    summary, decimals, t = fit.summary, fits.decimals(study), fits.ahead(study, fit)
    prices = zip(("low", "median", "high"), (fits.LOW, fits.MIDDLE, fits.HIGH), strict=True)
    return {
        "id": Cell(summary.name),
        "model": _named(summary),
        **{key: price_cell(float(fits.quantile(fit, level)[t]), decimals) for key, level in prices},
        "observations": _number(summary.observations, 0),
        "parameters": _number(summary.estimated, 0),
        "likelihood": _number(summary.log_likelihood, 1),
        "aic": _number(summary.aic, 1),
        "bic": _number(summary.bic, 1),
        "error": _error(validation, summary.name),
        "state": _state(summary.name, shown, validation),
    }


def _named(summary: ModelSummary) -> Cell:
    """The model, marked where it has the user's own values."""
    name = price_model(summary.name)
    own = ", ".join(f"{parameter} {fmt.significant(value)}" for parameter, value in summary.view.items())
    return Cell(say("models.with_view", model=name), full=own) if own else Cell(name)


def compared_unit(study: ModelStudy, validation: Validation | None) -> str:
    """What the prices are in, on which day, and how far ahead the models were judged."""
    fit = study.fits[0]
    date = fmt.day(fit.dates[fits.ahead(study, fit)])
    months = None if validation is None else fits.main_horizon(validation)
    told = [say("models.compare_unit", unit=fits.unit(study), date=date)]
    if months is not None:
        told.append(say("models.compare_error", months=months))
    return " · ".join((*told, say("models.compare_press")))


def refusals(study: ModelStudy) -> tuple[str, ...]:
    """Models that cannot be had of the history, each with what it would need."""
    return tuple(refusal_words(refusal) for refusal in study.refusals)


def refusal_words(refusal: Refusal) -> str:
    """Which model cannot be had, and why; a reason that begins with its name says both."""
    name, reason = price_model(refusal.model), with_model_names(refusal.reason.rstrip("."))
    return f"{reason}." if reason.startswith(f"{name} ") else say("models.refused", model=name, reason=reason)


def price_cell(value: float, decimals: int) -> Cell:
    """A price, in full in the tooltip."""
    return Cell(fmt.price(value, decimals), value, fmt.significant(value, 8))


def _number(value: float | None, decimals: int) -> Cell:
    if value is None or not np.isfinite(value):
        return Cell("", None)
    return Cell(fmt.number(value, decimals), float(value), fmt.significant(value, 8))


def _error(validation: Validation | None, model: str) -> Cell:
    """Mean score over the random walk's at the main horizon: below 1 forecasts better."""
    row = fits.judged(validation, model)
    return Cell("", None) if row is None else ratio_cell(row.crps_ratio)


def ratio_cell(ratio: float) -> Cell:
    """A score over the random walk's; teal below 1, amber above."""
    if fmt.missing(ratio):
        return Cell("", None)
    text = fmt.number(ratio, 2)
    return Cell(text, ratio, fmt.significant(ratio, 6), "" if text == "1.00" else "accent" if ratio < 1 else "under")


def _state(name: str, shown: str | None, validation: Validation | None) -> Cell:
    chosen = validation is not None and validation.choice.model == name
    kind = "default" if chosen else "shown" if name == shown else ""
    return Cell(say(f"models.state.{kind}") if kind else "", kind, tone="in" if chosen else "")


def parameters_table(fit: ModelFit, typed: Texts, wrong: Texts | None = None) -> Table:
    """Estimates with their errors and what each is, and the user's own values beside them as they were typed.

    Parameters
    ----------
    typed
        The user's own values.
    wrong
        Why some of them cannot be used.
    """
    columns = tuple(Column(key, say(f"model.column.{key}"), kind, width) for key, kind, width in PARAMETERS)
    summary = fit.summary
    rows = [
        {
            "id": Cell(name),
            "name": Cell(name, full=name),
            "value": Cell(fmt.significant(value, 3), value, fmt.significant(value, 8)),
            "error": _standard_error(summary, name),
            "own": _own_cell(fit, name, typed, wrong or {}),
            "meaning": meaning_of(name),
        }
        for name, value in summary.parameters.items()
    ]
    return Table("model_parameters", columns, tuple(rows))


def _own_cell(fit: ModelFit, name: str, typed: Texts, wrong: Texts) -> Cell:
    """What the user has typed, why it cannot be used, or what may be typed; closed where nothing can be."""
    text = typed.get(name, "")
    if name in wrong:
        return Cell(text, full=wrong[name], tone="breach")
    if not fit.view_bounds:
        return Cell(text, tone="under" if text else "")
    if name not in fit.view_bounds:
        return Cell("", full=say("models.not_chosen", name=name), tone="closed")
    low, high = (fmt.significant(bound, 4) for bound in fit.view_bounds[name])
    return Cell(text, full=say("models.range", low=low, high=high), tone="under" if text else "")


def _standard_error(summary: ModelSummary, name: str) -> Cell:
    error = summary.standard_errors.get(name)
    full = say("models.not_identified") if fmt.missing(error) else fmt.significant(error, 6)
    return Cell(fmt.significant(error, 2), None if fmt.missing(error) else error, full)


def fit_unit(fit: ModelFit) -> str:
    """On how much the model was fitted, and how well."""
    summary = fit.summary
    told = [say("models.observations", count=fmt.number(summary.observations)), *criteria(summary)]
    return " · ".join(told)


def begun(text: str) -> str:
    """A sentence with a capital at its beginning, unless it begins with a parameter's name."""
    return text if "_" in text.partition(" ")[0] else text[:1].upper() + text[1:]
