"""The house keeps its shape: what lies at the top, what modules may be called, what an import costs, what is told."""

from __future__ import annotations

import ast
import dataclasses
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from hedgedesk.domain.program import OBJECTIVES, HedgeProgram, StateRules
from hedgedesk.domain.run import RunSettings
from hedgedesk.market.instruments import KINDS

REPO = Path(__file__).resolve().parents[1]
PACKAGE = REPO / "hedgedesk"
README = REPO / "README.md"

ALLOWED_AT_TOP = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "app.py",
    "assets",
    "hedgedesk",
    "pyproject.toml",
    "sample_data",
    "tests",
}
BANNED_MODULES = {"utils", "util", "core", "common", "helpers", "helper", "engine", "manager", "types"}
BANNED_WORDS = {"data", "info", "helper", "helpers", "process", "handle"}
HEAVY = ("dash", "pandas", "sqlalchemy", "dask", "distributed", "cvxpy", "statsmodels", "plotly", "scipy.stats")
OTHER_SETTINGS = (
    ".coveragerc",
    ".flake8",
    ".importlinter",
    "mypy.ini",
    "pytest.ini",
    "ruff.toml",
    "setup.cfg",
    "setup.py",
    "tox.ini",
)

MODULES = sorted(PACKAGE.rglob("*.py"))


def tracked() -> list[str]:
    """Every file that git would carry; in an unpacked archive without git there is nothing to compare."""
    git = shutil.which("git")
    if git is None or not (REPO / ".git").exists():
        pytest.skip("not a git checkout, so what is carried cannot be told from what was built")
    listed = subprocess.run(
        [git, "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.splitlines()


def public_names(tree: ast.Module) -> Iterator[str]:
    """Classes, functions, methods and their arguments whose names do not begin with an underscore."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node.name
            if not isinstance(node, ast.ClassDef):
                arguments = node.args
                yield from (a.arg for a in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs])


def words(name: str) -> set[str]:
    """The words of a snake_case or CamelCase name."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def imported(tree: ast.Module) -> Iterator[str]:
    """Every absolute module name that a file imports, wherever it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def run_python(code: str, folder: Path, **environment: str) -> str:
    """Standard output of a fresh interpreter that runs ``code`` in ``folder``."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_only_the_agreed_names_lie_at_the_top():
    # Dot-folders may join: checks and the README's pictures live in them.
    assert {top for name in tracked() if not (top := name.split("/")[0]).startswith(".")} <= ALLOWED_AT_TOP


def test_every_tool_is_set_in_pyproject_only():
    carried = {Path(name).name for name in tracked()}
    assert carried.isdisjoint(OTHER_SETTINGS)
    tools = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert {"ruff", "mypy", "pytest", "importlinter", "hatch"} <= set(tools)


def test_no_module_has_a_name_that_says_nothing():
    names = {path.stem for path in MODULES} | {path.parent.name for path in MODULES}
    assert names.isdisjoint(BANNED_MODULES | BANNED_WORDS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_public_name_uses_a_word_that_says_nothing(path):
    # The CLI's --data and the environment's HEDGEDESK_DATA are named by the design; "data" is their argument there.
    faces = path.name == "cli.py" or path.relative_to(PACKAGE).parts[0] in ("desk", "dashboard")
    banned = BANNED_WORDS - ({"data"} if faces else set())
    assert [name for name in public_names(parse(path)) if words(name) & banned] == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=lambda path: path.name)
def test_the_domain_takes_nothing_but_numpy(path):
    allowed = sys.stdlib_module_names | {"numpy"}
    foreign = {
        name
        for name in imported(parse(path))
        if name.split(".")[0] not in allowed and not name.startswith("hedgedesk.domain")
    }
    assert foreign == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_insiders_import_rooms_and_never_the_front_door(path):
    tree = parse(path)
    assert "hedgedesk" not in {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    rooms = {module.stem for module in PACKAGE.iterdir()} - {"__init__"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "hedgedesk":
            assert {alias.name for alias in node.names} <= rooms


def test_importing_hedgedesk_loads_nothing_heavy(tmp_path):
    code = f"import sys, hedgedesk; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert run_python(code, tmp_path).strip() == "[]"


def test_the_command_lines_help_loads_nothing_heavy(tmp_path):
    code = (
        "import sys\nfrom hedgedesk.cli import main\nmain(['--help'], standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert run_python(code, tmp_path).splitlines()[-1] == "[]"


def test_the_front_doors_names_are_sorted_and_all_there():
    import hedgedesk

    assert list(hedgedesk.__all__) == sorted(hedgedesk.__all__)
    assert len(set(hedgedesk.__all__)) == len(hedgedesk.__all__)
    assert [name for name in hedgedesk.__all__ if not hasattr(hedgedesk, name)] == []
    assert set(hedgedesk.__all__) <= set(dir(hedgedesk))


def test_the_front_door_offers_every_name_of_the_ten_line_notebook():
    import hedgedesk

    needed = {
        "Exposure",
        "HedgeBook",
        "RunSettings",
        "TwoFactor",
        "assess",
        "figures",
        "optimise",
        "read_book",
        "read_commitments",
        "read_consumption",
        "read_market",
        "read_program",
        "run",
        "simulate",
    }
    assert needed <= set(hedgedesk.__all__)


def test_every_setting_is_named_in_the_readme():
    text = README.read_text(encoding="utf-8")
    assert [field.name for field in dataclasses.fields(RunSettings) if f"`{field.name}" not in text] == []


def test_every_rule_of_the_programme_and_every_kind_of_instrument_is_named_in_the_readme():
    text = README.read_text(encoding="utf-8")
    # Of these the file has the table by month under the plain key, and the terms as [instrument.NAME].
    keys = {f.name.removesuffix("_by_month") for f in dataclasses.fields(HedgeProgram)} - {"terms"}
    keys |= {field.name for field in dataclasses.fields(StateRules)} | set(OBJECTIVES) | set(KINDS)
    assert sorted(key for key in keys if not re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`", text)) == []


def test_every_command_and_flag_is_named_in_the_readme():
    from hedgedesk.cli import main

    assert isinstance(main, click.Group)
    text = README.read_text(encoding="utf-8")
    for name, command in main.commands.items():
        assert f"hedgedesk {name}" in text
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[0] in text, f"{name} {parameter.opts[0]}"


def shell_lines() -> list[str]:
    """Every command in the README's shell blocks."""
    blocks = re.findall(r"```(?:bash|sh|shell|console)\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_the_readme_sets_up_with_exactly_two_commands():
    set_up = [line for line in shell_lines() if "pip install" in line or line.startswith("python ")]
    starting = "pip install -e . && python app.py"
    testing = 'pip install -e ".[test]" && pytest'
    assert set_up == [starting, testing]


def test_ci_runs_the_readmes_own_test_command():
    steps = (REPO / ".ci/run").read_text(encoding="utf-8")
    assert 'pip install --quiet --disable-pip-version-check -e ".[test]"' in steps
    assert re.search(r"^pytest\b", steps, flags=re.MULTILINE)
    for name in ("check", "run"):
        assert os.access(REPO / ".ci" / name, os.X_OK)


def test_the_readmes_python_blocks_run(tmp_path):
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert blocks, "the README shows the ten-line notebook"
    shutil.copytree(REPO / "sample_data", tmp_path / "sample_data")
    run_python("\n".join(blocks), tmp_path, HEDGEDESK_DATA=str(tmp_path / "user"))
