"""The report of a run, written down once: every writer (HTML, Excel) says what stands here and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import price_model, say
from hedgedesk.reports.report.section import Section
from hedgedesk.reports.report.sections import NO_STUDIES, inputs_hash, sections
from hedgedesk.reports.report.totals import Totals, totals

if TYPE_CHECKING:
    from hedgedesk.domain.results import ModelSummary
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.reports.report.beside import PlanStudies
    from hedgedesk.reports.tables.table import Table


@dataclass(frozen=True, slots=True)
class ReportModel:
    """Everything that a report of a run says."""

    title: str
    desk: str
    as_of: str
    run_id: str
    scenario_id: str
    inputs_hash: str
    """SHA-256 over the names and hashes of the input files."""
    model: str
    scenarios: str
    index: str
    price_unit: str
    volume_unit: str
    made_at: str
    """ISO 8601; when the run was made, not when the report was written."""
    origin: str
    """Of a what-if, the run it changes and how; empty for a run of the files as they are."""
    banner: str
    """Says that nobody quotes the curve; empty where an exchange lists the contract."""
    level: str
    """Tail level of CVaR, as text."""
    totals: Totals
    quality: tuple[tuple[str, float], ...]
    """On how much the model was fitted and how well, by title; without a likelihood, the observations alone."""
    lot_mtok: tuple[float, ...]
    """(K,) volume of a lot of each contract of the trades."""
    sections: tuple[Section, ...]

    def table(self, name: str) -> Table:
        """The table called ``name``, wherever it stands.

        Raises
        ------
        KeyError
            No section has it.
        """
        return self._tables[name]

    def find(self, name: str) -> Table | None:
        """The table called ``name``; None: no section has it."""
        return self._tables.get(name)

    @property
    def _tables(self) -> dict[str, Table]:
        tables = [item.table for section in self.sections for item in (*section.beside, *section.listings)]
        tables += [item.twin for section in self.sections for item in section.exhibits]
        return {table.name: table for table in tables}

    def section(self, key: str) -> Section:
        """The section of that key."""
        return {section.key: section for section in self.sections}[key]


def report_model(run: HedgeRun, desk: str, studies: PlanStudies = NO_STUDIES) -> ReportModel:
    """Write down a run. Pure: the same run and name give the same model, whatever the clock says.

    Parameters
    ----------
    run
        A run of the straight line, or a what-if.
    desk
        What the user calls the desk.
    studies
        What the plan is set beside, as far as that is known.
    """
    report, manifest, fan = run.report, run.manifest, run.fan
    settings = manifest.causes.get("settings", {})
    return ReportModel(
        title=say("report.title", span=fmt.span(report.months.months[0], report.months.months[-1])),
        desk=desk,
        as_of=fmt.day(fan.as_of),
        run_id=manifest.run_id,
        scenario_id=manifest.scenario_id,
        inputs_hash=inputs_hash(manifest.causes.get("files", {})),
        model=price_model(run.model.name),
        scenarios=say("context.scenarios", count=fmt.number(report.scenarios), seed=settings.get("seed", fmt.DASH)),
        index=fan.index,
        price_unit=fmt.per_unit(fan.currency, fan.unit),
        volume_unit=fmt.volume_unit(fan.unit),
        made_at=str(manifest.outcomes.get("recorded_at", "")),
        origin=_origin(manifest.causes),
        banner=say("banner.text", as_of=fmt.day(fan.as_of)) if report.indicative or _unlisted(run) else "",
        level=fmt.share(report.level),
        totals=totals(run),
        quality=_quality(run.model),
        lot_mtok=tuple(float(contract.spec.mtok_per_lot) for contract in run.plan.contracts),
        sections=sections(run, studies),
    )


def _quality(model: ModelSummary) -> tuple[tuple[str, float], ...]:
    """What the terms of a fit are called, and their numbers; those that there are not are left out."""
    likelihood = None if fmt.missing(model.log_likelihood) else model.log_likelihood
    terms = {"observations": model.observations, "estimated": model.estimated, "likelihood": likelihood}
    terms |= {"aic": model.aic, "bic": model.bic}
    return tuple((say(f"report.quality.{key}"), value) for key, value in terms.items() if value is not None)


def _origin(causes: dict[str, Any]) -> str:
    if "based_on" not in causes:
        return ""
    changed = causes["changes"].items()
    changes = (
        say(f"report.change.{name}", value=_instruments(value) if name == "program" else _told(value))
        for name, value in changed
    )
    return say("report.what_if", run=causes["based_on"], changes=", ".join(changes))


def _instruments(program: dict[str, Any]) -> str:
    """A whole programme in a few words: what it is measured by, and what may be traded."""
    return ", ".join((str(program["objective"]).replace("_", " "), *program["instruments"]))


def _told(value: Any) -> str:
    """A change's value: a number, a price model by its name, parameters one by one."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {number:g}" for name, number in value.items())
    return price_model(value) if isinstance(value, str) else f"{value:g}"


def _unlisted(run: HedgeRun) -> bool:
    return any(not contract.spec.listed for contract in run.plan.contracts)
