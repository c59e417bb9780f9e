"""Every documented file of a desk folder: its place, its columns, its parser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from hedgedesk.files import book, commitments, consumption, drivers, market, scores
from hedgedesk.files.contract import parse_contract
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.headers import Wanted
from hedgedesk.files.index_settings import parse_index_settings
from hedgedesk.files.measured import PREFIX, VENDORS_FILE, VENDORS_PLACE, exports_in
from hedgedesk.files.program import parse_program
from hedgedesk.files.settings import parse_settings
from hedgedesk.files.table import SUFFIXES

Parse = Callable[[Path, FileFindings], Any]


@dataclass(frozen=True, slots=True)
class DocumentedTable:
    """One table that a desk folder may have."""

    stem: str
    """Place in the desk folder without its ending, such as ``market/index``."""
    wanted: Wanted
    numeric: tuple[str, ...]
    """Columns that hold numbers."""
    parse: Parse
    required: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """The names it may have in the desk folder, CSV first."""
        return tuple(self.stem + suffix for suffix in SUFFIXES)


@dataclass(frozen=True, slots=True)
class DocumentedRules:
    """One TOML file that a desk folder may have."""

    place: str
    parse: Parse
    required: bool = False


TABLES = {
    table.stem: table
    for table in (
        DocumentedTable(
            "consumption", consumption.WANTED, ("mtok", "spread", "beta"), consumption.parse_consumption, required=True
        ),
        DocumentedTable("commitments", commitments.WANTED, ("mtok_per_month", "price"), commitments.parse_commitments),
        DocumentedTable("book", book.WANTED, ("lots", "price"), book.parse_book),
        DocumentedTable("market/index", market.INDEX, ("price",), market.parse_index, required=True),
        DocumentedTable(
            "market/futures", market.FUTURES, ("settlement", "volume", "open_interest"), market.parse_futures
        ),
        DocumentedTable("market/list_prices", market.LIST_PRICES, ("price",), market.parse_list_prices),
        DocumentedTable("market/scores", scores.SCORES, ("score",), scores.parse_scores),
        DocumentedTable("market/fx", market.FX, ("cny_per_usd",), market.parse_fx),
        DocumentedTable("market/holidays", market.HOLIDAYS, (), market.parse_holidays),
        DocumentedTable("market/power", drivers.POWER_PRICE, ("price",), drivers.parse_power),
        DocumentedTable("market/gpu", drivers.GPU_PRICE, ("price",), drivers.parse_gpu),
    )
}
"""By their place without ending, in the order in which a desk is told."""

RULES = {
    rules.place: rules
    for rules in (
        DocumentedRules("market/contract.toml", parse_contract, required=True),
        DocumentedRules("market/index.toml", parse_index_settings),
        DocumentedRules("market/drivers.toml", drivers.parse_driver_rules),
        DocumentedRules("program.toml", parse_program, required=True),
        DocumentedRules("settings.toml", parse_settings),
    )
}
"""By their place."""

PLACES = (*(place for table in TABLES.values() for place in table.places), *RULES)
"""Every name that a desk folder's files may have, beside the exports in ``usage/``, which have names of their own."""

SHORT_NAMES = tuple(PurePosixPath(stem).name for stem in TABLES) + tuple(PurePosixPath(p).name for p in RULES)
"""What the files are called in messages: tables without ending, TOML files with theirs."""


def stem_of(place: str) -> str:
    """Which documented file ``place`` is, whatever its ending: the table's stem, or the TOML file's own place.

    A file of ``usage/`` is its own place, whatever it is called.
    """
    return place if place in RULES or is_usage(place) else place.rpartition(".")[0]


def is_usage(place: str) -> bool:
    """Whether ``place`` is an export in ``usage/``, or the vendors that the user named there."""
    return place.startswith(PREFIX)


def is_required(stem: str) -> bool:
    """Whether no desk goes without the file."""
    known: DocumentedTable | DocumentedRules | None = TABLES.get(stem) or RULES.get(stem)
    return known is not None and known.required


def present_places(folder: Path) -> dict[str, str]:
    """Stem to place of the documented files that lie in ``folder``, in the documented order; exports come last."""
    return {stem_of(place): place for place in every_place(folder)}


def every_place(folder: Path) -> list[str]:
    """The files that a desk folder may have and that lie in ``folder``, a table that lies there twice both times."""
    return [place for place in PLACES if (folder / place).is_file()] + usage_places(folder)


def usage_places(folder: Path) -> list[str]:
    """The exports of ``usage/``, and the vendors that the user named for them."""
    named = [VENDORS_PLACE] if (folder / PREFIX / VENDORS_FILE).is_file() else []
    return [PREFIX + path.name for path in exports_in(folder)] + named
