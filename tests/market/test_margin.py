import numpy as np
import pytest

from hedgedesk.domain.market import ContractSpec, FuturesContract, MarginStep
from hedgedesk.market.margin import initial_margin_per_lot, margin_rate, margin_rates

FREIGHT = ContractSpec("CNY", 50.0)
LAST_DAY = np.datetime64("2027-02-22")
CONTRACT = FuturesContract(FREIGHT, np.datetime64("2027-02"), LAST_DAY)


def test_the_freight_handbook_needs_642_lots():
    # The venue's handbook: 5,000 boxes x USD 850 x 6.8 against an index of 900 at CNY 50 a point.
    contract = FuturesContract(FREIGHT, np.datetime64("2027-02"), LAST_DAY)
    lots = contract.lots(5_000 * 850 * 6.8 / 900)
    assert lots == pytest.approx(642.2, abs=0.05)
    assert round(lots) == 642


@pytest.mark.parametrize(
    ("today", "margin"),
    [("2026-12-01", 3_466_800.0), ("2027-02-15", 5_778_000.0), ("2027-02-19", 8_667_000.0)],
)
def test_642_lots_at_900_ask_the_handbooks_margin_as_expiry_nears(today, margin):
    contract = FuturesContract(FREIGHT, np.datetime64("2027-02"), LAST_DAY)
    per_lot = initial_margin_per_lot((contract,), np.array([900.0]), np.datetime64(today))
    assert 642 * per_lot[0] == pytest.approx(margin)


def test_a_step_is_charged_at_the_clearing_of_the_day_before_it_takes_effect():
    # The 7th trading day before Monday 22 February 2027 is Thursday 11 February; it is booked on the 10th.
    assert margin_rate(CONTRACT, np.datetime64("2027-02-09")) == 0.12
    assert margin_rate(CONTRACT, np.datetime64("2027-02-10")) == 0.20
    # The 2nd before is Thursday 18 February, booked on the 17th.
    assert margin_rate(CONTRACT, np.datetime64("2027-02-16")) == 0.20
    assert margin_rate(CONTRACT, np.datetime64("2027-02-17")) == 0.30


def test_a_contract_that_a_calendar_has_seen_charges_its_steps_on_the_days_it_was_told():
    told = (np.datetime64("2027-02-01"), np.datetime64("2027-02-16"))
    seen = FuturesContract(FREIGHT, np.datetime64("2027-02"), LAST_DAY, told)
    days = np.array(["2027-01-31", "2027-02-01", "2027-02-15", "2027-02-16", "2027-03-01"], dtype="datetime64[D]")
    assert margin_rates(seen, days).tolist() == [0.12, 0.20, 0.20, 0.30, 0.30]
    assert margin_rates(CONTRACT, days).tolist() == [0.12, 0.12, 0.20, 0.20, 0.30]
    assert margin_rate(seen, days[1]) == 0.20


def test_a_schedule_of_one_rate_has_no_steps():
    flat = FuturesContract(ContractSpec("CNY", 50.0, margin_schedule=(MarginStep(0.15),)), LAST_DAY, LAST_DAY)
    assert margin_rate(flat, LAST_DAY) == 0.15
