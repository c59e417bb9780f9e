"""Which days of which seller each file covers: two files that both do may tell of the same traffic twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from hedgedesk.files.findings import visible
from hedgedesk.files.usage.fold import Fold

_NAMED = 3
"""Files that a notice names; of more it says how many."""


@dataclass(slots=True)
class Coverage:
    """Days by what they tell (tokens or money), seller and file."""

    days: dict[tuple[str, str], dict[str, set[int]]] = field(default_factory=dict)

    def add(self, file: str, fold: Fold) -> None:
        """Note what one file added to the whole: rows that were read before are not in it."""
        usage = fold.usage()
        day = usage.starts.astype("datetime64[D]").astype(np.int64)
        sellers = np.array([key.seller for key in usage.keys], dtype=object)[usage.key]
        tells = {"tokens": usage.tokens.sum(axis=1) > 0, "money": ~np.isnan(usage.billed)}
        for kind, told in tells.items():
            for seller in sorted(set(sellers[told].tolist())):
                covered = set(day[told & (sellers == seller)].tolist())
                self.days.setdefault((kind, seller), {})[file] = covered

    def overlaps(self) -> list[str]:
        """One notice per seller whose tokens or money several files tell of on the same days."""
        return [notice for (kind, seller), files in self.days.items() if (notice := _overlap(kind, seller, files))]


def _overlap(kind: str, seller: str, files: dict[str, set[int]]) -> str:
    count = Counter(day for days in files.values() for day in days)
    shared = {day for day, times in count.items() if times > 1}
    if not shared:
        return ""
    named = [file for file, days in files.items() if days & shared]
    told = ", ".join(visible(name) for name in named[:_NAMED])
    if len(named) > _NAMED:
        told += f" and {len(named) - _NAMED} more"
    first, last = (str(np.datetime64(day, "D")) for day in (min(shared), max(shared)))
    days = f"{first} (1 day)" if len(shared) == 1 else f"{len(shared):,} days from {first} to {last}"
    what = f"{kind} of {seller or 'a seller without a name'} on {days}"
    return f"{visible(what)} are in several files ({told}): if these tell of the same traffic, it counts twice"
