"""Waterfalls: from the index to what we pay, and from one month's cost to another's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.causes import STEPS, month_words, parts_of
from hedgedesk.reports.chart import Axis, Chart, Label, Mark
from hedgedesk.reports.figures.axes import ticks
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.study import BasisLadder, BasisSplit

HALF = 0.31
"""Half the breadth of a bar, in places of the axis."""
ROOM = 0.14
"""Above and below, of the height of the whole: for the values."""
LONGEST_WORD = 7
"""Letters of a name before it goes to a second line."""

Text = Callable[[float, bool], str]
"""Words of an amount; True: a change, with its sign."""


def basis_ladder(ladder: BasisLadder) -> Chart:
    """From the index to the price paid, step by step; teal makes it cheaper, amber dearer."""
    values = [ladder.index, ladder.paid]
    decimals = fmt.price_decimals(values)
    unit = fmt.per_unit(ladder.currency, ladder.unit)
    steps = [(say(f"ladder.{name}"), getattr(ladder, name)) for name in STEPS]
    ends = say("ladder.index"), say("ladder.paid")
    return _waterfall(
        say("figure.ladder.title"),
        say("figure.ladder.unit", unit=unit, month=month_words(ladder.month)),
        (ladder.index, ladder.paid),
        ends,
        steps,
        lambda value, change: fmt.number(value, decimals, signed=change),
        "figure.ladder.alt",
    )


def basis_split(split: BasisSplit) -> Chart:
    """From one month's cost to another's, by cause; teal lowers it, amber raises it."""
    scale = fmt.money_scale(split.before, split.after)
    steps = [(say(f"split.{name}"), split.parts[name]) for name in parts_of(split)]
    return _waterfall(
        say("figure.split.title"),
        say("figure.split.unit", unit=scale.unit(split.currency)),
        (scale.of(split.before), scale.of(split.after)),
        (month_words(split.first), month_words(split.last)),
        [(name, scale.of(amount)) for name, amount in steps],
        lambda value, change: fmt.number(value, scale.decimals, signed=change),
        "figure.split.alt",
    )


def _waterfall(
    title: str,
    unit: str,
    ends: tuple[float, float],
    names: tuple[str, str],
    steps: Sequence[tuple[str, float]],
    text: Text,
    alt: str,
) -> Chart:
    levels = _levels(ends[0], [change for _, change in steps])
    low, high = min(*levels, *ends), max(*levels, *ends)
    room = ROOM * (high - low) or abs(high) * ROOM or 1.0
    words = [names[0], *(name for name, _ in steps), names[1]]
    told = ", ".join(f"{name} {text(change, True)}" for name, change in steps)
    return Chart(
        "bar",
        title,
        unit,
        say(alt, first=names[0], before=text(ends[0], False), last=names[1], after=text(ends[1], False), steps=told),
        tuple(_marks(levels, ends, steps, text)),
        tuple(_values(levels, ends, steps, text)),
        x=Axis(-0.6, len(words) - 0.4, tuple((k, _broken(word)) for k, word in enumerate(words))),
        y=Axis(low - room, high + room, ticks(low - room, high + room)),
        left=48,
    )


def _levels(start: float, changes: Sequence[float]) -> list[float]:
    levels = [start]
    for change in changes:
        levels.append(levels[-1] + change)
    return levels


def _marks(
    levels: list[float],
    ends: tuple[float, float],
    steps: Sequence[tuple[str, float]],
    text: Text,
) -> list[Mark]:
    last = len(steps) + 1
    links: list[object] = []
    heights: list[float | None] = []
    for k, level in enumerate(levels):
        links += [k + HALF, k + 1 - HALF, None]
        heights += [level, level, None]
    marks = [Mark("line", "", links, heights, "control", width=1.0)]
    marks += [_end(0, ends[0]), _end(last, ends[1])]
    for name, tone, sign in (("lowers", "teal", -1.0), ("raises", "amber", 1.0)):
        places = [k for k, (_, change) in enumerate(steps) if change * sign > 0]
        told = [f"{steps[k][0]}: {text(steps[k][1], True)}" for k in places]
        tops: list[float | None] = [abs(steps[k][1]) for k in places]
        base = [min(levels[k], levels[k + 1]) for k in places]
        x: list[object] = [k + 1 for k in places]
        if places:
            words = say(f"figure.tornado.{name}")
            marks.append(Mark("bar", words, x, tops, tone, base=base, told=told, breadth=2 * HALF))
    return marks


def _end(place: int, value: float) -> Mark:
    """A short tick: the axis does not begin at 0, so a bar would lie."""
    return Mark("line", "", [place - HALF, place + HALF], [value, value], "slate", width=3.0)


def _values(
    levels: list[float], ends: tuple[float, float], steps: Sequence[tuple[str, float]], text: Text
) -> list[Label]:
    tops = [max(levels[k], levels[k + 1]) for k in range(len(steps))]
    shown = [
        Label(text(change, True), k + 1, top, lift=10)
        for k, ((_, change), top) in enumerate(zip(steps, tops, strict=True))
    ]
    first = Label(text(ends[0], False), 0, ends[0], bold=True, lift=10)
    return [first, *shown, Label(text(ends[1], False), len(steps) + 1, ends[1], bold=True, lift=10)]


def _broken(words: str) -> str:
    """On two lines where it is long."""
    if len(words) <= LONGEST_WORD or " " not in words:
        return words
    gaps = [k for k, letter in enumerate(words) if letter == " "]
    middle = min(gaps, key=lambda k: abs(k - len(words) / 2))
    return f"{words[:middle]}\n{words[middle + 1 :]}"
