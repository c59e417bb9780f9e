"""An example of every documented file, to be filled in; all of them together are a desk that can be run."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import PurePosixPath

from hedgedesk.domain.errors import InputError
from hedgedesk.files.findings import shown
from hedgedesk.files.rules.keys import KEYS
from hedgedesk.market.templates import templates

_Row = tuple[str | float, ...]

_MONTHS = tuple(f"2026-{m:02d}" for m in (11, 12)) + tuple(f"2027-{m:02d}" for m in range(1, 11))
_WEEKS = 30
"""Of index and currency history: enough to fit the model that needs the index alone."""
_DAYS = tuple((date(2026, 10, 30) - timedelta(weeks=ago)).isoformat() for ago in reversed(range(_WEEKS)))
_WAVES = (0.0, 0.06, -0.03, 0.08, 0.02, -0.05, 0.03)

_CONSUMPTION: tuple[_Row, ...] = (
    ("month", "model", "meter", "mtok", "team", "spread", "beta"),
    *(
        (month, "my-model", meter, mtok, "my-team", 0.15, 1.0)
        for month in _MONTHS
        for meter, mtok in (("uncached_input", 900.0), ("output", 350.0))
    ),
)
_COMMITMENTS: tuple[_Row, ...] = (
    ("name", "first_month", "last_month", "model", "meter", "mtok_per_month", "price_usd_per_mtok", "kind"),
    ("my supplier", "2026-11", "2027-04", "my-model", "output", 100.0, 9.5, "take_or_pay"),
)
_BOOK: tuple[_Row, ...] = (
    ("trade_date", "contract", "lots", "price_usd_per_mtok"),
    ("2026-10-16", "2027-02", 2.0, 4.05),
)
_INDEX: tuple[_Row, ...] = (
    ("date", "index", "price_usd_per_mtok"),
    *((day, "my-index", round(5.0 - 0.03 * week + _WAVES[week % 7], 2)) for week, day in enumerate(_DAYS)),
)
_FUTURES: tuple[_Row, ...] = (
    ("as_of", "delivery_month", "settlement_usd_per_mtok", "volume", "open_interest"),
    *(
        (day, month, round(price - fall, 2), 120.0, 900.0)
        for day, fall in (("2026-10-23", 0.0), ("2026-10-30", 0.05))
        for month, price in zip(
            ("2026-12", "2027-02", "2027-04", "2027-06", "2027-08", "2027-10"),
            (4.15, 4.05, 3.95, 3.85, 3.75, 3.7),
            strict=True,
        )
    ),
)
_LIST_PRICES: tuple[_Row, ...] = (
    ("effective_date", "provider", "model", "meter", "price_usd_per_mtok", "mode", "source"),
    ("2026-06-01", "my-provider", "my-model", "uncached_input", 2.0, "standard", "price page"),
    ("2026-06-01", "my-provider", "my-model", "output", 10.0, "standard", "price page"),
)
_SCORES: tuple[_Row, ...] = (
    ("model", "benchmark", "score", "provider", "date"),
    ("my-model", "mmlu", 82.5, "my-provider", "2026-06-01"),
)
_FX: tuple[_Row, ...] = (
    ("date", "cny_per_usd"),
    *((day, round(7.2 - 0.004 * week + _WAVES[week % 5] / 10, 4)) for week, day in enumerate(_DAYS)),
)
_HOLIDAYS: tuple[_Row, ...] = (
    ("calendar", "date", "name"),
    ("us_exchange", "2026-11-27", "a day that the exchange has announced beside its rules"),
)
_POWER: tuple[_Row, ...] = (
    ("date", "price_usd_per_mwh"),
    *((day, round(62.0 + 200.0 * _WAVES[(2 * week) % 7], 2)) for week, day in enumerate(_DAYS)),
)
_GPU: tuple[_Row, ...] = (
    ("date", "price_usd_per_gpu_hour"),
    *((day, round(2.4 - 0.01 * week + _WAVES[(3 * week) % 7], 3)) for week, day in enumerate(_DAYS)),
)
_TABLES = {
    "consumption": _CONSUMPTION,
    "commitments": _COMMITMENTS,
    "book": _BOOK,
    "index": _INDEX,
    "futures": _FUTURES,
    "list_prices": _LIST_PRICES,
    "scores": _SCORES,
    "fx": _FX,
    "holidays": _HOLIDAYS,
    "power": _POWER,
    "gpu": _GPU,
}
_RULES = {PurePosixPath(place).stem: place for place in KEYS}

TEMPLATES = tuple(dict.fromkeys((*_TABLES, *_RULES)))
"""Names of the templates: the tables as csv and xlsx, the rules as toml; ``index`` is both."""


_OF_VENUE = "contract_"
VENUE_TEMPLATES = tuple(_OF_VENUE + style for style in templates())
"""Terms of a contract by style of venue, as toml: to be kept as ``contract.toml``."""


def template(table: str, suffix: str) -> bytes:
    """One example file.

    Parameters
    ----------
    table
        One of :data:`TEMPLATES`, or of :data:`VENUE_TEMPLATES`.
    suffix
        ``csv`` or ``xlsx`` for a table, ``toml`` for the others; a dot before it is no matter.

    Raises
    ------
    InputError
        There is no such template.
    """
    suffix = suffix.removeprefix(".")
    if table in _TABLES and suffix == "csv":
        return _csv(_TABLES[table])
    if table in _TABLES and suffix == "xlsx":
        return _xlsx(table, _TABLES[table])
    if table in _RULES and suffix == "toml":
        return _toml(_RULES[table])
    if table in VENUE_TEMPLATES and suffix == "toml":
        return templates()[table.removeprefix(_OF_VENUE)].encode()
    tables, rules = ", ".join(_TABLES), ", ".join((*_RULES, *VENUE_TEMPLATES))
    asked = f"{shown(table)}.{shown(suffix)}"
    raise InputError(f"no template {asked}: there are {tables} as .csv and .xlsx, {rules} as .toml")


def _csv(rows: tuple[_Row, ...]) -> bytes:
    """UTF-8 with a mark, which Excel needs to show other letters than English ones."""
    written = StringIO(newline="")
    csv.writer(written).writerows([[f"{cell:g}" if isinstance(cell, float) else cell for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _xlsx(name: str, rows: tuple[_Row, ...]) -> bytes:
    """Months and days as text: Excel would show a date cell as something else in every country."""
    import xlsxwriter

    written = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(written, options) as workbook:
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(rows[0]) - 1, 18, workbook.add_format({"num_format": "General"}))
        sheet.write_row(0, 0, rows[0], workbook.add_format({"bold": True, "bottom": 1}))
        for n, row in enumerate(rows[1:], start=1):
            sheet.write_row(n, 0, row)
        text = workbook.add_format({"num_format": "@"})
        for column, cell in enumerate(rows[1]):
            if isinstance(cell, str):
                sheet.set_column(column, column, 18, text)
    return written.getvalue()


def _toml(place: str) -> bytes:
    lines = [f"# {place}: lines that begin with # are not read; take the # away to use them."]
    for key, known in KEYS[place].items():
        lines += ["", f"# {known.meaning}", f"{'' if known.active else '# '}{key} = {known.example}"]
    return ("\n".join(lines) + "\n").encode()
