"""The contract's terms: every field, and every way to get one wrong."""

from __future__ import annotations

import pytest

from hedgedesk.domain.errors import CurrencyMismatch, UnitError
from hedgedesk.domain.market import ContractSpec, MarginStep
from hedgedesk.domain.units import METERS, STANDARD_UNITS, UnitWeights
from hedgedesk.domain.venue import (
    LAST,
    Fees,
    LastTradingDay,
    LimitLock,
    OpeningLimit,
    QuotaWindows,
    SettlementRules,
)
from hedgedesk.files import read_contract

BASE = 'currency = "CNY"\nmultiplier = 50\nunit = "stu"\n'

FULL = """
name = "Token index (template)"
venue = "INE"
status = "not_listed"
index = "stu-cny"
unit = "tokens"
currency = "cny"
quote = "index points"
multiplier = 50.0
price_per_point = 2
tick = 0.1
months = [12, 2]
listed_months = 14
hours = "09:00-10:15, 10:30-11:30"
price_limit = 0.10
margin_schedule = [{rate = 0.12}, {days_before_last = 7, rate = 0.20}, {days_before_last = 2, rate = 0.30}]
limit_locked = {d2_limit = 3, d2_margin = 2}
last_trading_day = "last Monday"
final_settlement = {prints = 4}
settlement_fallback = "exchange decides"
daily_settlement = "volume-weighted mean"
fees = 0.00001
opening_limit_per_day = 1000
opening_breach = "ban next day"
position_limit = 500
hedging_quota = "prior approval"
quota_evidence = ["production plan", "sales contract"]
aggregation = true
large_trader_report = 2027-01-01
collateral = "CNY"
calendar = "cn_exchange"
"""


def test_currency_multiplier_and_unit_are_enough(write):
    spec = read_contract(write("market/contract.toml", BASE))
    assert spec == ContractSpec(currency="CNY", multiplier=50.0, unit=STANDARD_UNITS["stu"])


def test_every_field_of_the_template_is_read(write):
    spec = read_contract(write("market/contract.toml", FULL))
    assert (spec.currency, spec.venue, spec.index, spec.unit) == ("CNY", "INE", "stu-cny", STANDARD_UNITS["tokens"])
    assert (spec.months, spec.listed_months, spec.final_settlement, spec.position_limit) == ((2, 12), 14, 4, 500.0)
    assert spec.margin_schedule == (MarginStep(0.12), MarginStep(0.20, 7), MarginStep(0.30, 2))
    assert spec.mtok_per_lot == 25.0


def test_fields_and_words_that_no_formula_uses_are_kept_as_text(write):
    terms = read_contract(write("market/contract.toml", FULL)).terms
    assert terms["hours"] == "09:00-10:15, 10:30-11:30"
    assert terms["quota_evidence"] == '["production plan", "sales contract"]'
    assert (terms["hedging_quota"], terms["large_trader_report"]) == ("prior approval", '"2027-01-01"')
    assert {"opening_breach", "settlement_fallback", "daily_settlement", "quote", "collateral"} <= set(terms)
    assert len(terms) == 9


def test_fields_that_formulas_use_are_read_as_they_were_written_before(write):
    spec = read_contract(write("market/contract.toml", FULL))
    assert spec.last_day == LastTradingDay(LAST, "monday", closed="before")
    assert spec.limit_lock == LimitLock(0.03, 0.02)
    assert (spec.fees, spec.opening_limit) == (Fees(0.00001), OpeningLimit(1_000.0))
    assert (spec.calendar, spec.aggregation, spec.report_share) == ("cn_exchange", True, 1.0)
    assert (spec.settlement, spec.quota_windows) == (SettlementRules(), QuotaWindows())


def test_a_table_of_weights_is_a_unit_of_its_own(write):
    weights = ", ".join(f"{meter} = {i}" for i, meter in enumerate(METERS))
    text = BASE.replace('"stu"', "{" + weights + "}")
    assert read_contract(write("market/contract.toml", text)).unit == UnitWeights("custom", 0.0, 1.0, 2.0, 3.0)
    named = text.replace("{", '{name = "ours", ')
    assert read_contract(write("market/contract.toml", named)).unit.name == "ours"


RATE = "a rate above 0 and below 1"
LIMIT = "a limit below the first margin rate, 0.12: a day's move must not exceed the margin"
MONTHS = "a list of different months from 1 to 12, for example [2, 4, 6]"
UNIT = "one of stu, tokens, output_only, or a table of weights of uncached_input, cache_read, cache_write, output"
STEP = "a table {rate = 0.12} or {days_before_last = 7, rate = 0.20}"
PRINTS = "a whole number of index prints of at least 1, or {prints = 3}"
TERM = "a whole number of months from 1 to 120"


