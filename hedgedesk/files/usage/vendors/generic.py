"""A CSV that anybody can write: one row per request, day or month of use, in columns of plain names.

============================  ==========================================================================================
column                        meaning
============================  ==========================================================================================
``date`` or ``time``          the day, or the instant (ISO 8601 or epoch seconds); without a zone it is UTC
``model``                     the model's name; ``openai/gpt-5`` also names the seller where there is no such column
``seller`` or ``provider``    who is paid
``uncached_input_tokens``     single tokens; ``uncached_input_mtok`` the same in millions, and so for every meter
``input_tokens``               all input, in a file without columns of uncached and cached input: the split is unknown
``cache_read_tokens``
``cache_write_tokens``        all cache writes, those that are kept an hour included
``cache_write_1h_tokens``     of them those kept an hour
``output_tokens``             all output, reasoning included
``reasoning_tokens``          of them the reasoning: a memo
``team``, ``region``          any text
``tier``                      standard, batch, flex, priority, fast
``item``                      tokens where it is left out; else what the money was for: web_search, tax, credit, other
``requests``                  how many requests the row sums
``cost_usd``                  what was charged; any currency by its three letters: ``cost_cny``
``list_cost_usd``             what it would be at list price, in the same currency
``id``                        tells two requests apart that are alike in everything else
============================  ==========================================================================================

A date or time, a model and one column of tokens or cost are needed. Rows that are alike in every column are counted
once, unless an ``id`` tells them apart. Days are UTC days.
"""

from __future__ import annotations

import re

import numpy as np

from hedgedesk.domain.usage import TOKENS, Usage
from hedgedesk.domain.values import Floats
from hedgedesk.files.usage.names.billable_meters import tier_of
from hedgedesk.files.usage.rows.export import Chunk, Export, Texts

TEMPLATE = """date,seller,model,team,uncached_input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,cost_usd
2026-10-01,my-provider,my-model,my-team,1200000,400000,50000,300000,4.15
2026-10-02,my-provider,my-model,my-team,900000,0,0,250000,1.90
"""
"""A file to fill in."""

UNCACHED_EXPECTED = "uncached_input_tokens: input_tokens beside the cache do not say whether they include it"

_ALL_INPUT = "input_tokens"
_COUNTED = ("uncached_input", "cache_read", "cache_write", "cache_write_1h", "output", "reasoning")
_UNITS = ("tokens", "mtok")
_METER_COLUMNS = tuple(f"{meter}_{unit}" for meter in _COUNTED for unit in _UNITS)
_COST = re.compile(r"cost_([a-z]{3})")
_LIST_COST = re.compile(r"list_cost_([a-z]{3})")


def _rows(chunk: Chunk) -> Usage | None:
    tokens = {meter: _tokens(chunk, meter) for meter in _COUNTED}
    unsplit = chunk.has(_ALL_INPUT) and not _has(chunk, "uncached_input")
    if unsplit:
        tokens["uncached_input"] = _unsplit(chunk)
    if not _has(chunk, "cache_write"):
        tokens["cache_write"] = tokens["cache_write_1h"]
    _require_part(chunk, tokens["cache_write_1h"], tokens["cache_write"], "cache_write_1h", "cache_write")
    if _has(chunk, "output"):
        _require_part(chunk, tokens["reasoning"], tokens["output"], "reasoning", "output")
    seller, model = _named(chunk)
    currency, billed, listed = _money(chunk)
    tiers = [tier_of(text) for text in chunk.texts("tier")]
    return chunk.usage(
        chunk.times("time" if chunk.has("time") else "date"),
        seller=seller,
        model=model,
        team=chunk.texts("team"),
        region=chunk.texts("region"),
        tier=np.array(tiers, dtype=object),
        item=chunk.texts("item", TOKENS),
        cache_known=not unsplit,
        requests=chunk.counts("requests", np.nan),
        billed=billed,
        listed=listed,
        currency=currency,
        **tokens,
    )


def _unsplit(chunk: Chunk) -> Floats:
    """All input, as uncached; beside columns of the cache nobody can tell whether it includes them."""
    if any(_has(chunk, meter) for meter in _COUNTED if meter.startswith("cache")):
        chunk.fault(np.ones(chunk.size, dtype=np.bool_), _ALL_INPUT, UNCACHED_EXPECTED)
    return chunk.counts(_ALL_INPUT)


def _has(chunk: Chunk, meter: str) -> bool:
    return any(chunk.has(f"{meter}_{unit}") for unit in _UNITS)


def _tokens(chunk: Chunk, meter: str) -> Floats:
    """Single tokens from either column; millions are rounded to a millionth of a token, so that 1.1 is 1,100,000."""
    millions = np.round(chunk.counts(f"{meter}_mtok") * 1e6, 6)
    return np.where(np.isnan(counted := chunk.counts(f"{meter}_tokens", np.nan)), millions, counted)


def _require_part(chunk: Chunk, part: Floats, whole: Floats, name: str, of: str) -> None:
    expected = f"at most the {of} tokens, which include them"
    chunk.fault(part > whole, None, expected, lambda row: f"{part[row]:,.15g} {name} of {whole[row]:,.15g} {of} tokens")


def _named(chunk: Chunk) -> tuple[Texts, Texts]:
    model = chunk.texts("model")
    if chunk.has("seller") or chunk.has("provider"):
        return chunk.texts("seller" if chunk.has("seller") else "provider"), model
    cut = [text.partition("/") if "/" in text else ("", "", text) for text in model]
    return np.array([part[0] for part in cut], dtype=object), np.array([part[2] for part in cut], dtype=object)


def _money(chunk: Chunk) -> tuple[str, Floats, Floats]:
    """Currency, billed and listed; columns in two currencies fault the file once and leave every row out."""
    found = {name: code for name in chunk.cells if (code := _COST.fullmatch(name) or _LIST_COST.fullmatch(name))}
    currencies = dict.fromkeys(code[1].upper() for code in found.values())
    if len(currencies) > 1:
        _fault_once(chunk, list(found), ", ".join(currencies))
    unknown = np.full(chunk.size, np.nan)
    billed = next((chunk.numbers(name, np.nan) for name in found if name.startswith("cost_")), unknown)
    listed = next((chunk.numbers(name, np.nan) for name in found if name.startswith("list_")), unknown)
    return next(iter(currencies), ""), billed, listed


def _fault_once(chunk: Chunk, columns: list[str], told: str) -> None:
    label = chunk.labels.get(columns[-1], columns[-1])
    if not chunk.findings.faulted(label):
        chunk.findings.fault(1, label, f"columns in two currencies ({told})", "all cost columns in one currency")
    chunk.good[:] = False


EXPORTS = (
    Export(
        vendor="generic",
        name="usage",
        required=("date|time", "model", "|".join((*_METER_COLUMNS, "cost_???"))),
        optional=(
            *("date", "time", "seller", "provider", "team", "region", "tier", "item", "requests", "id"),
            *(*_METER_COLUMNS, _ALL_INPUT, "cost_???", "list_cost_???"),
        ),
        identity=("id",),
        rows=_rows,
    ),
)
