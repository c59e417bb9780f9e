"""Nothing leaves this computer, and nothing that was stored is ever run: no request, no name looked up, no pickle."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
SOURCES = sorted((REPO / "hedgedesk").rglob("*.py"))
RUNS_WHAT_IT_READS = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml"}
ASKS_OUTSIDE = {"requests", "urllib.request", "urllib3", "httpx", "aiohttp", "ftplib", "smtplib", "telnetlib"}
GUARD = """
import socket, sys
def refuse(what):
    def told(*args, **_named):
        target = args[1] if what == "connect" else args[0]
        host = target[0] if isinstance(target, tuple) else target
        if host not in ("127.0.0.1", "::1", "localhost", None) and not str(host).startswith("/"):
            print("OUTSIDE", what, host); raise OSError(f"{what} {host}")
        return originals[what](*args, **_named)
    return told
originals = {"connect": socket.socket.connect, "getaddrinfo": socket.getaddrinfo, "gethostbyname": socket.gethostbyname}
class Guarded(socket.socket):
    connect = refuse("connect")
    connect_ex = refuse("connect")
socket.socket = Guarded
socket.getaddrinfo, socket.gethostbyname = refuse("getaddrinfo"), refuse("gethostbyname")
"""
EVERYTHING = """
from pathlib import Path
home, folder = Path(sys.argv[1]), Path(sys.argv[2])
from hedgedesk.dashboard import create_app
from hedgedesk.desk import Desk, assets
from hedgedesk.domain.changes import Changes
desk = Desk(folder, home)
run = desk.run_and_keep().manifest.run_id
desk.what_ifs.answer(run, Changes(volume=0.1))
for ending in ("html", "xlsx"):
    desk.report(run, home / f"report.{ending}")
desk.confirm(desk.drafts.copy_of(desk.folder, "Mine"), "Mine")
client = create_app(desk, assets()).server.test_client()
print([client.get(path).status_code for path in ("/", "/plan", "/_dash-layout", "/_dash-dependencies")])
try:
    socket.create_connection(("192.0.2.1", 9))
except OSError:
    print("GUARDED")
"""


def imported(source: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(REPO)))
def test_no_module_reads_what_could_run_or_asks_outside(source):
    assert not {name for name in imported(source) if name in ASKS_OUTSIDE or name.split(".")[0] in RUNS_WHAT_IT_READS}


def test_arrays_are_read_without_pickle():
    loads = [
        node
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.load", "numpy.load", "np.save", "np.savez")
    ]
    assert loads
    for call in loads:
        (allowed,) = [word.value for word in call.keywords if word.arg == "allow_pickle"]
        assert ast.unparse(allowed) == "False"


def test_a_whole_run_its_what_if_reports_and_pages_ask_no_other_host(tmp_path):
    folder = tmp_path / "desk"
    for path in (REPO / "sample_data").rglob("*"):
        if path.suffix in (".csv", ".toml"):
            copy = folder / path.relative_to(REPO / "sample_data")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (folder / "settings.toml").write_text('scenarios = 400\nmodel = "RandomWalk"\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", GUARD + EVERYTHING, str(tmp_path / "home"), str(folder)],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said == ["[200, 200, 200, 200]", "OUTSIDE getaddrinfo 192.0.2.1", "GUARDED"]
