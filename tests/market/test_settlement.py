import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.market import ContractSpec
from hedgedesk.domain.venue import SettlementRules
from hedgedesk.market.settlement import daily_settlement, final_settlement

FREIGHT = ContractSpec("CNY", 50.0)
NAN = float("nan")


def with_rules(**rules):
    return dataclasses.replace(FREIGHT, settlement=SettlementRules(**rules))


def test_a_contract_settles_at_the_mean_of_the_last_three_prints():
    settled = final_settlement(FREIGHT, np.array([2_000.0, 900.0, 910.0, 950.0]))
    assert (settled.price_per_mtok, settled.by, settled.missing) == (920.0, "prints", ())


def test_a_missing_print_waits_for_the_exchanges_decision():
    with pytest.raises(InputError, match="P2 of the final settlement is not published"):
        final_settlement(FREIGHT, np.array([900.0, NAN, 950.0]))
    settled = final_settlement(FREIGHT, np.array([900.0, NAN, 950.0]), decided=915.0)
    assert (settled.price_per_mtok, settled.by, settled.missing) == (915.0, "exchange", (2,))


def test_a_decision_is_no_matter_where_every_print_was_published():
    assert final_settlement(FREIGHT, np.array([1.0, 2.0, 3.0]), decided=9.0).by == "prints"


def test_the_print_before_stands_for_a_missing_one_where_the_contract_says_so():
    spec = with_rules(missing_print="last")
    assert final_settlement(spec, np.array([880.0, NAN, 900.0, NAN])).price_per_mtok == pytest.approx(
        (880 + 900 + 900) / 3
    )
    with pytest.raises(InputError, match="P1"):
        final_settlement(spec, np.array([NAN, 900.0, 900.0]))


def test_or_the_mean_of_those_published():
    spec = with_rules(missing_print="published")
    settled = final_settlement(spec, np.array([900.0, NAN, 950.0]))
    assert (settled.price_per_mtok, settled.by) == (925.0, "published")
    with pytest.raises(InputError, match="P1, P2, P3"):
        final_settlement(spec, np.array([NAN, NAN, NAN]))


def test_fewer_prints_than_are_averaged_settle_nothing():
    with pytest.raises(InputError, match="averages 3 prints, found 2"):
        final_settlement(FREIGHT, np.array([1.0, 2.0]))


def test_a_day_settles_at_the_mean_of_its_trades_weighted_by_their_lots():
    settled = daily_settlement(FREIGHT, 900.0, np.array([910.0, 920.0]), np.array([3.0, 1.0]))
    assert (settled.price_per_mtok, settled.by) == (912.5, "trades")


def test_a_day_without_trades_keeps_yesterdays_settlement_or_takes_the_quotes_middle_within_the_limit():
    nothing = np.array([])
    assert daily_settlement(FREIGHT, 900.0, nothing, nothing, quotes=(901.0, 905.0)).price_per_mtok == 900.0
    quoted = with_rules(no_trades="quotes")
    assert daily_settlement(quoted, 900.0, nothing, nothing, quotes=(901.0, 905.0)).price_per_mtok == 903.0
    assert daily_settlement(quoted, 900.0, nothing, nothing).by == "previous"
    far = daily_settlement(quoted, 900.0, nothing, nothing, quotes=(700.0, 800.0))
    assert (far.price_per_mtok, far.by) == (810.0, "quotes")
    wider = daily_settlement(quoted, 900.0, nothing, nothing, quotes=(700.0, 800.0), locked_days=1)
    assert wider.price_per_mtok == pytest.approx(783.0)
