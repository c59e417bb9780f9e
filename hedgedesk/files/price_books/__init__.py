"""Books in which prices are looked up: the desk's own list before the data bundled with two libraries."""

from __future__ import annotations

from hedgedesk.domain.market import FxCurve, ListPrices
from hedgedesk.domain.rates import PriceBook
from hedgedesk.files.price_books.catalogue import CataloguePrices, installed
from hedgedesk.files.price_books.desk_list import DeskList
from hedgedesk.files.price_books.genai import GenaiPrices
from hedgedesk.files.price_books.hours import DatedHours
from hedgedesk.files.price_books.stacked import Stacked

__all__ = ["CataloguePrices", "DatedHours", "DeskList", "GenaiPrices", "Stacked", "default_book", "installed"]


def default_book(list_prices: ListPrices | None = None, fx: FxCurve | None = None) -> PriceBook:
    """The desk's own prices before genai-prices before model-prices, where that is installed.

    Prices by the hour of the day come from model-prices where it knows them: genai-prices keeps hours without dates.

    Parameters
    ----------
    list_prices
        The desk's ``list_prices.csv``; None: it has none.
    fx
        The desk's rates, so that a bill in one currency can be priced with a list in the other; None: such rows stay
        unpriced.
    """
    books: list[PriceBook] = [] if list_prices is None else [DeskList(list_prices)]
    library = GenaiPrices()
    if installed():
        catalogue = CataloguePrices()
        books += [DatedHours(library, catalogue), catalogue]
    else:
        books.append(library)
    return Stacked(tuple(books), fx)
