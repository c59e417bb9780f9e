"""The rules of the programme: every key, and every way to get one wrong."""

from __future__ import annotations

import pytest

from hedgedesk.domain.program import Band, HedgeProgram, StateRules
from hedgedesk.files import read_program

BASE = 'currency = "USD"\n'

FULL = """
currency = "USD"
budget = 1_250_000.0
level = 0.95
risk_weight = 1.0
over_hedge = 1.0
credit_line = 200_000.0
position_limit = 500
transaction_cost_per_mtok = 0.01
lots = "whole"
instruments = ["futures"]
bands = [{months_ahead = [1, 12], min = 0.5, max = 0.75},
         {months_ahead = [13, 24], min = 0.25, max = 0.5}]
"""


def test_the_program_of_the_architecture_is_read(write):
    assert read_program(write("program.toml", FULL)) == HedgeProgram(
        currency="USD",
        budget=1_250_000.0,
        level=0.95,
        risk_weight=1.0,
        over_hedge=1.0,
        credit_line=200_000.0,
        position_limit=500.0,
        transaction_cost_per_mtok=0.01,
        bands=(Band(1, 12, 0.5, 0.75), Band(13, 24, 0.25, 0.5)),
    )


def test_what_is_left_out_has_the_default_of_the_noun(write):
    assert read_program(write("program.toml", BASE)) == HedgeProgram("USD")


def test_budget_and_limit_may_be_tables_by_month(write):
    text = BASE + 'budget = {"2027-01" = 50_000.0, 2027-02 = 60000}\n[position_limit]\n2027-02 = 200\n'
    program = read_program(write("program.toml", text))
    assert program.budget is None
    assert program.budget_by_month == {"2027-01": 50_000.0, "2027-02": 60_000.0}
    assert program.position_limit_by_month == {"2027-02": 200.0}


LEVEL = "a level above 0.5 and up to 0.9999"
AHEAD = "[first, last] with 1 <= first <= last <= 240"
SHARE = "a share of the forecast from 0 to 2 (0.5 is 50%)"
NAMES = 'a list of names, each once: "futures", or that of an [instrument.NAME] table'
NAMED = "one of futures; another one needs its table [instrument.NAME]"
BAND = "a table {months_ahead = [1, 12], min = 0.5, max = 0.75}"


