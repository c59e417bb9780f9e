"""Every table of an index that can be taken away as a file, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports import prints
from hedgedesk.reports.messages import say
from hedgedesk.reports.tables import index
from hedgedesk.reports.tables.table import named

if TYPE_CHECKING:
    from hedgedesk.domain.price_index import IndexStudy
    from hedgedesk.reports.tables.table import Table

TABLES: dict[str, Callable[[IndexStudy], Table]] = {
    "prints": index.prints_table,
    "constituents": index.weights_table,
    "audit": index.audit_table,
    "iosco": index.checks_table,
}


def table(name: str, study: IndexStudy) -> Table:
    """The table called ``name`` of an index.

    Raises
    ------
    HedgeDeskError
        Nothing has that name; the message lists what there is.
    """
    return named(TABLES, name, "table of an index")(study)


def about(name: str, study: IndexStudy, desk: str) -> tuple[tuple[str, str], ...]:
    """What a file says of the table in it: which, of whose index, by which method, until when."""
    return (
        (say("sheet.table"), name),
        (say("sheet.desk"), desk),
        (say("sheet.as_of"), fmt.day(study.dates[-1])),
        (say("sheet.index"), f"{prints.method_title(study)}, {prints.unit_of(study)}"),
        (say("sheet.currency"), study.currency),
    )
