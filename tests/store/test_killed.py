"""Fifty times a saving process is killed outright: the store opens each time and holds whole runs only."""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from hedgedesk.store import FILE, Store
from hedgedesk.store.scenarios import ScenarioCache

KILLS = 50
LONGEST = 0.03
"""Seconds into a save after which a child is killed at the latest; a save takes less."""

SAVER = """
import dataclasses, os, runpy, sys
from pathlib import Path
from hedgedesk.desk.memory import deed
from hedgedesk.desk.running import line_of
from hedgedesk.store import Store
from hedgedesk.store.scenarios import ScenarioCache

sample, home, cache = sys.argv[1], Path(sys.argv[2]), ScenarioCache(Path(sys.argv[3]))
run, scenarios = runpy.run_path(sample)["sample_run"](), cache.load("small")
line = dataclasses.replace(
    line_of(
        dataclasses.replace(run, manifest=dataclasses.replace(run.manifest, causes={"settings": {"seed": 1}})),
        desk="Mine", key="k", seconds=1.0,
    )
)

def save(child):
    store = Store(home)
    os.write(1, b"%d\\n" % os.getpid())
    for number in range(10_000):
        name = f"c{child}n{number}"
        store.scenario_cache.save(name, scenarios)
        store.save_run(run, dataclasses.replace(line, run_id=name), {"n": name}, deed("ran", name))
        os.write(1, b".")

for child, _ in enumerate(sys.stdin):
    pid = os.fork()
    if pid == 0:
        save(child)
        os._exit(0)
    os.waitpid(pid, 0)
    os.write(1, b"over\\n")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked, which this system does not know")
def test_a_store_survives_fifty_kills_during_save_without_half_a_run(tmp_path, scenarios, reports_sample):
    ScenarioCache(tmp_path / "given").save("small", scenarios)
    home = tmp_path / "home"
    moments = random.Random(7)
    saver = subprocess.Popen(
        [sys.executable, "-c", SAVER, str(reports_sample), str(home), str(tmp_path / "given")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    seen: set[str] = set()
    with saver:
        for _ in range(KILLS):
            saver.stdin.write(b"\n")
            saver.stdin.flush()
            pid = int(saver.stdout.readline())
            saver.stdout.read(moments.randrange(3))  # so many runs are saved before
            select.select([], [], [], moments.uniform(0, LONGEST))
            os.kill(pid, signal.SIGKILL)
            assert saver.stdout.readline().strip(b".") == b"over\n"
            seen |= whole_runs(home, seen)
        saver.stdin.close()
    assert len(seen) > KILLS / 2


def whole_runs(home: Path, seen: set[str]) -> set[str]:
    """Ids of the runs that are new since ``seen``, each read whole; what is beside them fits too."""
    store = Store(home)
    connection = sqlite3.connect(home / FILE)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    ids = {line.run_id for line in store.lines()}
    assert seen <= ids, "a run that was saved is gone"
    for run_id in ids - seen:
        assert store.run(run_id).plan.lots.size == 12
        assert store.answer("k", {"n": run_id}).run_id == run_id
        assert store.scenarios(run_id).count == 100  # arrays come before the row
    assert sorted(deed.subject for deed in store.deeds()) == sorted(ids)
    arrays = [path.stem for path in (home / "scenarios").glob("*.npz") if path.stem not in seen]
    assert all(store.scenarios(name) for name in arrays)
    return ids
