"""OpenAI: the usage export (tokens by bucket) and the cost export (money by line item), by their columns of 2025-26.

The two tell of the same traffic: tokens are taken from the first, money from the second, and they meet in the model's
name. Buckets are days or minutes in UTC; an empty one is a row with its times alone.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from hedgedesk.domain.usage import TOKENS, Usage
from hedgedesk.files.usage.names.billable_meters import item_of, tier_of, token_item
from hedgedesk.files.usage.rows.export import Chunk, Export, Texts

_TIMES = ("start_time", "end_time", "start_time_iso", "end_time_iso")
_CACHE_WRITE = "input_cache_write_tokens"
"""Where the export tells what was written to the cache, which is inside input_tokens as well."""
_ITS_OWN = "num_model_requests|input_cached_tokens|input_uncached_tokens|batch"
"""Columns that no other vendor writes: one of them tells whose the file is, where the others were cut away."""
_UNEVEN = "input_uncached_tokens are not input_tokens less the cached ones; that difference was taken"

_PARTS = tuple(
    f"{way}{modality}_tokens"
    for way in ("input_", "input_cached_", "output_")
    for modality in ("text", "audio", "image")
)


def _usage(chunk: Chunk) -> Usage | None:
    whole = chunk.counts("input_tokens")
    read, written = chunk.counts("input_cached_tokens"), chunk.counts(_CACHE_WRITE)
    rest = whole - read - written
    inside = "at most input_tokens, which include them: taking them off twice would be a double subtraction"
    chunk.fault(
        rest < 0,
        "input_cached_tokens",
        inside,
        lambda row: f"{read[row] + written[row]:,.15g} cached of {whole[row]:,.15g} input tokens",
    )
    told = chunk.counts("input_uncached_tokens", np.nan)
    chunk.remark((told != rest) & (told != rest + written) & ~np.isnan(told), _UNEVEN)
    batch = chunk.flags("batch")
    tiers = np.array([tier_of(text) for text in chunk.texts("service_tier")], dtype=object)
    return chunk.usage(
        chunk.times("start_time"),
        seller="openai",
        model=chunk.texts("model"),
        team=chunk.texts("project_id"),
        tier=np.where(batch, "batch", tiers),
        uncached_input=np.maximum(rest, 0.0),
        cache_read=read,
        cache_write=written,
        output=chunk.counts("output_tokens"),
        requests=chunk.counts("num_model_requests", np.nan),
    )


def _cost(chunk: Chunk) -> Usage | None:
    lines = [line_item(text) for text in chunk.texts("line_item")]
    return chunk.usage(
        chunk.times("start_time"),
        seller="openai",
        model=_column([line[0] for line in lines]),
        item=_column([line[1] for line in lines]),
        tier=_column([line[2] for line in lines]),
        team=chunk.texts("project_id"),
        billed=chunk.numbers("amount_value", np.nan),
        currency=chunk.texts("amount_currency", "usd"),
    )


@lru_cache(maxsize=4096)
def line_item(text: str) -> tuple[str, str, str]:
    """Model, item and tier out of a line of the bill.

    ``gpt-5-2025-08-07, cached input`` is (gpt-5-2025-08-07, tokens, standard); ``web search tool calls | gpt-4o`` is
    (gpt-4o, web_search, standard); what cannot be told has no model and is ``other``.
    """
    tool, bar, of = (part.strip() for part in text.partition("|"))
    if bar:
        return of, item_of(tool), "standard"
    model, *kinds = (part.strip() for part in text.split(","))
    words = " ".join(kinds).lower().split()
    tier = next((word for word in words if word in ("batch", "flex", "priority")), "standard")
    if kinds:
        return model, token_item(" ".join(words)), tier
    if model and " " not in model and "-" in model:
        return model, TOKENS, tier
    return "", item_of(text), tier


def _column(values: list[str]) -> Texts:
    return np.array(values, dtype=object)


def _nothing(_chunk: Chunk) -> Usage | None:
    return None


EXPORTS = (
    Export(
        vendor="openai",
        name="usage",
        required=("start_time", _ITS_OWN, "input_tokens", "output_tokens"),
        optional=(
            *_TIMES,
            "project_id",
            "project_name",
            "user_id",
            "user_email",
            "api_key_id",
            "model",
            "batch",
            "service_tier",
            "input_cached_tokens",
            "input_uncached_tokens",
            _CACHE_WRITE,
            *_PARTS,
        ),
        identity=("start_time", "end_time", "project_id", "user_id", "api_key_id", "model", "batch", "service_tier"),
        rows=_usage,
        measures=("num_model_requests", "input_tokens", "output_tokens", "input_cached_tokens", _CACHE_WRITE),
        grouped=True,
        bucket=_TIMES,
    ),
    Export(
        vendor="openai",
        name="cost",
        required=("start_time", "amount_value", "amount_currency"),
        optional=(
            *_TIMES,
            "line_item",
            "quantity",
            "quantity_unit",
            "user_id",
            "user_email",
            "api_key_id",
            "project_id",
            "project_name",
            "organization_id",
            "organization_name",
            "api_source",
        ),
        identity=(
            *("start_time", "end_time", "line_item", "project_id", "user_id", "api_key_id", "organization_id"),
            "api_source",
        ),
        rows=_cost,
        measures=("amount_value",),
        grouped=True,
        bucket=(
            *(*_TIMES, "amount_currency", "organization_id", "organization_name", "project_id", "project_name"),
            *("user_id", "user_email", "api_key_id", "api_source", "quantity_unit"),
        ),
    ),
    Export(
        vendor="openai",
        name="empty",
        required=_TIMES,
        optional=(),
        identity=(),
        rows=_nothing,
        bucket=_TIMES,
        alone=True,
    ),
)
