"""One name for a model that a vendor calls by several, so that its use and its bill meet."""

from __future__ import annotations

import re

_GAPS = re.compile(r"[\s_]+")
_CLAUDE_GAPS = re.compile(r"[\s_.:@]+")
_MARK = re.compile(r"\[[^\]]*\]$")
_SNAPSHOT = re.compile(r"[-@](?:20[2-9]\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])|20[2-9]\d-\d\d-\d\d|latest)(?=$|:)")
_ROUTE = re.compile(r"^(?:[a-z]+\.)?anthropic\.")
_REVISION = re.compile(r"(?:-v\d+)?(?:-0)?$")
_OLD_CLAUDE = re.compile(r"^claude-(opus|sonnet|haiku)-(3(?:-\d)?)$")


def model_slug(name: str) -> str:
    """The name in lower case with hyphens, without its maker, the date of a snapshot and a mark of the context window.

    ``Claude Opus 4.6``, ``anthropic/claude-opus-4.6`` and ``claude-opus-4-6-20260101`` are ``claude-opus-4-6``;
    ``Claude Sonnet 3.7`` is ``claude-3-7-sonnet``, as its identifier has it; ``gpt-5.1-2025-11-13`` is ``gpt-5.1``. It
    tells which rows belong together, not what they cost: two snapshots of a model may have two prices.
    """
    text = _GAPS.sub("-", _MARK.sub("", name.strip().lower())).rsplit("/", 1)[-1]
    text = _ROUTE.sub("", text)
    if not text.startswith("claude"):
        return _SNAPSHOT.sub("", text)
    text = _REVISION.sub("", _CLAUDE_GAPS.sub("-", text).strip("-"))
    text = _SNAPSHOT.sub("", text)
    old = _OLD_CLAUDE.match(text)
    return f"claude-{old[2]}-{old[1]}" if old else text
