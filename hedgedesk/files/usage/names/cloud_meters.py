"""What clouds call their token meters: the model, the meter and the tier out of one name, and tokens in one unit.

A cloud bills one meter per row, and the name of that meter is all that says which model it is of and which way the
tokens went. The names were read in public price lists and bills: Azure's retail prices (``gpt 4o 1120 cached Inp glbl
Tokens``, ``5.4 opt Dz 1M Tokens``, ``codex mini inp cchd glbl Tokens``; ``pp`` is priority processing), Amazon
Bedrock's usage types (``USE1-NovaPro-cache-read-input-token-count``, ``USE1-MP:USE1_InputTokenCount-Units`` whose unit
is a million tokens) and Vertex AI's SKUs (``Gemini 2.5 Flash GA Thinking Text Output - Predictions``, ``... Input Text
Caching``, which is a cache read, and ``... Caching Storage``, which is billed by the hour and holds no tokens).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from hedgedesk.domain.usage import TOKENS

OTHER = "other"
"""The item of money that buys no tokens and has no name of its own."""
PROVISIONED = "provisioned"
"""The item of capacity that is rented by the hour, whatever passes through it."""


@dataclass(frozen=True, slots=True)
class MeterName:
    """One name of a meter, taken apart."""

    meter: str | None
    """One of ``METERS``; None: the name does not say which way tokens went."""
    model: str
    """In lower case with hyphens; empty where the name holds none."""
    tier: str = "standard"
    item: str = TOKENS
    """What is billed if not tokens used: provisioned, training, storage, web_search."""
    kept_an_hour: bool = False
    """A cache write that is kept an hour."""
    reasoning: bool = False
    """Output that is reasoning."""


_INPUT = frozenset({"inp", "inpt", "input", "in", "prompt"})
_OUTPUT = frozenset({"outp", "outpt", "output", "opt", "out", "completion", "response"})
_CACHE = frozenset({"cached", "cache", "caching", "cach", "cch", "cchd", "ccchd", "cd"})
_WRITE = frozenset({"write", "writes", "wr", "wrt", "creation"})
_TIERS = {"batch": "batch", "flex": "flex", "priority": "priority", "pp": "priority", "fast": "fast"}
_ITEMS = {
    "provisioned": PROVISIONED,
    "ptu": PROVISIONED,
    "prov": PROVISIONED,
    "trng": "training",
    "training": "training",
    "tuning": "training",
    "hstng": "hosting",
    "hosting": "hosting",
    "storage": "storage",
    "grounding": "web_search",
    "websearch": "web_search",
    "calls": "tool_calls",
    "session": "tool_calls",
    "sessions": "tool_calls",
}
_HOUR = frozenset({"1h", "1hr", "1hour"})
_THINKING = frozenset({"thinking", "reasoning", "thoughts"})
_WHERE = "gl glbl global regnl rgnl regional reg dz dzn dzone datazone data zone cross region geo"
_FILLERS = """
tokens token tkn count counts units unit standard text ga predictions prediction generate generation mantle managed
spillover read reads mp shortco longco longcontext long short context 5m vertex ai model
"""
_REGION = re.compile(r"(?:us[ew]|eu[cnsw]?|ap[nse]{1,2}|ca[nw]|sae|me[cs]|afs|ilc|ug[ew]|mx[c])\d", re.IGNORECASE)
_EDGE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CUT = re.compile(r"[\s_/:|,()\[\]-]+")
_SIZE = re.compile(r"1[km]")


@lru_cache(maxsize=4096)
def read_meter(name: str, family: str = "") -> MeterName:
    """Take the name of a meter apart.

    Parameters
    ----------
    name
        As the bill writes it: MeterName, usage type, SKU or its description.
    family
        The name of the product or service around it, from which the model's family is taken where the meter leaves it
        out, as Azure's ``5.4 opt Gl 1M Tokens`` of ``Azure OpenAI GPT5`` does.
    """
    words = _words(name)
    found = set(words)
    item = next((_ITEMS[word] for word in words if word in _ITEMS), TOKENS)
    return MeterName(
        _meter(found),
        _model(words, family),
        next((_TIERS[word] for word in words if word in _TIERS), "standard"),
        item,
        bool(found & _HOUR),
        bool(found & _THINKING and found & _OUTPUT),
    )


def _words(name: str) -> list[str]:
    """The words in lower case; ``InputTokenCount`` is three of them, ``Claude4.6Sonnet`` is one."""
    words = [part for word in _CUT.split(name) for part in (_EDGE.split(word) if "oken" in word else [word])]
    return [word.lower() for word in words if word]


def _meter(found: set[str]) -> str | None:
    if found & _CACHE:
        return "cache_write" if found & _WRITE else "cache_read"
    if found & _OUTPUT:
        return "output"
    if found & _INPUT or any(word.startswith("embed") for word in found):
        return "uncached_input"
    return None


_SPOKEN = _INPUT | _OUTPUT | _CACHE | _WRITE | _HOUR | {"thinking", "thoughts"} | _TIERS.keys() | _ITEMS.keys()
_NOT_OF_THE_NAME = _SPOKEN | set(_WHERE.split()) | set(_FILLERS.split())
_FAMILIES = ("deepseek", "grok", "kimi", "llama", "qwen", "gpt")
_ANNOUNCED = {
    **dict.fromkeys(("0301", "0314", "0613", "1106"), 2023),
    **dict.fromkeys(("0125", "0409", "0513", "0718", "0806", "1120", "1217"), 2024),
    **dict.fromkeys(("0131", "0227", "0414", "0416", "0807"), 2025),
}
"""Year of the model versions that Azure writes as month and day."""


def _model(words: list[str], family: str) -> str:
    kept = [word for i, word in enumerate(words) if not _spoken_for(word, i, words)]
    model = re.sub(r"(?<=[a-z])\s(?=\d)|\s", "-", " ".join(kept)).strip("-.")
    return _dated(_apart(_with_family(model, family.lower()))) if model else ""


def _spoken_for(word: str, place: int, words: list[str]) -> bool:
    if word == "text":  # "text-embedding-3" is a name, "Text Input" is not
        around = words[max(place - 1, 0) : place + 2]
        return not any(other.startswith("embed") for other in around)
    return word in _NOT_OF_THE_NAME or bool(_SIZE.fullmatch(word) or _REGION.fullmatch(word))


_RUN_TOGETHER = re.compile(r"(claude|nova)-?(\d+(?:\.\d+)?)?-?(sonnet|opus|haiku|fable|mythos|pro|lite|micro|premier)")


def _apart(model: str) -> str:
    """Bedrock's ``claude4.6sonnet`` and ``nova2.0lite`` as the labs write them: claude-sonnet-4.6, nova-2-lite."""
    found = _RUN_TOGETHER.fullmatch(model)
    if found is None:
        return model
    family, number, size = found[1], (found[2] or "").removesuffix(".0"), found[3]
    parts = (family, number, size) if family == "nova" else (family, size, number)
    return "-".join(part for part in parts if part)


