"""Every table of a desk's usage that can be taken away as a file, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import reconciliation, units, usage
from hedgedesk.reports.tables.table import named

if TYPE_CHECKING:
    from hedgedesk.domain.study import UsageStudy
    from hedgedesk.reports.tables.table import Table

TABLES: dict[str, Callable[[UsageStudy], Table]] = {
    "files": lambda study: usage.files_table(study.files),
    "reconciliation": reconciliation.reconciliation_table,
    "shares": usage.concentration_table,
    "units": units.units_table,
    "formulas": usage.formulas_table,
    "forecasts": usage.forecasts_table,
    "ladder": lambda study: usage.ladder_table(study.ladders),
    "split": lambda study: usage.split_table(study.splits),
}


def table(name: str, study: UsageStudy) -> Table:
    """The table called ``name`` of a usage study.

    Raises
    ------
    HedgeDeskError
        Nothing has that name; the message lists what there is.
    """
    return named(TABLES, name, "table of the usage")(study)


def about(name: str, study: UsageStudy, desk: str) -> tuple[tuple[str, str], ...]:
    """What a file says of a table of the usage in it: which, of which desk, of which exports and prices."""
    return (
        (say("sheet.table"), name),
        (say("sheet.desk"), desk),
        (say("sheet.currency"), study.currency),
        (say("usage.files"), usage.months_words(study)),
        (say("usage.price_lists"), ", ".join(f"{package} {version}" for package, version in study.versions.items())),
    )
