"""What the browser waits for: the first page's CPU, and server time and size of every page's answer and of the frame's.

Run ``python tests/benchmarks/callbacks.py``; it prints and never gates. The first page is told as a share of importing
everything that a run needs; times are CPU seconds of fresh processes, or milliseconds of this one.
"""

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dash
from dash.exceptions import PreventUpdate

from hedgedesk.dashboard import session
from hedgedesk.desk import Desk
from hedgedesk.reports.strip import DIALS, dials

REPO = Path(__file__).resolve().parents[2]
ROUNDS = 5
FULL_STACK = """
import importlib, pkgutil
import hedgedesk
for module in pkgutil.walk_packages(hedgedesk.__path__, "hedgedesk."):
    if not module.name.startswith("hedgedesk.cluster"):
        importlib.import_module(module.name)
import babel.dates, cvxpy, dash, dash_ag_grid, dash_mantine_components, jinja2, pandas, plotly.graph_objects
import python_calamine, scipy.stats, sqlalchemy, statsmodels.api, tomlkit, waitress, xlsxwriter
"""
"""The product and all it depends on, as a program would import it that puts nothing off."""
FIRST_PAGE = """
from pathlib import Path
from hedgedesk.dashboard import create_app
from hedgedesk.desk import Desk, assets
desk = Desk(None, Path({data!r}))
desk.start_run = lambda *_, **__: "job"
page = create_app(desk, assets()).server.test_client().get("/")
assert page.status_code == 200
"""
LOADED = """
import sys
heavy = ("sqlalchemy", "pandas", "numpy", "scipy", "plotly", "xlsxwriter", "jinja2", "cvxpy", "statsmodels", "babel")
print(*(name for name in heavy if name in sys.modules))
"""
CPU = "\nimport time; print(time.process_time())"
LARGEST_FIGURE = 1_000_000
SLOWEST_MS, SLOWEST_SLIDER_MS = 150.0, 300.0


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=True).stdout


def cpu_seconds(code: str) -> float:
    return statistics.median(float(python(code + CPU)) for _ in range(ROUNDS))


def first_page(data: str) -> None:
    page, full = cpu_seconds(FIRST_PAGE.format(data=data)), cpu_seconds(FULL_STACK)
    print(f"first page {page:.2f} s CPU, full stack {full:.2f} s CPU: ratio {page / full:.2f} (at most 0.25)")
    print(
        f"loaded for the first page of what is heavy: {python(FIRST_PAGE.format(data=data) + LOADED).strip() or 'none'}"
    )


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """First and median of the rounds after it."""
    taken = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        with contextlib.suppress(PreventUpdate):
            work()
        taken.append(1000.0 * (time.perf_counter() - started))
    return taken[0], statistics.median(taken[1:])


