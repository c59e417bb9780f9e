import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from hedgedesk.cli import main
from hedgedesk.files.documented import RULES, TABLES
from hedgedesk.files.places import sample_folder
from hedgedesk.files.templates import template


@pytest.fixture
def sample(tmp_path):
    """A small copy of the sample desk that a test may spoil."""
    import shutil

    folder = tmp_path / "desk"
    shutil.copytree(sample_folder(), folder)
    (folder / "settings.toml").write_text('model = "RandomWalk"\nscenarios = 1000\nseed = 7\n')
    return folder


@pytest.fixture
def examples(tmp_path):
    """A desk of all templates, run with few scenarios."""
    folder = tmp_path / "examples"
    for place in (*TABLES, *RULES):
        path = folder / (place if place in RULES else f"{place}.csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(template(path.stem, path.suffix))
    (folder / "settings.toml").write_text("scenarios = 500\n")
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


@pytest.mark.parametrize(
    ("file", "was", "instead", "told"),
    [
        ("market/contract.toml", "multiplier = 50.0", "multiplier = 0.0", ":multiplier: found 0.0; expected a number"),
        (
            "market/contract.toml",
            '"us_exchange"',
            '"mars"',
            ":calendar: found mars: its holidays of 2026, 2027 are not",
        ),
        (
            "market/futures.csv",
            "2027-02,",
            "2025-02,",
            ":delivery_month: found 2025-02; expected a month not before its",
        ),
        ("market/contract.toml", '"us_exchange"', '"cn_exchange"', "cn_exchange: its holidays of 2027 are not known"),
        (
            "market/index.csv",
            "my-index,5\n",
            "my-index,NaN\n",
            ":price_usd_per_mtok: found NaN; expected a price above 0",
        ),
        (
            "program.toml",
            "min = 0.5,",
            "min = 0.99,",
            ":bands[1].min: found 0.99; expected at most the band's max, 0.75",
        ),
        (
            "program.toml",
            '"USD"',
            '"CNY"',
            ":currency: found CNY; expected USD, the contract's, or a file market/fx.csv",
        ),
    ],
)
def test_what_a_user_gets_wrong_is_told_with_file_key_and_what_would_be_right(examples, file, was, instead, told):
    path = examples / file
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, instead), encoding="utf-8")
    if "fx.csv" in told:
        (examples / "market/fx.csv").unlink()
    for verb in ("check", "run"):
        answer = call(verb, examples)
        assert answer.exit_code == 1
        assert told in answer.stderr
        assert file in answer.stderr
        assert "Traceback" not in answer.output


@pytest.mark.parametrize("venue", ["us", "otc"])
def test_a_desk_with_the_contract_of_another_venue_is_run(examples, venue):
    (examples / "market/contract.toml").write_bytes(template(f"contract_{venue}", "toml"))
    told = call("run", examples)
    assert told.exit_code == 0, told.output
    assert ("Limit-locked" in told.output) == (venue == "us")


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


def test_every_flag_of_the_price_beats_the_settings_file(sample, tmp_path):
    target = tmp_path / "out.json"
    flags = ["--view", "sigma=0.5", "--view", "mu = 0.1", "--uncertainty", "--precision", "float64"]
    told = call("run", sample, *flags, "--relative-error", 0.2, "--margin-grid", "monthly", "--json", target)
    assert told.exit_code == 0, told.output
    written = json.loads(target.read_text())
    settings = written["manifest"]["causes"]["settings"]
    assert settings["margin_grid"] == "monthly"
    assert written["margin"]["liquidity_at_risk"] > 0
    assert settings["view"] == {"sigma": 0.5, "mu": 0.1}
    assert (settings["parameter_uncertainty"], settings["precision"]) == (True, "float64")
    assert settings["relative_error"] == 0.2
    assert "your view 0.5" in told.output


def test_a_view_of_a_parameter_that_the_model_has_not_leaves_with_1(sample):
    told = call("run", sample, "--view", "speed=1", "--view", "sigma=-1")
    assert told.exit_code == 1
    assert "view:speed: found no parameter of RandomWalk; expected one of mu, sigma" in told.stderr
    assert "2 fault(s)" in told.stderr


