"""Only the Mantine components that the screens use are imported, and whoever wants them all still gets them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import hedgedesk.dashboard
from hedgedesk.dashboard import mantine

ROOM = Path(hedgedesk.dashboard.__file__).parent
OURS = "from hedgedesk.dashboard import mantine\nimport sys\n"


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_no_component_beyond_ours_is_imported():
    listed = python(OURS + "print([name for name in sys.modules if name.startswith('dash_mantine_components.')])")
    loaded = {name.split(".")[1] for name in ast.literal_eval(listed)}
    assert set(mantine.USED) <= loaded
    assert not {"AreaChart", "RichTextEditor", "DatePicker"} & loaded


def test_the_components_bring_their_scripts():
    assert python(OURS + "print(mantine.Button._js_dist[0]['relative_package_path'])") == "dash_mantine_components.js"


def test_a_program_that_has_the_whole_package_keeps_it():
    code = "import dash_mantine_components as whole\n" + OURS
    assert python(code + "print(whole.Button is mantine.Button, hasattr(whole, 'AreaChart'))") == "True True"


def test_a_package_of_another_build_is_imported_as_it_is():
    spoilt = "import importlib\nreal = importlib.import_module\n"
    spoilt += "def once(name, *rest):\n"
    spoilt += "    importlib.import_module = real\n    raise ImportError(name)\n"
    spoilt += "importlib.import_module = once\n"
    assert (
        python(spoilt + OURS + "import dash_mantine_components as whole\nprint(hasattr(whole, 'AreaChart'))") == "True"
    )


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.relative_to(ROOM).as_posix())
def test_nobody_imports_the_whole_package(path):
    if path.name == "mantine.py":
        return
    named = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Import)]
    assert not any(alias.name == mantine.PACKAGE for node in named for alias in node.names)
