"""``settings.toml``: the fields of RunSettings by name."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.run import RunSettings
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.keys import open_keys


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
    try:
        return RunSettings(**given)
    except InputError as error:
        for fault in error.faults:
            keys.fault(str(fault.column), fault.found, fault.expected)
        return None
