"""``market/index.toml``: the fields of IndexSettings by name, how the desk's own index is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hedgedesk.domain.price_index import AVERAGES, FREQUENCIES, METHODS, IndexSettings
from hedgedesk.files.dates import read_day
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.keys import Keys, is_whole, open_keys, rendered

_DEFAULTS = IndexSettings()
_MOVE_EXPECTED = 'a move, "provider/model YYYY-MM-DD"'


def read_index_settings(path: Place) -> IndexSettings:
    """Read how the desk's own index is made.

    Raises
    ------
    InputError
        Every fault of the file.
    """
    return read_alone(path, parse_index_settings)


def parse_index_settings(path: Path, report: FileFindings) -> IndexSettings | None:
    """Read the settings and report every fault; what is faulty or absent has its default in the result."""
    keys = open_keys(path, report)
    if keys is None:
        return None
    settings = IndexSettings(
        method=keys.choice("method", METHODS, _DEFAULTS.method),
        frequency=keys.choice("frequency", FREQUENCIES, _DEFAULTS.frequency),
        base=_number(keys, "base", lambda x: x > 0, "a level above 0"),
        average=keys.choice("average", AVERAGES, _DEFAULTS.average),
        input_share=_number(keys, "input_share", lambda x: 0 <= x <= 1, "a share from 0 to 1"),
        oldest_days=_count(keys, "oldest_days"),
        company_cap=_number(keys, "company_cap", lambda x: 0 < x <= 1, "a share above 0, up to 1 (0.5 is 50%)"),
        trim=_number(keys, "trim", lambda x: 0 <= x < 0.5, "a share from 0, below 0.5 (0.1 is 10% at each end)"),
        outlier_level=_number(keys, "outlier_level", lambda x: 0 < x < 1, "a level between 0 and 1 (0.05 is 5%)"),
        unconfirmed_factor=_number(keys, "unconfirmed_factor", lambda x: x > 1, "a factor above 1"),
        missing_share=_number(keys, "missing_share", lambda x: 0 <= x <= 1, "a share from 0 to 1"),
        fewest_companies=_count(keys, "fewest_companies"),
        carried_prints=_count(keys, "carried_prints"),
        resellers=tuple(name.casefold() for name in _texts(keys, "resellers", _DEFAULTS.resellers)),
        excluded_words=tuple(word.casefold() for word in _texts(keys, "excluded_words", _DEFAULTS.excluded_words)),
        region_prefixes=tuple(word.casefold() for word in _texts(keys, "region_prefixes", _DEFAULTS.region_prefixes)),
        not_compared=_moves(keys),
        official_sources=_texts(keys, "official_sources", _DEFAULTS.official_sources),
        benchmark=keys.text("benchmark") or _DEFAULTS.benchmark,
        threshold=_number(keys, "threshold", lambda x: 0 <= x <= 100, "a score in percent, 0 to 100"),
        screens=keys.value("screens", lambda v: isinstance(v, bool), "true or false", _DEFAULTS.screens),
    )
    keys.reject_unknown()
    return settings


def _number(keys: Keys, name: str, good: Callable[[float], bool], expected: str) -> float:
    default: float = getattr(_DEFAULTS, name)
    value = keys.number(name, good, expected, default)
    return default if value is None else value


def _count(keys: Keys, name: str) -> int:
    default: int = getattr(_DEFAULTS, name)
    most = 36_500
    value: int = keys.value(
        name, lambda v: is_whole(v) and 1 <= v <= most, f"a whole number from 1 to {most:,}", default
    )
    return value


def _texts(keys: Keys, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """A list of texts without empty ones; each that is none is a fault."""
    value = keys.value(name, lambda v: isinstance(v, list), 'a list of texts, ["one", "two"]')
    if value is None:
        return default
    texts = []
    for place, text in enumerate(value, start=1):
        if isinstance(text, str) and text.strip():
            texts.append(text.strip())
        else:
            keys.fault(f"{name}[{place}]", rendered(text) or "an empty text", "a text in quotes")
    return tuple(texts)


def _moves(keys: Keys) -> tuple[str, ...]:
    """Moves of the list that are corrections and no news."""
    moves = []
    for place, text in enumerate(_texts(keys, "not_compared", ()), start=1):
        name, _, written = text.rpartition(" ")
        day = read_day(written)
        provider, slash, model = name.strip().partition("/")
        if day is None or str(day) != written or not (provider and slash and model):
            keys.fault(f"not_compared[{place}]", text, _MOVE_EXPECTED)
        else:
            moves.append(f"{name.strip()} {written}")
    return tuple(moves)
