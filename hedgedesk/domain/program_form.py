"""The programme as a form: fields of text in groups, each with what the shown run has in it."""

from __future__ import annotations

from dataclasses import dataclass

NUMBER, SHARE, CHOICE, SWITCH, WORD, MONTH, SPAN, BY_MONTH = (
    "number",
    "share",
    "choice",
    "switch",
    "word",
    "month",
    "span",
    "by_month",
)
"""Kinds of fields; a share is typed in percent, a span is ``1 to 12``, by month ``2027-02: 200, 2027-04: 150``
or, where the rule is of years, ``2026: 1200``."""
YES, NO = "true", "false"
"""Texts of a switch."""
ALLOWED = "instruments."
"""Beginning of the key of the switch that allows an instrument."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One rule or term that can be typed."""

    key: str
    """As faults of ``program.toml`` call it: ``credit_line``, ``bands[1].min``, ``instrument.winter cap.strike``."""
    kind: str
    text: str
    """What stands in it; empty: not set."""
    own: str
    """What the shown run has."""
    unit: str = ""
    """In words of the catalogue: money, share, lots, ..."""
    choices: tuple[str, ...] = ()
    required: bool = False
    default: str = ""
    """What an empty field means, as text; empty: no rule."""

    @property
    def moved(self) -> bool:
        """Whether it differs from the shown run."""
        return (self.text.strip() or self.default) != (self.own.strip() or self.default)


@dataclass(frozen=True, slots=True)
class FormPart:
    """A group of fields that is read together."""

    name: str
    """instruments, instrument, objective, bands, band, venue, cash or state."""
    fields: tuple[FormField, ...]
    subject: str = ""
    """Name of the instrument, number of the band."""
    kind: str = ""
    """Of the instrument."""


@dataclass(frozen=True, slots=True)
class ProgramForm:
    """Everything that can be typed, in reading order."""

    currency: str
    contract_currency: str
    """Of the futures: strikes and premiums are quoted in it."""
    parts: tuple[FormPart, ...]
    volume: str = "Mtok"
    """A million of the contract's unit: ``M STU``."""

    @property
    def fields(self) -> tuple[FormField, ...]:
        """All of them."""
        return tuple(field for part in self.parts for field in part.fields)

    @property
    def moved(self) -> int:
        """How many fields differ from the shown run."""
        return sum(field.moved for field in self.fields)
