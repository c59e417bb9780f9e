"""LiteLLM: the proxy's table of requests (LiteLLM_SpendLogs) and its sums by day (LiteLLM_DailyUserSpend and its kin).

The columns are those of LiteLLM's database schema, the meaning of the counts that of its source:

- ``prompt_tokens`` includes what the cache gave and took: LiteLLM adds Anthropic's ``cache_read_input_tokens`` and
  ``cache_creation_input_tokens`` to it (``AnthropicConfig.calculate_usage``), and OpenAI's includes them by itself.
  Some versions wrote Anthropic's own count on the pass-through route, without them: a prompt smaller than its cache
  parts can only be such a count, so nothing is taken off it.
- The table of requests has no column for the cache. ``metadata`` has, in ``additional_usage_values`` (every field of
  the provider's usage but the three counts) or ``usage_object``; where neither says, the split is unknown, not 0.
- ``cache_hit`` True is LiteLLM's own cache: the request never reached a provider and costs nothing. It is no purchase
  and is left out. (A provider's prompt cache does not set it.)
- A failed request that cost nothing is left out as well; a failed one that was charged counts.
- The tables by day are sums of the same counts, so their prompt includes the columns ``cache_read_input_tokens`` and
  ``cache_creation_input_tokens`` beside it. The same traffic stands in several of them (by user, team, key, tag):
  import one of them only, and not the table of requests beside it.
- ``spend`` is USD by LiteLLM's price list, or what its administrator configured.
"""

from __future__ import annotations

import numpy as np

from hedgedesk.domain.usage import Usage
from hedgedesk.domain.values import Floats
from hedgedesk.files.usage.rows.choosing import said
from hedgedesk.files.usage.rows.export import Chunk, Export, Texts
from hedgedesk.files.usage.rows.json_counts import Json, count, first_count, inner, map_counts

OWN_CACHE = "answers from LiteLLM's own cache were not bought and are left out"
FAILED = "failed requests that cost nothing are left out"
UNREADABLE = "metadata that is no JSON map leaves unknown what of the prompt was cached"


def _requests(chunk: Chunk) -> Usage | None:
    spend = chunk.numbers("spend")
    own_cache = said(chunk, "cache_hit", "true", "t", "1")
    chunk.set_aside(own_cache & (spend == 0), OWN_CACHE)
    chunk.set_aside(said(chunk, "status", "failure") & (spend == 0), FAILED)
    told, unread = map_counts(chunk, "metadata", _usage_values, width=4)
    chunk.remark(unread, UNREADABLE)
    prompt = np.where(own_cache, 0.0, chunk.counts("prompt_tokens"))
    known = ~np.isnan(told[:, 0])
    read, written, hour, reasoning = np.nan_to_num(told).T
    return chunk.usage(
        chunk.times("starttime"),
        **_names(chunk),
        tier=_tier(chunk),
        cache_known=known,
        uncached_input=_uncached(prompt, read, written),
        cache_read=read,
        cache_write=written,
        cache_write_1h=np.minimum(hour, written),
        output=np.where(own_cache, 0.0, chunk.counts("completion_tokens")),
        reasoning=reasoning,
        requests=1.0,
        billed=chunk.numbers("spend", np.nan),
    )


def _usage_values(metadata: Json) -> tuple[float, ...]:
    """Cache read, cache write, of it kept an hour, reasoning."""
    more, whole = inner(metadata, "additional_usage_values"), inner(metadata, "usage_object")
    prompt = inner(more, "prompt_tokens_details") or inner(whole, "prompt_tokens_details")
    completion = inner(more, "completion_tokens_details") or inner(whole, "completion_tokens_details")
    read = [each.get("cache_read_input_tokens") for each in (more, whole)]
    written = [each.get("cache_creation_input_tokens") for each in (more, whole)]
    return (
        first_count(*read, prompt.get("cached_tokens")),
        first_count(*written, prompt.get("cache_creation_tokens"), prompt.get("cache_write_tokens")),
        count(inner(prompt, "cache_creation_token_details").get("ephemeral_1h_input_tokens")),
        count(completion.get("reasoning_tokens")),
    )


