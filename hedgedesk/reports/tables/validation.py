"""How the models were judged on prices they had not seen: one table a horizon, and where the outcomes fell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hedgedesk.reports import fits
from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import price_model, say, with_model_names
from hedgedesk.reports.tables.models import begun, ratio_cell, refusal_words
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.price_models import CoverageTest, Validation, ValidationRow

JUDGED = (
    ("model", "text", 148),
    ("origins", "number", 72),
    ("crps", "number", 64),
    ("ratio", "number", 76),
    ("better", "number", 52),
    ("inside50", "number", 64),
    ("inside80", "number", 64),
    ("inside95", "number", 64),
    ("pit", "pit", 76),
    ("pit_p", "number", 56),
    ("kupiec", "number", 122),
    ("christoffersen", "number", 122),
    ("ljung_box", "number", 80),
    ("adf", "number", 52),
    ("kpss", "number", 60),
)
ODD = 0.05
"""A chance below this is marked: the forecasts were not what they claimed."""


def validation_table(validation: Validation, months: int) -> Table:
    """One row a model at a horizon, the best score first."""
    columns = tuple(
        Column(key, say(f"judged.column.{key}"), kind, width, help=_help(key)) for key, kind, width in JUDGED
    )
    return Table("validation", columns, tuple(_row(row) for row in fits.at_horizon(validation, months)))


def _help(key: str) -> str:
    return "" if key == "model" else say(f"judged.help.{key}")


def meanings() -> tuple[tuple[str, str], ...]:
    """What each column of the table holds."""
    return tuple((say(f"judged.column.{key}"), _help(key)) for key, _, _ in JUDGED if _help(key))


def reading(table: Table) -> str:
    """How the scores are read, and that there are too few forecasts for some tests, where that is so."""
    bare = any(not any(row[column.key].text for row in table.rows) for column in table.columns)
    return " ".join((say("judged.reading"), *((say("judged.untested"),) if bare else ())))


def without_bare(table: Table) -> Table:
    """The table without the columns that no model has anything in."""
    kept = tuple(column for column in table.columns if any(row[column.key].text for row in table.rows))
    return replace(table, columns=kept)


def _row(row: ValidationRow) -> dict[str, Cell]:
    inside = {f"inside{share}": _inside(row, share) for share in (50, 80, 95)}
    return {
        "id": Cell(row.model),
        "model": Cell(price_model(row.model), full=row.note),
        "origins": Cell(fmt.number(row.origins), float(row.origins)),
        "crps": _score(row.crps),
        "ratio": ratio_cell(row.crps_ratio),
        "better": _better(row),
        **inside,
        "pit": Cell(", ".join(map(str, row.pit)), " ".join(map(str, row.pit))),
        "pit_p": chance_cell(row.pit_p_value),
        "kupiec": _coverage(row, "kupiec"),
        "christoffersen": _coverage(row, "christoffersen"),
        "ljung_box": chance_cell(row.ljung_box_p),
        "adf": chance_cell(row.adf_p, marked=False),
        "kpss": chance_cell(row.kpss_p, marked=False),
    }


def _score(value: float) -> Cell:
    return Cell("", None) if fmt.missing(value) else Cell(fmt.number(value, 4), value, fmt.significant(value, 8))


def _inside(row: ValidationRow, share: int) -> Cell:
    """Share of outcomes inside the central interval of ``share`` in a hundred."""
    found = row.coverage.get(f"{share / 100:g}")
    return Cell("", None) if fmt.missing(found) else Cell(fmt.share(found), found, fmt.share(found, 2))


def _better(row: ValidationRow) -> Cell:
    """Chance of a difference from the random walk as large as this if there were none."""
    if row.diebold_mariano is None or row.diebold_mariano_p is None:
        return Cell("", None)
    full = say("judged.statistic", statistic=fmt.number(row.diebold_mariano, 2))
    tone = "" if row.diebold_mariano_p >= ODD else "accent" if row.diebold_mariano < 0 else "under"
    return Cell(fmt.number(row.diebold_mariano_p, 2), row.diebold_mariano_p, full, tone)


def chance_cell(p: float | None, *, marked: bool = True) -> Cell:
    """A p-value; amber below :data:`ODD`."""
    if p is None or fmt.missing(p):
        return Cell("", None)
    text = fmt.price(p, 2)
    return Cell(text, p, fmt.significant(p, 4), "under" if marked and p < ODD else "")


def _coverage(row: ValidationRow, name: str) -> Cell:
    """A coverage test's p-value with its power, of the first bound it was made for."""
    found: CoverageTest | None = next((test for test in row.tests if test.name == name), None)
    if found is None:
        return Cell("", None)
    full = say(
        "judged.coverage_full",
        hits=found.hits,
        trials=found.trials,
        level=fmt.share(found.level),
        statistic=fmt.number(found.statistic, 2),
        power=fmt.share(found.power),
    )
    if fmt.missing(found.p_value):
        return Cell("", None, full)
    power = "" if fmt.missing(found.power) else say("judged.power", power=fmt.share(found.power))
    tone = "under" if found.p_value < ODD else ""
    return Cell(f"{fmt.price(found.p_value, 2)} {power}".strip(), found.p_value, full, tone)


