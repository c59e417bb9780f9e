"""Every documented key of the TOML files: what it means, in which unit, and an example for the template."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hedgedesk.domain.run import MODELS, SOLVERS


@dataclass(frozen=True, slots=True)
class RuleKey:
    """One key at the top of a TOML file."""

    meaning: str
    """What it is, with its unit."""
    example: str
    """As TOML; the template writes it."""
    active: bool = True
    """Whether the template sets it; else it stands there as a comment."""
    is_text: bool = False
    """Whether only a text makes sense, so that no quotes are needed."""


_HOW_IT_MOVES = "{volatility = 0.5, reversion = 2.0}"

CONTRACT = {
    "name": RuleKey("Name of the contract", '"Token index (template)"', is_text=True),
    "venue": RuleKey("Exchange, or who quotes it", '"my bank"', active=False, is_text=True),
    "status": RuleKey("not_listed, announced, listed or otc", '"not_listed"', is_text=True),
    "index": RuleKey("Name of the index that it settles on", '"my-index"', is_text=True),
    "unit": RuleKey("What a price is of: stu, tokens, output_only or a table of weights by meter", '"stu"'),
    "currency": RuleKey("Currency of index, futures and contract, three letters", '"USD"', is_text=True),
    "multiplier": RuleKey("Money per index point, in the contract's currency", "50.0"),
    "price_per_point": RuleKey("Price that one point stands for, currency per Mtok", "1.0"),
    "tick": RuleKey("Smallest change of a quote, index points", "0.01"),
    "months": RuleKey("Delivery months of a year, 1 to 12", "[2, 4, 6, 8, 10, 12]"),
    "listed_months": RuleKey("How far ahead contracts are listed, months", "12"),
    "price_limit": RuleKey(
        "Largest move of a day, share of the last settlement (0.10 is 10%); {rate, first_day_multiple} says more",
        "0.10",
    ),
    "margin_schedule": RuleKey(
        "Margin as a share of the contract's value, rising as trading days run out",
        "[{rate = 0.12}, {days_before_last = 7, rate = 0.20}]",
    ),
    "final_settlement": RuleKey("Index prints averaged at expiry", "3"),
    "position_limit": RuleKey("Most lots in one contract that the venue allows", "500", active=False),
    "quote": RuleKey("How prices are quoted; for the record", '"index points"', active=False),
    "hours": RuleKey("Trading hours; for the record", '"09:00-15:00 Beijing time"', active=False),
    "limit_locked": RuleKey(
        "After a day at the limit: percentage points added to the next two days' limits, and of margin above the limit",
        '{d2_limit = 3, d2_margin = 2, d3_limit = 5, afterwards = "suspended"}',
        active=False,
    ),
    "last_trading_day": RuleKey(
        "Which day of the delivery month trades last: last Monday, third Friday, last trading day, or a table",
        '"last Monday"',
    ),
    "settlement_fallback": RuleKey(
        "If a print is missing: exchange (it decides), last (the one before) or published (the mean of the others)",
        '"exchange"',
        active=False,
    ),
    "daily_settlement": RuleKey(
        "A day without trades settles at the previous settlement, or at the quotes' middle",
        '{no_trades = "previous"}',
        active=False,
    ),
    "fees": RuleKey(
        "Fees of the venue on each trade: share of its value (0.00001 is 0.001%), amount a lot",
        "{turnover = 0.00001, per_lot = 0.0}",
        active=False,
    ),
    "opening_limit_per_day": RuleKey(
        "Most lots of a contract opened in a day; hedging may be exempt",
        "{lots = 1_000, hedging_exempt = true}",
        active=False,
    ),
    "opening_breach": RuleKey("Trading days without opening after a breach of it", "{ban_days = 3}", active=False),
    "hedging_quota": RuleKey(
        "Trading days before the last from which the nearby month counts, and how many lots it allows",
        "{nearby_from = 7, nearby_limit = 200}",
        active=False,
    ),
    "quota_evidence": RuleKey("What the quota asks for; for the record", '"usage invoices"', active=False),
    "aggregation": RuleKey("Whether accounts under common control count together", "true", active=False),
    "large_trader_report": RuleKey(
        "Share of the position limit from which to report (1.0 is at the limit); false: never",
        "{share = 1.0}",
        active=False,
    ),
    "collateral": RuleKey("What margin may be paid in; for the record", '"cash"', active=False),
    "calendar": RuleKey(
        "Whose trading days count: cn_exchange, us_exchange, us_futures, ice_us, weekdays, or one of holidays.csv",
        '"us_exchange"',
        is_text=True,
    ),
}

PROGRAM = {
    "currency": RuleKey("Currency of budget and figures, three letters", '"USD"', is_text=True),
    "budget": RuleKey("Amount for all months in the programme's currency, or one amount a month", "25_000.0"),
    "level": RuleKey("Confidence of VaR and CVaR (0.95 is 95%)", "0.95"),
    "risk_weight": RuleKey("Weight of CVaR against expected cost; left out: least CVaR", "1.0"),
    "over_hedge": RuleKey("Most cover of a month as a share of its open volume (1.0 is 100%)", "1.0"),
    "credit_line": RuleKey("Cash for margin, in the programme's currency; left out: no limit", "10_000.0"),
    "position_limit": RuleKey("Most lots in one contract, or lots by delivery month; left out: no limit", "500"),
    "quota": RuleKey(
        "Approved hedging quota of each contract, lots, or lots by delivery month; left out: none asked for",
        "300",
        active=False,
    ),
    "nearby_quota": RuleKey(
        "Quota approved anew for the nearby month, lots, or lots by delivery month; left out: the smaller of quota and "
        "the venue's nearby limit",
        "120",
        active=False,
    ),
    "transaction_cost_per_mtok": RuleKey("Cost of trading one Mtok, in the programme's currency", "0.01"),
    "lots": RuleKey("whole or fractional", '"whole"', is_text=True),
    "instruments": RuleKey('What may be traded: ["futures"], and names of [instrument.NAME] tables', '["futures"]'),
    "objective": RuleKey(
        "mean_cvar, variance, or cheapest (within budget_at_risk)", '"mean_cvar"', active=False, is_text=True
    ),
    "budget_at_risk": RuleKey(
        "Most by which CVaR may exceed the budget, in the programme's currency; left out: no limit",
        "5_000.0",
        active=False,
    ),
    "credit_line_level": RuleKey(
        "Margin calls along the path, at this level, stay within the credit line (0.95 is 95%); left out: only today's "
        "initial margin does",
        "0.95",
        active=False,
    ),
    "premium_budget": RuleKey(
        "Most premium paid today, in the programme's currency; left out: no limit", "1_000.0", active=False
    ),
    "turnover_mtok": RuleKey("Most Mtok bought and sold now, together; left out: no limit", "20_000.0", active=False),
    "common_control_lots": RuleKey(
        "Lots held by accounts under common control, by delivery month: they use up limit and quota",
        '{"2027-02" = 30}',
        active=False,
    ),
    "trading_days": RuleKey("Trading days within which the plan is traded; left out: no limit", "5", active=False),
    "average_daily_lots": RuleKey("Average daily volume of a contract, lots; left out: not known", "500", active=False),
    "depth_share": RuleKey("Largest share of a day's volume that is ours (0.05 is 5%)", "0.05", active=False),
    "state_rules": RuleKey(
        "Rules of a state-owned enterprise: share of a year's volume newly hedged, longest tenor in months",
        "{annual_share = 0.9, tenor_months = 12}",
        active=False,
    ),
    "bands": RuleKey(
        "Least and most cover by months ahead, shares of the forecast",
        "[{months_ahead = [1, 6], min = 0.5, max = 0.75}, {months_ahead = [7, 12], min = 0.25, max = 0.5}]",
    ),
}

SETTINGS = {
    "model": RuleKey(
        f"Price model: {', '.join(MODELS)}; left out: the validated one, else chosen by the quotes",
        '"RandomWalk"',
        active=False,
        is_text=True,
    ),
    "scenarios": RuleKey("How many price scenarios are drawn", "20_000"),
    "seed": RuleKey("Start of the random numbers: the same seed gives the same run", "1"),
    "block_size": RuleKey("Scenarios drawn from one random stream", "10_000", active=False),
    "price_volume_correlation": RuleKey("Correlation of a month's volume with its average price, -1 to 1", "0.0"),
    "risk_premium": RuleKey("Drift of the price above today's curve, per year (0.05 is 5%)", "0.0"),
    "drift": RuleKey("Growth of the index per year where no quotes fix the curve (-0.2 is -20%)", "0.0"),
    "volatility": RuleKey("Factor on the fitted volatility (1.2 is 20% more)", "1.0"),
    "precision": RuleKey("float32 or float64: of the simulated paths", '"float32"', active=False, is_text=True),
    "sampling": RuleKey(
        "plain, sobol or importance: how the cost of the chosen plan is measured", '"plain"', active=False, is_text=True
    ),
    "relative_error": RuleKey(
        "Standard error of the CVaR at which drawing stops, as a share of it (0.01 is 1%); left out: all are drawn",
        "0.01",
        active=False,
    ),
    "margin_grid": RuleKey(
        "none, monthly, weekly or daily: dates on which futures prices are kept for margin calls",
        '"none"',
        active=False,
        is_text=True,
    ),
    "parameter_uncertainty": RuleKey(
        "true: draw the model's parameters too, from their estimated distribution", "false", active=False
    ),
    "solver": RuleKey(
        f"What finds the plan: {', '.join(SOLVERS)}; the answer is proved either way",
        '"auto"',
        active=False,
        is_text=True,
    ),
    "view": RuleKey(
        "Your own values of the model's parameters, in the place of the estimates", "{sigma = 0.4}", active=False
    ),
}

INDEX = {
    "method": RuleKey("matched_list, quality_constant or realised", '"matched_list"', is_text=True),
    "frequency": RuleKey("week or month; prints are at the ends of these", '"week"', is_text=True),
    "base": RuleKey("Level of the first print of matched_list", "100.0"),
    "average": RuleKey(
        "Who weighs the same in matched_list: provider or family; spend: providers by what was spent with each",
        '"provider"',
        is_text=True,
    ),
    "input_share": RuleKey("Weight of uncached input in the blended price, the rest is output (0.75 is 3:1)", "0.75"),
    "oldest_days": RuleKey("Days after which a model family is no longer compared", "540"),
    "company_cap": RuleKey("Largest weight of one company (0.5 is 50%)", "0.5"),
    "trim": RuleKey("Share of a price's sources dropped at each end after screening", "0.1"),
    "outlier_level": RuleKey("Level of Grubbs' test on the sources of one price (0.05 is 5%)", "0.05"),
    "unconfirmed_factor": RuleKey("Factor beyond which a single source's move waits to be confirmed", "3.0"),
    "missing_share": RuleKey("Share of expected prices missing beyond which the last print is carried", "0.3333"),
    "fewest_companies": RuleKey("Companies below which the last print is carried, once there were as many", "5"),
    "carried_prints": RuleKey("Prints carried in a row after which the index has failed", "3"),
    "screens": RuleKey("Whether the screens are on: true or false", "true"),
    "benchmark": RuleKey("Benchmark of scores.csv, for quality_constant", '"mmlu"', is_text=True),
    "threshold": RuleKey("Score in percent that a model must reach, for quality_constant", "80.0"),
    "resellers": RuleKey(
        "Providers left out: they sell other sellers' models", '["azure", "openrouter"]', active=False
    ),
    "excluded_words": RuleKey(
        "A model with one of these in its name is left out", '["latest", "-exp", "audio"]', active=False
    ),
    "region_prefixes": RuleKey(
        "A model whose name begins with one of these is left out", '["us.", "eu."]', active=False
    ),
    "official_sources": RuleKey(
        "Sources that are the seller's own page: they stand alone", '["price page"]', active=False
    ),
    "not_compared": RuleKey(
        "Moves that correct the list and are no news: provider/model and the day",
        '["my-provider/my-model 2026-06-01"]',
        active=False,
    ),
}

DRIVERS = {
    "correlations": RuleKey(
        "Correlations of weekly changes, -1 to 1, in the place of those estimated: token_power, token_gpu_rent, "
        "token_cny_per_usd, power_gpu_rent, power_cny_per_usd, gpu_rent_cny_per_usd, power_volume, gpu_rent_volume, "
        "cny_per_usd_volume",
        "{token_power = 0.1, token_gpu_rent = 0.3}",
        active=False,
    ),
    "power": RuleKey("How the power price moves, where it is not estimated", _HOW_IT_MOVES, active=False),
    "gpu_rent": RuleKey("How accelerator rent moves, where it is not estimated", _HOW_IT_MOVES, active=False),
    "cny_per_usd": RuleKey("How the currency moves, where it is not estimated", "{volatility = 0.05}", active=False),
    "production": RuleKey(
        "Cost of making tokens, and how much of its change reaches their price",
        "{kilowatt = 0.7, power_usage_effectiveness = 1.3, tokens_per_second = 1_000.0, pass_through = 0.3}",
    ),
    "peak": RuleKey(
        "Peak prices: share of the tokens in peak hours, how many times the off-peak price, when they start",
        "{share = 0.4, multiple = 2.0, starts_per_year = 0.2, in_force = false, in_index = false}",
        active=False,
    ),
    "events": RuleKey(
        "Events that hit several prices: how much of a token's jump up accelerator rent takes, and shocks of power",
        "{shortage_share = 1.0, energy_per_year = 0.2, energy_multiple = 2.0, energy_spread = 0.1}",
        active=False,
    ),
}

KEYS = {
    "market/contract.toml": CONTRACT,
    "market/index.toml": INDEX,
    "market/drivers.toml": DRIVERS,
    "program.toml": PROGRAM,
    "settings.toml": SETTINGS,
}
"""By the file's place in the desk folder."""

