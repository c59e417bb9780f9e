"""All exports together in one object: what ``hedgedesk usage --json`` writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from hedgedesk.domain.reconciliation import Reconciliation
from hedgedesk.domain.units import METERS, STANDARD_UNITS
from hedgedesk.domain.usage import TOKENS, MeasuredUsage, Usage, UsageFile
from hedgedesk.domain.values import Floats, to_plain
from hedgedesk.exposure.standard_tokens import TOKENS_PER_MTOK, units_of

MIXED = "mixed"
"""Vendor of files of several vendors."""
NOT_BILLED = "not_billed"
"""Cause of the part of a gap that is use of sellers and months of which no export carries a bill."""

HALF_CENT = 0.005
"""A cause below it is not told."""


def usage_totals(measured: MeasuredUsage, reconciliation: Reconciliation) -> dict[str, Any]:
    """Totals over all files, JSON-ready: tokens in Mtok, money in ``currency``, null where nothing is known.

    Parameters
    ----------
    measured
        Priced; the good rows of all files.
    reconciliation
        Of the same usage, in its own currency.

    Returns
    -------
    The keys of the documented object (vendor, files, rows, first_day, last_day, mtok, reasoning_mtok, standard_mtok,
    priced, billed, gap, currency, unknown_columns), and beside them what helps to judge it: faults, repeated,
    cache_unknown_mtok, unpriced_mtok, causes of the gap, reconciled, notices.
    """
    usage, files = measured.usage, measured.files
    days = usage.starts.astype("datetime64[D]")
    billed, priced = _total(usage.billed), _total(usage.priced)
    gap = None if billed is None else billed - (priced or 0.0)
    told = {
        "vendor": _vendor(files),
        "files": [{"file": f.file, "vendor": f.vendor, "rows": f.rows, "faults": f.faults} for f in files],
        "rows": sum(file.rows for file in files),
        "first_day": days.min() if days.size else None,
        "last_day": days.max() if days.size else None,
        "mtok": dict(zip(METERS, usage.tokens.sum(axis=0) / TOKENS_PER_MTOK, strict=True)),
        "reasoning_mtok": usage.reasoning.sum() / TOKENS_PER_MTOK,
        "standard_mtok": units_of(usage, STANDARD_UNITS["stu"]).sum(),
        "priced": priced,
        "billed": billed,
        "gap": gap,
        "currency": usage.currency,
        "unknown_columns": list(dict.fromkeys(name for file in files for name in file.unknown_columns)),
        "faults": sum(file.faults for file in files),
        "repeated": sum(file.repeated for file in files),
        "cache_unknown_mtok": _cache_unknown(usage) / TOKENS_PER_MTOK,
        "unpriced_mtok": usage.tokens[np.isnan(usage.priced)].sum() / TOKENS_PER_MTOK,
        "causes": _causes(gap, reconciliation),
        "reconciled": reconciliation.reconciled,
        "notices": list(dict.fromkeys((*measured.notices, *reconciliation.notices))),
    }
    plain: dict[str, Any] = to_plain(told)
    return plain


def _vendor(files: Iterable[UsageFile]) -> str:
    vendors = {file.vendor for file in files if file.vendor}
    return vendors.pop() if len(vendors) == 1 else MIXED if vendors else ""


def _causes(gap: float | None, reconciliation: Reconciliation) -> dict[str, float]:
    """Parts of the gap by cause; they add up to it."""
    if gap is None:
        return {}
    return reconciliation.causes | {NOT_BILLED: round(gap - (reconciliation.gap or 0.0), 6)}


def _total(amounts: Floats) -> float | None:
    """Sum of what is known; None where nothing is."""
    known = amounts[np.isfinite(amounts)]
    return float(known.sum()) if known.size else None


def _cache_unknown(usage: Usage) -> float:
    unknown = np.array([key.item == TOKENS and not key.cache_known for key in usage.keys], dtype=bool)
    return float(usage.tokens[unknown[usage.key], 0].sum()) if usage.key.size else 0.0


def told_totals(totals: Mapping[str, Any], files: Iterable[UsageFile]) -> str:
    """The same in words and lines, for whoever reads it: each file, then all together, then the gap by cause."""
    return "\n".join([*(_told_file(file) for file in files), "", _told_tokens(totals), _told_money(totals)])


def _told_file(file: UsageFile) -> str:
    if not file.vendor:
        return f"{file.file}: not read"
    days = "no good row" if file.first_day is None else f"{file.first_day} to {file.last_day}"
    money = "no money" if file.billed is None else f"billed {file.billed:,.2f} {file.currency}"
    more = [f"{file.repeated:,} repeated rows counted once"] if file.repeated else []
    more += [f"{file.faults:,} fault(s)"] if file.faults else []
    more += [f"columns not known: {', '.join(file.unknown_columns)}"] if file.unknown_columns else []
    kind = f"{file.vendor} {file.export}".rstrip()
    tokens = f"{sum(file.tokens) / TOKENS_PER_MTOK:,.6g} Mtok"
    return f"{file.file}: {', '.join([kind, f'{file.rows:,} rows', days, tokens, money, *more])}"


def _told_tokens(totals: Mapping[str, Any]) -> str:
    meters = ", ".join(f"{meter} {mtok:,.6g}" for meter, mtok in totals["mtok"].items())
    whole = sum(totals["mtok"].values())
    return f"together {whole:,.6g} Mtok ({meters}; reasoning {totals['reasoning_mtok']:,.6g} of the output)\n" + (
        f"standard tokens: {totals['standard_mtok']:,.6g} M STU"
    )


def _told_money(totals: Mapping[str, Any]) -> str:
    currency, priced = totals["currency"], totals["priced"]
    at_list = "no price is known" if priced is None else f"priced {priced:,.2f} {currency}"
    if totals["billed"] is None:
        return f"no export carries money; {at_list}"
    causes = [f"{cause} {part:,.2f}" for cause, part in totals["causes"].items() if abs(part) >= HALF_CENT]
    state = "reconciled" if totals["reconciled"] else "not reconciled"
    gap = f"gap {totals['gap']:,.2f}{': ' if causes else ''}{', '.join(causes)}"
    return f"billed {totals['billed']:,.2f} {currency}, {at_list}, {gap}; {state}"
