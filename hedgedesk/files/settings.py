"""``settings.toml``: the fields of RunSettings by name."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.run import RunSettings
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.keys import Keys, is_number, open_keys, rendered


def read_settings(path: Place) -> RunSettings:
    """Read how runs are done.

    Raises
    ------
    InputError
        Every fault of the file.
    """
    return read_alone(path, parse_settings)


def parse_settings(path: Path, report: FileFindings) -> RunSettings | None:
    """Read the settings and report every fault; None where the file says nothing usable."""
    keys = open_keys(path, report)
    if keys is None:
        return None
    names = [field.name for field in dataclasses.fields(RunSettings)]
    given = {name: value for name in names if (value := keys.value(name, lambda _: True, "")) is not None}
    keys.reject_unknown()
    good = _view_is_good(given.get("view", {}), keys)
    if not good:  # told value by value; the other settings are judged nevertheless
        del given["view"]
    try:
        settings = RunSettings(**given)
    except InputError as error:
        for fault in error.faults:
            keys.fault(str(fault.column), fault.found, fault.expected)
        return None
    return settings if good else None


def _view_is_good(view: object, keys: Keys) -> bool:
    """Whether each of the user's own values is a number; a fault for each that is not."""
    if not isinstance(view, dict):
        keys.fault("view", rendered(view), "a table of numbers by parameter: [view]")
        return False
    wrong = {name: value for name, value in view.items() if not is_number(value) or not math.isfinite(value)}
    for name, value in wrong.items():
        keys.fault(f"view.{name}", rendered(value), "a number")
    return not wrong
