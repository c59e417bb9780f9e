import json
import sys
from importlib.util import find_spec

import pytest
from click.testing import CliRunner

from hedgedesk.benchmark import hedges, portfolios, table, tails, walks
from hedgedesk.benchmark.protocol import Row, ratios, taken
from hedgedesk.benchmark.workload import Workload
from hedgedesk.cli import main
from hedgedesk.domain.errors import InputError

FIELDS = ["name", "ratio", "target", "better", "unit", "spread", "skipped"]
PROMISED = {
    "simulate_vs_rng_floor": (0.80, "lower"),
    "simulate_vs_whole_array": (20.0, "higher"),
    "simulate_vs_quantlib": (75.0, "higher"),
    "cvar_efficiency_vs_plain": (300.0, "higher"),
    "fit_vs_mlemodel": (0.65, "lower"),
    "cvar100k_vs_clarabel": (500.0, "higher"),
    "cvar100k_vs_piqp": (300.0, "higher"),
    "cvar1m_passes": (12.0, "lower"),
    "lots10k_vs_milp": (200.0, "higher"),
    "cvar_vs_riskfolio": (20.0, "higher"),
    "cvar_vs_skfolio": (20.0, "higher"),
    "cvar_vs_pypfopt": (20.0, "higher"),
}


def test_works_take_turns_and_the_first_round_only_warms_up():
    done, clock = [], iter(range(1_000))

    def work(name, units):
        return lambda: done.append(name) or units

    seconds = taken({"a": work("a", 1), "b": work("b", 2)}, 2, clock=lambda: float(next(clock)))
    assert done == ["a", "b"] * 3
    assert seconds == {"a": [1.0, 1.0], "b": [0.5, 0.5]}


def test_a_ratio_is_the_median_of_the_rounds_and_its_spread_their_range():
    assert ratios([2.0, 9.0, 4.0], [1.0, 3.0, 1.0]) == (3.0, 2.0)


@pytest.mark.parametrize(
    ("ratio", "better", "met"),
    [(0.7, "lower", True), (0.9, "lower", False), (0.9, "higher", True), (None, "lower", None)],
)
def test_a_target_is_met_on_its_better_side(ratio, better, met):
    assert Row("row", ratio, 0.8, better, "unit").met is met


def test_every_promised_row_is_in_the_table():
    assert set(PROMISED) <= set(table.NAMES)
    for name, (_, target, better, _) in walks.TARGETS.items():
        assert PROMISED.get(name, (target, better)) == (target, better)
    for name, (_, _, target) in hedges.RATIOS.items():
        assert PROMISED.get(name, (target, "higher")) == (target, "higher")
    for name, (_, target) in hedges.PASSES.items():
        assert PROMISED.get(name, (target, "lower")) == (target, "lower")


def test_every_row_of_a_group_that_is_measured_together_is_known_to_it():
    assert set(table.GROUPS["plans"]) == set(hedges.RATIOS)
    assert set(table.GROUPS["passes"]) == set(hedges.PASSES)
    assert set(table.GROUPS["portfolios"]) == set(portfolios.LIBRARIES)


def test_unknown_rows_are_refused_with_the_names_there_are():
    with pytest.raises(InputError, match="no row is called speed; known are simulate_vs_rng_floor"):
        table.measure_table(["speed"])


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed, so its row is measured")
def test_a_row_whose_peer_is_missing_says_so_in_the_terminal_and_the_file(tmp_path):
    file = tmp_path / "rows.json"
    result = CliRunner().invoke(main, ["benchmark", "--only", "simulate_vs_torch", "--json", str(file)])
    assert result.exit_code == 0, result.output
    (row,) = json.loads(file.read_text())
    assert list(row) == FIELDS
    assert (row["name"], row["ratio"], row["skipped"]) == ("simulate_vs_torch", None, "torch is not installed")
    assert "torch is not installed" in result.output


def test_an_unknown_row_ends_the_command_with_the_status_of_wrong_input():
    result = CliRunner().invoke(main, ["benchmark", "--only", "speed"])
    assert result.exit_code == 1
    assert "no row is called speed" in result.output


def test_a_measured_row_comes_from_a_process_of_its_own_with_one_thread(monkeypatch):
    asked = {}

    def run(command, *, env, **_):
        asked.update(command=command, env=env)
        row = Row("fit_vs_mlemodel", 0.5, 0.65, "lower", "unit", 0.1).plain()
        return type("Finished", (), {"returncode": 0, "stdout": json.dumps([row]), "stderr": ""})

    monkeypatch.setattr(table.subprocess, "run", run)
    (row,) = table.measure_table(["fit_vs_mlemodel"])
    assert asked["command"] == [sys.executable, "-m", "hedgedesk.benchmark", "fits", "fit_vs_mlemodel"]
    assert all(asked["env"][name] == "1" for name in table.THREADS)
    assert "0.5" in table.told([row])


def test_a_measurement_that_stops_says_why(monkeypatch):
    failed = type("Finished", (), {"returncode": 1, "stdout": "", "stderr": "no memory"})
    monkeypatch.setattr(table.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(RuntimeError, match="no memory"):
        table.measure_table(["fit_vs_mlemodel"])


def test_the_workload_is_measured_beside_its_floor_and_in_whole_arrays(monkeypatch):
    monkeypatch.setattr(walks, "PATHS", 2_000)
    monkeypatch.setattr(walks, "WHOLE_ARRAY_PATHS", 500)
    monkeypatch.setattr(walks, "ROUNDS", 1)
    rows = walks.walk_rows(["simulate_vs_rng_floor", "simulate_vs_whole_array"])
    assert [row.name for row in rows] == ["simulate_vs_rng_floor", "simulate_vs_whole_array"]
    assert all(row.ratio > 0 and row.skipped is None for row in rows)


def test_the_tail_row_measures_a_gain_and_tells_a_bias(monkeypatch):
    monkeypatch.setattr(tails, "POINTS", 512)
    monkeypatch.setattr(tails, "RUNS", 16)
    assert tails.tail_row().ratio > 10
    monkeypatch.setattr(tails, "UNBIASED", -1.0)
    row = tails.tail_row()
    assert row.ratio is None
    assert "biased" in row.skipped


def test_the_mean_with_volume_noise_at_0_is_what_its_paths_average():
    import numpy as np

    walk = Workload(tails.MONTHS, 8_192, np.dtype(np.float64))
    normals = np.random.default_rng(1).standard_normal((tails.DIMENSIONS, 8_192))
    normals[tails.NOISE] = 0.0
    cost = walk.given(normals).cost
    assert abs(cost.mean() - tails.still_mean(walk)) < 4.5 * cost.std() / np.sqrt(cost.size)


def test_a_control_takes_away_the_chance_that_it_knows_of():
    import numpy as np

    control = np.random.default_rng(2).standard_normal(1_000)
    assert tails.controlled(3.0 + 2.0 * control, control, 0.0) == pytest.approx(3.0, abs=1e-12)
