import numpy as np
import pytest

from hedgedesk.domain.market import FuturesContract
from hedgedesk.files import read_contract
from hedgedesk.files.contract import parse_contract
from hedgedesk.files.findings import FileFindings
from hedgedesk.market.calendar import trading_calendar
from hedgedesk.market.contracts import futures_contract
from hedgedesk.market.margin import initial_margin_per_lot
from hedgedesk.market.templates import DEFAULT, templates


@pytest.fixture
def terms_of(tmp_path):
    """Read the terms of a style of venue."""

    def read(style):
        path = tmp_path / f"{style}.toml"
        path.write_text(templates()[style], encoding="utf-8")
        return read_contract(path)

    return read


def test_there_is_one_for_each_style_of_venue_and_shanghais_is_the_default():
    assert list(templates()) == ["shanghai", "otc", "us"]
    assert next(iter(templates())) == DEFAULT


@pytest.mark.parametrize("style", ["shanghai", "us", "otc"])
def test_a_template_reads_back_without_a_fault_or_a_notice_and_lists_no_contract(tmp_path, style):
    path = tmp_path / "contract.toml"
    path.write_text(templates()[style], encoding="utf-8")
    report = FileFindings("contract.toml")
    spec = parse_contract(path, report)
    assert (report.listed(), report.notices) == ([], [])
    assert not spec.listed
    assert "assum" in templates()[style]


def test_the_shanghai_template_asks_the_handbooks_margin_and_limits(terms_of):
    spec = terms_of("shanghai")
    contract = FuturesContract(spec, np.datetime64("2027-02"), np.datetime64("2027-02-22"))
    margins = [
        642 * initial_margin_per_lot((contract,), np.array([900.0]), np.datetime64(day))[0]
        for day in ("2026-12-01", "2027-02-15", "2027-02-19")
    ]
    assert margins == pytest.approx([3_466_800.0, 5_778_000.0, 8_667_000.0])
    assert (spec.price_limit, spec.limit_lock.second_day, spec.limit_lock.third_day) == (0.10, 0.03, 0.05)
    assert spec.position_limit is None


@pytest.mark.parametrize(("style", "last"), [("shanghai", "2026-10-26"), ("us", "2026-10-30"), ("otc", "2026-10-30")])
def test_each_finds_its_last_trading_day(terms_of, style, last):
    spec = terms_of(style)
    calendar = trading_calendar(spec.calendar, 2026, 2026)
    assert str(futures_contract(spec, np.datetime64("2026-10"), calendar).last_trading_day) == last


def test_over_the_counter_nobody_stops_the_market(terms_of):
    assert terms_of("otc").price_limit is None