def _uncached(prompt: Floats, read: Floats, written: Floats) -> Floats:
    """The prompt without its cache parts, or as it is where they cannot be parts of it."""
    parts = read + written
    uncached: Floats = np.where(prompt >= parts, prompt - parts, prompt)
    return uncached


def _names(chunk: Chunk) -> dict[str, Texts]:
    """Seller, model and team; the provider's name before the model says nothing new."""
    models, sellers = chunk.texts("model"), chunk.texts("custom_llm_provider")
    pairs = [_seller_and_model(seller, model) for seller, model in zip(sellers, models, strict=True)]
    return {
        "seller": np.array([seller for seller, _ in pairs], dtype=object),
        "model": np.array([model for _, model in pairs], dtype=object),
        "team": chunk.texts("team_id"),
    }


def _seller_and_model(seller: str, model: str) -> tuple[str, str]:
    before, slash, after = model.partition("/")
    if slash and (not seller or before.lower() == seller.lower()):
        return before, after
    return seller or "litellm", model


def _tier(chunk: Chunk) -> Texts:
    calls = chunk.texts("call_type")
    return np.where(np.char.find(calls.astype(str), "batch") >= 0, "batch", "standard").astype(object)


def _days(chunk: Chunk) -> Usage | None:
    read, written = chunk.counts("cache_read_input_tokens"), chunk.counts("cache_creation_input_tokens")
    return chunk.usage(
        chunk.times("date"),
        **_names(chunk),
        cache_known=chunk.has("cache_read_input_tokens"),
        uncached_input=_uncached(chunk.counts("prompt_tokens"), read, written),
        cache_read=read,
        cache_write=written,
        output=chunk.counts("completion_tokens"),
        requests=chunk.counts("api_requests", np.nan),
        billed=chunk.numbers("spend", np.nan),
    )


EXPORTS = (
    Export(
        vendor="litellm",
        name="spend logs",
        required=("request_id", "starttime", "spend", "prompt_tokens", "completion_tokens", "model"),
        optional=(
            "call_type",
            "api_key",
            "total_tokens",
            "endtime",
            "request_duration_ms",
            "completionstarttime",
            "model_id",
            "model_group",
            "custom_llm_provider",
            "api_base",
            "user",
            "metadata",
            "cache_hit",
            "cache_key",
            "request_tags",
            "team_id",
            "organization_id",
            "end_user",
            "requester_ip_address",
            "messages",
            "response",
            "session_id",
            "status",
            "mcp_namespaced_tool_name",
            "billing_agent_id",
            "agent_id",
            "proxy_server_request",
            "litellm_call_id",
            "created_at",
            "updated_at",
        ),
        identity=("request_id",),
        measures=("spend", "prompt_tokens", "completion_tokens"),
        rows=_requests,
    ),
    Export(
        vendor="litellm",
        name="daily spend",
        required=("date", "model", "prompt_tokens", "completion_tokens", "spend"),
        optional=(
            "api_key",
            "custom_llm_provider",
            "id",
            "user_id",
            "team_id",
            "organization_id",
            "end_user_id",
            "tag",
            "model_group",
            "mcp_namespaced_tool_name",
            "endpoint",
            "cache_read_input_tokens",
            "cache_creation_input_tokens",
            "compression_saved_tokens",
            "compression_savings_spend",
            "prompt_caching_savings_spend",
            "gateway_injected_caching_savings_spend",
            "autorouter_savings_spend",
            "api_requests",
            "successful_requests",
            "failed_requests",
            "total_response_time_ms",
            "timed_requests",
            "created_at",
            "updated_at",
        ),
        identity=("id",),
        measures=("spend", "prompt_tokens", "completion_tokens", "api_requests"),
        rows=_days,
    ),
)
