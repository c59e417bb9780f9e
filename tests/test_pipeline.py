import dataclasses
import json

import numpy as np
import pytest

from hedgedesk import pipeline
from hedgedesk.domain.book import HedgeBook, Position
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.errors import HedgeDeskError, Infeasible, InputError, MissingMonths, NeedsScenarios
from hedgedesk.domain.instruments import InstrumentTerms
from hedgedesk.domain.program import Band
from hedgedesk.domain.run import HedgeRun, RunSettings
from hedgedesk.domain.usage import MeasuredUsage, Usage, UsageKey
from hedgedesk.domain.values import to_plain
from hedgedesk.risk import measures
from hedgedesk.risk.liquidity import worst_calls


@pytest.fixture(scope="module")
def run(make_desk):
    return pipeline.run(make_desk(file_hashes={"program.toml": "a", "market/index.csv": "b"}))


def test_the_json_has_every_key_of_its_contract(run):
    written = run.as_json()
    assert set(written) >= {
        "run_id", "scenario_id", "as_of", "currency", "level", "model", "unhedged", "hedged", "months", "plan",
        "certificate", "rounding_cost", "margin", "manifest",
    }  # fmt: skip
    for side in ("unhedged", "hedged"):
        assert set(written[side]) >= {
            "mean", "standard_error", "p05", "p50", "p95", "var", "cvar", "cvar_standard_error", "budget",
            "budget_at_risk", "probability_over_budget",
        }  # fmt: skip
    assert set(written["months"][0]) >= {
        "month", "open_mtok", "unhedged_mean", "hedged_mean", "hedged_p95", "hedge_share", "coverage",
    }  # fmt: skip
    assert set(written["plan"][0]) >= {"contract", "lots", "mtok", "price", "cost"}
    assert set(written["certificate"]) == {"objective", "lower_bound", "gap", "solver", "status"}
    assert written["margin"]["liquidity_at_risk"] is None
    assert written["as_of"] == "2026-10-30"
    assert [m["month"] for m in written["months"]][:2] == ["2026-11", "2026-12"]
    assert all(isinstance(trade["lots"], int) for trade in written["plan"])
    json.dumps(written, allow_nan=False)


def test_equal_inputs_give_an_equal_id_and_equal_numbers(run, make_desk):
    again = pipeline.run(make_desk(file_hashes={"program.toml": "a", "market/index.csv": "b"})).as_json()
    before = run.as_json()
    for written in (again, before):
        written["manifest"]["outcomes"].pop("recorded_at")
    assert again == before


def test_another_rule_changes_the_run_but_not_its_scenarios(run, make_desk):
    other = pipeline.run(make_desk(file_hashes={"program.toml": "changed", "market/index.csv": "b"}))
    assert other.manifest.run_id != run.manifest.run_id
    assert other.manifest.scenario_id == run.manifest.scenario_id
    moved = pipeline.run(make_desk(file_hashes={"program.toml": "a", "market/index.csv": "changed"}))
    assert moved.manifest.scenario_id != run.manifest.scenario_id


def test_a_run_written_down_and_read_back_is_the_same_but_for_its_scenarios(run):
    record = json.loads(json.dumps(run.record()))
    back = HedgeRun.from_record(record)
    assert back.as_json() == run.as_json()
    assert back.scenarios is None
    assert back.report.summary() == run.report.summary()
    assert back.plan.summary() == run.plan.summary()
    assert np.array_equal(back.fan.quantile_per_mtok, run.fan.quantile_per_mtok)


