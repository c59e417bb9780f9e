import dataclasses

import numpy as np
import pytest

from hedgedesk.domain.market import ContractSpec, FuturesContract
from hedgedesk.domain.venue import Fees
from hedgedesk.market.fees import fees_per_lot

FREIGHT = FuturesContract(
    ContractSpec("CNY", 50.0, fees=Fees(turnover=0.00001)), np.datetime64("2027-02"), np.datetime64("2027-02-22")
)


def test_a_thousandth_percent_of_a_lot_at_900_is_45_fen():
    assert fees_per_lot((FREIGHT,), np.array([900.0])) == pytest.approx([0.45])


def test_a_share_of_turnover_and_an_amount_a_lot_add_up_contract_by_contract():
    dear = dataclasses.replace(FREIGHT, spec=dataclasses.replace(FREIGHT.spec, fees=Fees(0.0006, 2.0)))
    assert fees_per_lot((FREIGHT, dear), np.array([900.0, 1_000.0])) == pytest.approx([0.45, 32.0])


def test_a_venue_that_states_no_fees_charges_none():
    free = dataclasses.replace(FREIGHT, spec=ContractSpec("CNY", 50.0))
    assert fees_per_lot((free,), np.array([900.0])).tolist() == [0.0]
