import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from hedgedesk.cli import main
from hedgedesk.files.places import sample_folder


@pytest.fixture
def sample(tmp_path):
    """A small copy of the sample desk that a test may spoil."""
    import shutil

    folder = tmp_path / "desk"
    shutil.copytree(sample_folder(), folder)
    (folder / "settings.toml").write_text('model = "RandomWalk"\nscenarios = 1000\nseed = 7\n')
    return folder


def call(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_check_finds_nothing_wrong_with_the_sample_and_writes_nothing(sample):
    before = sorted(path.name for path in sample.rglob("*"))
    told = call("check", sample)
    assert told.exit_code == 0, told.output
    assert "no fault found" in told.output
    assert sorted(path.name for path in sample.rglob("*")) == before


def test_check_prints_every_fault_as_file_row_column_and_leaves_with_1(sample):
    consumption = sample / "consumption.csv"
    lines = consumption.read_text().splitlines()
    lines[3] = lines[3].replace(lines[3].split(",")[3], "many")
    consumption.write_text("\n".join(lines) + "\n")
    (sample / "program.toml").write_text('currency = "USD"\nlevel = 7\n')
    told = call("check", sample)
    assert told.exit_code == 1
    assert "consumption.csv:4:mtok" in told.stderr
    assert "program.toml" in told.stderr
    assert "found" in told.stderr
    assert "expected" in told.stderr
    assert "Traceback" not in told.output


def test_run_prints_the_plan_and_writes_the_json(sample, tmp_path):
    target = tmp_path / "out.json"
    told = call("run", sample, "--json", target)
    assert told.exit_code == 0, told.output
    written = json.loads(target.read_text())
    assert written["run_id"] in told.output
    assert written["model"] == "RandomWalk"
    assert "Not listed. Indicative" in told.output
    assert not list(tmp_path.glob("*.part"))


def test_flags_beat_the_settings_file(sample, tmp_path):
    target = tmp_path / "out.json"
    assert call("run", sample, "--scenarios", 500, "--seed", 9, "--json", target).exit_code == 0
    causes = json.loads(target.read_text())["manifest"]["causes"]
    assert causes["settings"]["scenarios"] == 500
    assert causes["settings"]["seed"] == 9


def test_a_programme_that_cannot_be_kept_leaves_with_3_and_no_json(sample, tmp_path):
    program = (sample / "program.toml").read_text()
    spoiled = "\n".join("credit_line = 50.0" if "credit_line" in line else line for line in program.splitlines())
    (sample / "program.toml").write_text(spoiled + "\n")
    target = tmp_path / "out.json"
    told = call("run", sample, "--json", target)
    assert told.exit_code == 3
    assert "credit line for initial margin: set at 50, would have to be" in told.stderr
    assert not target.exists()


@pytest.mark.parametrize("words", [["run"], ["run", "x", "--scenarios", "many"], ["nonsense"]])
def test_wrong_usage_leaves_with_2(words):
    assert call(*words).exit_code == 2


@pytest.mark.parametrize("flags", [["--scenarios", 3], ["--model", "Oracle"], ["--seed", -1]])
def test_a_flag_out_of_range_is_wrong_usage_and_says_what_would_be_right(sample, flags):
    told = call("run", sample, *flags)
    assert told.exit_code == 2
    assert flags[0] in told.stderr


def test_a_setting_out_of_range_is_a_fault_of_the_folder(sample):
    (sample / "settings.toml").write_text('model = "Oracle"\n')
    told = call("check", sample)
    assert told.exit_code == 1
    assert "settings.toml:1:model" in told.stderr
    assert "RandomWalk, TwoFactor" in told.stderr


def test_a_folder_that_is_not_there_leaves_with_1(tmp_path):
    told = call("check", tmp_path / "nowhere")
    assert told.exit_code == 1
    assert "nowhere" in told.stderr
    assert "Traceback" not in told.output


def test_a_json_in_a_folder_that_does_not_exist_is_refused_before_anything_is_computed(sample, tmp_path):
    told = call("run", sample, "--json", tmp_path / "missing" / "out.json")
    assert told.exit_code == 2
    assert "does not exist" in told.stderr
    assert "lots" not in told.output


@pytest.fixture
def home(tmp_path):
    """A folder of the desk's own files."""
    return tmp_path / "home"


def run_id_of(told):
    return told.output.strip().splitlines()[-1].removeprefix("run ")


def test_run_keeps_the_run_and_prints_its_id_which_report_takes(sample, home, tmp_path):
    told = call("run", sample, "--data", home)
    assert told.exit_code == 0, told.output
    run_id = run_id_of(told)
    for number, name in enumerate((run_id, run_id[:6], "latest")):
        out = tmp_path / f"{number}.html"
        told = call("report", name, "--out", out, "--data", home)
        assert told.exit_code == 0, told.output
        assert run_id in told.output
        assert run_id in out.read_text(encoding="utf-8")


def test_run_is_kept_where_the_environment_says(sample, home, monkeypatch, tmp_path):
    monkeypatch.setenv("HEDGEDESK_DATA", str(home))
    assert call("run", sample).exit_code == 0
    assert call("report", "latest", "--out", tmp_path / "out.xlsx").exit_code == 0
    assert (tmp_path / "out.xlsx").read_bytes()[:2] == b"PK"


def test_run_writes_its_report_too(sample, home, tmp_path):
    told = call("run", sample, "--report", tmp_path / "out.html", "--data", home)
    assert told.exit_code == 0, told.output
    assert run_id_of(told) in (tmp_path / "out.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", [["run", "folder", "--report"], ["report", "latest", "--out"]])
@pytest.mark.parametrize("name", ["out.pdf", "out", "html", "missing/out.html"])
def test_a_report_of_an_unknown_format_or_in_no_folder_is_wrong_usage(verb, name, tmp_path, home):
    told = call(*verb, tmp_path / name, "--data", home)
    assert told.exit_code == 2
    assert ".html nor .xlsx" in told.stderr or "does not exist" in told.stderr
    assert not home.exists()


def test_an_unknown_run_leaves_with_1_and_lists_the_newest(sample, home, tmp_path):
    told = call("report", "latest", "--out", tmp_path / "out.html", "--data", home)
    assert told.exit_code == 1
    assert "none is stored yet" in told.stderr
    run_id = run_id_of(call("run", sample, "--data", home))
    told = call("report", "nonsense", "--out", tmp_path / "out.html", "--data", home)
    assert told.exit_code == 1
    assert run_id in told.stderr
    assert "Traceback" not in told.output
    assert not (tmp_path / "out.html").exists()


def test_serve_tells_of_a_damaged_store_and_leaves_with_1(home):
    home.mkdir()
    (home / "hedgedesk.sqlite").write_bytes(b"garbage" * 100)
    told = call("serve", "--no-browser", "--data", home)
    assert told.exit_code == 1
    assert "damaged and is left as it is" in told.stderr
    assert (home / "hedgedesk.sqlite").read_bytes() == b"garbage" * 100


def test_a_folder_of_own_files_that_cannot_be_written_leaves_with_1(sample, tmp_path):
    (tmp_path / "file").write_text("in the way")
    told = call("run", sample, "--data", tmp_path / "file" / "home")
    assert told.exit_code == 1
    assert "cannot be used" in told.stderr
    assert "lots" not in told.output


def test_help_needs_nothing_beyond_the_package():
    told = subprocess.run([sys.executable, "-m", "hedgedesk.cli", "--help"], capture_output=True, text=True, check=True)
    for verb in ("check", "run", "report", "serve"):
        assert verb in told.stdout


def test_asking_for_help_loads_nothing_heavy():
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom hedgedesk.cli import main\n"
        "CliRunner().invoke(main, ['run', '--help'])\n"
        "print(sorted({'numpy','pandas','cvxpy','statsmodels','dash','scipy','sqlalchemy'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() in {"[]", "['numpy']"}
