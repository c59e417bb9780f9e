"""Under which name a library keeps a seller that exports call otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SEPARATORS = re.compile(r"[\s_]+")

SPELLINGS: Mapping[str, str] = {
    "amazon-bedrock": "aws",
    "amazon-web-services": "aws",
    "anthropic-pbc": "anthropic",
    "azure-ai": "azure",
    "azure-openai": "azure",
    "bedrock": "aws",
    "bedrock-converse": "aws",
    "bigmodel": "zhipuai",
    "bytedance": "byteplus",
    "dashscope": "alibaba",
    "fireworks-ai": "fireworks",
    "gemini": "google",
    "google-cloud": "google",
    "google-vertex": "google",
    "kimi": "moonshotai",
    "microsoft": "azure",
    "microsoft-azure": "azure",
    "mistralai": "mistral",
    "moonshot": "moonshotai",
    "qwen": "alibaba",
    "together-ai": "together",
    "vertex-ai": "google",
    "x-ai": "xai",
    "z-ai": "zai",
}
"""Spellings of sellers in vendors' exports, and one name for each; others keep theirs."""


def one_name(seller: str) -> str:
    """One spelling for a seller: lower case, hyphens, without what LiteLLM and clouds add to it."""
    written = _SEPARATORS.sub("-", seller.strip().casefold())
    return SPELLINGS.get(written, written)
