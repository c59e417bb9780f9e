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
    ("model", "text", 212),
    ("low", "number", 76),
    ("median", "number", 76),
    ("high", "number", 76),
    ("parameters", "number", 84),
    ("likelihood", "number", 96),
    ("aic", "number", 76),
    ("bic", "number", 76),
    ("error", "number", 104),
    ("state", "state", 118),
)
PARAMETERS = (
    ("name", "text", 96),
    ("value", "number", 68),
    ("error", "number", 58),
    ("own", "number", 76),
    ("meaning", "text", 160),
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
        Column(key, say(f"models.column.{key}"), kind, width, units.get(key, "")) for key, kind, width in COMPARED
    )
    return Table("models", columns, tuple(_compared(study, fit, shown, validation) for fit in study.fits))


def _compared(study: ModelStudy, fit: ModelFit, shown: str | None, validation: Validation | None) -> dict[str, Cell]:
    summary, decimals, t = fit.summary, fits.decimals(study), fits.ahead(study, fit)
    prices = zip(("low", "median", "high"), (fits.LOW, fits.MIDDLE, fits.HIGH), strict=True)
    return {
        "id": Cell(summary.name),
        "model": _named(summary),
        **{key: price_cell(float(fits.quantile(fit, level)[t]), decimals) for key, level in prices},
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
            "own": Cell(typed.get(name, ""), full=(wrong or {}).get(name, ""), tone=_tone(name, typed, wrong or {})),
            "meaning": meaning_of(name),
        }
        for name, value in summary.parameters.items()
    ]
    return Table("model_parameters", columns, tuple(rows))


def _tone(name: str, typed: Texts, wrong: Texts) -> str:
    return "breach" if name in wrong else "under" if typed.get(name) else ""


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