@pytest.mark.parametrize(
    ("line", "column", "found", "expected"),
    [
        ("level = 0.5", "level", "0.5", LEVEL),
        ("level = 1", "level", "1", LEVEL),
        ("level = 95", "level", "95", LEVEL),
        ("level = true", "level", "true", LEVEL),
        ("budget = 0", "budget", "0", 'an amount above 0, or a table {"2027-01" = ...}'),
        ('budget = "5"', "budget", "5", 'an amount above 0, or a table {"2027-01" = ...}'),
        ("budget = {}", "budget", "{}", "a table with at least one month"),
        ("budget = {2027-13 = 5}", "budget.2027-13", "2027-13", "a month, YYYY-MM"),
        ("budget = {2027-01 = -5}", "budget.2027-01", "-5", "an amount above 0"),
        ("position_limit = -1", "position_limit", "-1", 'lots of at least 0, or a table {"2027-01" = ...}'),
        ('position_limit = {2027-01 = "x"}', "position_limit.2027-01", "x", "lots of at least 0"),
        ("risk_weight = -0.1", "risk_weight", "-0.1", "a number of at least 0"),
        ("over_hedge = 2.1", "over_hedge", "2.1", "a number from 0 to 2"),
        ("credit_line = -1", "credit_line", "-1", "an amount of at least 0"),
        ("transaction_cost_per_mtok = -1", "transaction_cost_per_mtok", "-1", "an amount of at least 0"),
        ('lots = "half"', "lots", "half", "one of whole, fractional"),
        ("lots = 1", "lots", "1", "one of whole, fractional"),
        ('instruments = ["futures", "options"]', "instruments", "options", NAMED),
        ("instruments = []", "instruments", "[]", NAMES),
        ('instruments = ["futures", "futures"]', "instruments", '["futures", "futures"]', NAMES),
        ('objective = "best"', "objective", "best", "one of mean_cvar, variance, cheapest"),
        (
            'objective = "cheapest"',
            "objective",
            "cheapest without budget_at_risk",
            "budget_at_risk: what the cheapest plan may risk above the budget",
        ),
        ("budget_at_risk = 5", "budget_at_risk", "5 without a budget", "a budget too"),
        ("budget_at_risk = -5", "budget_at_risk", "-5", "an amount of at least 0"),
        ("credit_line_level = 0.95", "credit_line_level", "0.95 without a credit line", "a credit_line too"),
        ("credit_line_level = 0.3", "credit_line_level", "0.3", LEVEL),
        ("premium_budget = -1", "premium_budget", "-1", "an amount of at least 0"),
        ("turnover_mtok = -1", "turnover_mtok", "-1", "a volume of at least 0, Mtok"),
        ("quota = -1", "quota", "-1", 'lots of at least 0, or a table {"2027-01" = ...}'),
        ("nearby_quota = nan", "nearby_quota", "NaN", 'lots of at least 0, or a table {"2027-01" = ...}'),
        ("nearby_quota = {2027-13 = 1}", "nearby_quota.2027-13", "2027-13", "a month, YYYY-MM"),
        ("quota = {2027-02 = -1}", "quota.2027-02", "-1", "lots of at least 0"),
        ("common_control_lots = 5", "common_control_lots", "5", "a table with at least one month"),
        ("common_control_lots = {2027 = 5}", "common_control_lots.2027", "2027", "a month, YYYY-MM"),
        ("trading_days = 0", "trading_days", "0", "a whole number of trading days from 1 to 250"),
        ("trading_days = 1.5", "trading_days", "1.5", "a whole number of trading days from 1 to 250"),
        ("depth_share = 0", "depth_share", "0", "a share above 0 and up to 1"),
        ("average_daily_lots = 0", "average_daily_lots", "0", "lots above 0"),
        ("state_rules = true", "state_rules", "true", "a table {annual_share = 0.9, tenor_months = 12}"),
        ("state_rules = {annual_share = 90}", "state_rules.annual_share", "90", "a share above 0 and up to 1"),
        ("state_rules = {tenor_months = 0}", "state_rules.tenor_months", "0", "whole months from 1 to 240"),
        ("state_rules = {rolls_count = 1}", "state_rules.rolls_count", "1", "true or false"),
        (
            "state_rules = {tenor_month = 12}",
            "state_rules.tenor_month",
            "an unknown key",
            "tenor_months (is that meant?)",
        ),
        (
            "state_rules = {traded_mtok = 5}",
            "state_rules.traded_mtok",
            "5",
            "a table of calendar years {2026 = 1200.0}",
        ),
        (
            "state_rules = {traded_mtok = {26 = 5}}",
            "state_rules.traded_mtok.26",
            "26",
            "a calendar year, YYYY",
        ),
        (
            "state_rules = {traded_mtok = {2026 = -5}}",
            "state_rules.traded_mtok.2026",
            "-5",
            "a volume of at least 0, Mtok",
        ),
        ("credit_lines = 5", "credit_lines", "an unknown key", "credit_line (is that meant?)"),
        ("bands = 5", "bands", "5", f"a list: {BAND}, ..."),
        ("bands = [5]", "bands[1]", "5", BAND),
        (
            "bands = [{months_ahead = [1, 2], min = 0.6, max = 0.5}]",
            "bands[1].min",
            "0.6",
            "at most the band's max, 0.5",
        ),
        ("bands = [{months_ahead = [1, 2], min = -0.1, max = 0.5}]", "bands[1].min", "-0.1", SHARE),
        ("bands = [{months_ahead = [1, 2], min = 0.1, max = 75}]", "bands[1].max", "75", SHARE),
        ("bands = [{months_ahead = [1, 2], min = 0.1}]", "bands[1].max", "no such key", SHARE),
        ("bands = [{months_ahead = [2, 1], min = 0.1, max = 0.2}]", "bands[1].months_ahead", "[2, 1]", AHEAD),
        ("bands = [{months_ahead = [0, 1], min = 0.1, max = 0.2}]", "bands[1].months_ahead", "[0, 1]", AHEAD),
        ("bands = [{months_ahead = 1, min = 0.1, max = 0.2}]", "bands[1].months_ahead", "1", AHEAD),
        ("bands = [{min = 0.1, max = 0.2}]", "bands[1].months_ahead", "no such key", AHEAD),
        (
            "bands = [{months_ahead = [1, 2], min = 0.1, max = 0.2, maximum = 1}]",
            "bands[1].maximum",
            "an unknown key",
            "max (is that meant?)",
        ),
        (
            "bands = [{months_ahead = [1, 6], min = 0, max = 1}, {months_ahead = [6, 9], min = 0, max = 1}]",
            "bands[2].months_ahead",
            "[6, 9]",
            "months outside those of bands[1]",
        ),
    ],
)
def test_a_faulty_key_is_told_with_its_line(write, faults_of, line, column, found, expected):
    path = write("program.toml", BASE + line + "\n")
    assert faults_of(read_program, path) == [("program.toml", 2, column, found, expected)]


