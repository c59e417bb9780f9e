"""The sections of a report, each a question and what answers it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.findings import findings
from hedgedesk.reports.headlines import headlines
from hedgedesk.reports.messages import price_model, say
from hedgedesk.reports.method import Note, notes
from hedgedesk.reports.precise import precise_rows, precise_words
from hedgedesk.reports.report import beside
from hedgedesk.reports.report.beside import PlanStudies
from hedgedesk.reports.report.section import Exhibit, Listing, Section
from hedgedesk.reports.report.totals import Totals, totals
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from hedgedesk.domain.results import RiskReport
    from hedgedesk.domain.run import HedgeRun

NO_STUDIES = PlanStudies()


def sections(run: HedgeRun, studies: PlanStudies = NO_STUDIES) -> tuple[Section, ...]:
    """The whole report in reading order; what the plan is set beside, where that is known."""
    first, last = (_summary, _exposure, _prices, _plan), (_months, _stresses, _method, _provenance)
    ways = (_ways(run, studies),) if studies.any else ()
    return (*(part(run) for part in first), *ways, *(part(run) for part in last))


def inputs_hash(files: dict[str, str]) -> str:
    """SHA-256 over the names and hashes of the files, in the order of their names."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def _summary(run: HedgeRun) -> Section:
    from hedgedesk.reports.figures import cost_distribution
    from hedgedesk.reports.tables.twins import cost_distribution as twin

    unit, words = say("report.costs_unit", currency=run.report.currency), precise_words(run.report)
    costs = Listing(say("report.costs"), f"{unit} · {words}" if words else unit, costs_table(run))
    return Section(
        "summary",
        say("report.summary"),
        kpis=tuple(headlines(run).values()),
        findings=tuple(found for found in findings(run) if found.kind != "note"),
        exhibits=(Exhibit(cost_distribution(run.report), twin(run.report)),),
        listings=(costs,),
        facts=_amounts(totals(run), fmt.share(run.report.level)),
    )


def _amounts(whole: Totals, level: str) -> tuple[tuple[str, str], ...]:
    """The amounts beside the cost, full; what has no value is not there."""
    named = {
        "budget": whole.budget,
        "hedge_cost": whole.hedge_cost,
        "transaction_cost": whole.transaction_cost,
        "initial_margin": whole.initial_margin,
        "credit_line": whole.credit_line,
        "liquidity_at_risk": whole.liquidity_at_risk,
    }
    return tuple(
        (say(f"report.amount.{key}", level=level), fmt.money(amount, whole.currency))
        for key, amount in named.items()
        if amount is not None
    )


def _exposure(run: HedgeRun) -> Section:
    from hedgedesk.reports.tables.exposure import lines_table, lines_unit

    lines = Listing(say("report.lines"), lines_unit(run), lines_table(run))
    return Section("exposure", say("report.exposure"), listings=(lines,))


def _prices(run: HedgeRun) -> Section:
    from hedgedesk.reports.figures import price_fan
    from hedgedesk.reports.tables import criteria, parameters_table
    from hedgedesk.reports.tables.twins import price_fan as twin

    fitted = Listing(
        say("report.parameters", model=price_model(run.model.name)),
        " · ".join(text for text in (run.model.chosen_because, *criteria(run.model)) if text),
        parameters_table(run.model),
    )
    return Section(
        "prices", say("report.prices"), exhibits=(Exhibit(price_fan(run.fan), twin(run.fan)),), beside=(fitted,)
    )


def _plan(run: HedgeRun) -> Section:
    from hedgedesk.reports.figures import cover_by_month
    from hedgedesk.reports.proof import proof
    from hedgedesk.reports.tables.plan import limits_in_full, limits_table, plan_table, plan_unit
    from hedgedesk.reports.tables.twins import cover_by_month as twin

    full = replace(limits_in_full(run), name="limits_in_full")
    return Section(
        "plan",
        say("report.plan"),
        exhibits=(Exhibit(cover_by_month(run.report), twin(run.report)),),
        listings=(
            Listing(say("plan.why"), "", _reasons(run)),
            Listing(say("plan.trades"), plan_unit(run), plan_table(run)),
            *_choices(run),
            *_options(run),
            Listing(say("report.limits"), say("report.limits_unit"), limits_table(run.plan)),
            Listing(say("report.limits_in_full"), "", full, folded=True),
        ),
        facts=proof(run),
    )


def _reasons(run: HedgeRun) -> Table:
    """Why this plan, a sentence a row."""
    from hedgedesk.reports.why import why

    column = Column("why", say("report.ways_told"), "text", 400)
    return Table("why", (column,), tuple({"why": Cell(sentence)} for sentence in why(run)))


def _choices(run: HedgeRun) -> tuple[Listing, ...]:
    """Instruments beside the futures, where something of one is taken."""
    from hedgedesk.reports.tables.choices import choices_table, choices_words

    words = choices_words(run.plan)
    return (Listing(say("plan.choices"), words, choices_table(run)),) if run.plan.choices else ()


def _options(run: HedgeRun) -> tuple[Listing, ...]:
    """Premium and greeks of the options taken, where there are some."""
    from hedgedesk.reports.tables.options import options_table, options_unit

    table = options_table(run)
    return (Listing(say("plan.options"), options_unit(run), table),) if table.rows else ()


