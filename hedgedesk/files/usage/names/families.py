"""Who sells a model, where an export of an observer or a router names the model alone."""

from __future__ import annotations

from functools import lru_cache

_SELLERS = (
    ("gpt", "openai"),
    ("chatgpt", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("codex", "openai"),
    ("text-embedding", "openai"),
    ("claude", "anthropic"),
    ("gemini", "google"),
    ("gemma", "google"),
    ("mistral", "mistral"),
    ("ministral", "mistral"),
    ("magistral", "mistral"),
    ("codestral", "mistral"),
    ("deepseek", "deepseek"),
    ("grok", "xai"),
    ("qwen", "alibaba"),
    ("kimi", "moonshotai"),
    ("moonshot", "moonshotai"),
    ("glm", "zai"),
    ("minimax", "minimax"),
    ("command", "cohere"),
    ("embed-", "cohere"),
    ("sonar", "perplexity"),
)


@lru_cache(maxsize=4096)
def seller_and_model(name: str, unknown: str) -> tuple[str, str]:
    """The seller and the model of a bare model name.

    ``openai/gpt-5`` names its seller; of other names the family decides, which is the lab that sells the model itself:
    a cloud that resells it cannot be told from the name. ``unknown`` is the seller of all others.
    """
    text = name.strip().lower()
    before, slash, after = text.partition("/")
    if slash and before and after:
        return before, after
    return next((seller for family, seller in _SELLERS if text.startswith(family)), unknown), text