def test_the_currency_must_be_there(write, faults_of):
    expected = [("program.toml", None, "currency", "no such key", 'a currency of three letters, for example "USD"')]
    assert faults_of(read_program, write("program.toml", "level = 0.9\n")) == expected


def test_every_fault_of_the_file_is_told_at_once(write, faults_of):
    text = "level = 2\nbudget = -1\nlot = 1\nbands = [{months_ahead = [3, 1], min = 5, max = -1}]\n"
    columns = [column for _, _, column, _, _ in faults_of(read_program, write("program.toml", text))]
    assert columns == ["currency", "level", "budget", "lot", "bands[1].months_ahead", "bands[1].min", "bands[1].max"]


RULES = """
budget = 900_000
objective = "cheapest"
budget_at_risk = 50_000
credit_line = 100_000
credit_line_level = 0.99
premium_budget = 20_000
turnover_mtok = 5_000
position_limit = 500
common_control_lots = {2027-02 = 40}
trading_days = 5
depth_share = 0.1
average_daily_lots = 2_000
instruments = ["futures", "office deal"]
state_rules = {annual_share = 0.8, tenor_months = 9, rolls_count = true, traded_mtok = {2026 = 1200}}
quota = {2027-02 = 200}
nearby_quota = {2027-02 = 120}
[instrument."office deal"]
kind = "fixed_price"
price_per_mtok = 1.2
mtok_per_month = 500
"""


def test_every_limit_and_every_instrument_is_read(write):
    program = read_program(write("program.toml", BASE + RULES))
    assert program.objective == "cheapest"
    assert (program.budget_at_risk, program.credit_line_level) == (50_000.0, 0.99)
    assert (program.premium_budget, program.turnover_mtok) == (20_000.0, 5_000.0)
    assert (program.position_limit, program.quota) == (500.0, None)
    assert program.quota_by_month == {"2027-02": 200.0}
    assert (program.nearby_quota_of("2027-02"), program.nearby_quota_of("2027-04")) == (120.0, None)
    assert program.common_control_lots == {"2027-02": 40.0}
    assert (program.trading_days, program.depth_share, program.average_daily_lots) == (5, 0.1, 2_000.0)
    assert program.state_rules == StateRules(0.8, 9, rolls_count=True, traded_mtok={"2026": 1_200.0})
    assert program.instruments == ("futures", "office deal")
    assert [(terms.name, terms.kind) for terms in program.terms] == [("office deal", "fixed_price")]


def test_a_key_that_is_faulty_by_itself_is_not_told_to_be_missing_too(write, faults_of):
    text = 'budget = -1\nbudget_at_risk = 5\ninstruments = ["futures", "deal"]\n[instrument.deal]\nkind = "magic"\n'
    columns = [column for _, _, column, _, _ in faults_of(read_program, write("program.toml", BASE + text))]
    assert columns == ["budget", "instrument.deal.kind"]
