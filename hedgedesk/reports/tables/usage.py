"""What the usage of a desk says: exports read, shares, price formulas, forecasts, the twins of the waterfalls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports.causes import STEPS, month_words, parts_of
from hedgedesk.reports.messages import catalogue, say
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgedesk.domain.study import BasisLadder, BasisSplit, Concentration, PriceFormula, UsageStudy, VolumeForecast
    from hedgedesk.domain.usage import UsageFile

MTOK = 1e6
FILES = (
    ("file", "name", 300),
    ("vendor", "text", 96),
    ("export", "text", 84),
    ("rows", "number", 72),
    ("faults", "number", 64),
    ("days", "name", 172),
    ("mtok", "number", 84),
    ("billed", "text", 128),
    ("repeated", "number", 84),
    ("unknown", "text", 144),
)


def files_table(files: Sequence[UsageFile]) -> Table:
    """One row an export: what it was taken for, rows and faults, days, tokens and money, what was set aside."""
    columns = tuple(Column(key, say(f"usage.file.{key}"), kind, width) for key, kind, width in FILES)
    return Table("usage.files", columns, tuple(_file(item) for item in files))


def _file(item: UsageFile) -> dict[str, Cell]:
    mtok = sum(item.tokens) / MTOK
    billed = say("usage.no_money") if item.billed is None else fmt.money(item.billed, item.currency)
    days = [fmt.day(day) for day in (item.first_day, item.last_day) if day]
    return {
        "file": Cell(item.file, item.file, item.file),
        "vendor": Cell(vendor_name(item.vendor), item.vendor, tone="" if item.vendor else "under"),
        "export": Cell(item.export, item.export),
        "rows": Cell(fmt.number(item.rows), item.rows),
        "faults": Cell(fmt.number(item.faults), item.faults, tone="breach" if item.faults else ""),
        "days": Cell(f" {fmt.DASH} ".join(dict.fromkeys(days))),
        "mtok": Cell(fmt.number(mtok, 1), mtok),
        "billed": Cell(billed, item.billed),
        "repeated": Cell(fmt.number(item.repeated), item.repeated),
        "unknown": Cell(", ".join(item.unknown_columns)),
    }


def vendor_name(vendor: str) -> str:
    """``openai`` as ``OpenAI``; an export that was not recognised says so."""
    return catalogue().get(f"vendor.{vendor}", vendor) if vendor else say("vendor.none")


def months_words(study: UsageStudy) -> str:
    """The history in one line: files, months, tokens, money."""
    tokens, cost = float(np.nansum(study.mtok)), float(np.nansum(study.cost))
    count = len(study.files)
    if not study.months.size:
        return say("usage.nothing_read", files=count)
    return say(
        "usage.history" if count != 1 else "usage.history_one",
        files=count,
        span=fmt.span(study.months[0], study.months[-1]),
        mtok=fmt.number(tokens, 0 if tokens >= 100 else 1),
        cost=fmt.money_scale(cost).full(cost, study.currency),
    )


def concentration_table(study: UsageStudy) -> Table:
    """One row a seller, model, team and region with its share, each list the largest first."""
    columns = (
        Column("by", say("usage.share.by"), "text"),
        Column("name", say("usage.share.name"), "name", 180),
        Column("mtok", say("usage.share.mtok")),
        Column("cost", say("usage.share.cost", money=study.currency)),
        Column("share", say("usage.share.share")),
    )
    return Table("concentration", columns, tuple(row for found in study.concentrations for row in _shares(found)))


def _shares(found: Concentration) -> list[dict[str, Cell]]:
    return [
        {
            "by": Cell(say(f"usage.by.{found.by}"), found.by),
            "name": Cell(share.name or say("usage.unnamed"), share.name),
            "mtok": Cell(fmt.number(share.mtok, 1), share.mtok),
            "cost": Cell("") if fmt.missing(share.cost) else Cell(fmt.number(share.cost, 2), share.cost),
            "share": Cell(fmt.share(share.share, 1), share.share),
        }
        for share in found.shares
    ]


FORMULA = (
    ("model", "text", 150),
    ("beta", "number", 72),
    ("beta_error", "number", 64),
    ("basis", "number", 72),
    ("basis_error", "number", 64),
    ("ratio", "number", 72),
    ("ratio_error", "number", 64),
    ("observations", "number", 72),
    ("note", "text", 380),
)


def formulas_table(study: UsageStudy) -> Table:
    """One row a model: paid price = beta x index + basis, their ratio, and the standard error of each."""
    unit = fmt.per_unit(study.currency, study.unit)
    columns = tuple(Column(key, say(f"usage.formula.{key}", unit=unit), kind, width) for key, kind, width in FORMULA)
    return Table("formulas", columns, tuple(_formula(item) for item in study.formulas))


def _formula(item: PriceFormula) -> dict[str, Cell]:
    numbers = ("beta", "beta_error", "basis", "basis_error", "ratio", "ratio_error")
    return {
        "model": Cell(item.model, item.model, item.model),
        **{key: _significant(getattr(item, key)) for key in numbers},
        "observations": Cell(fmt.number(item.observations), item.observations),
        "note": Cell(item.note, item.note, item.note),
    }


def _significant(value: float) -> Cell:
    return Cell(fmt.DASH) if fmt.missing(value) else Cell(fmt.number(value, 3), value, fmt.significant(value, 6))


FORECAST = (
    ("model", "text", 150),
    ("meter", "text", 112),
    ("team", "text", 128),
    ("next", "number", 92),
    ("low", "number", 84),
    ("high", "number", 84),
    ("method", "text", 236),
    ("error", "number", 64),
    ("naive", "number", 104),
    ("state", "state", 132),
)


def forecasts_table(study: UsageStudy) -> Table:
    """One row a model, meter and team: its next month with the range, and how well the method did on the history."""
    columns = tuple(Column(key, say(f"usage.forecast.{key}"), kind, width) for key, kind, width in FORECAST)
    found = sorted(study.forecasts, key=lambda item: -float(item.mtok.sum()))
    return Table("forecasts", columns, tuple(_forecast(item) for item in found))


def _forecast(item: VolumeForecast) -> dict[str, Cell]:
    ahead = {"next": item.mtok, "low": item.p10, "high": item.p90} if item.months.size else {}
    return {
        "model": Cell(item.model, item.model, item.model),
        "meter": Cell(say(f"meter.{item.meter}"), item.meter),
        "team": Cell(item.team, item.team, item.team),
        **{key: Cell(fmt.number(float(values[0]), 1), float(values[0])) for key, values in ahead.items()},
        "method": Cell(item.method, item.method, item.method),
        "error": _share(item.error),
        "naive": _share(item.naive_error),
        "state": _verdict(item),
    }


def _share(value: float) -> Cell:
    return Cell(fmt.DASH) if fmt.missing(value) else Cell(fmt.share(value, 1), value)


def _verdict(item: VolumeForecast) -> Cell:
    if fmt.missing(item.error) or fmt.missing(item.naive_error):
        return Cell(say("usage.verdict.short"), "none", tone="none")
    better = item.error < item.naive_error
    return Cell(say(f"usage.verdict.{'better' if better else 'no_better'}"), tone="in" if better else "under")


def ladder_table(ladders: Sequence[BasisLadder]) -> Table:
    """One row a month: from the index to what we pay; the steps add up."""
    first = ladders[0] if ladders else None
    unit = fmt.per_unit(first.currency, first.unit) if first else ""
    columns = (
        Column("month", say("twin.month"), "text"),
        *(Column(key, say("usage.ladder", what=say(f"ladder.{key}"), unit=unit)) for key in ("index", *STEPS, "paid")),
    )
    return Table("ladder", columns, tuple(_ladder(item) for item in ladders))


def _ladder(item: BasisLadder) -> dict[str, Cell]:
    decimals = fmt.price_decimals((item.index, item.paid))
    ends = {key: Cell(fmt.number(getattr(item, key), decimals), getattr(item, key)) for key in ("index", "paid")}
    steps = {key: getattr(item, key) for key in STEPS}
    told = {key: Cell(fmt.number(value, decimals, signed=True), value) for key, value in steps.items()}
    return {"month": Cell(month_words(item.month), item.month), **ends, **told}


def split_table(splits: Sequence[BasisSplit]) -> Table:
    """One row a pair of months: cost before, each cause, cost after; they add up to the cent."""
    money = splits[0].currency if splits else ""
    parts = list(dict.fromkeys(name for split in splits for name in parts_of(split)))
    columns = (
        Column("months", say("usage.split.months"), "text", 150),
        Column("before", say("usage.split.before", money=money)),
        *(Column(name, say("usage.ladder", what=_named(name), unit=money)) for name in parts),
        Column("after", say("usage.split.after", money=money)),
    )
    return Table("split", columns, tuple(_split(item) for item in splits))


def _named(part: str) -> str:
    return catalogue().get(f"split.{part}", part)


def _split(item: BasisSplit) -> dict[str, Cell]:
    return {
        "months": Cell(f"{month_words(item.first)} {fmt.DASH} {month_words(item.last)}", f"{item.first}/{item.last}"),
        "before": Cell(fmt.number(item.before, 2), item.before),
        **{name: Cell(fmt.number(part, 2, signed=True), part) for name, part in item.parts.items()},
        "after": Cell(fmt.number(item.after, 2), item.after),
    }
