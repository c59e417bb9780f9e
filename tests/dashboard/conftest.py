"""The app on a desk that stands still: one run made by hand, and jobs that a test puts in any state."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hedgedesk.dashboard import create_app
from hedgedesk.desk import assets
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.domain.run import HedgeRun
from hedgedesk.jobs import JobState

REPO = Path(__file__).resolve().parents[2]


class StillDesk:
    """Verbs of a desk without files or processes."""

    def __init__(self, run: HedgeRun) -> None:
        self.name, self.folder, self.sample = "still", Path("still"), True
        self.run = run
        self.states: dict[str, JobState] = {}
        self.started: list[str] = []
        self.retried: list[bool] = []
        self.cancelled: list[str] = []

    def start_run(self, *, retry: bool = True) -> str:
        self.started.append("job")
        self.retried.append(retry)
        return "job"

    def job(self, job_id: str | None) -> JobState | None:
        return self.states.get(job_id or "")

    def finished(self, job_id: str) -> str | None:
        state = self.states.get(job_id)
        return self.run.manifest.run_id if state is not None and state.status == "done" else None

    def cancel(self, job_id: str | None) -> None:
        self.cancelled.append(job_id or "")

    def result(self, run_id: str) -> HedgeRun:
        if run_id != self.run.manifest.run_id:
            raise HedgeDeskError(f"run {run_id} is not in memory")
        return self.run


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
    """Post to a callback as the browser does: the callback that writes ``leaf``, with values by ``id.property``."""

    def post(leaf: str, /, **values: Any) -> Any:
        given = {key.replace("__", ".").replace("_", "-"): value for key, value in values.items()}
        (found,) = [d for d in client.get("/_dash-dependencies").json if leaf in d["output"]]
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


def outputs_of(output: str) -> Any:
    parts = output.strip(".").split("...") if output.startswith("..") else [output]
    places = [dict(zip(("id", "property"), part.split("@")[0].rsplit(".", 1), strict=True)) for part in parts]
    return places if output.startswith("..") else places[0]