def test_a_run_on_a_cluster_is_the_run_of_this_process(sample, home):
    alone = call("run", sample, "--data", home)
    spread = call("run", sample, "--data", home, "--cluster", "local")
    assert spread.exit_code == 0, spread.output
    assert run_id_of(spread) == run_id_of(alone)
    assert spread.stdout == alone.stdout


def test_a_cluster_that_is_not_there_leaves_with_1_and_nothing_is_kept(sample, home):
    told = call("run", sample, "--data", home, "--cluster", "somewhere")
    assert told.exit_code == 1
    assert "a cluster is local or an address" in told.stderr
    assert not list((home / "scenarios").glob("*"))


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


@pytest.mark.parametrize(
    "flags",
    [["--scenarios", 3], ["--model", "Oracle"], ["--seed", -1], ["--view", "sigma"], ["--relative-error", 2]],
)
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


LISTED = """effective_date,provider,model,meter,price_usd_per_mtok
2026-01-05,v,m,uncached_input,1
2026-01-05,v,m,output,4
2026-03-10,v,m,output,2
"""


@pytest.fixture
def listed(tmp_path):
    """A folder with nothing but a price list."""
    folder = tmp_path / "lists"
    (folder / "market").mkdir(parents=True)
    (folder / "market/list_prices.csv").write_text(LISTED)
    return folder


def test_index_writes_the_series_and_its_audit(listed, tmp_path):
    target = tmp_path / "index.json"
    told = call("index", listed, "--frequency", "month", "--json", target)
    assert told.exit_code == 0, told.output
    written = json.loads(target.read_text())
    assert (written["method"], written["unit"], written["currency"]) == ("matched_list", "base 100 = 2026-01-31", "USD")
    assert written["series"] == [["2026-01-31", 100.0], ["2026-02-28", 100.0], ["2026-03-31", pytest.approx(500 / 7)]]
    assert [line["rule"] for line in written["audit"]] == ["thin"]
    assert len(written["self_check"]) == 19
    assert "matched_list, base 100 = 2026-01-31: 71.43 on 2026-03-31" in told.output


def test_index_without_the_screens_has_no_audit(listed, tmp_path):
    target = tmp_path / "index.json"
    assert call("index", listed, "--no-screens", "--json", target).exit_code == 0
    assert json.loads(target.read_text())["audit"] == []


def test_index_names_every_fault_of_its_inputs_and_writes_nothing(listed, tmp_path):
    (listed / "market/list_prices.csv").write_text(LISTED.replace(",1\n", ",-1\n").replace(",4\n", ",x\n"))
    target = tmp_path / "index.json"
    told = call("index", listed, "--json", target)
    assert told.exit_code == 1
    assert "market/list_prices.csv:2:price_usd_per_mtok" in told.stderr
    assert "market/list_prices.csv:3:price_usd_per_mtok" in told.stderr
    assert not target.exists()
    assert call("index", listed, "--method", "realised").exit_code == 1


GENERIC = """date,seller,model,team,uncached_input_tokens,cache_read_tokens,output_tokens,cost_usd,our_note
2026-09-30,my-provider,my-model,search,1200000,400000,300000,4.15,x
2026-10-01,my-provider,my-model,search,900000,0,250000,1.90,y
"""
DOCUMENTED = {
    "vendor",
    "files",
    "rows",
    "first_day",
    "last_day",
    "mtok",
    "reasoning_mtok",
    "standard_mtok",
    "priced",
    "billed",
    "gap",
    "currency",
    "unknown_columns",
}


@pytest.fixture
def export(tmp_path):
    """A small usage export."""
    path = tmp_path / "october.csv"
    path.write_text(GENERIC)
    return path


