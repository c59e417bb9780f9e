"""A figure without a painter: marks, labels, rules and zones in the unit of the screen."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mark:
    """One series.

    ``kind`` is line, dots (a line with its points), points (without a line), step, bar, outline, across (bars along
    ``y`` from 0), heat (cells) or fill (between ``y`` and ``base``).
    """

    kind: str
    name: str
    x: list[object]
    """None makes a gap in a line."""
    y: list[float | None]
    tone: str
    """ink, teal, amber or slate."""
    base: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """Text of each point when pointed at."""
    strength: list[float] | float = 1.0
    """Opacity, of all or of each."""
    width: float = 1.6
    dash: str = ""
    breadth: float | None = None
    """Of each bar, in places of the axis; None leaves it to the painter."""
    cells: list[list[float]] = field(default_factory=list)
    """Of a heat map: a row for each of ``y``, a column for each of ``x``."""
    told_cells: list[list[str]] = field(default_factory=list)
    sign: str = ""
    """Of points: circle or diamond; empty: circle."""
    size: float | None = None
    """Of points, in pixels across; None leaves it to the painter."""
    full: float | None = None
    """Value of a heat map's cell in the full tone, and of any above it; None: the largest."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words in the chart.

    ``where`` is data, edge (at the right edge beside ``y``), corner (``x``, ``y`` from 0 to 1) or corner_right.
    """

    text: str
    x: object
    y: float
    where: str = "data"
    anchor: str = "center"
    key: str = ""
    """Tone of the key mark before the words; with a dash in front, a line."""
    bold: bool = False
    lift: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across: vertical at ``x`` up to ``top`` in data (None: the whole height)."""

    x: object
    tone: str = "slate"
    dash: str = ""
    top: float | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """The policy band of one place on the axis: ``x`` plus and minus a half, from ``low`` to ``high``."""

    x: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Axis:
    """Range and ticks; ``ticks`` maps places to words, empty leaves them to the painter."""

    low: object = None
    high: object = None
    ticks: tuple[tuple[object, str], ...] = ()
    suffix: str = ""
    dates: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure without a painter: ``kind`` is fan, histogram, bar, tornado, heatmap or frontier."""

    kind: str
    title: str
    unit: str
    alt: str
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...] = ()
    rules: tuple[Rule, ...] = ()
    zones: tuple[Zone, ...] = ()
    x: Axis = Axis()
    y: Axis = Axis()
    right: int = 12
    """Room at the right edge for labels, in pixels."""
    left: int = 40
    """Room for the words of the y axis, in pixels."""
