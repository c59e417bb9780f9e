"""Fees of the venue, as a cost of each lot traded."""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.market import FuturesContract
from hedgedesk.domain.values import Floats


def fees_per_lot(contracts: tuple[FuturesContract, ...], price_per_mtok: Floats) -> Floats:
    """(K,) fee of one lot bought or sold today, in the contract's currency: turnover share x notional + fee per lot.

    0.001% of a lot of 50 Mtok at 900 is 0.45. A position closed on the day it was opened may be free of fees, but a
    hedge is not closed that day, so both of its trades pay.

    Parameters
    ----------
    price_per_mtok
        (K,) today's price of each contract.
    """
    turnover = np.array([c.spec.fees.turnover for c in contracts])
    size = np.array([c.spec.mtok_per_lot for c in contracts])
    fees: Floats = turnover * size * price_per_mtok + np.array([c.spec.fees.per_lot for c in contracts])
    return fees