@pytest.mark.parametrize(
    ("line", "column", "found", "expected"),
    [
        ("tick = 0", "tick", "0", "a number above 0"),
        ("tick = nan", "tick", "NaN", "a number above 0"),
        ("price_per_point = -1.0", "price_per_point", "-1.0", "a number above 0"),
        ('price_per_point = "1"', "price_per_point", "1", "a number above 0"),
        ("price_per_point = true", "price_per_point", "true", "a number above 0"),
        ("price_limit = 0.12", "price_limit", "0.12", LIMIT),
        ("price_limit = 1", "price_limit", "1", RATE),
        ("months = [2, 13]", "months", "[2, 13]", MONTHS),
        ("months = [2, 2]", "months", "[2, 2]", MONTHS),
        ("months = []", "months", "[]", MONTHS),
        ("months = [true]", "months", "[true]", MONTHS),
        ("months = 2", "months", "2", MONTHS),
        ("listed_months = 0", "listed_months", "0", TERM),
        ("listed_months = 1.5", "listed_months", "1.5", TERM),
        ("final_settlement = 0", "final_settlement", "0", PRINTS),
        ("final_settlement = {print = 3}", "final_settlement", '{"print": 3}', PRINTS),
        ("position_limit = -1", "position_limit", "-1", "a number of lots of at least 0"),
        ('status = "open"', "status", "open", "one of not_listed, announced, listed, otc"),
        ("name = 5", "name", "5", "a text in quotes"),
        ("tics = 0.1", "tics", "an unknown key", "tick (is that meant?)"),
        ("margin_schedule = []", "margin_schedule", "[]", f"a list: {STEP}, ..."),
        ("margin_schedule = [0.2]", "margin_schedule[1]", "0.2", STEP),
        ("margin_schedule = [{rate = 1.2}]", "margin_schedule[1].rate", "1.2", RATE),
        ("margin_schedule = [{}]", "margin_schedule[1].rate", "no such key", RATE),
        (
            "margin_schedule = [{rate = 0.2}, {rate = 0.2, days_before_last = 2}]",
            "margin_schedule[2].rate",
            "0.2",
            "a rate above 0.2: margins rise towards expiry",
        ),
        (
            "margin_schedule = [{rate = 0.2}, {rate = 0.3}]",
            "margin_schedule[2].days_before_last",
            "no such key",
            "a whole number of trading days",
        ),
        (
            "margin_schedule = [{rate = 0.2, days_before_last = 3}]",
            "margin_schedule[1].days_before_last",
            "3",
            "nothing: the first rate is the ordinary one",
        ),
        (
            "margin_schedule = [{rate = 0.2}, {rate = 0.3, days_before_last = 2}, {rate = 0.4, days_before_last = 7}]",
            "margin_schedule[3].days_before_last",
            "7",
            "fewer days than 2",
        ),
        (
            "margin_schedule = [{rates = 0.2, rate = 0.2}]",
            "margin_schedule[1].rates",
            "an unknown key",
            "rate (is that meant?)",
        ),
    ],
)
def test_a_faulty_key_is_told_with_its_line(write, faults_of, line, column, found, expected):
    path = write("market/contract.toml", BASE + line + "\n")
    assert faults_of(read_contract, path) == [("contract.toml", 4, column, found, expected)]


@pytest.mark.parametrize(
    ("line", "kind", "fault"),
    [
        ('currency = "yuan"', CurrencyMismatch, ("currency", "yuan", 'a currency of three letters, for example "USD"')),
        ('unit = "pages"', UnitError, ("unit", "pages", UNIT)),
        ("unit = 5", UnitError, ("unit", "5", UNIT)),
        ("unit = {output = 1}", UnitError, ("unit.uncached_input", "no such key", "a weight of at least 0")),
        (
            "unit = {uncached_input = 0, cache_read = 0, cache_write = 0, output = 0}",
            UnitError,
            ("unit", "weights that are all 0", "at least one weight above 0"),
        ),
        (
            "unit = {uncached_input = 1, cache_read = 0, cache_write = 0, output = -1}",
            UnitError,
            ("unit.output", "-1", "a weight of at least 0"),
        ),
        (
            "unit = {uncached_input = 1, cache_read = 0, cache_write = 0, output = 1, outputs = 1}",
            UnitError,
            ("unit.outputs", "an unknown key", "output (is that meant?)"),
        ),
        (
            'unit = {uncached_input = 1, cache_read = 0, cache_write = 0, output = 1, name = "stu"}',
            UnitError,
            ("unit.name", "stu", "a name other than stu, tokens, output_only"),
        ),
        ("multiplier = 0", None, ("multiplier", "0", "a number above 0")),
    ],
)
def test_a_wrong_required_key_has_its_own_class_of_error(write, faults_of, line, kind, fault):
    key = line.split(" ")[0]
    lines = [line if old.startswith(key) else old for old in BASE.splitlines()]
    path = write("market/contract.toml", "\n".join(lines))
    told = faults_of(read_contract, path)
    assert told[0][2:] == fault
    assert told[0][1] == ["currency", "multiplier", "unit"].index(key) + 1
    if kind:
        with pytest.raises(kind):
            read_contract(path)


def test_missing_required_keys_are_all_told(write, faults_of):
    told = faults_of(read_contract, write("market/contract.toml", "tick = 0.1\n"))
    assert {(row, column, found) for _, row, column, found, _ in told} == {
        (None, "multiplier", "no such key"),
        (None, "unit", "no such key"),
        (None, "currency", "no such key"),
    }
