"""Rows of bills that are of one meter each, as columns of usage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgedesk.domain.units import METERS
from hedgedesk.domain.usage import OTHER_SERVICE, TOKENS
from hedgedesk.domain.values import Floats
from hedgedesk.files.usage.names.cloud_meters import OTHER, MeterName
from hedgedesk.files.usage.rows.export import Flags, Texts

OTHER_SERVICES = "charges of services other than AI count as billed, but in no exposure"

_CHARGES = {"tax": "tax", "credit": "credit", "refund": "credit"}


@dataclass(frozen=True, slots=True)
class MeterColumns:
    """(n,) values of a bill's rows; tokens are 0 where none were bought."""

    meters: dict[str, Floats]
    """By name of ``METERS``."""
    cache_write_1h: Floats
    reasoning: Floats
    model: Texts
    tier: Texts
    item: Texts

    def cells(self) -> dict[str, Any]:
        """What :meth:`hedgedesk.files.usage.rows.export.Chunk.usage` takes of them, by name."""
        whole = {name: getattr(self, name) for name in ("model", "tier", "item", "cache_write_1h", "reasoning")}
        return whole | self.meters


def meter_columns(names: Sequence[MeterName], tokens: Floats, items: Texts) -> MeterColumns:
    """Put the ``tokens`` (n,) of every row under the meter that its name says; ``items`` (n,) is what was bought.

    What a service other than AI calls its meters is no model.
    """
    model = np.array([name.model for name in names], dtype=object)
    tier = np.array([name.tier for name in names], dtype=object)
    meter = np.array([name.meter or "" for name in names], dtype=object)
    hour = np.array([name.kept_an_hour for name in names], dtype=np.bool_)
    reasoning = np.array([name.reasoning for name in names], dtype=np.bool_)
    return MeterColumns(
        {each: np.where(meter == each, tokens, 0.0) for each in METERS},
        np.where(hour & (meter == "cache_write"), tokens, 0.0),
        np.where(reasoning, tokens, 0.0),
        np.where(items == OTHER_SERVICE, "", model),
        np.where(items == OTHER_SERVICE, "standard", tier),
        items,
    )


def of_tokens(names: Sequence[MeterName]) -> Flags:
    """(n,) whether the name is of tokens that went one way."""
    return np.array([name.meter is not None and name.item == TOKENS for name in names], dtype=np.bool_)


def other_items(names: Sequence[MeterName], charges: Texts) -> Texts:
    """(n,) what the rows bill if not tokens: tax and credits by the kind of charge, else by the meter's name."""
    items = [
        _CHARGES.get(charge.lower()) or (OTHER if name.item == TOKENS else name.item)
        for charge, name in zip(charges, names, strict=True)
    ]
    return np.array(items, dtype=object)
