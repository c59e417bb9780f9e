"""Anthropic: the console's usage export (tokens by day) and its cost export (money by token type).

Uncached input stands apart from the cached, so the meters are read as they are. The usage file has identifiers
(``claude-opus-4-5-20251101``), the cost file display names (``Claude Opus 4.5``): both are kept under
:func:`~hedgedesk.domain.model_names.model_slug` (``claude-opus-4-5``), so that use and money meet.
"""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.model_names import model_slug
from hedgedesk.domain.usage import TOKENS, Usage
from hedgedesk.files.usage.names.billable_meters import item_of, tier_of
from hedgedesk.files.usage.rows.export import Chunk, Export, Texts

_WRITE_5M, _WRITE_1H = "usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write_1h"
_GROUPS = ("usage_date_utc", "workspace", "api_key", "usage_type", "context_window", "inference_geo", "speed")
_NOWHERE = ("not_available", "")


def _usage(chunk: Chunk) -> Usage | None:
    kept = chunk.counts(_WRITE_1H)
    return chunk.usage(
        chunk.times("usage_date_utc"),
        seller="anthropic",
        model=_slugs(chunk.texts("model_version")),
        team=chunk.texts("workspace"),
        region=_regions(chunk),
        tier=_tiers(chunk),
        uncached_input=chunk.counts("usage_input_tokens_no_cache"),
        cache_read=chunk.counts("usage_input_tokens_cache_read"),
        cache_write=chunk.counts(_WRITE_5M) + kept,
        cache_write_1h=kept,
        output=chunk.counts("usage_output_tokens"),
    )


def _cost(chunk: Chunk) -> Usage | None:
    pairs = zip(chunk.texts("cost_type"), chunk.texts("token_type"), strict=True)
    return chunk.usage(
        chunk.times("usage_date_utc"),
        seller="anthropic",
        model=_slugs(chunk.texts("model")),
        team=chunk.texts("workspace"),
        region=_regions(chunk),
        tier=_tiers(chunk),
        item=np.array([_item(kind, token) for kind, token in pairs], dtype=object),
        billed=chunk.numbers("cost_usd", np.nan),
        listed=chunk.numbers("list_price_usd", np.nan),
        currency="USD",
    )


def _item(cost_type: str, token_type: str) -> str:
    if "token" in cost_type.lower() or (token_type and not cost_type):
        return TOKENS
    return item_of(cost_type)


def _slugs(names: Texts) -> Texts:
    slugs = {name: model_slug(name) for name in set(names)}
    return np.array([slugs[name] for name in names], dtype=object)


def _regions(chunk: Chunk) -> Texts:
    return np.array(["" if text in _NOWHERE else text for text in chunk.texts("inference_geo")], dtype=object)


def _tiers(chunk: Chunk) -> Texts:
    """Batch whatever the speed; else the speed, else the type of use."""
    pairs = zip(chunk.texts("usage_type"), chunk.texts("speed"), strict=True)
    return np.array([_tier(tier_of(kind), tier_of(speed)) for kind, speed in pairs], dtype=object)


def _tier(kind: str, speed: str) -> str:
    return speed if kind == "standard" else kind


EXPORTS = (
    Export(
        vendor="anthropic",
        name="usage",
        required=(
            "usage_date_utc",
            "model_version",
            "usage_input_tokens_no_cache",
            "usage_input_tokens_cache_read",
            "usage_output_tokens",
        ),
        optional=(*_GROUPS, _WRITE_5M, _WRITE_1H, "web_search_count", "api_key_id", "api_key_status"),
        identity=(*_GROUPS, "model_version"),
        rows=_usage,
        measures=(
            "usage_input_tokens_no_cache",
            _WRITE_5M,
            _WRITE_1H,
            "usage_input_tokens_cache_read",
            "usage_output_tokens",
        ),
        grouped=True,
    ),
    Export(
        vendor="anthropic",
        name="cost",
        required=("usage_date_utc", "model", "token_type", "cost_usd"),
        optional=(*_GROUPS, "list_price_usd", "cost_type", "api_key_id", "api_key_status"),
        identity=(*_GROUPS, "model", "token_type", "cost_type"),
        rows=_cost,
        measures=("cost_usd", "list_price_usd"),
        grouped=True,
    ),
)
