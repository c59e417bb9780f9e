"""The app on a desk that stands still: one run made by hand, and jobs that a test puts in any state."""

from __future__ import annotations

import dataclasses
import runpy
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from hedgedesk.dashboard import create_app
from hedgedesk.desk import assets
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.errors import HedgeDeskError, InputError, NeedsScenarios
from hedgedesk.domain.price_index import IndexStudy
from hedgedesk.domain.price_models import ModelStudy, Validation
from hedgedesk.domain.run import HedgeRun
from hedgedesk.domain.strategies import Frontier, LayeredHistory, ModelPlans, Strategies
from hedgedesk.domain.study import UsageStudy
from hedgedesk.domain.workspace import Deed, KeptDesk, OpenDesk, RunLine
from hedgedesk.jobs import JobState
from hedgedesk.reports.tables import models_shelf, plans_shelf, usage_shelf

REPO = Path(__file__).resolve().parents[2]


class StillPapers:
    """Files without a folder: one table, and the report that a test says is written."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.file: Path | None = None

    def start_report(self, run_id: str, suffix: str) -> str:
        self.asked.append((run_id, suffix))
        return "report-job"

    def report_file(self, run_id: str, suffix: str) -> Path | None:
        return self.file if self.file is not None and self.file.suffix == f".{suffix}" else None

    def table(self, run: HedgeRun, name: str, suffix: str) -> tuple[str, bytes]:
        if name != "plan.trades":
            raise HedgeDeskError(f"no table is called {name!r}")
        return f"plan-trades-{run.manifest.run_id[:8]}.{suffix}", b"Contract\tLots\r\nTKN\t5\r\n"

    def compared(self, a: HedgeRun, b: HedgeRun, name: str, suffix: str) -> tuple[str, bytes]:
        return f"{name}.{suffix}", name.encode()

    def of_index(self, study: IndexStudy, name: str, suffix: str, desk: str) -> tuple[str, bytes]:
        if name != "audit":
            raise HedgeDeskError(f"no table of an index is called {name!r}")
        return f"index-audit-{study.method}.{suffix}", desk.encode()

    def of_usage(self, study: object, name: str, suffix: str, desk: str) -> tuple[str, bytes]:
        if name not in usage_shelf.TABLES:
            raise HedgeDeskError(f"no table is called {name!r}")
        return f"usage-{name}.{suffix}", name.encode()

    def of_models(self, study: ModelStudy, model: str, name: str, suffix: str, desk: str) -> tuple[str, bytes]:
        models_shelf.fitted(name, study, model)
        return f"models-{name}-{model}.{suffix}", name.encode()

    def of_plan(self, run: HedgeRun, name: str, study: object, suffix: str) -> tuple[str, bytes]:
        plans_shelf.table(name, study, run)
        return f"plan-{name}-{run.manifest.run_id[:8]}.{suffix}", name.encode()

    def of_validation(self, found: Validation, months: int, name: str, suffix: str, desk: str) -> tuple[str, bytes]:
        models_shelf.judged(name, found, months)
        return f"{name}-{months}.{suffix}", name.encode()

    def stored(self, lines: object, key: str, suffix: str) -> tuple[str, bytes]:
        return f"runs.{suffix}", b"runs"

    def audit_log(self, deeds: object, suffix: str) -> tuple[str, bytes]:
        return f"audit-log.{suffix}", b"deeds"


class StillDrafts:
    """One template."""

    def template(self, table: str, suffix: str) -> bytes:
        if table != "consumption":
            raise InputError(f"no template is called {table}")
        return b"month,mtok\n"


class StillWhatIfs:
    """What-ifs that a test names."""

    def __init__(self) -> None:
        self.bases: dict[str, tuple[str, Changes]] = {}
        self.saved: set[str] = set()

    def base_of(self, run_id: str) -> tuple[str, Changes] | None:
        return self.bases.get(run_id)

    def is_saved(self, run_id: str) -> bool:
        return run_id in self.saved


class StillUsages:
    """The study that a test sets."""

    def __init__(self) -> None:
        self.made: UsageStudy | None = None
        self.has_exports = False
        self.started = 0
        self.adopted: list[str] = []

    def study(self) -> UsageStudy | None:
        return self.made

    def loaded(self) -> bool:
        return self.has_exports

    def start(self) -> str:
        self.started += 1
        return "usage-job"


class StillModels:
    """The fitted models that a test sets."""

    def __init__(self) -> None:
        self.made: ModelStudy | None = None
        self.started: list[tuple[tuple[str, ...], dict[str, dict[str, float]], bool]] = []

    def study(self) -> ModelStudy | None:
        return self.made

    def start(self, names: Sequence[str], view: dict[str, dict[str, float]], *, uncertainty: bool = False) -> str:
        self.started.append((tuple(names), view, uncertainty))
        return "models-job"


class StillValidations:
    """The validation that a test sets."""

    def __init__(self) -> None:
        self.made: Validation | None = None
        self.started = 0

    def result(self) -> Validation | None:
        return self.made

    def start(self) -> str:
        self.started += 1
        return "validate-job"


class StillPlans:
    """The studies of a plan that a test sets."""

    def __init__(self) -> None:
        made = runpy.run_path(str(REPO / "tests" / "reports" / "plan_studies.py"))
        self.held: Frontier = made["frontier"]()
        self.ways: Strategies = made["strategies"]()
        self.past: LayeredHistory = made["history"]()
        self.made: ModelPlans | None = None
        self.refusal: HedgeDeskError | None = None
        self.started: list[str] = []
        self.redrawn: list[str] = []

    def frontier(self, run_id: str) -> Frontier:
        if self.refusal is not None:
            raise self.refusal
        return self.held

    def strategies(self, run_id: str) -> Strategies:
        if self.refusal is not None:
            raise self.refusal
        return self.ways

    def history(self, run_id: str) -> LayeredHistory:
        if self.refusal is not None and not isinstance(self.refusal, NeedsScenarios):
            raise self.refusal
        return self.past

    def models(self, run_id: str) -> ModelPlans | None:
        return self.made

    def start_models(self, run_id: str) -> str:
        self.started.append(run_id)
        return "plans-job"

    def redraw(self, run_id: str) -> str:
        self.redrawn.append(run_id)
        return "redraw-job"


class StillDesk:
    """Verbs of a desk without files or processes."""

    def __init__(self, run: HedgeRun) -> None:
        self.run = run
        self.open = OpenDesk("still", "sample", Path("still"), "key")
        self.papers, self.drafts, self.what_ifs = StillPapers(), StillDrafts(), StillWhatIfs()
        self.usages = StillUsages()
        self.plans = StillPlans()
        self.models, self.validations = StillModels(), StillValidations()
        self.overrides: list[dict[str, Any]] = []
        self.states: dict[str, JobState] = {}
        self.started: list[str] = []
        self.retried: list[bool] = []
        self.cancelled: list[str] = []
        self.kept: str | None = None
        self.stale: set[str] = set()
        self.indices: list[tuple[str | None, str | None, bool]] = []

    def opened(self) -> OpenDesk:
        return self.open

    def newest(self) -> str | None:
        return self.kept

    def is_stale(self, run_id: str) -> bool:
        return run_id in self.stale

    def start_run(self, overrides: dict[str, Any] | None = None, *, retry: bool = True) -> str:
        self.overrides.append(overrides or {})
        self.started.append("job")
        self.retried.append(retry)
        return "job"

    def job(self, job_id: str | None) -> JobState | None:
        return self.states.get(job_id or "")

    def jobs(self) -> tuple[JobState, ...]:
        return tuple(reversed(self.states.values()))

    def finished(self, job_id: str) -> str | None:
        state = self.states.get(job_id)
        return self.run.manifest.run_id if state is not None and state.status == "done" else None

    def cancel(self, job_id: str | None) -> None:
        self.cancelled.append(job_id or "")

    def result(self, run_id: str) -> HedgeRun:
        if run_id != self.run.manifest.run_id:
            raise HedgeDeskError(f"run {run_id} is not kept")
        return self.run

    @property
    def name(self) -> str:
        return self.open.name

    def index(self, *, method: str | None = None, frequency: str | None = None, screens: bool = True) -> IndexStudy:
        self.indices.append((method, frequency, screens))
        if method == "realised":
            raise InputError("realised needs usage")
        build = runpy.run_path(str(REPO / "tests" / "reports" / "index_study.py"))["index_study"]
        made: IndexStudy = build(method=method or "matched_list")
        return made if screens else dataclasses.replace(made, values=made.unscreened)

    def runs(self) -> tuple[RunLine, ...]:
        return ()

    def run_line(self, run_id: str) -> RunLine | None:
        return None

    def desks(self) -> tuple[KeptDesk, ...]:
        return ()

    def deeds(self) -> tuple[Deed, ...]:
        return ()


@pytest.fixture(scope="session")
def run() -> HedgeRun:
    """The run made by hand."""
    return runpy.run_path(str(REPO / "tests" / "reports" / "sample_run.py"))["sample_run"]()


@pytest.fixture
def desk(run: HedgeRun) -> StillDesk:
    return StillDesk(run)


@pytest.fixture
def app(desk: StillDesk) -> Any:
    return create_app(desk, assets())


@pytest.fixture
def client(app: Any) -> Any:
    client = app.server.test_client()
    client.get("/")
    return client


@pytest.fixture
def call(client: Any) -> Callable[..., Any]:
    """Post to a callback as the browser does: the callback that writes ``leaf``, with values by ``id__property``."""

    def post(leaf: str, /, **values: Any) -> Any:
        given = {leaf_of(name): value for name, value in values.items()}
        known = client.get("/_dash-dependencies").json
        written = [d for d in known if leaf in d["output"] and d["clientside_function"] is None]
        # Where several callbacks write a leaf, the one that listens to what changed is meant.
        (found,) = [d for d in written if len(written) == 1 or set(given) & {told(place) for place in d["inputs"]}]
        body = {
            "output": found["output"],
            "outputs": outputs_of(found["output"]),
            "inputs": [
                {**place, "value": given.get(f"{place['id']}.{place['property']}")} for place in found["inputs"]
            ],
            "state": [{**place, "value": given.get(f"{place['id']}.{place['property']}")} for place in found["state"]],
            "changedPropIds": list(given),
        }
        return client.post("/_dash-update-component", json=body)

    return post


def leaf_of(name: str) -> str:
    """``session_run__data`` as ``session-run.data``; what has a dot is a leaf already."""
    place, _, prop = name.partition("__")
    return name if "." in name else f"{place.replace('_', '-')}.{prop}"


def told(place: dict[str, str]) -> str:
    return f"{place['id']}.{place['property']}"


def outputs_of(output: str) -> Any:
    parts = output.strip(".").split("...") if output.startswith("..") else [output]
    places = [dict(zip(("id", "property"), part.split("@")[0].rsplit(".", 1), strict=True)) for part in parts]
    return places if output.startswith("..") else places[0]
