"""Whose export a file is, by the names of its columns; a caller who knows better may say the vendor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from hedgedesk.files.findings import FileFindings, shown
from hedgedesk.files.headers import plain
from hedgedesk.files.usage.rows.export import Export

_LOCALISED = re.compile(r".*\(\s*([A-Za-z][A-Za-z0-9_]*)\s*\)\s*")


@dataclass(frozen=True, slots=True)
class Recognised:
    """An export and where its columns stand."""

    export: Export
    position: dict[str, int]
    """Normalised name to place in the row, of every column with a name."""
    labels: dict[str, str]
    """Normalised name to the name as written."""
    known: frozenset[str]
    """Normalised names of the columns that the export documents."""
    unknown: tuple[str, ...]
    """The others, as written."""


def normalised(name: str) -> str:
    """A column's name in lower case, gaps as one underscore, no marks; of ``Categoría (MeterCategory)`` the bracket."""
    localised = _LOCALISED.fullmatch(name)
    return plain(localised[1] if localised else name)


def recognise(
    header: Sequence[str],
    line: int,
    exports: Sequence[Export],
    findings: FileFindings,
    vendor: str | None = None,
) -> Recognised | None:
    """Find the export with all its required columns in ``header``, the one with most of them; None after a fault.

    Parameters
    ----------
    header
        Names as written, on line ``line`` of the file.
    exports
        To choose from.
    vendor
        Only this vendor's exports; None: all.
    """
    names = [normalised(name) for name in header]
    offered = [export for export in exports if vendor is None or export.vendor == vendor]
    fitting = [export for export in offered if not missing(export, names)]
    if not fitting:
        _tell_missing(offered, names, header, line, findings, vendor)
        return None
    best = max(fitting, key=lambda export: (len(export.required), sum(_known(export, name) for name in names)))
    return _placed(best, names, header, line, findings)


def missing(export: Export, names: Sequence[str]) -> list[str]:
    """The required columns that are not among ``names``; what is too much, where the export allows no others."""
    lacking = [wanted for wanted in export.required if not any(_meets(wanted, name) for name in names)]
    if export.alone and not lacking:
        return [name for name in names if not _known(export, name)]
    return lacking


def _known(export: Export, name: str) -> bool:
    return any(_meets(wanted, name) for wanted in (*export.required, *export.optional))


def _meets(wanted: str, name: str) -> bool:
    """Whether ``name`` is one of ``a|b`` or is like ``cost_???``."""
    return any(name == each or ("?" in each and fnmatchcase(name, each)) for each in wanted.split("|"))


def _placed(
    export: Export, names: list[str], header: Sequence[str], line: int, findings: FileFindings
) -> Recognised | None:
    position: dict[str, int] = {}
    twice = False
    for place, name in enumerate(names):
        if name in position and _known(export, name):
            findings.fault(line, header[place].strip(), "the column twice", "each column once")
            twice = True
        if name:
            position.setdefault(name, place)
    if twice:
        return None
    labels = {name: header[place].strip() for name, place in position.items()}
    known = frozenset(name for name in position if _known(export, name))
    return Recognised(export, position, labels, known, tuple(shown(labels[n]) for n in position if n not in known))


def _tell_missing(
    offered: list[Export],
    names: list[str],
    header: Sequence[str],
    line: int,
    findings: FileFindings,
    vendor: str | None,
) -> None:
    usual = [export for export in offered if not export.alone]
    nearest = min(usual, key=lambda export: (len(missing(export, names)) / len(export.required), -len(export.required)))
    lacking = ", ".join(_said(wanted) for wanted in missing(nearest, names))
    whose = f"{nearest.vendor}'s {nearest.name} export"
    found = f"the columns {shown(', '.join(name.strip() for name in header))}"
    if vendor is None:
        vendors = ", ".join(dict.fromkeys(export.vendor for export in usual))
        findings.fault(
            line, None, found, f"the columns of an export of {vendors}; nearest is {whose}, without {lacking}"
        )
        return
    findings.fault(line, None, found, f"the columns of {whose}: {lacking} missing")


def _said(wanted: str) -> str:
    return wanted.replace("|", " or ").replace("???", "<currency>")
