"""What two runs were made of, where it differs: files, changes, rules, settings, model, versions."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import catalogue, price_model, say
from hedgedesk.reports.tables.table import Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hedgedesk.domain.run import HedgeRun

DIGEST = 12
"""Characters of a file's hash that are shown."""


def inputs_table(a: HedgeRun, b: HedgeRun) -> Table:
    """One row a file, setting, rule or version that differs; no rows: the same inputs."""
    columns = (
        Column("kind", say("compare.column.kind"), "text", 84),
        Column("name", say("compare.column.input"), "text", 160),
        Column("a", say("compare.column.a"), "text", 150),
        Column("b", say("compare.column.b"), "text", 150),
    )
    rows = tuple(
        {"kind": Cell(say(f"compare.kind.{kind}")), "name": Cell(name), "a": before, "b": after}
        for kind, one, other in _inputs(a, b)
        for name, before, after in _differing(one, other)
    )
    return Table("changes", columns, rows)


def _inputs(a: HedgeRun, b: HedgeRun) -> Iterator[tuple[str, dict[str, Cell], dict[str, Cell]]]:
    def pair(kind: str, of: Callable[[HedgeRun], dict[str, Cell]]) -> tuple[str, dict[str, Cell], dict[str, Cell]]:
        return kind, of(a), of(b)

    yield pair("file", lambda run: {n: Cell(d[:DIGEST], d, d) for n, d in cause(run, "files").items()})
    yield pair("change", _changes)
    yield pair("rule", _rules)
    yield pair("setting", lambda run: _values(cause(run, "settings")))
    yield pair("model", lambda run: {say("compare.price_model"): Cell(price_model(run.model.name), run.model.name)})
    yield pair("version", lambda run: _values(cause(run, "versions")))


def _changes(run: HedgeRun) -> dict[str, Cell]:
    """What a what-if has changed, as its dial says it."""
    return {_words(name): _change(name, value) for name, value in cause(run, "changes").items()}


def _change(name: str, value: Any) -> Cell:
    return Cell(change_text(name, value), value) if isinstance(value, (int, float)) else _value(value)


def change_text(name: str, value: float) -> str:
    """``+20%``, ``× 1.25``, ``+5 pp`` or a plain number, by what the change is of."""
    if name in ("volume", "risk_premium"):
        return f"{fmt.number(100.0 * value, 1 if round(100.0 * value, 6) % 1 else 0, signed=True)}%"
    if name == "band":
        return fmt.points(value, signed=True)
    if name == "volatility":
        return say("strip.times", factor=fmt.number(value, 2))
    return _value(value).text


def _values(found: dict[str, Any]) -> dict[str, Cell]:
    return {name: _value(value) for name, value in found.items()}


def cause(run: HedgeRun, name: str) -> dict[str, Any]:
    """The causes of one kind by name; empty where the run has none."""
    found = run.manifest.causes.get(name)
    return found if isinstance(found, dict) else {}


def _rules(run: HedgeRun) -> dict[str, Cell]:
    """Every rule of the programme by its name in words."""
    program = run.plan.program
    rules: dict[str, Cell] = {}
    for field in dataclasses.fields(program):
        value = getattr(program, field.name)
        if field.name == "bands":
            value = "; ".join(
                say(
                    "compare.band",
                    first=band.first_month_ahead,
                    last=band.last_month_ahead,
                    low=fmt.share(band.min),
                    high=fmt.share(band.max),
                )
                for band in value
            )
        rules[_words(field.name)] = _value(value)
    return rules


def _words(name: str) -> str:
    return catalogue().get(f"compare.rule.{name}", name.replace("_", " "))


def _value(value: object) -> Cell:
    """A setting or rule as people read it; what is not set is a dash."""
    if value is None or value == "" or value == {} or value == ():
        return Cell(fmt.DASH, "")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        text = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else _listed(value)
        return Cell(text, text, text)
    text = fmt.number(value) if float(value).is_integer() else fmt.significant(value)
    return Cell(text, value)


def _listed(value: object) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, (list, tuple)) else str(value)


def _differing(one: dict[str, Cell], other: dict[str, Cell]) -> Iterator[tuple[str, Cell, Cell]]:
    absent = Cell(say("compare.absent"), tone="quiet")
    for name in dict.fromkeys((*one, *other)):
        before, after = one.get(name, absent), other.get(name, absent)
        if before.value != after.value:
            yield name, before, after
