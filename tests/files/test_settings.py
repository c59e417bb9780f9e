"""The settings of a run."""

from __future__ import annotations

import pytest

from hedgedesk.domain.run import RunSettings
from hedgedesk.files import read_settings


def test_settings_are_the_fields_of_the_noun_by_name(write):
    text = 'model = "RandomWalk"\nscenarios = 500\nseed = 9\nrisk_premium = 0.1\ndrift = -1\nvolatility = 1.5\n'
    expected = RunSettings("RandomWalk", 500, 9, risk_premium=0.1, drift=-1, volatility=1.5)
    assert read_settings(write("settings.toml", text)) == expected


def test_an_empty_settings_file_means_the_defaults(write):
    assert read_settings(write("settings.toml", "# nothing\n")) == RunSettings()


@pytest.mark.parametrize(
    ("line", "column", "found", "expected"),
    [
        ("scenarios = 5", "scenarios", "5", "a whole number from 100 to 5,000,000"),
        ("scenarios = 500.5", "scenarios", "500.5", "a whole number from 100 to 5,000,000"),
        ("seed = true", "seed", "True", "a whole number of at least 0"),
        ("drift = nan", "drift", "nan", "a rate per year from -5 to 5"),
        ("price_volume_correlation = 2", "price_volume_correlation", "2", "a number from -1 to 1"),
        ("scenario = 500", "scenario", "an unknown key", "scenarios (is that meant?)"),
    ],
)
def test_a_faulty_setting_is_told_with_its_line(write, faults_of, line, column, found, expected):
    path = write("settings.toml", "# settings\n" + line + "\n")
    assert faults_of(read_settings, path) == [("settings.toml", 2, column, found, expected)]


def test_an_own_view_of_the_models_parameters_is_a_table_of_numbers(write):
    text = 'precision = "float64"\nsampling = "sobol"\nparameter_uncertainty = true\n\n[view]\nsigma = 0.4\nkappa = 2\n'
    expected = RunSettings(
        precision="float64", sampling="sobol", parameter_uncertainty=True, view={"sigma": 0.4, "kappa": 2}
    )
    assert read_settings(write("settings.toml", text)) == expected


def test_every_value_of_a_view_that_is_no_number_is_told(write, faults_of):
    path = write("settings.toml", 'seed = 3\n[view]\nsigma = "high"\nkappa = nan\nrho = 0.1\n')
    assert faults_of(read_settings, path) == [
        ("settings.toml", 3, "view.sigma", "high", "a number"),
        ("settings.toml", 4, "view.kappa", "NaN", "a number"),
    ]
    path = write("settings.toml", "view = 3\n")
    assert faults_of(read_settings, path) == [
        ("settings.toml", 1, "view", "3", "a table of numbers by parameter: [view]")
    ]


def test_a_faulty_view_hides_no_other_fault(write, faults_of):
    path = write("settings.toml", 'seed = -1\nmargin_grid = "hourly"\n[view]\nsigma = "high"\n')
    assert [fault[2] for fault in faults_of(read_settings, path)] == ["seed", "margin_grid", "view.sigma"]
