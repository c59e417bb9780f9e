"""CPU milliseconds of an edit in the browser: change a cell, check the whole desk again; sample desk and a large one.

Run ``python tests/benchmarks/mending.py``; it prints and never gates. Times of two machines cannot be compared.
"""

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hedgedesk.desk.drafts import Drafts
from hedgedesk.desk.places import sample
from hedgedesk.domain.draft import CellEdit
from hedgedesk.domain.units import METERS
from hedgedesk.jobs import Jobs

ROUNDS = 9
MODELS = 200
"""Of the large desk: two years of months, every meter."""


def milliseconds(work: Callable[[int], object]) -> float:
    """Median CPU time of a call, after one to warm up."""
    work(0)
    times = []
    for number in range(1, ROUNDS + 1):
        start = time.process_time()
        work(number)
        times.append(time.process_time() - start)
    return 1_000 * statistics.median(times)


def large_desk(folder: Path) -> Path:
    """The sample with a forecast of many models."""
    shutil.copytree(sample(), folder)
    months = [f"{2026 + month // 12}-{month % 12 + 1:02d}" for month in range(10, 34)]
    rows = [f"{month},model-{n},{meter},{n + 0.5}" for month in months for n in range(MODELS) for meter in METERS]
    (folder / "consumption.csv").write_text("\n".join(["month,model,meter,mtok", *rows, ""]), encoding="utf-8")
    return folder


def measure(drafts: Drafts, name: str, folder: Path) -> None:
    """Print the four things that a user waits for in the grid."""
    draft = drafts.copy_of(folder, name)
    works: dict[str, Callable[[int], object]] = {
        "forecast cell": lambda n: drafts.edit(draft, "consumption.csv", [CellEdit("cell", 5, "mtok", str(n + 1))]),
        "position cell": lambda n: drafts.edit(draft, "book.csv", [CellEdit("cell", 2, "lots", str(n + 1))]),
        "budget": lambda n: drafts.edit(draft, "program.toml", [CellEdit("cell", 2, "value", str(90_000 + n))]),
        "undo": lambda n: drafts.undo(draft),
        "open forecast": lambda n: drafts.table(draft, "consumption.csv"),
    }
    print(f"{name:>8}  " + "  ".join(f"{what} {milliseconds(work):.0f} ms" for what, work in works.items()))


def main() -> None:
    """Measure both desks."""
    with tempfile.TemporaryDirectory() as scratch:
        drafts = Drafts(Path(scratch) / "drafts", Jobs(1))
        measure(drafts, "sample", sample())
        measure(drafts, "large", large_desk(Path(scratch) / "large"))


if __name__ == "__main__":
    main()
