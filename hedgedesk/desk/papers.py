"""Papers: reports and tables that leave the desk as files."""

from __future__ import annotations

import contextlib
import json
import re
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hedgedesk.domain.errors import Fault, HedgeDeskError, InputError
from hedgedesk.domain.progress import Tick
from hedgedesk.domain.workspace import is_run_id
from hedgedesk.jobs import Jobs
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.desk.plans import Plans
    from hedgedesk.domain.price_index import IndexStudy
    from hedgedesk.domain.price_models import ModelStudy, Validation
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.study import UsageStudy
    from hedgedesk.domain.workspace import Deed, RunLine
    from hedgedesk.reports.report.beside import PlanStudies

Study = TypeVar("Study")
REPORTS = (".html", ".xlsx")
"""Endings of the files that a report can be written to."""
MOST_BYTES = 256 * 1024**2
"""Of the reports that are kept."""
UNSAFE = re.compile(r"[^0-9A-Za-z_.-]+")


class Papers:
    """What is handed over: the report of a run, and every table of it.

    Parameters
    ----------
    data
        Folder of the user's own files; reports of jobs lie in ``reports`` inside it.
    jobs
        The desk's jobs.
    result
        Gives the run of an id.
    desk_of
        Gives the name of the desk that the run of an id was made of.
    studies
        Gives what the plan of the run of an id is set beside, as far as that can be had; None: reports say nothing
        of it.
    """

    def __init__(
        self,
        data: Path,
        jobs: Jobs,
        result: Callable[[str], HedgeRun],
        desk_of: Callable[[str], str],
        studies: Callable[[str], PlanStudies] | None = None,
    ) -> None:
        self._home = data
        self._folder = data / "reports"
        self._jobs = jobs
        self._result = result
        self._desk_of = desk_of
        self._studies = studies
        self._started: dict[tuple[str, str], str] = {}

    def report(self, run: HedgeRun, out: Path) -> None:
        """Write the report of ``run`` to ``out``, whole or not at all.

        Raises
        ------
        InputError
            ``out`` does not end in .html or .xlsx, or its folder does not exist.
        """
        _require_format(out.name, out.suffix)
        if not out.resolve().parent.is_dir():
            raise InputError(f"the folder {out.parent} does not exist")
        from hedgedesk.files.whole import write_whole

        run_id = run.manifest.run_id
        write_whole(out, _content(run, self._desk_of(run_id), out.suffix.lower(), self._beside(run_id)))

    def numbers(self, run: HedgeRun, out: Path) -> None:
        """Write the numbers of ``run`` to ``out`` as JSON (:meth:`HedgeRun.as_json`), whole or not at all."""
        from hedgedesk.files.whole import write_whole

        write_whole(out, (json.dumps(run.as_json(), indent=2, allow_nan=False) + "\n").encode())

    def index_numbers(self, study: IndexStudy, out: Path) -> None:
        """Write an index with its audit to ``out`` as JSON (:meth:`IndexStudy.as_json`), whole or not at all."""
        from hedgedesk.files.whole import write_whole

        write_whole(out, (json.dumps(study.as_json(), indent=2, allow_nan=False) + "\n").encode())

    def start_report(self, run_id: str, suffix: str) -> str:
        """Write the report of a run as a job; its id. The job that is writing the same file is found again.

        The run travels to the child as a record, because a what-if that nobody has saved is in no store.

        Raises
        ------
        InputError
            ``suffix`` is neither html nor xlsx.
        HedgeDeskError
            There is no such run.
        """
        ending = f".{suffix.lstrip('.')}"
        _require_format(f"{run_id}{ending}", ending)
        started = self._jobs.state(self._started.get((run_id, ending), ""))
        if started is not None and started.active:
            return started.id
        from hedgedesk.domain.values import to_plain

        run = self._result(run_id)
        spec = {
            "record": run.record(),
            "desk": self._desk_of(run_id),
            "studies": to_plain(self._beside(run_id)),
            "out": str(self._place(run_id, ending)),
            "data": str(self._home),
        }
        job = self._jobs.submit(
            f"report-{uuid.uuid4().hex}", write_report, spec, kind="report", title=say(f"report.job{ending}")
        )
        self._started[run_id, ending] = job
        return job

    def report_file(self, run_id: str, suffix: str) -> Path | None:
        """Where the written report of a run lies; None where there is none, or the id or ending is none of ours."""
        ending = f".{suffix.lstrip('.')}"
        if ending not in REPORTS or not is_run_id(run_id):
            return None
        place = self._place(run_id, ending)
        return place if place.is_file() else None

    def table(self, run: HedgeRun, name: str, suffix: str) -> tuple[str, bytes]:
        """A table of ``run`` as a file: its name and its bytes.

        Parameters
        ----------
        run
            The run.
        name
            A name of :data:`hedgedesk.reports.tables.shelf.TABLES`.
        suffix
            csv, tsv or xlsx.

        Raises
        ------
        HedgeDeskError
            No table or no format has that name.
        """
        from hedgedesk.reports.sheet import sheet_bytes
        from hedgedesk.reports.tables import shelf

        table = shelf.table(name, run)
        about = shelf.about(name, run, self._desk_of(run.manifest.run_id))
        recorded_at = str(run.manifest.outcomes.get("recorded_at", ""))
        return file_name(name, run, suffix), sheet_bytes(table, suffix, about, recorded_at)

    def compared(self, a: HedgeRun, b: HedgeRun, name: str, suffix: str) -> tuple[str, bytes]:
        """A table of two runs as a file; ``name`` is one of :data:`hedgedesk.reports.comparison.shelf.TABLES`.

        Raises
        ------
        HedgeDeskError
            No table or no format has that name.
        """
        from hedgedesk.reports.comparison import shelf
        from hedgedesk.reports.sheet import sheet_bytes

        table, recorded_at = shelf.table(name, a, b), str(b.manifest.outcomes.get("recorded_at", ""))
        pair = f"{a.manifest.run_id[:8]}-{b.manifest.run_id[:8]}"
        content = sheet_bytes(table, suffix, shelf.about(name, a, b), recorded_at)
        return plain_name(f"compare-{name}-{pair}.{suffix}"), content

    def of_index(self, study: IndexStudy, name: str, suffix: str, desk: str) -> tuple[str, bytes]:
        """A table of a desk's own index as a file; ``name`` is one of ``reports.tables.index_shelf.TABLES``.

        Raises
        ------
        HedgeDeskError
            No table or no format has that name.
        """
        from hedgedesk.reports.sheet import sheet_bytes
        from hedgedesk.reports.tables import index_shelf

        content = sheet_bytes(index_shelf.table(name, study), suffix, index_shelf.about(name, study, desk))
        return plain_name(f"index-{name}-{study.method}.{suffix}"), content

    def of_usage(self, study: UsageStudy, name: str, suffix: str, desk: str) -> tuple[str, bytes]:
        """A table of a desk's usage as a file; ``name`` is one of ``reports.tables.usage_shelf.TABLES``.

        Raises
        ------
        HedgeDeskError
            No table or no format has that name.
        """
        from hedgedesk.reports.sheet import sheet_bytes
        from hedgedesk.reports.tables import usage_shelf

        content = sheet_bytes(usage_shelf.table(name, study), suffix, usage_shelf.about(name, study, desk))
        return plain_name(f"usage-{name}.{suffix}"), content

    def of_models(self, study: ModelStudy, model: str, name: str, suffix: str, desk: str) -> tuple[str, bytes]:
        """A table of fitted models as a file; ``name`` is one of ``reports.tables.models_shelf.FITTED``.

        Raises
        ------
        HedgeDeskError
            No table or no format has that name.
        """
        from hedgedesk.reports.sheet import sheet_bytes
        from hedgedesk.reports.tables import models_shelf

        about = models_shelf.about_fitted(name, study, model, desk)
        content = sheet_bytes(models_shelf.fitted(name, study, model), suffix, about)
        return plain_name(f"models-{name}-{model}.{suffix}"), content

    def of_validation(self, found: Validation, months: int, name: str, suffix: str, desk: str) -> tuple[str, bytes]:
        """A table of a validation as a file; ``name`` is one of ``reports.tables.models_shelf.JUDGED``.

        Raises
        ------
        HedgeDeskError
            No table or no format has that name.
        """
        from hedgedesk.reports.sheet import sheet_bytes
        from hedgedesk.reports.tables import models_shelf

        about = models_shelf.about_judged(name, found, desk)
        content = sheet_bytes(models_shelf.judged(name, found, months), suffix, about)
        return plain_name(f"{name}-{months}-months.{suffix}"), content

    def of_plan(self, run: HedgeRun, name: str, study: object, suffix: str) -> tuple[str, bytes]:
        """A table of a study of ``run``'s plan as a file; ``name`` is one of ``reports.tables.plans_shelf.TABLES``.

        Raises
        ------
        HedgeDeskError
            No table or no format has that name.
        """
        from hedgedesk.reports.sheet import sheet_bytes
        from hedgedesk.reports.tables import plans_shelf

        about = plans_shelf.about(name, run, self._desk_of(run.manifest.run_id))
        return file_name(f"plan.{name}", run, suffix), sheet_bytes(plans_shelf.table(name, study, run), suffix, about)

    def stored(self, lines: Sequence[RunLine], key: str, suffix: str) -> tuple[str, bytes]:
        """The list of stored runs as a file; ``key`` is the open desk's (:attr:`OpenDesk.key`)."""
        from hedgedesk.reports.sheet import sheet_bytes
        from hedgedesk.reports.tables.runs import runs_in_full

        return f"runs.{suffix}", sheet_bytes(runs_in_full(lines, key), suffix)

    def audit_log(self, deeds: Sequence[Deed], suffix: str) -> tuple[str, bytes]:
        """The audit log as a file."""
        from hedgedesk.reports.sheet import sheet_bytes
        from hedgedesk.reports.tables.runs import deeds_in_full

        return f"audit-log.{suffix}", sheet_bytes(deeds_in_full(deeds), suffix)

    def _beside(self, run_id: str) -> PlanStudies:
        from hedgedesk.reports.report.beside import PlanStudies

        return PlanStudies() if self._studies is None else self._studies(run_id)

    def _place(self, run_id: str, ending: str) -> Path:
        return self._folder / f"{run_id}{ending}"


