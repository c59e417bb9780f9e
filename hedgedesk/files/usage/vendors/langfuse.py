"""Langfuse: observations, from the export to a bucket (``start_time``) or from the table's page (``startTime``).

The columns are those of Langfuse's field reference and of its export's source, the keys those of its ingestion. What
trips readers:

- ``usage_details`` is a map of tokens by kind. Langfuse means its kinds to be apart: of OpenAI's counts it takes each
  detail off ``input`` or ``output`` (``input_cached_tokens``, ``output_reasoning_tokens``), and Anthropic's are apart
  by themselves (``cache_read_input_tokens``, ``cache_creation_input_tokens``). So input is ``input`` and its details,
  output is ``output`` and its details, with the reasoning among them as a memo.
- Some integrations send whole counts beside their parts (Langfuse issues 10592 and 12306). ``total`` is never added,
  but it gives them away: where the kinds sum to more than ``total``, and to ``total`` without the details of input, of
  output or of both, those details are inside and are not counted twice.
- Only GENERATION and EMBEDDING observations are calls of a model; spans, agents and tools around them are left out.
- A map without a key for cache reads does not say that there were none: the split is unknown.
- ``total_cost`` (else ``cost_details``) is what the application sent or Langfuse worked out from its own prices, in
  USD: no invoice, but the only money of the export.
- The model is a name without a seller; :mod:`~hedgedesk.files.usage.names.families` says whose it is taken to be.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from hedgedesk.domain.usage import Usage
from hedgedesk.domain.values import Floats
from hedgedesk.files.usage.names.families import seller_and_model
from hedgedesk.files.usage.rows.choosing import first_of, said
from hedgedesk.files.usage.rows.export import Chunk, Export, Flags
from hedgedesk.files.usage.rows.json_counts import Json, count, map_counts

NO_CALL = "spans, agents, tools and events are no calls of a model and are left out"
MAP_EXPECTED = 'a JSON map, such as {"input": 12, "output": 3}'

_CALLS = ("generation", "embedding")
_WHOLE = {
    **dict.fromkeys(("input", "input_tokens", "prompt_tokens"), "input"),
    **dict.fromkeys(("output", "output_tokens", "completion_tokens"), "output"),
    **dict.fromkeys(("total", "total_tokens"), "total"),
}
_SAME = frozenset({"input", "output", "total", "read", "written"})
_KINDS = ("input", "read", "written", "hour", "input_rest", "output", "reasoning", "output_rest", "total")


def _rows(chunk: Chunk) -> Usage | None:
    chunk.set_aside(~said(chunk, "type", *_CALLS), NO_CALL)
    column = first_of(chunk, ("usage_details", "usagedetails"))
    told, unread = map_counts(chunk, column, _kinds, width=len(_KINDS))
    chunk.fault(unread, column, MAP_EXPECTED)
    kinds = dict(zip(_KINDS, np.nan_to_num(told).T, strict=True))
    input_inside, output_inside = _inside(kinds, np.isnan(told[:, -1]))
    cached = kinds["read"] + kinds["written"]
    models = chunk.texts(first_of(chunk, ("provided_model_name", "model")))
    names = [seller_and_model(name, "langfuse") for name in models]
    return chunk.usage(
        chunk.times(first_of(chunk, ("start_time", "starttime"))),
        seller=np.array([seller for seller, _ in names], dtype=object),
        model=np.array([model for _, model in names], dtype=object),
        team=chunk.texts(first_of(chunk, ("project_id", "projectid"))),
        cache_known=~np.isnan(told[:, _KINDS.index("read")]),
        uncached_input=kinds["input"] + np.where(input_inside, -cached, kinds["input_rest"]),
        cache_read=kinds["read"],
        cache_write=kinds["written"],
        cache_write_1h=kinds["hour"],
        output=kinds["output"] + np.where(output_inside, 0.0, kinds["reasoning"] + kinds["output_rest"]),
        reasoning=kinds["reasoning"],
        requests=1.0,
        billed=_cost(chunk),
    )


def _kinds(usage: Json) -> tuple[float, ...]:
    """Tokens by :data:`_KINDS`; several names of one whole count are the same count, other details add up."""
    found: dict[str, float] = {}
    for key, value in usage.items():
        kind = _kind(key)
        if kind is not None and value is not None:
            number = count(value)
            found[kind] = _together(kind, found[kind], number) if kind in found else number
    if "hour" in found or "five_minutes" in found:  # beside a sum of all writes, these are its parts
        ages = (found.get("hour", 0.0), found.get("five_minutes", 0.0))
        found.setdefault("written", min(ages) if min(ages) < 0 else sum(ages))
    return tuple(found.get(kind, np.nan) for kind in _KINDS)


def _together(kind: str, one: float, other: float) -> float:
    if one < 0 or other < 0:
        return -1.0
    return max(one, other) if kind in _SAME else one + other


@lru_cache(maxsize=1024)
def _kind(name: str) -> str | None:
    key = name.lower()
    if key in _WHOLE:
        return _WHOLE[key]
    if "cache" in key:
        if not ("creation" in key or "write" in key):
            return "read"
        return "hour" if "1h" in key else "five_minutes" if "5m" in key else "written"
    if "reasoning" in key or "thought" in key:
        return "reasoning"
    if "output" in key or "completion" in key:
        return "output_rest"
    return "input_rest" if "input" in key or "prompt" in key else None


def _inside(kinds: dict[str, Floats], untold: Flags) -> tuple[Flags, Flags]:
    """Where the details of input, and those of output, are parts of the whole counts beside them."""
    whole_in, whole_out, total = kinds["input"], kinds["output"], kinds["total"]
    of_input = kinds["read"] + kinds["written"] + kinds["input_rest"]
    of_output = kinds["reasoning"] + kinds["output_rest"]
    apart = untold | (whole_in + of_input + whole_out + of_output <= total)
    input_only = ~apart & (whole_in + whole_out + of_output == total)
    output_only = ~apart & ~input_only & (whole_in + of_input + whole_out == total)
    both = ~apart & ~input_only & ~output_only & (whole_in + whole_out == total)
    return input_only | both, output_only | both


def _cost(chunk: Chunk) -> Floats:
    """USD of the row; NaN where neither the total nor its parts are told."""
    cost = chunk.numbers(first_of(chunk, ("total_cost", "totalcost")), np.nan)
    column = first_of(chunk, ("cost_details", "costdetails"))
    if not np.isnan(cost).any() or not chunk.has(column):
        return cost
    parts, _ = map_counts(chunk, column, lambda costs: (_sum_of_costs(costs),), width=1)
    return np.where(np.isnan(cost), parts[:, 0], cost)


def _sum_of_costs(costs: Json) -> float:
    if costs.get("total") is not None:
        return count(costs["total"])
    return _sum(count(value) for value in costs.values() if value is not None)


def _sum(values: Iterable[float]) -> float:
    told = list(values)
    return sum(told) if told else np.nan


def _both_spellings(*names: str) -> tuple[str, ...]:
    """``start_time`` of the bucket and ``startTime`` of the page, as both are normalised."""
    return tuple(dict.fromkeys((*names, *(name.replace("_", "") for name in names))))


EXPORTS = (
    Export(
        vendor="langfuse",
        name="observations",
        required=("id", "type", "start_time|starttime", "provided_model_name|model", "usage_details|usagedetails"),
        optional=_both_spellings(
            "trace_id",
            "project_id",
            "environment",
            "parent_observation_id",
            "end_time",
            "name",
            "metadata",
            "level",
            "status_message",
            "version",
            "input",
            "output",
            "provided_model_name",
            "model_parameters",
            "cost_details",
            "provided_usage_details",
            "provided_cost_details",
            "completion_start_time",
            "prompt_name",
            "prompt_version",
            "total_cost",
            "input_cost",
            "output_cost",
            "latency",
            "time_to_first_token",
            "model_id",
            "internal_model_id",
            "created_at",
            "updated_at",
            "prompt_id",
            "tool_calls",
            "tool_call_names",
            "tool_definitions",
            "usage_pricing_tier_name",
            "trace_name",
            "trace_tags",
            "trace_timestamp",
            "user_id",
            "session_id",
            "input_price",
            "output_price",
            "total_price",
            "input_usage",
            "output_usage",
            "total_usage",
            "usage",
            "comments",
        ),
        identity=("id",),
        measures=("usage_details", "usagedetails", "total_cost", "totalcost"),
        rows=_rows,
    ),
)
