"""``market/power.csv``, ``market/gpu.csv`` and ``market/drivers.toml``."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.drivers import GIVEN_PAIRS, Drivers, DriverTerms, EventTerms, PeakTerms, ProductionTerms
from hedgedesk.domain.errors import CurrencyMismatch
from hedgedesk.files import read_desk, read_market
from hedgedesk.files.drivers import parse_gpu, parse_power, read_driver_rules
from hedgedesk.files.findings import read_alone

POWER = "market/power.csv"
GPU = "market/gpu.csv"
RULES = "market/drivers.toml"


def weekly(column: str, *levels: float) -> str:
    days = np.datetime64("2026-11-20") - 7 * np.arange(len(levels))[::-1].astype("timedelta64[D]")
    return "\n".join([f"date,{column}", *(f"{day},{level}" for day, level in zip(days, levels, strict=True))]) + "\n"


RISING = [60 + 5 * (week % 4) for week in range(12)]


@pytest.fixture
def rules(tmp_path):
    def read(text: str) -> Drivers:
        path = tmp_path / "drivers.toml"
        path.write_text(text, encoding="utf-8")
        return read_driver_rules(path)

    return read


def test_power_is_read_per_megawatt_hour_whatever_the_file_has(tmp_path):
    path = tmp_path / "power.csv"
    path.write_text("date,price_eur_per_kwh\n2026-01-09,0.07\n2026-01-02,0.06\n", encoding="utf-8")
    history = read_alone(path, parse_power)
    assert (history.name, history.currency) == ("power", "EUR")
    assert history.price.tolist() == [60.0, 70.0]
    assert history.dates.astype(str).tolist() == ["2026-01-02", "2026-01-09"]


def test_rent_is_read_per_hour_of_one_accelerator(tmp_path):
    path = tmp_path / "gpu.csv"
    path.write_text("date,price_usd_per_gpu_hour\n2026-01-02,2.1\n", encoding="utf-8")
    history = read_alone(path, parse_gpu)
    assert (history.name, history.currency, history.price.tolist()) == ("gpu_rent", "USD", [2.1])


@pytest.mark.parametrize(
    ("parse", "column", "expected"),
    [
        (
            parse_power,
            "price_usd_per_mtok",
            "price_<currency>_per_mwh, for example price_usd_per_mwh; units _per_mwh, _per_kwh",
        ),
        (
            parse_gpu,
            "price_usd_per_mwh",
            "price_<currency>_per_gpu_hour, for example price_usd_per_gpu_hour; units _per_gpu_hour",
        ),
        (parse_gpu, "price_per_gpu_hour", "price_<currency>_per_gpu_hour, for example price_usd_per_gpu_hour"),
    ],
)
def test_a_price_of_something_else_is_a_fault_that_names_the_units(tmp_path, faults_of, parse, column, expected):
    path = tmp_path / "drivers.csv"
    path.write_text(f"date,{column}\n2026-01-02,2.1\n", encoding="utf-8")
    assert [fault[4] for fault in faults_of(lambda place: read_alone(place, parse), path)] == [expected]


def test_a_price_of_zero_and_a_date_given_twice_are_faults(tmp_path, faults_of):
    path = tmp_path / "power.csv"
    path.write_text("date,price_usd_per_mwh\n2026-01-02,0\n2026-01-09,61\n2026-01-09,62\n", encoding="utf-8")
    assert [fault[:3] for fault in faults_of(lambda place: read_alone(place, parse_power), path)] == [
        ("power.csv", 2, "price_usd_per_mwh"),
        ("power.csv", 4, "date"),
    ]


def test_what_the_user_says_of_the_drivers_is_read(rules):
    assert dataclasses.asdict(rules("")) == dataclasses.asdict(Drivers())
    found = rules(
        """