def test_usage_totals_exports_and_writes_the_documented_object(export, tmp_path):
    target = tmp_path / "out.json"
    told = call("usage", export, "--json", target)
    assert told.exit_code == 0, told.output
    written = json.loads(target.read_text())
    assert set(written) >= DOCUMENTED
    assert written["vendor"] == "generic"
    assert written["files"] == [{"file": "october.csv", "vendor": "generic", "rows": 2, "faults": 0}]
    assert (written["rows"], written["first_day"], written["last_day"]) == (2, "2026-09-30", "2026-10-01")
    assert written["mtok"] == pytest.approx(
        {"uncached_input": 2.1, "cache_read": 0.4, "cache_write": 0.0, "output": 0.55}
    )
    assert written["standard_mtok"] == pytest.approx(2.1 + 0.2 * 0.4 + 4.21 * 0.55)
    assert (written["billed"], written["currency"]) == (pytest.approx(6.05), "USD")
    assert (written["priced"], written["unknown_columns"]) == (None, ["our_note"])
    assert "october.csv: generic usage, 2 rows, 2026-09-30 to 2026-10-01" in told.stdout
    assert not list(tmp_path.glob("*.part"))


def test_usage_without_json_is_a_summary(export):
    told = call("usage", export)
    assert told.exit_code == 0, told.output
    assert "together 3.05 Mtok" in told.stdout
    assert "billed 6.05 USD, no price is known, gap 6.05" in told.stdout


def test_usage_read_twice_changes_nothing(export, tmp_path):
    copy = tmp_path / "copy.csv"
    copy.write_bytes(export.read_bytes())
    once, twice = tmp_path / "once.json", tmp_path / "twice.json"
    assert call("usage", export, "--json", once).exit_code == 0
    assert call("usage", export, copy, "--json", twice).exit_code == 0
    for key in ("mtok", "standard_mtok", "billed", "gap"):
        assert json.loads(twice.read_text())[key] == json.loads(once.read_text())[key]


def test_usage_tells_every_fault_and_totals_the_good_rows(export, tmp_path):
    spoiled = tmp_path / "spoiled.csv"
    spoiled.write_text(GENERIC.replace("my-model", "other").replace("900000", "-900000").replace("2026-09-30", "soon"))
    target = tmp_path / "out.json"
    told = call("usage", export, spoiled, "--json", target)
    assert told.exit_code == 1
    assert "spoiled.csv:2:date: found soon" in told.stderr
    assert "spoiled.csv:3:uncached_input_tokens: found -900000" in told.stderr
    assert "2 fault(s)" in told.stderr
    written = json.loads(target.read_text())
    assert [file["faults"] for file in written["files"]] == [0, 2]
    assert written["mtok"]["output"] == pytest.approx(0.55)


def test_usage_of_which_nothing_can_be_read_leaves_with_1_and_no_json(tmp_path):
    strange, target = tmp_path / "strange.csv", tmp_path / "out.json"
    strange.write_text("a,b\n1,2\n")
    told = call("usage", strange, tmp_path / "gone.csv", "--json", target)
    assert told.exit_code == 1
    assert "strange.csv:1" in told.stderr
    assert "gone.csv: found no such file" in told.stderr
    assert "Traceback" not in told.output
    assert not target.exists()


def test_a_named_vendor_beats_the_columns(export, tmp_path):
    told = call("usage", export, "--vendor", "openai", "--json", tmp_path / "out.json")
    assert told.exit_code == 1
    assert "openai" in told.stderr
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("words", [["usage"], ["usage", "x.csv", "--vendor", "acme"], ["usage", "x", "--json", "no/x"]])
def test_usage_asked_wrongly_leaves_with_2(words):
    assert call(*words).exit_code == 2


def test_check_tells_the_faults_of_a_desks_usage(sample):
    (sample / "usage").mkdir(exist_ok=True)
    (sample / "usage" / "spoiled.csv").write_text(GENERIC.replace("900000", "-1"))
    told = call("check", sample)
    assert told.exit_code == 1
    assert "usage/spoiled.csv:3:uncached_input_tokens: found -1" in told.stderr


