"""The whole bill in every unit side by side: volume, price, what the weights of the unit do not see, and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, say
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.study import UnitView, UsageStudy

COUNTED = ("tokens", "output_only")
"""Units whose volume is a number of tokens, which people can picture as words."""
MTOK = 1e6


def units_table(study: UsageStudy) -> Table:
    """One row a unit, the contract's first."""
    bill = _bill(study.units)
    columns = (
        Column("unit", say("usage.unit.column.unit"), "text", 132),
        Column("volume", say("usage.unit.column.volume"), width=80),
        Column("price", say("usage.unit.column.price", money=study.currency), width=84),
        Column("words", say("usage.unit.column.words"), width=84),
        Column("word_price", say("usage.unit.column.word_price", money=study.currency), width=124),
        Column("basis", say("usage.unit.column.basis", money=study.currency), width=108),
        Column("share", say("usage.unit.column.share"), width=72),
    )
    return Table("units", columns, tuple(_row(view, bill) for view in study.units))


def _bill(views: tuple[UnitView, ...]) -> float:
    """Money of the bill: every unit that counts a volume has the same."""
    return next((v.price * v.mtok for v in views if v.price is not None and v.mtok), 0.0)


def _row(view: UnitView, bill: float) -> dict[str, Cell]:
    return {
        "unit": Cell(unit_name(view.unit), view.unit),
        "volume": Cell("") if view.mtok is None else Cell(fmt.number(view.mtok, 0), view.mtok),
        "price": _price(view.price),
        **_as_words(view),
        "basis": Cell("") if view.price is None else Cell(fmt.number(view.ratio_basis, 0), view.ratio_basis),
        "share": Cell(fmt.share(view.ratio_basis / bill), view.ratio_basis / bill) if bill > 0 else Cell(""),
    }


def unit_name(unit: str) -> str:
    """``stu`` as ``Standard, M STU``; a contract's own unit as a million of it."""
    return catalogue().get(f"usage.unit.name.{unit}", fmt.volume_unit(unit))


def _price(value: float | None) -> Cell:
    if value is None:
        return Cell(fmt.DASH)
    return Cell(fmt.number(value, fmt.price_decimals((value,))), value, fmt.significant(value, 6))


def _as_words(view: UnitView) -> dict[str, Cell]:
    """How many million English words the tokens are, about, and what a million of them costs."""
    from hedgedesk.exposure.standard_tokens import as_text  # numpy: not before a study is shown

    if view.unit not in COUNTED or not view.mtok:
        return {"words": Cell(""), "word_price": Cell("")}
    size = as_text(view.mtok * MTOK)
    words = size.count / MTOK
    price = _price(None if view.price is None else view.price * view.mtok / words)
    return {"words": Cell(fmt.number(words, 0), words, size.source), "word_price": price}
