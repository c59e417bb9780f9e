"""Numbers as people and Excel write them: 1234.5, 1,234.5, 1.234,5, 1 234,5, 1'234.5.

Which mark means decimals is decided per column, never per cell:

1. by the cells of the column that can be read one way only (``1,234.5``, ``0,5``, ``12.75``), most votes winning;
2. else by the other number columns of the file, when they agree;
3. else by the delimiter: in a semicolon file ``1,234`` has a decimal comma, elsewhere its comma marks thousands. A dot
   that no comma contradicts is a decimal point. What was decided this way is told in a notice.

``1.060.000`` says by itself only that dots are not decimals, so it counts in a semicolon file or beside decimal
commas, and is a fault elsewhere. A cell that does not fit its column is a fault, with the number it may have meant.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

_SPACES = "[ \u00a0\u2009\u202f'’]"
_PATTERN = (
    r"[+-]?(?:(?:[0-9]+|[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+|[1-9][0-9]{{0,2}}(?:" + _SPACES + r"[0-9]{{3}})+)"
    r"(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?"
)
_READ_AS = {
    ".": re.compile(_PATTERN.format(group=",", point=r"\.")),
    ",": re.compile(_PATTERN.format(group=r"\.", point=",")),
}
_CLEARED = {
    ".": str.maketrans("", "", ", \u00a0\u2009\u202f'’"),
    ",": str.maketrans(",", ".", ". \u00a0\u2009\u202f'’"),
}
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def read_number(text: str, decimal: str, shift: int = 0) -> float | None:
    """Read ``text`` as a finite number times ten to the ``shift``; None: it is none.

    Parameters
    ----------
    text
        Without spaces around it.
    decimal
        ``.`` or ``,``: what marks decimals.
    shift
        Power of ten of the unit: the digits are moved before they become a float, so 0.0000029 per token is exactly
        the float 2.9 per Mtok.
    """
    if not (_PLAIN.fullmatch(text) and decimal == "."):
        text = text.replace("−", "-")
        if not _READ_AS[decimal].fullmatch(text):
            return None
        text = text.translate(_CLEARED[decimal])
    return shifted(text, shift)


def shifted(number: str | float, shift: int) -> float | None:
    """``number`` times ten to the ``shift`` as the nearest float; None: not finite."""
    value = float(Decimal(str(number)).scaleb(shift)) if shift else float(number)
    return value if math.isfinite(value) else None


def vote(text: str) -> str | None:
    """Tell what marks decimals in a text with one reading: ``.``, ``,``, or ``1.0.0`` for dots between groups only."""
    readings = [mark for mark, pattern in _READ_AS.items() if pattern.fullmatch(text)]
    if len(readings) != 1 or not ("." in text or "," in text):
        return None
    return "1.0.0" if readings == [","] and "," not in text else readings[0]


def count_votes(cells: Iterable[object], delimiter: str | None) -> Counter[str]:
    """Votes of the text cells of one column."""
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    if delimiter != ";" and not any("," in text for text in texts):
        # The ordinary file, in one pass: nothing but decimal points.
        return Counter({".": 1} if any("." in text for text in texts) else {})
    votes = Counter(filter(None, map(vote, texts)))
    dotted = votes.pop("1.0.0", 0)
    if delimiter == ";" or votes[","]:
        votes[","] += dotted
    return +votes


def decimal_mark(votes: Counter[str], others: Iterable[Counter[str]], delimiter: str | None) -> str | None:
    """Tell what marks decimals in a column: rules 1 and 2 of the module; None: they do not decide."""
    if votes:
        return "," if votes[","] > votes["."] else "."
    agreed = {mark for other in others for mark in other}
    return agreed.pop() if len(agreed) == 1 else None


def expected_instead(text: str, decimal: str, expected: str) -> str:
    """What would be right in place of ``text``: the number it may have meant, else ``expected``."""
    other = read_number(text, "," if decimal == "." else ".")
    if other is not None:
        return f"a number with {decimal} for decimals: {other:.15g}"
    percent = read_number(text[:-1].strip(), decimal, -2) if text.endswith(("%", "％")) else None
    if percent is not None:
        return f"a number, not a percentage: {percent:.15g}"
    return expected


SMALLEST, LARGEST = 1e-12, 1e15
"""No price, volume or amount of a desk lies outside; beyond, sums and squares would lose their meaning."""
REACH_EXPECTED = f"0, or a number from {SMALLEST:g} to {LARGEST:g} in size"


def in_reach(value: float) -> bool:
    """Whether a number is one that a desk can mean."""
    return value == 0 or SMALLEST <= abs(value) <= LARGEST