def pit_table(validation: Validation, months: int) -> Table:
    """One row a model: how many outcomes fell into each tenth of its forecasts."""
    found = fits.at_horizon(validation, months)
    bins = max((len(row.pit) for row in found), default=10)
    keys = [f"bin{k}" for k in range(bins)]
    columns = (
        Column("model", say("judged.column.model"), "text"),
        *(Column(key, f"{fmt.share(k / bins)}{fmt.DASH}{fmt.share((k + 1) / bins)}") for k, key in enumerate(keys)),
    )
    rows = tuple(
        {
            "model": Cell(price_model(row.model)),
            **{key: Cell(fmt.number(count), float(count)) for key, count in zip(keys, row.pit, strict=False)},
        }
        for row in found
    )
    return Table("pit", columns, rows)


def pinball_table(validation: Validation) -> Table:
    """One row a model and horizon: every score in full, for a file."""
    levels = sorted({level for row in validation.rows for level in row.pinball}, key=float)
    columns = (
        Column("model", say("judged.column.model"), "text"),
        Column("months", say("judged.column.months")),
        Column("crps", say("judged.column.crps")),
        *(Column(f"q{level}", say("judged.pinball", level=fmt.share(float(level), 1))) for level in levels),
    )
    rows = tuple(
        {
            "model": Cell(price_model(row.model)),
            "months": Cell(fmt.number(row.horizon_months), float(row.horizon_months)),
            "crps": _score(row.crps),
            **{f"q{level}": _score(row.pinball.get(level, float("nan"))) for level in levels},
        }
        for row in validation.rows
    )
    return Table("pinball", columns, rows)


def validation_unit(validation: Validation) -> str:
    """Which history, drawn how often."""
    return say(
        "judged.unit",
        index=validation.index,
        observations=fmt.number(validation.observations),
        draws=fmt.number(validation.draws),
        seed=validation.seed,
    )


def badge(validation: Validation) -> tuple[str, str]:
    """Whether there is enough to choose by, and its tone."""
    return (say("judged.thin"), "under") if validation.thin else (say("judged.enough"), "in")


def verdict(validation: Validation) -> str:
    """Which model the desk runs by default, and why."""
    reason = begun(with_model_names(validation.choice.reason.rstrip(".")))
    return say("judged.verdict", model=price_model(validation.choice.model), reason=reason)


def remarks(validation: Validation) -> tuple[str, ...]:
    """What was noticed: of all, of single models, and which could not be judged."""
    told = [fmt.with_days(begun(with_model_names(text))) for text in validation.notices]
    told += [say("models.note", model=price_model(row.model), note=row.note) for row in validation.rows if row.note]
    told += [refusal_words(refusal) for refusal in validation.refusals]
    return tuple(dict.fromkeys(told))
