"""The registry of billable meters: what every export's columns mean in the desk's four, and what words mean in bills.

The four are ``METERS``: uncached input, cache read, cache write, output; beside them the part of the cache writes that
is kept an hour, and reasoning as a memo inside output. :data:`RULES` tells for every export how its columns become
them and what trips readers; a test holds it against the exports. Tiers and items have one name whatever the vendor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hedgedesk.domain.usage import TOKENS


@dataclass(frozen=True, slots=True)
class Rule:
    """How one export's columns become the meters.

    Formulas are of normalised column names; ``a | b`` is whichever is there. Empty: the export does not tell.
    """

    vendor: str
    export: str
    uncached_input: str = ""
    cache_read: str = ""
    cache_write: str = ""
    output: str = ""
    cache_write_1h: str = ""
    reasoning: str = ""
    billed: str = ""
    trap: str = ""
    """What trips readers."""


_AZURE = "usagequantity | quantity * unitofmeasure"
_FOCUS = "consumedquantity * consumedunit"

RULES = (
    Rule(
        "openai",
        "usage",
        uncached_input="input_tokens - input_cached_tokens - input_cache_write_tokens",
        cache_read="input_cached_tokens",
        cache_write="input_cache_write_tokens",
        output="output_tokens",
        trap="input_tokens includes what was read from and written to the cache; text, audio and image are parts of it",
    ),
    Rule(
        "openai",
        "cost",
        billed="amount_value",
        trap="quantity repeats the tokens of the usage export, so it is not counted; line_item has model and meter",
    ),
    Rule(
        "anthropic",
        "usage",
        uncached_input="usage_input_tokens_no_cache",
        cache_read="usage_input_tokens_cache_read",
        cache_write="usage_input_tokens_cache_write_5m + usage_input_tokens_cache_write_1h",
        output="usage_output_tokens",
        cache_write_1h="usage_input_tokens_cache_write_1h",
        trap="uncached input stands apart from what was cached: nothing is taken off",
    ),
    Rule(
        "anthropic",
        "cost",
        billed="cost_usd",
        trap="models have display names; cost_usd is after discounts, list_price_usd before",
    ),
    Rule(
        "openrouter",
        "requests",
        uncached_input="tokens_prompt - tokens_cached - tokens_cache_write",
        cache_read="tokens_cached",
        cache_write="tokens_cache_write",
        output="tokens_completion",
        reasoning="tokens_reasoning",
        billed="cost_total",
        trap="the prompt includes what was cached, the completion the reasoning, the total searches and files",
    ),
    Rule(
        "openrouter",
        "activity by day",
        uncached_input="prompt_tokens",
        output="completion_tokens",
        reasoning="reasoning_tokens",
        billed="usage",
        trap="no column of the cache: all of the prompt counts as uncached input, and is marked so",
    ),
    Rule(
        "litellm",
        "spend logs",
        uncached_input="prompt_tokens - metadata",
        cache_read="metadata",
        cache_write="metadata",
        output="completion_tokens",
        cache_write_1h="metadata",
        reasoning="metadata",
        billed="spend",
        trap="the prompt includes what was cached, which only metadata tells; where it does not, the split is unknown",
    ),
    Rule(
        "litellm",
        "daily spend",
        uncached_input="prompt_tokens - cache_read_input_tokens - cache_creation_input_tokens",
        cache_read="cache_read_input_tokens",
        cache_write="cache_creation_input_tokens",
        output="completion_tokens",
        billed="spend",
        trap="the same traffic stands in the tables by user, team, key and tag, and in the spend logs",
    ),
    Rule(
        "langfuse",
        "observations",
        uncached_input="usage_details | usagedetails",
        cache_read="usage_details | usagedetails",
        cache_write="usage_details | usagedetails",
        output="usage_details | usagedetails",
        cache_write_1h="usage_details | usagedetails",
        reasoning="usage_details | usagedetails",
        billed="total_cost | totalcost | cost_details | costdetails",
        trap="a map of tokens by kind; some integrations send whole counts beside their parts",
    ),
    Rule(
        "azure",
        "cost",
        uncached_input=_AZURE,
        cache_read=_AZURE,
        cache_write=_AZURE,
        output=_AZURE,
        billed="pretaxcost | costinbillingcurrency | cost",
        trap="one meter a row, named by metername; the unit is often a thousand tokens",
    ),
    Rule(
        "focus",
        "cost and usage",
        uncached_input=_FOCUS,
        cache_read=_FOCUS,
        cache_write=_FOCUS,
        output=_FOCUS,
        billed="billedcost",
        trap="one meter a row, named by sku or description; NULL is a text; billedcost is not listcost",
    ),
    Rule(
        "generic",
        "usage",
        uncached_input="uncached_input_tokens | uncached_input_mtok * 1000000",
        cache_read="cache_read_tokens | cache_read_mtok * 1000000",
        cache_write="cache_write_tokens | cache_write_mtok * 1000000",
        output="output_tokens | output_mtok * 1000000",
        cache_write_1h="cache_write_1h_tokens | cache_write_1h_mtok * 1000000",
        reasoning="reasoning_tokens | reasoning_mtok * 1000000",
        billed="cost_???",
        trap="columns say tokens or millions of tokens; cache writes include those kept an hour",
    ),
)
"""One line per export."""

TIERS = {
    "": "standard",
    "default": "standard",
    "auto": "standard",
    "standard": "standard",
    "none": "standard",
    "batch": "batch",
    "flex": "flex",
    "priority": "priority",
    "fast": "fast",
}
"""What vendors call a tier; another name stays as it is, in lower case."""

_ITEMS = (
    ("web_search", re.compile(r"web.?search|grounding", re.IGNORECASE)),
    ("tax", re.compile(r"\b(?:tax|vat|gst)\b", re.IGNORECASE)),
    ("credit", re.compile(r"credit|refund|promotion|adjustment", re.IGNORECASE)),
)
_TOKEN_WORDS = re.compile(
    r"\b(?:tokens?|input|output|cached?|reasoning|prompt|completions?)\b|^input_|^output", re.IGNORECASE
)


def tier_of(text: str) -> str:
    """The tier that a vendor's word means."""
    word = text.strip().lower()
    return TIERS.get(word, word)


def item_of(text: str) -> str:
    """What a bill's line is for: web_search, tax, credit, else other."""
    return next((item for item, pattern in _ITEMS if pattern.search(text)), "other")


def token_item(text: str) -> str:
    """``tokens`` where a bill's words are of tokens, else :func:`item_of`."""
    found = item_of(text)
    return TOKENS if found == "other" and _TOKEN_WORDS.search(text) else found
