"""Every word that the product says, by key, in one folder of catalogues a language."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGE = "en"
"""The source language."""


@cache
def catalogue(lang: str = LANGUAGE) -> dict[str, str]:
    """Texts of ``lang`` by dotted key, from every file of the language's folder; no key stands in two of them."""
    texts: dict[str, str] = {}
    for place in (files("hedgedesk.reports") / "catalogue" / lang).iterdir():
        if place.name.endswith(".toml"):
            found = dict(_flat("", tomllib.loads(place.read_text(encoding="utf-8"))))
            twice = sorted(found.keys() & texts.keys())
            if twice:
                raise ValueError(f"texts given twice: {', '.join(twice)}")
            texts |= found
    return texts


def price_model(name: str) -> str:
    """A price model in words: ``TwoFactor`` is Two-factor; the name itself where there are none."""
    return catalogue().get(f"price_model.{name}", name)


def with_model_names(text: str) -> str:
    """A sentence of the program with its price models in words: ``JumpDiffusion needs`` is Jump diffusion needs."""
    names = {key.partition(".")[2]: words for key, words in catalogue().items() if key.startswith("price_model.")}
    return re.sub(r"\b[A-Z][A-Za-z]+\b", lambda found: names.get(found[0], found[0]), text)


def say(key: str, lang: str = LANGUAGE, /, **values: object) -> str:
    """Text of ``key`` with its ``{placeholders}`` filled in.

    Raises
    ------
    KeyError
        The catalogue has no such key, or a placeholder has no value.
    """
    return catalogue(lang)[key].format(**values)


def _flat(prefix: str, branch: dict[str, Any]) -> list[tuple[str, str]]:
    leaves: list[tuple[str, str]] = []
    for name, value in branch.items():
        key = f"{prefix}{name}"
        leaves += _flat(f"{key}.", value) if isinstance(value, dict) else [(key, value)]
    return leaves
