"""What if: changes to a run's inputs, as the strip of sliders makes them."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any

from hedgedesk.domain.consumption import Growth
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.program import Band, HedgeProgram, contradictions
from hedgedesk.domain.run import MODELS, VOLATILITY, VOLATILITY_EXPECTED, DeskInputs, RunSettings
from hedgedesk.domain.units import month_of
from hedgedesk.domain.values import from_plain

VOLUME = (-0.9, 9.0)
"""Least and most growth of the forecast."""
RATE = (-5.0, 5.0)
"""Least and most risk premium, per year."""
OF_THE_PRICE = {"risk_premium": "risk_premium", "volatility": "volatility", "model": "model", "parameters": "view"}
"""Changes of the view of the price, and the settings that they are of."""

OF_THE_PROGRAM = ("risk_weight", "band", "credit_line", "program")
"""Changes of the programme."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes against a stored run; None and zero change nothing.

    Raises
    ------
    InputError
        A value is out of its range; every fault at once.
    """

    volume: float = 0.0
    """Growth of every forecast line, as a fraction: 0.10 is a tenth more. What is committed stays."""
    risk_premium: float | None = None
    """Real-world drift of the price above today's curve, per year; needs new scenarios."""
    volatility: float | None = None
    """Factor on the fitted volatility; needs new scenarios."""
    risk_weight: float | None = None
    """Weight of CVaR beside the mean."""
    band: float = 0.0
    """Both ends of every band move by this share of the forecast, within 0 and 1."""
    credit_line: float | None = None
    """Cash for margin, in the programme's currency."""
    model: str | None = None
    """Class name of another price model; needs new scenarios, and starts from its own estimates."""
    parameters: dict[str, float] | None = field(default=None, hash=False)
    """The user's own values of the model's parameters, in the place of the run's; needs new scenarios."""
    program: dict[str, Any] | None = field(default=None, hash=False)
    """A whole programme in plain form (:func:`to_plain`), in the place of the run's; other changes come on top."""

    def __post_init__(self) -> None:
        faults = [
            Fault("what if", None, name, repr(value), expected)
            for name, low, high, expected in (
                ("volume", *VOLUME, f"a growth from {VOLUME[0]:g} to {VOLUME[1]:g}"),
                ("risk_premium", *RATE, f"a rate per year from {RATE[0]:g} to {RATE[1]:g}"),
                ("volatility", *VOLATILITY, VOLATILITY_EXPECTED),
                ("risk_weight", 0.0, 1e6, "a number from 0 to 1,000,000"),
                ("band", -1.0, 1.0, "a share from -1 to 1"),
                ("credit_line", 0.0, 1e18, "an amount of at least 0"),
            )
            if (value := getattr(self, name)) is not None and not low <= value <= high
        ]
        if self.model is not None and self.model not in MODELS:
            faults.append(Fault("what if", None, "model", repr(self.model), f"one of {', '.join(MODELS)}"))
        own = self.parameters or {}
        faults += [
            Fault("what if", None, f"parameters.{name}", repr(value), "a number")
            for name, value in own.items()
            if not math.isfinite(value)
        ]
        faults += [] if self.program is None else _faults_of(self.program)
        if faults:
            raise InputError(faults=faults)

    @property
    def any(self) -> bool:
        """Whether anything changes."""
        return self != Changes()

    @property
    def view(self) -> dict[str, Any]:
        """The view of the price that is asked for, by the names of :class:`RunSettings`; empty: the run's own."""
        told = self.told()
        if self.model is not None:
            told.setdefault("parameters", {})
        return {setting: told[name] for name, setting in OF_THE_PRICE.items() if name in told}

    @property
    def needs_scenarios(self) -> bool:
        """Whether the run's own scenarios do not answer it."""
        return bool(self.view)

    def told(self) -> dict[str, Any]:
        """What changes, by name: what a manifest keeps, and what ``Changes(**told)`` makes again."""
        return {
            field.name: value
            for field in dataclasses.fields(self)
            if (value := getattr(self, field.name)) != field.default
        }

    def after(self, earlier: Changes) -> Changes:
        """These changes against what ``earlier`` has made, as one set of changes against what it was made of."""
        band = min(max(earlier.band + self.band, -1.0), 1.0)
        volume = (1.0 + earlier.volume) * (1.0 + self.volume) - 1.0
        told = earlier.told() | self.told() | {"band": band, "volume": volume}
        if self.program is not None:  # what was changed of the earlier programme is gone with it
            told = {name: value for name, value in told.items() if name not in OF_THE_PROGRAM} | self.told()
        if self.model is not None and self.parameters is None:
            told.pop("parameters", None)  # they were another model's
        return Changes(**told)

    def of_program(self, program: HedgeProgram) -> HedgeProgram:
        """The programme as changed."""
        if self.program is not None:
            program = from_plain(HedgeProgram, self.program)
        return dataclasses.replace(
            program,
            bands=tuple(_shifted(band, self.band) for band in program.bands),
            risk_weight=program.risk_weight if self.risk_weight is None else self.risk_weight,
            credit_line=program.credit_line if self.credit_line is None else self.credit_line,
        )

    def of_settings(self, settings: RunSettings) -> RunSettings:
        """The settings as changed."""
        return dataclasses.replace(settings, **self.view)

    def of_inputs(self, inputs: DeskInputs) -> DeskInputs:
        """A desk's inputs as changed: what a whole run, with new scenarios, is made of."""
        return dataclasses.replace(
            inputs,
            forecast=inputs.forecast.grown(Growth(self.volume, first_month=month_of(inputs.market.as_of) + 1)),
            program=self.of_program(inputs.program),
            settings=self.of_settings(inputs.settings),
        )


def _shifted(band: Band, by: float) -> Band:
    """Both ends moved and kept within 0 and 1, which keeps their order."""
    least, most = (min(max(end + by, 0.0), 1.0) for end in (band.min, band.max))
    return dataclasses.replace(band, min=least, max=most)


def _faults_of(plain: dict[str, Any]) -> list[Fault]:
    """What is wrong with a programme in plain form."""
    try:
        program = from_plain(HedgeProgram, plain)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        return [Fault("what if", None, "program", str(error), "a whole programme, as a run's plan has it")]
    return [Fault("what if", None, each.key, each.found, each.expected) for each in contradictions(program)]