def figures(answer: object) -> Iterator[int]:
    """Bytes of every figure in an answer."""
    if isinstance(answer, dict):
        for leaf, value in answer.items():
            if str(leaf).endswith("figure") and isinstance(value, dict):
                yield len(json.dumps(value, default=lambda v: v.tolist() if hasattr(v, "tolist") else str(v)))
            else:
                yield from figures(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from figures(value)


def told(name: str, first: float, later: float, sizes: list[int]) -> None:
    over = " OVER 150 ms" if later > SLOWEST_MS else ""
    largest = f", largest figure {max(sizes) / 1000:.0f} kB" if sizes else ""
    wide = " OVER 1 MB" if any(size > LARGEST_FIGURE for size in sizes) else ""
    print(f"{name:<28}{first:8.1f} ms first {later:8.1f} ms then{over}{largest}{wide}")


def standing_values(app: dash.Dash) -> dict[tuple[str, str], object]:
    """What every component holds before anybody touches it."""
    parts = [app.layout, *(page["layout"]() for page in dash.page_registry.values())]
    named = [part for whole in parts for part in whole._traverse() if getattr(part, "id", None)]
    return {(part.id, prop): getattr(part, prop) for part in named for prop in part._prop_names if hasattr(part, prop)}


def answers(app: dash.Dash, run_id: str) -> None:
    """Every callback that shows a run, through the server, as the browser asks it."""
    client = app.server.test_client()
    client.get("/")
    values = {**standing_values(app), ("session-run", "data"): run_id}
    for found in client.get("/_dash-dependencies").json:
        listens = [f"{place['id']}.{place['property']}" for place in found["inputs"]]
        if "session-run.data" not in listens or found["clientside_function"] is not None:
            continue
        body = question(found, values)
        first, later = milliseconds(lambda body=body: client.post("/_dash-update-component", json=body))
        answer = client.post("/_dash-update-component", json=body)
        place = found["output"].strip(".").split("...")[0].split("@")[0]
        sizes = list(figures(answer.json)) if answer.status_code == 200 else []
        told(f"{place} ({answer.status_code})"[:58], first, later, sizes)


def slider(app: dash.Dash, desk: Desk, run_id: str) -> None:
    """One slider moved: from where it rests to the last leaf that it changes, in one thread; then what follows."""
    client = app.server.test_client()
    client.get("/")
    known = client.get("/_dash-dependencies").json
    run = desk.result(run_id)
    own = [dial.own for dial in dials(run)]
    for at, step in ((0, 7), (3, -2), (4, -3), (5, -2)):  # volume, risk weight, band, credit line
        taken = []
        for turn in range(1, ROUNDS + 1):
            places = [place + step * (turn if k == at else 0) // 2 for k, place in enumerate(own)]
            taken.append(_slide(client, known, app, run_id, places))
        first, later = taken[0], statistics.median(taken[1:])
        over = " OVER 300 ms" if later > SLOWEST_SLIDER_MS else ""
        print(f"slider {DIALS[at]:<21}{first:8.1f} ms CPU first {later:8.1f} ms then{over}")
    for name in ("frontier", "strategies"):
        started = time.process_time()
        getattr(desk.plans, name)(run_id)
        print(f"{name:<28}{1000.0 * (time.process_time() - started):8.1f} ms CPU, after the page is filled")


def _slide(client: object, known: list, app: dash.Dash, run_id: str, places: list[int]) -> float:
    """CPU milliseconds of the answer and of every callback of the page that shows it."""
    values = {**standing_values(app), ("session-run", "data"): run_id, ("plan-wish", "data"): {"places": places}}
    (asked,) = [d for d in known if [p["id"] for p in d["inputs"]] == ["plan-wish"]]
    shows = [d for d in known if d["output"].strip(".").startswith("plan-") and _listens(d, "session-run.data")]
    started = time.process_time()
    answer = client.post("/_dash-update-component", json=question(asked, values))  # type: ignore[attr-defined]
    values["session-run", "data"] = answer.json["response"]["session-run"]["data"]
    for found in (d for d in shows if "-table." not in d["output"] and d["clientside_function"] is None):
        client.post("/_dash-update-component", json=question(found, values))  # type: ignore[attr-defined]
    return 1000.0 * (time.process_time() - started)


def _listens(found: dict, leaf: str) -> bool:
    return leaf in {f"{place['id']}.{place['property']}" for place in found["inputs"]}


def question(found: dict[str, object], values: dict[tuple[str, str], object]) -> dict[str, object]:
    def filled(place: dict[str, str]) -> dict[str, object]:
        return {**place, "value": values.get((place["id"], place["property"]))}

    def place(output: str) -> dict[str, str]:
        return dict(zip(("id", "property"), output.split("@")[0].rsplit(".", 1), strict=True))

    output = str(found["output"])
    outputs = [place(o) for o in output.strip(".").split("...")] if output.startswith("..") else place(output)
    return {
        "output": output,
        "outputs": outputs,
        "inputs": [filled(p) for p in found["inputs"]],  # type: ignore[attr-defined]
        "state": [filled(p) for p in found["state"]],  # type: ignore[attr-defined]
        "changedPropIds": ["session-run.data"],
    }


def main() -> None:
    from hedgedesk.dashboard import create_app
    from hedgedesk.desk import assets

    with tempfile.TemporaryDirectory() as data:
        first_page(data)
        desk = Desk(None, Path(data))
        try:
            job = desk.start_run()
            desk.wait(job)
            run_id = desk.finished(job)
            assert run_id is not None, desk.job(job)
            app = create_app(desk, assets())
            answers(app, run_id)
            slider(app, desk, run_id)
            frame = {
                "arrive": lambda: session.arrival(desk, None, None),
                "arrive by a permalink": lambda: session.arrival(desk, run_id, None),
                "follow, idle": lambda: session.follow(desk, [], run_id),
                "follow, a job that ended": lambda: session.follow(desk, [job], run_id),
                "stale?": lambda: session.standing(desk, run_id, failed=False),
            }
            for name, work in frame.items():
                told(name, *milliseconds(work), [])
        finally:
            desk.close()


if __name__ == "__main__":
    main()
