"""A TOML file as checked values: every key asked for once, what nobody asked for is a fault."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeGuard

from hedgedesk.domain.errors import CurrencyMismatch, InputError
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.numbers import REACH_EXPECTED, in_reach
from hedgedesk.files.source import foreign_kind, read_source

TOML_CAP = 2**18
"""Bytes of the largest TOML file that is read."""

MOST_DOTS = 500
"""Dots in one line: time and memory of tomllib grow with the square of a dotted key's length [tried]."""

LARGEST = 1e300
"""A whole number in TOML may be too large for a float; no amount is."""

CURRENCY_EXPECTED = 'a currency of three letters, for example "USD"'

_KEY = re.compile(r"""[ \t]*(?:\[\[?[ \t]*)?["']?([^"'=.\[\]\s]+)["']?[ \t]*[=.\]]""")
_SYNTAX_PLACE = re.compile(r"\s*\((?:at line (\d+), column \d+|at end of document)\)$")


def is_number(value: object) -> TypeGuard[float]:
    """Whether a TOML value is a finite number; true and false are none."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return abs(value) < LARGEST and not math.isnan(value)


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a TOML value is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


class Keys:
    """Keys of one file.

    Parameters
    ----------
    table
        As tomllib gives it.
    text
        The file, to find the lines of the keys.
    report
        Where faults go.
    """

    def __init__(self, table: Mapping[str, Any], text: str, report: FileFindings) -> None:
        self.table = table
        self._lines = _key_lines(text)
        self._report = report
        self._asked: list[str] = []
        report.places |= {key: (self.line_of(key), key) for key in table}

    def value(self, key: str, good: Callable[[Any], bool], expected: str, default: Any = None) -> Any:
        """The value of ``key`` where it is ``good``; else ``default``, with a fault unless the key is absent."""
        self._asked.append(key)
        if key not in self.table:
            return default
        value = self.table[key]
        if good(value):
            return value
        self.fault(key, rendered(value), expected)
        return default

    def number(self, key: str, good: Callable[[float], bool], expected: str, default: float | None) -> float | None:
        """A finite number that is ``good``."""
        raw = self.table.get(key)
        told = REACH_EXPECTED if is_number(raw) and good(raw) else expected
        value = self.value(key, lambda v: is_number(v) and good(v) and in_reach(v), told, default)
        return None if value is None else float(value)

    def text(self, key: str, default: str | None = None) -> str | None:
        """A text; an empty one counts as absent."""
        value: str | None = self.value(key, lambda v: isinstance(v, str), "a text in quotes", default)
        return value or default

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """One of ``choices``."""
        value: str = self.value(key, lambda v: v in choices, f"one of {', '.join(choices)}", default)
        return value

    def currency(self) -> str:
        """The key ``currency``, which must be there, in capitals; empty after a fault."""
        self.require("currency", CURRENCY_EXPECTED, CurrencyMismatch)
        value = self.value("currency", lambda _: True, CURRENCY_EXPECTED)
        if value is None:
            return ""
        if isinstance(value, str) and re.fullmatch("[A-Za-z]{3}", value):
            return value.upper()
        self.fault("currency", rendered(value), CURRENCY_EXPECTED, CurrencyMismatch)
        return ""

    def require(self, key: str, expected: str, kind: type[InputError] = InputError) -> None:
        """Record a fault when ``key`` is absent."""
        if key not in self.table:
            self._report.fault(None, key, "no such key", expected, kind)

    def reject_unknown(self) -> None:
        """Record a fault for every key that was not asked for, with the nearest one that would have been."""
        for key in self.table:
            if key not in self._asked:
                self.fault(key, "an unknown key", known_instead(key, self._asked))

    def fault(self, path: str, found: object, expected: str, kind: type[InputError] = InputError) -> None:
        """Record a fault at the key ``path``, for example ``bands[2].min``."""
        self._report.fault(self.line_of(path), path, found, expected, kind)

    def line_of(self, path: str) -> int | None:
        """Line on which ``path`` stands, or else the nearest table around it; None: not found."""
        while path not in self._lines and "." in path:
            path = path.rpartition(".")[0]
        return self._lines.get(path, self._lines.get(re.split(r"[.\[]", path, maxsplit=1)[0]))


def _key_lines(text: str) -> dict[str, int]:
    """Line of each key at the top, of each table, and of each key of a table by its whole path."""
    lines: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), start=1):
        found = _KEY.match(line)
        if not found:
            continue
        lines.setdefault(found[1], number)
        if line.lstrip().startswith("["):
            table = _table_of(line)
            lines.setdefault(table, number)
        elif table:
            lines.setdefault(f"{table}.{found[1]}", number)
    return lines


def _table_of(line: str) -> str:
    """Path that a line in square brackets opens: ``[instrument."winter cap"]`` is ``instrument.winter cap``."""
    try:
        opened: Any = tomllib.loads(line.strip())
    except ValueError:
        return ""
    path = []
    while isinstance(opened, dict) and opened:
        ((part, opened),) = opened.items()
        path.append(part)
    return ".".join(path)


def known_instead(key: str, known: Sequence[str]) -> str:
    """What to write instead of an unknown ``key``."""
    near = get_close_matches(key[:80], known, n=1)
    return f"{near[0]} (is that meant?)" if near else f"one of {', '.join(known)}"


def rendered(value: object) -> str:
    """A TOML value on one line, as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def open_keys(path: Path, report: FileFindings) -> Keys | None:
    """Read a TOML file; None after a fault in its syntax."""
    content = read_source(path, report, TOML_CAP)
    if content is None:
        return None
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        report.fault(line, None, foreign_kind(content) or "a byte that is not UTF-8", "a TOML file, UTF-8 encoded")
        return None
    dotted = next((n for n, line in enumerate(text.split("\n"), start=1) if line.count(".") > MOST_DOTS), None)
    if dotted is not None:
        report.fault(dotted, None, f"more than {MOST_DOTS} dots in a line", "keys and tables of a few parts")
        return None
    try:
        return Keys(tomllib.loads(text), text, report)
    except (ValueError, RecursionError, OverflowError) as error:
        report.fault(*_syntax_fault(error, text, content))
        return None


def _syntax_fault(error: Exception, text: str, content: bytes) -> tuple[int | None, None, str, str]:
    place = _SYNTAX_PLACE.search(str(error))
    line = None if place is None else int(place[1]) if place[1] else text.count("\n") + 1
    told = "tables nested too deeply" if isinstance(error, RecursionError) else _SYNTAX_PLACE.sub("", str(error))
    return line, None, foreign_kind(content) or told, "TOML: key = value, texts in quotes"