def write_report(spec: dict[str, Any], tick: Tick) -> dict[str, Any]:
    """Job target: ``spec`` holds the run's ``record``, the ``studies`` of its plan, the ``desk``'s name and ``out``.

    Gives the file's name and size. The report is told to the audit log of the store in ``data``.
    """
    from hedgedesk.desk.memory import deed
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.values import from_plain
    from hedgedesk.files.whole import write_whole
    from hedgedesk.reports.report.beside import PlanStudies
    from hedgedesk.store import Store

    out = Path(spec["out"])
    tick(0.1, say("report.reading"))
    run = HedgeRun.from_record(spec["record"])
    tick(0.3, say("report.writing"))
    content = _content(run, spec["desk"], out.suffix, from_plain(PlanStudies, spec.get("studies", {})))
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, content)
    clear_out(out.parent, spare=out)
    Store(Path(spec["data"])).add_deed(deed("reported", run.manifest.run_id, out.name))
    return {"run": run.manifest.run_id, "suffix": out.suffix.lstrip("."), "file": out.name, "size": len(content)}


def gathered(plans: Plans, run_id: str) -> PlanStudies:
    """What is known of a run's plan beside others; frontier and strategies only where its scenarios are kept."""
    from hedgedesk.reports.report.beside import PlanStudies

    def known(verb: Callable[[str], Study | None]) -> Study | None:
        try:
            return verb(run_id)
        except HedgeDeskError:
            return None

    return PlanStudies(known(plans.frontier), known(plans.strategies), known(plans.models), known(plans.history))


