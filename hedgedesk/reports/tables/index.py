"""The desk's own index as tables: its prints, what each rests on, every decision, and the self-check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hedgedesk.reports import format as fmt
from hedgedesk.reports import prints
from hedgedesk.reports.messages import catalogue, say
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.price_index import AuditLine, IndexStudy, SelfCheck

PRINT_COLUMNS = (
    ("date", "text", 96),
    ("value", "number", 84),
    ("change", "number", 76),
    ("unscreened", "number", 92),
    ("constituents", "number", 92),
    ("concentration", "number", 96),
    ("stale", "number", 80),
    ("state", "text", 84),
)
CONSTITUENT_COLUMNS = (("constituent", "text", 168), ("weight", "number", 60), ("move", "number", 60))
AUDIT_COLUMNS = (("date", 84), ("rule", 104), ("subject", 124), ("found", 150), ("action", 128))
CHECK_COLUMNS = (("principle", "name", 150), ("verdict", "name", 84), ("evidence", "text", 360))
MARKS = {"yes": "✓", "partial": "◐", "no": "✗"}
"""A verdict's sign beside its word."""
TONES = {"yes": "accent", "partial": "under", "no": "breach"}


def prints_table(study: IndexStudy) -> Table:
    """One row a print, the newest first: value, change, what it would be without the screens, what it rests on."""
    unit = prints.unit_of(study)
    units = {"value": unit, "unscreened": unit}
    columns = tuple(
        Column(key, say(f"index.column.{key}"), kind, width, units.get(key, "")) for key, kind, width in PRINT_COLUMNS
    )
    again, moved, decimals = prints.carried(study), prints.changes(study), prints.decimals_of(study)
    rows = (_print(study, t, bool(again[t]), float(moved[t]), decimals) for t in reversed(range(study.dates.size)))
    return Table("index", columns, tuple(rows))


def _print(study: IndexStudy, t: int, again: bool, change: float, decimals: int) -> dict[str, Cell]:
    value, bare = float(study.values[t]), float(study.unscreened[t])
    count = int(np.count_nonzero(study.weights[t]))
    return {
        "date": Cell(fmt.day(study.dates[t]), str(study.dates[t])),
        "value": Cell(fmt.price(value, decimals), value, fmt.significant(value, 8)),
        "change": _change(change),
        "unscreened": Cell(fmt.price(bare, decimals), bare, fmt.significant(bare, 8)),
        "constituents": Cell(fmt.number(count), float(count)),
        "concentration": _share(float(study.concentration[t])),
        "stale": _share(float(study.stale_share[t])),
        "state": Cell(say("index.carried") if again else "", tone="under" if again else ""),
    }


def constituents_table(study: IndexStudy, t: int | None = None) -> Table:
    """What print ``t`` (None: the newest that rests on prices of its own) is made of, the largest weight first."""
    t = prints.newest_with_weights(study) if t is None else t
    columns = tuple(Column(key, say(f"index.column.{key}"), kind, width) for key, kind, width in CONSTITUENT_COLUMNS)
    order = sorted(np.flatnonzero(study.weights[t] > 0).tolist(), key=lambda n: (-study.weights[t, n], n))
    return Table("constituents", columns, tuple(_constituent(study, t, n) for n in order))


def _constituent(study: IndexStudy, t: int, n: int) -> dict[str, Cell]:
    weight = float(study.weights[t, n])
    return {
        "constituent": Cell(study.constituents[n], full=study.constituents[n]),
        "weight": Cell(fmt.share(weight, 1), weight, fmt.share(weight, 4)),
        "move": _change(float(np.expm1(study.moves[t, n]))),
    }


def weights_table(study: IndexStudy) -> Table:
    """Every weight of every print, one row each, for a file."""
    first = Column("date", say("index.column.date"), "text", 96)
    newest = constituents_table(study, study.dates.size - 1)
    rows = (
        {"date": Cell(fmt.day(study.dates[t]), str(study.dates[t])), **row}
        for t in range(study.dates.size)
        for row in constituents_table(study, t).rows
    )
    return Table("weights", (first, *newest.columns), tuple(rows))


def audit_table(study: IndexStudy) -> Table:
    """Every decision, the newest first."""
    columns = tuple(Column(key, say(f"index.column.{key}"), "text", width) for key, width in AUDIT_COLUMNS)
    return Table("audit", columns, tuple(_decision(line) for line in reversed(study.audit)))


def _decision(line: AuditLine) -> dict[str, Cell]:
    rule = prints.rule_title(line.rule)
    return {
        "date": Cell(line.date, line.date),
        "rule": Cell(rule, full=rule),
        "subject": Cell(line.subject, full=line.subject),
        "found": Cell(line.found, full=line.found),
        "action": Cell(line.action, full=line.action),
    }


def checks_table(study: IndexStudy) -> Table:
    """The self-check against the principles of IOSCO: verdict by sign and word, and what it rests on."""
    columns = tuple(Column(key, say(f"index.column.{key}"), kind, width) for key, kind, width in CHECK_COLUMNS)
    return Table("iosco", columns, tuple(_check(check) for check in study.self_check))


def _check(check: SelfCheck) -> dict[str, Cell]:
    word = catalogue().get(f"index.verdict.{check.verdict}", check.verdict)
    return {
        "principle": Cell(check.principle),
        "verdict": Cell(f"{MARKS.get(check.verdict, '')} {word}".strip(), word, tone=TONES.get(check.verdict, "")),
        "evidence": Cell(check.evidence, full=check.evidence),
    }


def _change(change: float) -> Cell:
    if fmt.missing(change):
        return Cell("", None)
    text = fmt.share(change, 1, signed=True)
    tone = "" if fmt.reads_as_nothing(text) else "under" if change > 0 else "accent"
    return Cell(text, change, fmt.share(change, 4, signed=True), tone)


def _share(share: float) -> Cell:
    return Cell("", None) if fmt.missing(share) else Cell(fmt.share(share), share, fmt.share(share, 2))


def constituents_unit(study: IndexStudy, t: int) -> str:
    """How many they are, of how many companies."""
    count, companies = int(np.count_nonzero(study.weights[t] > 0)), len(prints.company_weights(study, t))
    key = "index.constituents_one" if companies == 1 else "index.constituents_unit"
    return say(key, count=fmt.number(count), companies=fmt.number(companies))


def audit_unit(study: IndexStudy) -> str:
    """How many decisions, and of which index."""
    return say("index.audit_unit", count=fmt.number(len(study.audit)), method=prints.method_title(study))


def audit_button(study: IndexStudy) -> str:
    """What opens the audit."""
    return say("index.audit_open", count=fmt.number(len(study.audit)))


def checks_unit(study: IndexStudy) -> str:
    """How many principles are kept, in part, or not."""
    counts = {verdict: sum(check.verdict == verdict for check in study.self_check) for verdict in MARKS}
    return say("index.iosco_unit", **counts)


def meaning(study: IndexStudy) -> str:
    """What the method measures, and what was noticed on the way."""
    noticed = (f"{text[:1].upper()}{text[1:]}".rstrip(".") + "." for text in study.notices)
    return " ".join([say(f"index.meaning.{study.method}"), *map(fmt.with_days, noticed)])
