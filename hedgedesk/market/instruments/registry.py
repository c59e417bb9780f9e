"""Every kind of instrument by name, and what can be asked of an offer without knowing its kind."""

from __future__ import annotations

from collections.abc import Iterable

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.instruments import InstrumentTerms, Offer
from hedgedesk.domain.values import Floats
from hedgedesk.market.instruments.commitments import FixedPrice, TakeOrPay
from hedgedesk.market.instruments.cross_hedge import CrossHedge
from hedgedesk.market.instruments.currency import FxForward
from hedgedesk.market.instruments.kind import Kind, Setting, Summed
from hedgedesk.market.instruments.options import OPTIONS
from hedgedesk.market.instruments.rolls import StackAndRoll
from hedgedesk.market.instruments.savings import Batch, Caching, Routing

_EVERY: tuple[Kind, ...] = (
    *OPTIONS.values(),
    FixedPrice(),
    TakeOrPay(),
    Batch(),
    Caching(),
    Routing(),
    StackAndRoll(),
    CrossHedge(),
    FxForward(),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _EVERY}
"""By the name that ``program.toml`` calls them, in the order of a form."""
NEED_PATHS = (StackAndRoll().name,)
"""Kinds that need futures prices along the paths: a run that allows one keeps them."""


def kind_called(name: str) -> Kind:
    """The kind of that name.

    Raises
    ------
    InputError
        There is none.
    """
    if name not in KINDS:
        raise InputError(f"no instrument is of kind {name}: there are {', '.join(KINDS)}")
    return KINDS[name]


def offers_of(terms: InstrumentTerms, setting: Setting) -> tuple[Offer, ...]:
    """What can be had on ``terms``, before anybody prices an option's premium.

    Raises
    ------
    InputError
        A term does not fit the setting, or no kind has that name.
    """
    return kind_called(terms.kind).offers(terms, setting)


def every_offer(terms: Iterable[InstrumentTerms], setting: Setting) -> tuple[Offer, ...]:
    """What can be had on all of ``terms``, in their order.

    Raises
    ------
    InputError
        Every fault of every one of them.
    """
    found: list[Offer] = []
    faults: list[Fault] = []
    for each in terms:
        try:
            found += offers_of(each, setting)
        except InputError as error:
            if not error.faults:
                raise
            faults += error.faults
    if faults:
        raise InputError(faults=faults)
    return tuple(found)


def needs_paths(terms: Iterable[InstrumentTerms | Offer]) -> bool:
    """Whether any of ``terms`` needs scenarios that keep futures prices along the paths (``margin_grid``)."""
    return any(each.kind in NEED_PATHS for each in terms)


def gain_by_month(offer: Offer, setting: Setting) -> Floats:
    """(S, T) what one unit pays in each month's account, programme's currency; premium and its financing taken off."""
    return kind_called(offer.kind).gain_by_month(offer, setting)


def gain(offer: Offer, setting: Setting) -> Floats:
    """(S,) what one unit pays over all months: the sum of :func:`gain_by_month`."""
    kind = kind_called(offer.kind)
    if isinstance(kind, Summed):
        return kind.gain(offer, setting)
    total: Floats = kind.gain_by_month(offer, setting).sum(axis=1)
    return total


def cover_mtok(offer: Offer, setting: Setting) -> Floats:
    """(T,) volume whose price one unit settles, Mtok of the contract's unit."""
    return kind_called(offer.kind).cover_mtok(offer, setting)


def calls(offer: Offer, setting: Setting) -> Floats | None:
    """(S, D) cash that one unit needs by each margin date beyond its initial margin; None: it has no margin."""
    return kind_called(offer.kind).calls(offer, setting)