def test_validate_judges_the_models_asked_for_and_keeps_nothing_of_a_part(sample, tmp_path):
    target, home = tmp_path / "validation.json", tmp_path / "own"
    (sample / "market" / "futures.csv").unlink()
    told = call("validate", sample, "--models", "RandomWalk", "--seed", "3", "--json", target, "--data", home)
    assert told.exit_code == 0, told.output
    assert "note: thin history" in told.stdout
    assert "default model: RandomWalk" in told.stdout
    written = json.loads(target.read_text())
    assert (written["seed"], written["thin"], written["choice"]["model"]) == (3, True, "RandomWalk")
    assert {row["model"] for row in written["rows"]} == {"RandomWalk"}
    assert not home.exists()


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--models", "RandomWalk,Oracle"], 2, "no price model is called Oracle"),
        (["--seed", "-1"], 2, "-1"),
        (["--json", "no/such/file.json"], 2, "does not exist"),
    ],
)
def test_validate_asked_wrongly_leaves_with_2(sample, words, status, message):
    told = call("validate", sample, *words)
    assert told.exit_code == status
    assert message in told.stderr


def test_validate_without_a_market_leaves_with_1(tmp_path):
    told = call("validate", tmp_path, "--data", tmp_path / "own")
    assert told.exit_code == 1
    assert "market" in told.stderr
    assert "Traceback" not in told.output


@pytest.mark.parametrize("view", ["sigma", "=0.4", "sigma=high"])
def test_a_view_that_is_no_name_and_number_is_wrong_usage(view):
    told = call("run", "x", "--view", view)
    assert told.exit_code == 2
    assert "is no NAME=VALUE with a number" in told.stderr


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The data folder of one kept run of the sample without futures, small."""
    import shutil

    folder, home = tmp_path_factory.mktemp("plan") / "desk", tmp_path_factory.mktemp("own")
    shutil.copytree(sample_folder(), folder, ignore=shutil.ignore_patterns("usage", "futures.csv"))
    (folder / "settings.toml").write_text('model = "RandomWalk"\nscenarios = 400\nseed = 7\n')
    told = call("run", folder, "--data", home)
    assert told.exit_code == 0, told.output
    return home


def test_plan_shows_the_plan_and_its_studies_and_writes_them(kept, tmp_path):
    numbers, trades = tmp_path / "plan.json", tmp_path / "trades.csv"
    words = ["--frontier", "--strategies", "--history", "--json", numbers, "--trades", trades, "--data", kept]
    told = call("plan", "latest", *words)
    assert told.exit_code == 0, told.output
    assert "certified: objective" in told.stdout
    assert "CVaR alone" in told.stdout
    assert "minimum_variance" in told.stdout
    assert "no delivery month has been quoted and is over" in told.stdout
    written = json.loads(numbers.read_text())
    assert written["frontier"]["proposed"]["cvar"] == pytest.approx(written["hedged"]["cvar"])
    assert written["strategies"]["lines"][0]["name"] == "nothing"
    assert written["limits"]
    traded = [row["contract"] for row in written["plan"] if row["lots"]]
    lines = trades.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + len(traded)
    assert all(month in text for month, text in zip(traded, lines[1:], strict=True))


def test_plan_without_a_study_shows_the_plan_alone(kept):
    told = call("plan", "latest", "--data", kept)
    assert told.exit_code == 0
    assert "certified: objective" in told.stdout
    assert "strategy" not in told.stdout


def test_plan_draws_scenarios_again_that_are_no_longer_kept(kept):
    for kind in kept.rglob("*.npz"):
        kind.unlink()
    told = call("plan", "latest", "--frontier", "--data", kept)
    assert told.exit_code == 0, told.output
    assert "CVaR alone" in told.stdout


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["nothing-like-it"], 1, "no run is called"),
        (["latest", "--trades", "trades.txt"], 2, "ends in neither .csv nor .xlsx"),
        (["latest", "--trades", "no/such/trades.csv"], 2, "does not exist"),
        (["latest", "--json", "no/such/plan.json"], 2, "does not exist"),
    ],
)
def test_plan_asked_wrongly_says_so(kept, words, status, message):
    told = call("plan", *words, "--data", kept)
    assert told.exit_code == status
    assert message in told.stderr
    assert "Traceback" not in told.output