def clear_out(folder: Path, spare: Path, most: int = MOST_BYTES) -> None:
    """Remove the oldest reports beyond ``most`` bytes, ``spare`` never; each can be written again from its run."""
    found = [(path, path.stat()) for path in folder.iterdir() if path.suffix in REPORTS and path != spare]
    room = most - spare.stat().st_size
    for path, status in sorted(found, key=lambda each: each[1].st_mtime, reverse=True):
        room -= status.st_size
        if room < 0:
            with contextlib.suppress(OSError):  # Windows keeps a file that is being read
                path.unlink()


def file_name(name: str, run: HedgeRun, suffix: str) -> str:
    """``plan-trades-7f3a9c2e.csv``: what is in it and of which run, in characters that no system minds."""
    return plain_name(f"{name.replace('.', '-')}-{run.manifest.run_id[:8]}.{suffix}")


def plain_name(name: str) -> str:
    """A file name in characters that no system and no header minds."""
    return UNSAFE.sub("-", name)


def _content(run: HedgeRun, desk: str, ending: str, studies: PlanStudies) -> bytes:
    from hedgedesk.reports.report.model import report_model

    model = report_model(run, desk, studies)
    if ending == ".html":
        from hedgedesk.reports.report.html import report_html

        return report_html(model).encode()
    from hedgedesk.reports.xlsx import report_workbook

    return report_workbook(model)


def _require_format(name: str, ending: str) -> None:
    if ending.lower() not in REPORTS:
        raise InputError(faults=[Fault(name, None, None, name, "a file name that ends in .html or .xlsx")])