def test_progress_rises_to_the_end(make_desk):
    told = []
    pipeline.run(make_desk(), tick=lambda fraction, text: told.append((fraction, text)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert all(text for _, text in told)


def test_the_model_and_why_it_was_chosen_are_told(run):
    assert run.model.name == "RandomWalk"
    assert "without a futures history" in run.model.chosen_because
    assert "RandomWalk" in run.model.summary()


def test_todays_curve_alone_is_no_history_that_identifies_two_factors(quoted_market):
    model, reason = pipeline.choose_model(quoted_market, None)
    assert type(model).__name__ == "RandomWalk"
    assert "without a futures history" in reason


def test_a_futures_history_too_short_for_two_factors_falls_back_and_says_why(quoted_market):
    today = quoted_market.futures
    week = np.timedelta64(7, "D")
    short = dataclasses.replace(
        today,
        dates=np.array([today.dates[0] - week * k for k in range(5, -1, -1)]),
        settlement_per_mtok=np.repeat(today.settlement_per_mtok, 6, axis=0),
    )
    model, reason = pipeline.choose_model(dataclasses.replace(quoted_market, futures=short), None)
    assert type(model).__name__ == "RandomWalk"
    assert reason.startswith("TwoFactor was refused")


def test_a_model_that_does_not_exist_is_refused_with_those_that_do(small_market):
    with pytest.raises(InputError, match="known are RandomWalk, TwoFactor"):
        pipeline.choose_model(small_market, "Oracle")


def test_an_error_carries_the_desk_it_came_from(make_desk):
    desk = make_desk()
    program = dataclasses.replace(desk.program, credit_line=100.0, bands=(Band(1, 12, 0.7, 0.75),))
    with pytest.raises(Infeasible) as raised:
        pipeline.run(dataclasses.replace(desk, program=program))
    assert any("as of 2026-10-30" in note for note in raised.value.__notes__)


def test_a_forecast_with_a_hole_is_refused(make_desk):
    desk = make_desk()
    lines = tuple(line for line in desk.forecast.lines if str(line.month) != "2027-03")
    with pytest.raises(MissingMonths, match="2027-03"):
        pipeline.run(dataclasses.replace(desk, forecast=dataclasses.replace(desk.forecast, lines=lines)))


def test_an_indicative_curve_is_called_so_in_every_output(run):
    assert run.report.indicative
    assert run.plan.indicative
    assert run.as_json()["indicative"] is True
    label = "indicative: not listed"
    assert run.as_json()["curve_label"] == label
    assert label in run.plan.summary()
    assert label in run.report.summary()
    assert isinstance(run.report.indicative, bool)


def test_every_deliberate_error_is_of_the_house():
    assert issubclass(Infeasible, HedgeDeskError)


QUICK = (
    Changes(volume=0.10),
    Changes(volume=-0.35, risk_weight=3.0),
    Changes(band=-0.15, credit_line=120_000.0),
    Changes(risk_weight=0.0),
)


@pytest.mark.parametrize("changes", QUICK)
def test_what_if_on_loaded_scenarios_is_a_whole_run_with_the_changes(run, make_desk, changes):
    desk = make_desk(file_hashes={"program.toml": "a", "market/index.csv": "b"})
    quick = pipeline.replan(run, run.scenarios, changes)
    whole = pipeline.run(desk, changes=changes, based_on=run.manifest.run_id)
    for name in ("price_per_mtok", "volume_mtok", "open_mtok", "settlement_per_mtok", "cover_share", "cny_per_usd"):
        here, there = getattr(quick.scenarios, name), getattr(whole.scenarios, name)
        assert np.allclose(here, there, rtol=1e-9, atol=1e-9 * np.abs(there).max())
    assert quick.plan.lots.tolist() == whole.plan.lots.tolist()
    assert quick.plan.program == whole.plan.program
    for name in ("mean", "cvar", "var", "standard_deviation", "p05", "budget_at_risk"):
        for side in ("hedged", "unhedged"):
            here, there = (getattr(getattr(each.report, side), name) for each in (quick, whole))
            assert here == pytest.approx(there, rel=1e-9)
    assert sorted(quick.report.notices) == sorted(whole.report.notices)
    assert (quick.manifest.run_id, quick.manifest.scenario_id) == (whole.manifest.run_id, whole.manifest.scenario_id)
    assert quick.fan.quantile_per_mtok.tolist() == whole.fan.quantile_per_mtok.tolist()


def test_what_if_equals_a_desk_whose_own_files_say_so(run, make_desk):
    desk = make_desk()
    lines = tuple(dataclasses.replace(line, mtok=line.mtok * 1.2) for line in desk.forecast.lines)
    program = dataclasses.replace(desk.program, risk_weight=2.0)
    own = pipeline.run(
        dataclasses.replace(desk, forecast=dataclasses.replace(desk.forecast, lines=lines), program=program)
    )
    quick = pipeline.replan(run, run.scenarios, Changes(volume=0.2, risk_weight=2.0))
    assert quick.plan.lots.tolist() == own.plan.lots.tolist()
    assert quick.report.hedged.cvar == pytest.approx(own.report.hedged.cvar, rel=1e-9)
    assert np.allclose(quick.report.months.hedged_p95, own.report.months.hedged_p95, rtol=1e-9)


def test_the_manifest_of_a_what_if_says_what_it_is_based_on(run):
    bolder = pipeline.replan(run, run.scenarios, Changes(risk_weight=3.0)).manifest
    more = pipeline.replan(run, run.scenarios, Changes(volume=0.1)).manifest
    assert bolder.causes["based_on"] == run.manifest.run_id
    assert bolder.causes["changes"] == {"risk_weight": 3.0}
    assert bolder.run_id != run.manifest.run_id
    assert bolder.scenario_id == run.manifest.scenario_id
    assert more.scenario_id != run.manifest.scenario_id
    assert "changes" not in run.manifest.causes
    assert bolder.run_id == pipeline.replan(run, run.scenarios, Changes(risk_weight=3.0)).manifest.run_id


def test_changes_that_change_nothing_leave_the_run_as_it_is(run, make_desk):
    same = pipeline.run(make_desk(file_hashes={"program.toml": "a", "market/index.csv": "b"}), changes=Changes())
    assert same.manifest.run_id == run.manifest.run_id
    assert pipeline.replan(run, run.scenarios, Changes()).manifest.run_id == run.manifest.run_id


def test_lots_held_and_the_backtest_are_those_of_the_run(make_desk):
    held = HedgeBook((Position(np.datetime64("2026-09-01"), np.datetime64("2026-12"), 12, 8.0, "CNY"),))
    desk = dataclasses.replace(make_desk(), book=held, notices=("a column was set aside",))
    base = pipeline.run(desk)
    judged = dataclasses.replace(base.report.effectiveness, out_of_sample=0.4, note="as told")
    base = dataclasses.replace(base, report=dataclasses.replace(base.report, effectiveness=judged))
    answer = pipeline.replan(base, base.scenarios, Changes(risk_weight=0.0, volume=0.1))
    assert answer.plan.held_lots.tolist() == base.plan.held_lots.tolist()
    assert answer.plan.held_gain == base.plan.held_gain
    assert (answer.report.effectiveness.out_of_sample, answer.report.effectiveness.note) == (0.4, "as told")
    assert answer.report.effectiveness.in_sample != judged.in_sample
    assert answer.report.notices[0] == "a column was set aside"


def test_another_view_of_the_price_is_a_whole_run_on_new_scenarios(run, make_desk):
    view = Changes(volatility=2.0, risk_premium=0.3, volume=0.1)
    with pytest.raises(NeedsScenarios, match="needs a job"):
        pipeline.replan(run, run.scenarios, view)
    with pytest.raises(NeedsScenarios, match="needs a job"):
        pipeline.replan(run, None, Changes(volume=0.1))
    whole = pipeline.run(make_desk(), changes=view, based_on=run.manifest.run_id)
    assert whole.manifest.causes["settings"]["volatility"] == 2.0
    assert whole.manifest.scenario_id != run.manifest.scenario_id
    assert whole.report.unhedged.mean > 1.1 * run.report.unhedged.mean
    assert whole.model.parameters == run.model.parameters
    assert "2 times the fitted volatility" in whole.model.summary()
    assert "times the fitted volatility" not in run.model.summary()


def test_a_view_of_the_models_parameters_is_drawn_from_and_shown_beside_the_estimate(run, make_desk):
    settings = dataclasses.replace(make_desk().settings, view={"sigma": 1.5})
    seen = pipeline.run(make_desk(settings=settings))
    assert seen.model.view == {"sigma": 1.5}
    assert seen.model.parameters == run.model.parameters
    assert seen.report.unhedged.standard_deviation > 1.5 * run.report.unhedged.standard_deviation
    assert seen.manifest.scenario_id != run.manifest.scenario_id
    assert "your view 1.5" in seen.model.summary()
    wrong = dataclasses.replace(settings, view={"kappa": 1.0})
    with pytest.raises(InputError, match="view:kappa: found no parameter of RandomWalk; expected one of mu, sigma"):
        pipeline.run(make_desk(settings=wrong))


def test_parameters_that_are_drawn_too_widen_the_costs_of_a_thin_history(make_desk):
    desk = make_desk()
    index = desk.market.index
    short = dataclasses.replace(index, dates=index.dates[-10:], price_per_mtok=index.price_per_mtok[-10:])
    thin = make_desk(market=dataclasses.replace(desk.market, index=short))
    asked = dataclasses.replace(thin, settings=dataclasses.replace(thin.settings, parameter_uncertainty=True))
    sure, unsure = pipeline.run(thin), pipeline.run(asked)
    assert unsure.report.unhedged.p95 > sure.report.unhedged.p95
    assert "The parameters are drawn too" in unsure.model.summary()


def test_a_what_if_with_another_model_has_the_ids_of_a_whole_run_with_it(run, make_desk):
    desk, base = make_desk(file_hashes=run.manifest.causes["files"]), run.manifest.run_id
    model = Changes(model="RandomWalk", parameters={"sigma": 1.5})
    drawn = pipeline.run(desk, changes=model, based_on=base)
    other = dataclasses.replace(model, risk_weight=2.0)
    answer = pipeline.replan(run, drawn.scenarios, other, drawn=drawn)
    whole = pipeline.run(desk, changes=other, based_on=base)
    assert answer.manifest.causes == whole.manifest.causes
    assert answer.manifest.run_id == whole.manifest.run_id
    assert answer.manifest.scenario_id == drawn.manifest.scenario_id
    assert answer.model == whole.model


def test_a_what_if_that_contradicts_itself_names_the_rules(run):
    with pytest.raises(Infeasible, match="credit line") as raised:
        pipeline.replan(run, run.scenarios, Changes(credit_line=100.0))
    assert any("as of 2026-10-30" in note for note in raised.value.__notes__)


@pytest.fixture(scope="module")
def measured_run(make_desk):
    """A desk whose exports reach from January to the end of the month before its forecast."""
    days = np.arange("2026-01-01", "2026-11-01", dtype="datetime64[D]")
    unknown, zeros = np.full(days.size, np.nan), np.zeros(days.size)
    usage = Usage(
        starts=days.astype("datetime64[s]"),
        keys=(UsageKey("openai", "model-a"),),
        key=np.zeros(days.size, dtype=np.int64),
        tokens=np.full((days.size, 4), 1e6),
        cache_write_1h=zeros,
        reasoning=zeros,
        requests=unknown,
        billed=np.full(days.size, 2_500.0),
        listed=unknown,
        priced=unknown,
    )
    return pipeline.run(make_desk(usage=MeasuredUsage(usage, ())))


def test_the_year_lands_on_what_was_paid_and_the_hedged_months_ahead(measured_run, run):
    year, months = measured_run.report.landing, measured_run.report.months
    assert year.paid == pytest.approx(304 * 2_500.0)
    assert year.expected[10:] == pytest.approx(months.hedged_mean[:2])
    assert year.p05[10:] == pytest.approx(months.hedged_p05[:2])
    assert year.p95[10:] == pytest.approx(months.hedged_p95[:2])
    assert year.mean == pytest.approx(year.paid + months.hedged_mean[:2].sum())
    assert year.low < year.mean < year.high
    assert year.missing == ()
    assert run.report.landing is None
    assert run.as_json()["landing"] is None


def test_the_landing_is_in_the_json_and_survives_the_record(measured_run):
    written = measured_run.as_json()["landing"]
    assert (written["year"], written["currency"]) == (2026, "USD")
    back = HedgeRun.from_record(json.loads(json.dumps(measured_run.record())))
    assert back.as_json()["landing"] == written
    assert "2026 lands at, 5% to 95%" in back.report.summary()


def test_a_what_if_lands_the_year_anew_on_the_same_actuals(measured_run):
    more = pipeline.replan(measured_run, measured_run.scenarios, Changes(volume=0.5)).report
    assert more.landing.paid == measured_run.report.landing.paid
    assert more.landing.mean == pytest.approx(more.landing.paid + more.months.hedged_mean[:2].sum())
    assert more.landing.mean > measured_run.report.landing.mean


def test_drawing_stops_when_the_tail_is_known_as_asked_and_the_id_says_which_tail(make_desk):
    desk = make_desk()
    settings = dataclasses.replace(desk.settings, scenarios=50_000, relative_error=0.01)
    precise = pipeline.run(dataclasses.replace(desk, settings=settings))
    cost = precise.report.unhedged
    assert precise.scenarios.count < 50_000
    assert precise.scenarios.count % 512 == 0
    assert cost.cvar_standard_error <= 0.01 * cost.cvar
    half = precise.scenarios.cost_by_month(precise.exposure, "USD").sum(axis=1)[: precise.scenarios.count // 2]
    assert measures.cvar_standard_error(half, 0.95) > 0.01 * measures.cvar(half, 0.95)
    farther = dataclasses.replace(desk, settings=settings, program=dataclasses.replace(desk.program, level=0.9))
    assert pipeline.run(farther).manifest.scenario_id != precise.manifest.scenario_id


def test_a_what_if_on_a_run_that_is_measured_sharply_says_that_its_own_costs_are_not(make_desk):
    desk = make_desk()
    settings = dataclasses.replace(desk.settings, sampling="sobol", scenarios=512)
    base = pipeline.run(dataclasses.replace(desk, settings=settings))
    answer = pipeline.replan(base, base.scenarios, Changes(volume=0.1)).report
    assert base.report.precise is not None
    assert answer.precise is None
    assert any("those of its scenarios" in notice for notice in answer.notices)


def with_rules(desk, **rules):
    return dataclasses.replace(desk, program=dataclasses.replace(desk.program, **rules))


def test_a_credit_line_along_the_path_keeps_margin_dates_though_none_were_asked_for(make_desk):
    run = pipeline.run(with_rules(make_desk(), credit_line=300_000.0, credit_line_level=0.95, bands=()))
    assert run.manifest.causes["settings"]["margin_grid"] == "monthly"
    use = next(use for use in run.plan.limits if use.rule == "liquidity")
    initial = run.report.margin.initial
    worst = initial + worst_calls(run.plan, run.scenarios)
    assert use.used == pytest.approx(measures.cvar(worst, 0.95), rel=1e-5)
    assert measures.var(worst, 0.95) <= use.used <= 300_000.0 * (1 + 1e-6)


def test_a_what_if_with_a_whole_programme_is_a_whole_run_with_it(run, make_desk):
    asked = dataclasses.replace(run.plan.program, turnover_mtok=40_000.0, bands=())
    changes = Changes(program=to_plain(asked))
    again = pipeline.replan(run, run.scenarios, changes)
    desk = make_desk(file_hashes={"program.toml": "a", "market/index.csv": "b"})
    whole = pipeline.run(desk, changes=changes, based_on=run.manifest.run_id)
    assert again.manifest.run_id == whole.manifest.run_id
    assert again.manifest.scenario_id == run.manifest.scenario_id
    assert np.array_equal(again.plan.lots, whole.plan.lots)
    assert again.plan.program == asked


def test_a_programme_that_limits_margin_along_the_path_needs_other_scenarios(run, make_desk):
    plain = to_plain(dataclasses.replace(run.plan.program, credit_line_level=0.95, credit_line=400_000.0))
    changes = Changes(program=plain)
    with pytest.raises(NeedsScenarios):
        pipeline.replan(run, run.scenarios, changes)
    assert pipeline.draws_anew(make_desk(), changes)
    assert not pipeline.draws_anew(make_desk(), Changes(risk_weight=2.0))
    drawn = pipeline.run(make_desk(), changes=changes, based_on=run.manifest.run_id)
    assert pipeline.same_view(run, changes, drawn)
    later = Changes(risk_weight=2.0).after(changes)
    answer = pipeline.replan(run, drawn.scenarios, later, drawn=drawn)
    assert "liquidity" in {use.rule for use in answer.plan.limits}


def test_a_programme_in_another_currency_needs_a_run_of_its_own(run):
    plain = to_plain(dataclasses.replace(run.plan.program, currency="CNY"))
    with pytest.raises(InputError, match="currency: found CNY; expected USD"):
        pipeline.replan(run, run.scenarios, Changes(program=plain))


def test_who_solves_is_part_of_the_run_and_not_of_its_scenarios(run, make_desk):
    desk = make_desk(file_hashes={"program.toml": "a", "market/index.csv": "b"})
    other = pipeline.run(dataclasses.replace(desk, settings=dataclasses.replace(desk.settings, solver="clarabel")))
    assert other.manifest.run_id != run.manifest.run_id
    assert other.manifest.scenario_id == run.manifest.scenario_id
    assert other.plan.certificate.objective == pytest.approx(run.plan.certificate.objective, rel=2e-6)


def test_a_solver_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(
        InputError, match="solver: found 'simplex'; expected one of auto, bundle, clarabel, highs, piqp"
    ):
        RunSettings(solver="simplex")


def test_choices_beside_the_futures_survive_the_record(make_desk):
    cap = InstrumentTerms("winter cap", "cap", {"strike_share": 1.05})
    names = ("futures", "winter cap")
    run = pipeline.run(with_rules(make_desk(), terms=(cap,), instruments=names, position_limit=5.0, bands=()))
    again = HedgeRun.from_record(json.loads(json.dumps(run.record())))
    assert run.plan.choices
    assert again.plan.choices == run.plan.choices
    assert again.plan.program == run.plan.program
    assert [use.shadow_value for use in again.plan.limits] == [use.shadow_value for use in run.plan.limits]
