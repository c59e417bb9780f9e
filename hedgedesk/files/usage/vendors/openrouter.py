"""OpenRouter: the activity export, a row per request, and the activity by day and model.

The columns and their order were read in public parsers of real exports; the meaning of the counts in OpenRouter's usage
accounting and activity export pages. What trips readers:

- ``tokens_prompt`` includes ``tokens_cached`` (in published exports 75-82% of it); ``tokens_completion`` includes
  ``tokens_reasoning``. Where a column of cache writes exists, it is inside the prompt as well.
- ``cost_total`` is what was taken from the credits, in USD, and includes web searches and file processing, which buy no
  tokens and become items of their own. ``cost_cache`` is inside it too.
- A request with the customer's own key (BYOK) is paid to the provider, who exports it as well: ``byok_usage_inference``
  is OpenRouter's estimate of that bill. It is told as the row's list price, never as billed.
- Cancelled requests keep the tokens and the money that they were charged.
- A free, extended or thinking variant has its own price: the model is ``slug:variant``, as OpenRouter names it.
- The activity by day has quoted values, midnights as dates, and no cache column: its input may be cached in part.
"""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.usage import Usage
from hedgedesk.domain.values import Floats
from hedgedesk.files.usage.rows.export import Chunk, Export, Texts
from hedgedesk.files.usage.rows.joined import joined, usage_of

SELLER = "openrouter"
OWN_KEY = (
    "requests with a provider's own key (BYOK) are billed by the provider, whose own export of them would count their"
    " tokens twice"
)

_PRICED_VARIANTS = ("free", "extended", "thinking")
_CACHE_WRITES = ("tokens_cache_write", "tokens_cache_creation")
_ITEMS = {"web_search": "cost_web_search", "other": "cost_file_processing"}


def _requests(chunk: Chunk) -> Usage | None:
    prompt, cached = chunk.counts("tokens_prompt"), chunk.counts("tokens_cached")
    written = sum((chunk.counts(name) for name in _CACHE_WRITES), start=np.zeros(chunk.size))
    starts, model, team = chunk.times("created_at"), _model(chunk), _team(chunk)
    extras = _extras(chunk)
    own_key = chunk.counts("byok_usage_inference")
    chunk.remark(own_key > 0, OWN_KEY, own_key)
    tokens = chunk.usage(
        starts,
        seller=SELLER,
        model=model,
        team=team,
        uncached_input=prompt - cached - written,
        cache_read=cached,
        cache_write=written,
        output=chunk.counts("tokens_completion"),
        reasoning=chunk.counts("tokens_reasoning"),
        requests=1.0,
        billed=chunk.numbers("cost_total", np.nan) - sum(extras.values()),
        listed=np.where(own_key > 0, own_key, np.nan),
    )
    items = (
        usage_of(chunk, money > 0, starts=starts, seller=SELLER, model=model, team=team, item=item, billed=money)
        for item, money in extras.items()
    )
    return joined(tokens, *items)


def _extras(chunk: Chunk) -> dict[str, Floats]:
    """Money inside the row's total that buys no tokens, by item; nothing where it exceeds the total."""
    total = chunk.numbers("cost_total")
    extras = {item: chunk.counts(column) for item, column in _ITEMS.items()}
    inside = sum(extras.values()) <= total
    return {item: np.where(inside, money, 0.0) for item, money in extras.items()}


def _model(chunk: Chunk) -> Texts:
    slugs, variants = chunk.texts("model_permaslug"), chunk.texts("variant")
    priced = np.isin(variants.astype(str), _PRICED_VARIANTS)
    if not priced.any():
        return slugs
    names = [
        f"{slug}:{variant}" if own and ":" not in slug else slug
        for slug, variant, own in zip(slugs, variants, priced, strict=True)
    ]
    return np.array(names, dtype=object)


def _team(chunk: Chunk) -> Texts:
    keys, apps = chunk.texts("api_key_name"), chunk.texts("app_name")
    return np.where(keys.astype(bool), keys, apps)


def _days(chunk: Chunk) -> Usage | None:
    own_key = chunk.counts("byok_usage") + chunk.counts("byok_usage_inference")
    chunk.remark(own_key > 0, OWN_KEY, own_key)
    return chunk.usage(
        chunk.times("date"),
        seller=SELLER,
        model=chunk.texts("slug") if chunk.has("slug") else chunk.texts("model_permaslug"),
        cache_known=False,
        uncached_input=chunk.counts("prompt_tokens"),
        output=chunk.counts("completion_tokens"),
        reasoning=chunk.counts("reasoning_tokens"),
        requests=chunk.counts("requests", np.nan),
        billed=chunk.numbers("usage", np.nan),
        listed=np.where(own_key > 0, own_key, np.nan),
    )


EXPORTS = (
    Export(
        vendor="openrouter",
        name="requests",
        required=("generation_id", "created_at", "cost_total", "tokens_prompt", "tokens_completion", "model_permaslug"),
        optional=(
            "cost_web_search",
            "cost_cache",
            "cost_file_processing",
            "byok_usage_inference",
            "tokens_reasoning",
            "tokens_cached",
            *_CACHE_WRITES,
            "provider_name",
            "variant",
            "cancelled",
            "streamed",
            "user",
            "finish_reason_raw",
            "finish_reason_normalized",
            "generation_time_ms",
            "time_to_first_token_ms",
            "api_key_disabled",
            "api_key_name",
            "app_name",
        ),
        identity=("generation_id",),
        measures=("cost_total", "tokens_prompt", "tokens_completion", "tokens_cached", "tokens_reasoning"),
        rows=_requests,
    ),
    Export(
        vendor="openrouter",
        name="activity by day",
        required=("date", "slug|model_permaslug", "usage", "prompt_tokens", "completion_tokens"),
        optional=(
            "model",
            "endpoint_id",
            "provider_name",
            "byok_usage",
            "byok_usage_inference",
            "requests",
            "byok_requests",
            "reasoning_tokens",
        ),
        identity=("date", "slug", "model_permaslug", "endpoint_id", "provider_name"),
        measures=("usage", "prompt_tokens", "completion_tokens", "requests"),
        rows=_days,
        grouped=True,
    ),
)