correlations = {token_power = -0.1, power_gpu_rent = 1}
gpu_rent = {volatility = 0.4}
[power]
reversion = 6
[production]
tokens_per_second = 1_500.0
pass_through = 1.0
[peak]
share = 0.4
multiple = 2.0
starts_per_year = 0.5
in_index = true
"""
    )
    assert found.correlations == {"token_power": -0.1, "power_gpu_rent": 1.0}
    assert found.terms == {"power": DriverTerms(reversion=6.0), "gpu_rent": DriverTerms(volatility=0.4)}
    assert found.production == ProductionTerms(tokens_per_second=1_500.0, pass_through=1.0)
    assert found.peak == PeakTerms(0.4, 2.0, 0.5, in_index=True)
    assert found.peak.average == pytest.approx(1.4)


def test_events_are_none_without_their_table_and_a_whole_shortage_with_an_empty_one(rules):
    assert rules("").events is None
    assert rules("[events]").events == EventTerms(shortage_share=1.0)
    found = rules("[events]\nshortage_share = 0.5\nenergy_per_year = 0.2\nenergy_multiple = 2\nenergy_spread = 0.1")
    assert found.events == EventTerms(0.5, 0.2, 2.0, 0.1)
    assert rules("[events]\nenergy_per_year = 0").events.energy_per_year == 0.0


@pytest.mark.parametrize(
    ("text", "column", "found", "expected"),
    [
        ("correlations = {token_power = 1.2}", "correlations.token_power", "1.2", "a correlation from -1 to 1"),
        (
            "correlations = {token_pwer = 0.2}",
            "correlations.token_pwer",
            "an unknown key",
            "token_power (is that meant?)",
        ),
        (
            "correlations = 0.2",
            "correlations",
            "0.2",
            f"a table of {', '.join(GIVEN_PAIRS)}",
        ),
        (
            "[power]\nvolatility = true",
            "power.volatility",
            "true",
            "a volatility per year above 0, up to 10 (0.5 is 50%)",
        ),
        ("[production]\npass_through = 3", "production.pass_through", "3", "a share from 0 to 2 (0.3 is 30%)"),
        (
            "[peak]\nshare = 0.4\nstarts_per_year = 1",
            "peak.multiple",
            "no such key",
            "peak price over off-peak price, from 0.1 to 100",
        ),
        (
            "[peak]\nshare = 0.4\nmultiple = 2",
            "peak.starts_per_year",
            "no such key",
            "a rate per year from 0 to 365, or in_force = true",
        ),
        ("[peak]\nshare = 0.4\nmultiple = 2\nin_force = 1", "peak.in_force", "1", "true or false"),
        (
            "[events]\nshortage_share = -0.1",
            "events.shortage_share",
            "-0.1",
            "a share of the token's log jump from 0 to 5 (1 is all of it)",
        ),
        (
            "[events]\nenergy_per_year = 0.2",
            "events.energy_multiple",
            "no such key",
            "power after a shock over before, above 1, up to 10",
        ),
        (
            "[events]\nenergy_spread = 0.2",
            "events.energy_per_year",
            "no such key",
            "energy shocks a year, from 0 to 12",
        ),
        (
            "[events]\nenergy_per_year = 1\nenergy_multiple = 0.5",
            "events.energy_multiple",
            "0.5",
            "power after a shock over before, above 1, up to 10",
        ),
        ("[events]\nshortage_shar = 1", "events.shortage_shar", "an unknown key", "shortage_share (is that meant?)"),
        ("[pwer]\nvolatility = 0.2", "pwer", "an unknown key", "power (is that meant?)"),
    ],
)
def test_what_is_wrong_in_the_rules_is_named_with_what_would_be_right(
    tmp_path, faults_of, text, column, found, expected
):
    path = tmp_path / "drivers.toml"
    path.write_text(text, encoding="utf-8")
    assert (column, found, expected) in [fault[2:] for fault in faults_of(read_driver_rules, path)]


def test_a_desk_without_the_files_has_no_drivers(desk_folder):
    assert read_desk(desk_folder).market.drivers is None


def test_histories_and_rules_come_together_and_are_hashed(write, desk_folder):
    write(POWER, weekly("price_usd_per_mwh", *RISING))
    write(RULES, "[production]\npass_through = 0.5\n")
    desk = read_desk(desk_folder)
    assert desk.market.drivers.power.price.tolist() == RISING
    assert desk.market.drivers.gpu_rent is None
    assert desk.market.drivers.production.pass_through == 0.5
    assert {POWER, RULES} <= set(desk.file_hashes)
    assert desk.notices == ()


def test_the_market_folder_alone_has_them_too(write, desk_folder):
    write(GPU, weekly("price_usd_per_gpu_hour", *(level / 30 for level in RISING)))
    assert read_market(desk_folder / "market").drivers.gpu_rent.price.size == 12


def test_words_on_a_driver_without_its_history_are_faults(write, desk_folder, faults_of):
    write(RULES, "[power]\nvolatility = 0.4\n[correlations]\ntoken_gpu_rent = 0.3\n")
    assert faults_of(read_desk, desk_folder) == [
        (RULES, 1, "power", "power without its history", "a file market/power.csv"),
        (RULES, 3, "correlations", "token_gpu_rent without a history of gpu_rent", "a file market/gpu.csv"),
    ]


def test_energy_shocks_without_a_history_of_power_are_a_fault(write, desk_folder, faults_of):
    write(RULES, "[events]\nshortage_share = 0.5\n")
    assert read_desk(desk_folder).market.drivers.events == EventTerms(0.5)
    write(RULES, "[events]\nenergy_per_year = 0.5\nenergy_multiple = 2.0\n")
    assert faults_of(read_desk, desk_folder) == [
        (RULES, 1, "events", "energy shocks without a history of power", "a file market/power.csv"),
    ]


def test_too_short_a_history_asks_for_the_volatility(write, desk_folder, faults_of):
    write(POWER, weekly("price_usd_per_mwh", *RISING[:5]))
    expected = "at least 8, or power.volatility in market/drivers.toml"
    assert faults_of(read_desk, desk_folder) == [(POWER, None, None, "4 price changes", expected)]
    write(RULES, "[power]\nvolatility = 0.4\n")
    assert read_desk(desk_folder).market.drivers.terms["power"].volatility == 0.4


def test_correlations_that_cannot_hold_together_ask_naming_the_file_and_the_pair(write, desk_folder, faults_of):
    write(POWER, weekly("price_usd_per_mwh", *RISING))
    write(GPU, weekly("price_usd_per_gpu_hour", *(level / 30 for level in reversed(RISING))))
    write(RULES, "correlations = {token_power = 0.9, token_gpu_rent = 0.9, power_gpu_rent = 0.0}\n")
    faults = faults_of(read_desk, desk_folder)
    assert [fault[:3] for fault in faults] == [
        (RULES, None, f"correlations.{pair}") for pair in ("token_power", "token_gpu_rent", "power_gpu_rent")
    ]
    assert faults[0][3] == "+0.90 (given), beside the others possible only as +0.74"


def test_a_cost_in_a_currency_that_nobody_converts_is_a_fault(write, desk_folder):
    write(GPU, weekly("price_cny_per_gpu_hour", *(level / 4 for level in RISING)))
    write(RULES, "[production]\npass_through = 0.5\n")
    assert read_desk(desk_folder).market.drivers.gpu_rent.currency == "CNY"
    write("market/fx.csv", None)
    with pytest.raises(CurrencyMismatch, match=r"drivers\.toml:1:production: found CNY; expected USD"):
        read_desk(desk_folder)