def _ways(run: HedgeRun, studies: PlanStudies) -> Section:
    """The plan beside others on common scenarios."""
    told = beside.words(studies, run)
    return Section(
        "ways",
        say("report.ways"),
        exhibits=beside.exhibits(studies),
        beside=beside.regret(studies),
        listings=beside.listings(studies, run),
        notes=(Note(say("report.ways_told"), told),) if told else (),
    )


def _months(run: HedgeRun) -> Section:
    from hedgedesk.reports.tables import months_table, months_unit

    table, whole = months_table(run), totals(run)
    summed = replace(table, total=_sum_of_months(run, table))
    aside = (say("report.in_no_month"), fmt.money(whole.in_no_month, whole.currency))
    return Section(
        "months",
        say("report.months"),
        listings=(Listing(say("plan.months"), months_unit(run), summed),),
        facts=(aside,) if whole.in_no_month else (),
    )


def _stresses(run: HedgeRun) -> Section:
    from hedgedesk.reports.tables import page_scale, stress_table

    unit = say("overview.stress_unit", unit=page_scale(run.report).unit(run.report.currency))
    return Section(
        "stress",
        say("overview.stress"),
        listings=(Listing(say("report.shocks"), unit, stress_table(run.report)),),
    )


def _method(run: HedgeRun) -> Section:
    """Overview's notes, and meaning and formula of the plan."""
    overview, plan = notes("overview", run), notes("plan", run)
    meaning, formula = overview[0], overview[1]
    told = (
        replace(meaning, lines=(*meaning.lines, *plan[0].lines)),
        replace(formula, lines=(*formula.lines, *plan[1].lines)),
        *(note for note in overview[2:4]),
    )
    return Section("method", say("report.method"), notes=told)


def _provenance(run: HedgeRun) -> Section:
    manifest = run.manifest
    identity = next(n for n in notes("overview", run) if n.heading == say("method.identity"))
    files = manifest.causes.get("files", {})
    keys = ("file", "digest")
    table = Table(
        "files",
        tuple(Column(key, say(f"report.column.{key}"), "name") for key in keys),
        tuple({"file": Cell(name), "digest": Cell(digest)} for name, digest in sorted(files.items())),
    )
    settings = tuple((str(name), _plain(value)) for name, value in manifest.causes.get("settings", {}).items())
    return Section(
        "provenance",
        say("report.provenance"),
        listings=(Listing(say("report.files"), say("report.files_unit", digest=inputs_hash(files)), table),),
        facts=settings,
        notes=(identity,),
    )


def _plain(value: object) -> str:
    return fmt.DASH if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def costs_table(run: HedgeRun) -> Table:
    """Cost of the horizon without hedges, with the plan, and what the plan takes away; full amounts."""
    report = run.report
    columns = (
        Column("measure", say("report.column.measure"), "text", 260),
        *(
            Column(key, say(f"report.column.{key}"), "number", 140, report.currency)
            for key in ("unhedged", "hedged", "benefit")
        ),
    )
    return Table("costs", columns, tuple(_cost_rows(report)))


def _cost_rows(report: RiskReport) -> list[dict[str, Cell]]:
    names = ["mean", "standard_error", "p05", "p50", "p95", "var", "cvar", "cvar_standard_error"]
    if report.hedged.budget is not None:
        names += ["expected_overrun", "budget_at_risk"]
    rows = []
    for name in names:
        unhedged, hedged = getattr(report.unhedged, name), getattr(report.hedged, name)
        benefit = Cell("") if name.endswith("error") else _money(unhedged - hedged)
        label = Cell(say(f"report.cost.{name}", level=fmt.share(report.level)), name)
        rows.append({"measure": label, "unhedged": _money(unhedged), "hedged": _money(hedged), "benefit": benefit})
    for row in precise_rows(report):
        benefit = Cell("") if row.is_error else _money(row.unhedged - row.hedged)
        pair = {"unhedged": _money(row.unhedged), "hedged": _money(row.hedged)}
        rows.append({"measure": Cell(row.label, row.name), **pair, "benefit": benefit})
    return rows


def _money(amount: float) -> Cell:
    text = fmt.bracketed(fmt.number(amount, 2), amount)
    return Cell(text, amount, tone="breach" if text.startswith("(") else "")


def _sum_of_months(run: HedgeRun, table: Table) -> dict[str, Cell]:
    """Volumes and mean costs added up; what no month has is in the total of the mean."""
    from hedgedesk.reports.tables import months_scale

    whole, currency = totals(run), run.report.currency
    scale = months_scale(run.report)
    sums = {
        column.key: sum(float(row[column.key].value or 0.0) for row in table.rows)
        for column in table.columns
        if column.kind == "number" and column.key != "p95"
    }
    sums["cost"] += whole.in_no_month
    sums["unhedged"] += whole.unhedged_in_no_month
    money = ("unhedged", "cost")
    cells = {
        key: Cell(scale.text(value), value, fmt.money(value, currency))
        if key in money
        else Cell(fmt.number(value), value)
        for key, value in sums.items()
    }
    return {"month": Cell(say("plan.total")), **cells}