def _with_family(model: str, family: str) -> str:
    if any(name in model for name in _FAMILIES):
        return model
    named = next((name for name in _FAMILIES if name in family), None)
    if named == "gpt" and not model[0].isdigit():
        return model
    return f"{named}-{model}" if named else model


def _dated(model: str) -> str:
    stem, _, version = model.rpartition("-")
    if stem.startswith(("gpt", "o1", "o3", "o4")) and version in _ANNOUNCED:
        return f"{stem}-{_ANNOUNCED[version]}-{version[:2]}-{version[2:]}"
    return model


_SENTENCE = re.compile(r"^\W*\d| per ")
_PHRASE = re.compile(
    r"(?:cached?|caching|prompt)?[\s-]*(?:cache)?[\s-]*(?:reads?|writes?)?[\s-]*(?:input|output|prompt|completion|response)"
    r"[\s-]+tokens?",
    re.IGNORECASE,
)


def read_description(text: str, family: str = "") -> MeterName:
    """Take a meter's description apart; of a sentence of prices (``$0.003 per 1K input tokens``) only the direction."""
    if not _SENTENCE.search(text):
        return read_meter(text, family)
    phrase = _PHRASE.search(text)
    return replace(read_meter(phrase[0] if phrase else ""), model="")


_SCALES = {"": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "billion": 1e9}
_UNIT = re.compile(r"([\d.,]*)\s*(k|m|b|thousands?|millions?|billions?)?\s*(?:tokens?|tkn)?")


@lru_cache(maxsize=1024)
def tokens_per_unit(unit: str) -> float | None:
    """Tokens in one unit: 1,000 of ``1K``, ``1 Thousand``, ``1000`` or ``1K Tokens``; None: not a count of tokens."""
    text = unit.strip().lower()
    match = _UNIT.fullmatch(text)
    if not text or match is None:
        return None
    number = match[1].replace(",", "") or "1"
    scale = _SCALES.get((match[2] or "").rstrip("s"))
    if scale is None or not re.fullmatch(r"\d+(\.\d+)?", number):
        return None
    return float(number) * scale