_INSIDE = {
    "bands.months_ahead": "First and last month ahead that the band rules",
    "bands.min": "Least cover, share of the forecast (0.5 is 50%)",
    "bands.max": "Most cover, share of the forecast (0.75 is 75%)",
    "state_rules.annual_share": "New hedge volume of a calendar year, share of its physical volume (0.9 is 90%)",
    "state_rules.tenor_months": "Longest time a position is held, months",
    "state_rules.rolls_count": "Whether a roll counts as new volume: true or false",
    "state_rules.traded_mtok": "New volume already hedged, by calendar year, Mtok",
    "margin_schedule.rate": "Margin, share of the contract's value",
    "margin_schedule.days_before_last": "Trading days before the last from which the rate holds",
    "final_settlement.prints": "Index prints averaged at expiry",
    "unit.name": "Name of the unit",
    "price_limit.rate": "Largest move of a day, share of the last settlement (0.10 is 10%)",
    "price_limit.first_day_multiple": "A contract's first day has this many times that limit",
    "last_trading_day.which": "first, second, third, fourth or last of the delivery month",
    "last_trading_day.weekday": "monday to friday; left out: any trading day",
    "last_trading_day.trading_days_before": "Trading days before the day so found",
    "last_trading_day.closed": "skipped: only weekdays that trade count; before: the trading day before a closed one",
    "limit_locked.d2_limit": "Percentage points added to the limit of the day after one at the limit",
    "limit_locked.d2_margin": "Percentage points of margin above the next day's limit",
    "limit_locked.d3_limit": "Percentage points added to the limit of the day after two at the limit",
    "limit_locked.afterwards": "What follows a third: suspended, widened or reduced",
    "fees.turnover": "Share of a trade's value (0.00001 is 0.001%)",
    "fees.per_lot": "Amount a lot, in the contract's currency",
    "fees.day_close_free": "Whether closing on the day of opening is free: true or false",
    "opening_limit_per_day.lots": "Most lots of a contract opened in a day",
    "opening_limit_per_day.hedging_exempt": "Whether approved hedging may open more: true or false",
    "opening_breach.ban_days": "Trading days without opening that follow",
    "hedging_quota.nearby_from": "The nearby month begins this many trading days before the last",
    "hedging_quota.nearby_limit": "Position limit of a contract in its nearby month, lots; left out: the ordinary one",
    "daily_settlement.no_trades": "previous (settlement) or quotes (their middle)",
    "large_trader_report.share": "Share of the position limit from which to report",
    "production.gpu_usd_per_hour": "Accelerator, USD an hour; left out: the newest of gpu.csv",
    "production.kilowatt": "Power that an accelerator draws, kW",
    "production.power_usage_effectiveness": "Power of the whole building over that of its machines (1.3 is 30% more)",
    "production.usd_per_kilowatt_hour": "Electricity, USD per kWh; left out: the newest of power.csv",
    "production.tokens_per_second": "Tokens that an accelerator serves a second",
    "production.pass_through": "Share of a change of the cost that reaches the price (0.3 is 30%)",
    "peak.share": "Share of the tokens used in peak hours (0.4 is 40%)",
    "peak.multiple": "Peak price over off-peak price",
    "peak.starts_per_year": "How often a year peak prices start; once started they stay",
    "peak.in_force": "Whether they have started: true or false",
    "peak.in_index": "Whether the index is an average over the hours: true or false",
    "events.shortage_share": "Share of the logarithm of a token's jump up that accelerator rent takes (1 is all of it)",
    "events.energy_per_year": "How often a year power jumps by an energy shock; left out: never",
    "events.energy_multiple": "What an energy shock multiplies the power price by, in the middle of its sizes",
    "events.energy_spread": "Standard deviation of the logarithm of that multiple; left out: 0",
}
_BY_DRIVER = {
    "volatility": "Standard deviation of its logarithm, per year (0.5 is 50%); left out: estimated",
    "reversion": "Speed of its return to the mean, per year (0 is never); left out: estimated",
}
_INSIDE |= {f"{name}.{key}": told for name in ("power", "gpu_rent", "cny_per_usd") for key, told in _BY_DRIVER.items()}
_BY_NAME = {
    "view": "Your own value of the parameter",
    "correlations": "Correlation of the two, -1 to 1",
    "budget": "Budget of the month, in the programme's currency",
    "position_limit": "Most lots in the contract of that delivery month",
    "common_control_lots": "Lots that accounts under common control hold of that delivery month",
    "quota": "Approved quota of that delivery month, lots",
    "nearby_quota": "Quota approved anew for the nearby month of that delivery month, lots",
    "unit": "Weight of one Mtok of the meter in the unit",
}


def meaning_of(place: str, key: str) -> str:
    """What a row such as ``bands[2].min`` means; empty: not documented."""
    top, _, inside = re.sub(r"\[\d+\]", "", key).partition(".")
    known = KEYS[place].get(top)
    if known is None:
        return ""
    return _INSIDE.get(f"{top}.{inside}") or (_BY_NAME.get(top, known.meaning) if inside else known.meaning)


def wants_text(place: str, key: str) -> bool:
    """Whether only a text makes sense for the key."""
    known = KEYS[place].get(key)
    return known is not None and known.is_text
