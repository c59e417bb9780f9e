"""What an index is made of: of a desk folder only the files that its method needs."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.market import FxCurve, ListPrices
from hedgedesk.domain.price_index import IndexInputs, IndexSettings
from hedgedesk.domain.usage import MeasuredUsage, Usage
from hedgedesk.files.findings import Findings, Place
from hedgedesk.files.folder import Reader
from hedgedesk.files.index_settings import parse_index_settings
from hedgedesk.files.market import parse_fx, parse_list_prices
from hedgedesk.files.measured import read_measured, tell_usage
from hedgedesk.files.scores import parse_scores
from hedgedesk.files.table import SUFFIXES

_OWN = ("list_prices", "scores")


def read_index_inputs(folder: Place, asked: Mapping[str, object] | None = None) -> IndexInputs:
    """Read what the index of a desk folder is made of.

    Only the inputs of the method need be there: the list prices, benchmark scores for ``quality_constant``, the exports
    in ``usage/`` for ``realised`` and for providers that weigh by spend. Beside a whole desk, a folder that itself
    holds ``list_prices.csv`` will do.

    Parameters
    ----------
    folder
        A desk folder, or a market folder.
    asked
        Fields of the settings that beat ``market/index.toml``.

    Raises
    ------
    InputError
        Every fault of every file that is read.
    """
    place, findings = Path(folder), Findings()
    if not place.is_dir():
        findings.file(str(folder)).fault(None, None, "no such folder", "a desk folder")
        findings.raise_any()
    market = _market(place, findings)
    settings = market.rules("index.toml", parse_index_settings) or IndexSettings()
    settings = dataclasses.replace(settings, **dict(asked or {}))  # type: ignore[arg-type]
    listed = settings.method != "realised"
    list_prices = market.table("list_prices", parse_list_prices, required=listed)
    scores = None
    if settings.method == "quality_constant":
        scores = market.table("scores", parse_scores, required=True)
    usage = None
    if not listed or (settings.method == "matched_list" and settings.average == "spend"):
        usage = _measured(place, list_prices, market.table("fx", parse_fx), findings)
    findings.raise_any()
    _require(settings, list_prices, usage)
    notices = findings.notices + (usage.notices if usage is not None else ())
    return IndexInputs(settings, list_prices, scores, None if usage is None else _charged(usage.usage), notices)


def _market(place: Path, findings: Findings) -> Reader:
    """The market folder of a desk, or the folder itself where it holds the tables."""
    own = any(os.path.lexists(place / (stem + suffix)) for stem in _OWN for suffix in SUFFIXES)
    if own and not (place / "market").is_dir():
        return Reader(place, "", findings)
    return Reader(place / "market", "market/", findings)


def _measured(
    place: Path, list_prices: ListPrices | None, fx: FxCurve | None, findings: Findings
) -> MeasuredUsage | None:
    from hedgedesk.files.price_books import default_book

    try:
        measured = read_measured(place, default_book(list_prices, fx))
    except InputError as error:
        findings.tell(error.faults or (Fault("usage", None, None, str(error), "vendors' usage exports"),))
        return None
    tell_usage(measured, place, findings)
    if measured is None:
        findings.file("usage").fault(None, None, "no export", "vendors' usage exports in the folder usage/")
    return measured


def _charged(usage: Usage) -> Usage:
    """The same usage with the money of cost exports on the tokens of the usage exports beside them."""
    from hedgedesk.exposure.spend import charged

    return dataclasses.replace(usage, billed=charged(usage)) if usage.starts.size else usage


def _require(settings: IndexSettings, list_prices: ListPrices | None, usage: MeasuredUsage | None) -> None:
    """Raise where a file was read and holds nothing."""
    if settings.method != "realised" and list_prices is None:
        raise InputError("list_prices: no row to make an index of")
    if settings.method == "realised" and (usage is None or not usage.usage.starts.size):
        raise InputError("usage: no row to make an index of")
