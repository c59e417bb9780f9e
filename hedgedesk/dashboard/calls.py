"""The shape of a callback's request: what the browser sends of itself, checked before Dash looks at it."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

CALLBACKS = "/_dash-update-component"


def is_call(asked: object, known: Container[str]) -> bool:
    """Whether a request's JSON asks for one of the ``known`` callbacks in the form that the browser gives it.

    Its values may still be anything; what a callback makes of them is its own business.
    """
    if not isinstance(asked, dict) or not isinstance(asked.get("output"), str):
        return False
    lists = [asked.get(name, []) for name in ("inputs", "state")]
    changed = asked.get("changedPropIds", [])
    return (
        asked["output"] in known
        and all(isinstance(places, list) and all(map(_is_place, places)) for places in lists)
        and isinstance(changed, list)
        and all(isinstance(name, str) for name in changed)
        and _are_outputs(asked.get("outputs", []))
    )


def _are_outputs(places: Any) -> bool:
    return all(map(_is_place, places)) if isinstance(places, list) else _is_place(places)


def _is_place(place: object) -> bool:
    """Whether it names a property of a component; none of ours has an id made of parts."""
    return isinstance(place, dict) and all(isinstance(place.get(name), str) for name in ("id", "property"))
