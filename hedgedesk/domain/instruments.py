"""Instruments beside the listed futures: the terms a programme allows, what can be had of them, what a plan takes.

The kinds, with what each pays, live in :mod:`hedgedesk.market.instruments`; here are only the nouns that travel.
"""

from __future__ import annotations

from dataclasses import dataclass, field

THROUGH = "through"
"""Word of an offer whose lots lie in one listed contract after another: their YYYY-MM, a space between two."""


@dataclass(frozen=True, slots=True)
class InstrumentTerms:
    """One ``[instrument.NAME]`` of ``program.toml``: data, never code."""

    name: str
    """The user's own; unique in the programme."""
    kind: str
    """A name of :data:`hedgedesk.market.instruments.KINDS`."""
    numbers: dict[str, float] = field(default_factory=dict)
    """Terms that are numbers, by name; what is not said has the kind's default."""
    words: dict[str, str] = field(default_factory=dict)
    """Terms that are words: months, names."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One quantity that can be decided: a column of the programme.

    Complete by itself: with the scenarios it says what one unit pays, in planning as in judging.
    """

    name: str
    """Of the terms it came from."""
    kind: str
    unit: str
    """Of the quantity: lots, Mtok, share, USD, ..."""
    lower: float
    upper: float
    """Least and most quantity."""
    whole: bool = False
    """True: in whole units where the programme asks for whole lots."""
    contract: str = ""
    """YYYY-MM of the delivery month it belongs to; empty: none."""
    part: str = ""
    """Which slice of the terms' volume, such as 2/4; empty: all of it."""
    premium_per_unit: float = 0.0
    """Paid today, in the programme's currency; below 0: received. Part of what it pays in the end."""
    fee_per_unit: float = 0.0
    """Transaction cost of either side, in the programme's currency."""
    margin_per_unit: float = 0.0
    """Initial margin of a unit today, in the programme's currency."""
    numbers: dict[str, float] = field(default_factory=dict)
    """Every term that its payoff needs, defaults and derived ones (a strike that makes the cost zero) filled in."""
    words: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Unique in a plan: name, contract and part."""
        return " ".join(word for word in (self.name, self.contract, self.part) if word)


@dataclass(frozen=True, slots=True)
class InstrumentChoice:
    """What a plan takes of an offer; money in the programme's currency."""

    offer: Offer
    quantity: float
    continuous: float
    """Before rounding."""
    premium: float
    transaction_cost: float
    initial_margin: float
    mean_gain: float
    """Mean over the scenarios of what it pays, premium and financing taken off, transaction cost not."""
    cover_mtok: float
    """Volume whose price it settles, Mtok of the contract's unit; 0 where it settles none."""
    reason: str = ""
