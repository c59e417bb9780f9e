"""Damaged and hostile files through the whole server: each is answered, and nothing outside the data folder changes.

The browser's own requests over a real socket, and the job that reads in a process of its own.
"""

from __future__ import annotations

import base64
import json
import random
import runpy
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from hedgedesk.dashboard import create_app
from hedgedesk.desk import Desk, assets

HERE = Path(__file__).resolve()
UPLOADS = runpy.run_path(str(HERE.parents[1] / "files" / "draft" / "test_mutations.py"))
ROUNDS = 2
"""Uploads of each kind."""
CALLBACK = "/_dash-update-component"


class Window:
    """One browser window: it remembers its draft and calls the page's callbacks."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._known = [d for d in json.loads(self.ask("GET", "/_dash-dependencies")[1]) if not d["clientside_function"]]
        self.draft: Any = None

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        connection.request(method, path, body, {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def call(self, changed: str, leaf: str, values: dict[str, Any]) -> dict[str, Any]:
        """Props by component id of the callback that listens to ``changed`` and writes ``leaf``."""
        (found,) = [
            d
            for d in self._known
            if leaf in d["output"] and changed in [f"{p['id']}.{p['property']}" for p in d["inputs"]]
        ]
        parts = found["output"].strip(".").split("...")
        outputs = [dict(zip(("id", "property"), part.split("@")[0].rsplit(".", 1), strict=True)) for part in parts]
        given = {
            side: [{**p, "value": values.get(f"{p['id']}.{p['property']}")} for p in found[side]]
            for side in ("inputs", "state")
        }
        body = {"output": found["output"], "outputs": outputs, **given, "changedPropIds": [changed]}
        status, text = self.ask("POST", CALLBACK, json.dumps(body))
        assert status == 200, text
        answer = json.loads(text)
        assert "session-fault" not in answer.get("sideUpdate", {}), text
        return answer["response"]

    def load(self, desk: Desk, files: list[tuple[str, bytes]]) -> str:
        """Drop files on the page and wait until they are read; all that is then said of them."""
        sent = {"files": [{"name": name, "content": base64.b64encode(content).decode()} for name, content in files]}
        state = {"inputs-files.data": sent, "inputs-draft.data": self.draft}
        taken = self.call("inputs-files.data", "inputs-refused.children", state)
        refused = taken.get("inputs-refused", {}).get("children")
        if refused:
            return refused
        self.draft = taken["inputs-draft"]["data"]
        desk.wait(taken["session-job"]["data"], timeout=60)
        shown = {"inputs-draft.data": self.draft, "inputs-tab.value": "consumption", "inputs-title.value": ""}
        seen = self.call("inputs-draft.data", "inputs-grid.rowData", shown)
        if not seen.get("inputs-preview-title"):
            return seen["inputs-refused"]["children"]
        told = [seen[f"inputs-preview-{part}"]["children"] for part in ("title", "faults", "files", "notices")]
        assert seen["inputs-confirm"]["disabled"] == bool(told[1])
        return json.dumps(told, ensure_ascii=False)


def listing(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the open desk, a neighbour, and the data folder."""
    house = tmp_path_factory.mktemp("house")
    (house / "outside").mkdir()
    (house / "outside" / "neighbour.csv").write_text("untouched", encoding="utf-8")
    for name, content in UPLOADS["FILES"].items():
        (house / "outside" / "open" / name).parent.mkdir(parents=True, exist_ok=True)
        (house / "outside" / "open" / name).write_bytes(content)
    return house


@pytest.fixture(scope="module")
def served(house: Path) -> Iterator[tuple[Desk, Window]]:
    desk = Desk(house / "outside" / "open", house / "data")
    server = make_server("127.0.0.1", 0, create_app(desk, assets()).server, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield desk, Window(server.server_port)
    server.shutdown()
    thread.join()
    server.server_close()
    desk.close()


@pytest.mark.parametrize("kind", UPLOADS["KINDS"], ids=lambda kind: kind.__name__)
def test_a_hostile_upload_is_answered_by_the_server_and_stays_inside_the_data_folder(house, served, kind):
    desk, window = served
    before = listing(house / "outside")
    for seed in range(ROUNDS):
        said = window.load(desk, [kind(random.Random(f"http {kind.__name__} {seed}"))])
        assert said.strip(), seed
        assert "Traceback" not in said, seed
        assert "Error:" not in said, f"{seed}: an exception's name is no message: {said}"
    assert listing(house / "outside") == before
    assert {path.name for path in house.iterdir()} <= {"outside", "data"}
    assert window.ask("GET", "/inputs")[0] == 200
