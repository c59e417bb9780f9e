"""Models are fitted side by side; a refusal is a line, a wrong view is an error."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError, ModelError
from hedgedesk.domain.price_models import JumpRecord, ModelStudy
from hedgedesk.domain.run import MODELS
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.files import read_market
from hedgedesk.files.places import sample_folder
from hedgedesk.model_study import study_models
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.outlook.fitted import BAND, Horizon
from hedgedesk.prices.registry import model_called


@pytest.fixture(scope="module")
def study(small_market) -> ModelStudy:
    return study_models(small_market, ("RandomWalk", "TwoFactor"), seed=3)


class Jumpy(RandomWalk):
    """A random walk that names a jump of the history."""

    jumps = (JumpRecord(np.datetime64("2025-02-14"), -0.4),)


def test_every_model_is_a_fit_or_a_refusal_in_words(study):
    assert [fit.summary.name for fit in study.fits] == ["RandomWalk"]
    assert [refusal.model for refusal in study.refusals] == ["TwoFactor"]
    assert study.refusals[0].reason.startswith("TwoFactor")


def test_months_and_weeks_ahead_start_at_as_of(study, small_market):
    fit = study.fits[0]
    assert (study.as_of, study.unit, study.currency) == (small_market.as_of, "stu", "CNY")
    assert str(fit.months[0]) == "2026-11"
    assert fit.months.size == 24
    assert fit.dates[0] == small_market.as_of
    assert np.unique(np.diff(fit.dates)) == np.timedelta64(7, "D")
    assert fit.dates[-1] <= np.datetime64("2028-10-31") < fit.dates[-1] + np.timedelta64(7, "D")
    assert fit.fan_per_mtok.shape == (fit.levels.size, fit.dates.size)
    assert fit.paths_per_mtok.shape[1] == fit.dates.size


def test_the_fan_begins_at_todays_price_and_is_the_models_own_distribution(study, small_market):
    fit, walk = study.fits[0], RandomWalk.fit(small_market)
    assert fit.fan_per_mtok[:, 0] == pytest.approx(walk.price_per_mtok, rel=0.01)
    years = Horizon.after(small_market.as_of).date_years[[52]]
    middle = fit.fan_per_mtok[fit.levels.tolist().index(0.5), 52]
    spread = float(np.sqrt(walk.log_covariance(years)[0, 0]))
    # The median of n normals has standard error sqrt(pi / 2 / n) times their spread; n = 4,096.
    assert abs(np.log(middle) - walk.log_mean(years)[0]) < 4 * spread * np.sqrt(np.pi / 2 / 4096)


def test_the_curve_lies_within_its_band_and_an_input_drift_has_none(study):
    fit = study.fits[0]
    assert fit.curve_low_per_mtok == pytest.approx(fit.curve_per_mtok)
    assert fit.curve_high_per_mtok == pytest.approx(fit.curve_per_mtok)
    assert BAND == (0.05, 0.95)


def test_drift_moves_the_curve(small_market):
    fit = study_models(small_market, ("RandomWalk",), drift=-0.5).fits[0]
    years = Horizon.after(small_market.as_of).month_years
    assert fit.curve_per_mtok == pytest.approx(RandomWalk.fit(small_market).price_per_mtok * np.exp(-0.5 * years))


def test_thin_history_widens_the_fan_when_parameters_are_drawn(small_market):
    index = small_market.index
    short = dataclasses.replace(index, dates=index.dates[-10:], price_per_mtok=index.price_per_mtok[-10:])
    thin = dataclasses.replace(small_market, index=short)
    sure, unsure = (study_models(thin, ("RandomWalk",), parameter_uncertainty=on).fits[0] for on in (False, True))
    assert unsure.fan_per_mtok[-1, -1] > sure.fan_per_mtok[-1, -1]
    assert unsure.fan_per_mtok[0, -1] < sure.fan_per_mtok[0, -1]
    assert unsure.curve_per_mtok == pytest.approx(sure.curve_per_mtok)


def test_a_view_is_shown_beside_the_estimate_and_drawn_from(small_market, study):
    fit = study_models(small_market, ("RandomWalk",), {"RandomWalk": {"sigma": 2.0}}, seed=3).fits[0]
    assert fit.summary.view == {"sigma": 2.0}
    assert fit.summary.parameters == study.fits[0].summary.parameters
    assert fit.fan_per_mtok[0, -1] < 0.2 * study.fits[0].fan_per_mtok[0, -1]


def test_wrong_views_of_all_models_are_told_at_once(quoted_market):
    views = {"RandomWalk": {"speed": 1.0, "sigma": -1.0}, "Bootstrap": {"sigma": 1.0}}
    with pytest.raises(InputError) as caught:
        study_models(quoted_market, ("RandomWalk",), views)
    assert [fault.column for fault in caught.value.faults] == ["speed", "sigma"]


def test_every_parameter_that_may_be_chosen_says_in_which_range(quoted_market):
    for fit in study_models(quoted_market, ("RandomWalk", "TwoFactor")).fits:
        model = model_called(fit.summary.name).fit(quoted_market)
        for name, (low, high) in fit.view_bounds.items():
            assert model.with_view({name: low}).view[name] == low
            with pytest.raises(InputError):
                model.with_view({name: high + 1.0})


def test_an_unknown_model_is_told(small_market):
    with pytest.raises(InputError, match="no price model is called 'Guess'"):
        study_models(small_market, ("Guess",))


def test_the_study_crosses_processes_as_plain_values(study):
    again = from_plain(ModelStudy, json.loads(json.dumps(to_plain(study), allow_nan=False)))
    assert again.fits[0].fan_per_mtok == pytest.approx(study.fits[0].fan_per_mtok)
    assert (again.as_of, again.refusals, again.seed) == (study.as_of, study.refusals, 3)


def test_progress_rises_and_names_the_model(small_market):
    told = []
    study_models(small_market, ("RandomWalk", "TwoFactor"), tick=lambda fraction, text: told.append((fraction, text)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_jumps_are_told_with_what_happened(small_market, monkeypatch):
    from hedgedesk.domain.market import ListPrices

    days = np.array(["2025-01-01", "2025-02-12"], dtype="datetime64[D]")
    listed = ListPrices("CNY", days, ("a", "a"), ("m", "m"), ("output", "output"), np.array([8.0, 2.0]))
    monkeypatch.setattr("hedgedesk.model_study.model_called", lambda _name: Jumpy)
    fit = study_models(dataclasses.replace(small_market, list_prices=listed), ("RandomWalk",)).fits[0]
    assert fit.jumps[0].log_size == -0.4
    assert fit.jumps[0].happened == ("2025-02-12: a moved m: output from 8 to 2 (-75%) CNY per Mtok",)


def test_an_error_that_is_no_refusal_is_not_swallowed(small_market, monkeypatch):
    class Broken(RandomWalk):
        @classmethod
        def fit(cls, market, *, tick=None):
            raise ModelError("Broken needs more") if market is None else ZeroDivisionError("a bug")

    monkeypatch.setattr("hedgedesk.model_study.model_called", lambda _name: Broken)
    with pytest.raises(ZeroDivisionError):
        study_models(small_market, ("RandomWalk",))


def test_every_model_of_the_house_is_fitted_to_the_sample_or_refused_in_its_own_name():
    found = study_models(read_market(sample_folder() / "market"), parameter_uncertainty=True)
    assert {fit.summary.name for fit in found.fits} | {refusal.model for refusal in found.refusals} == set(MODELS)
    assert all(refusal.reason.startswith(refusal.model) for refusal in found.refusals)
    for fit in found.fits:
        assert np.all(np.diff(fit.fan_per_mtok, axis=0) >= 0), "quantiles rise with their level"
        assert fit.fan_per_mtok.min() > 0
        assert fit.paths_per_mtok.min() > 0
        # 128 draws of the parameters leave the ends of a band uncertain, not whether the curve is inside.
        assert np.all(fit.curve_low_per_mtok <= 1.002 * fit.curve_per_mtok)
        assert np.all(fit.curve_high_per_mtok >= 0.998 * fit.curve_per_mtok)
    told = {fit.summary.name: fit for fit in found.fits}
    assert any(jump.happened for jump in told["TwoFactorJumps"].jumps)
    assert told["Regimes"].regimes.probability.sum(axis=1) == pytest.approx(1.0)
