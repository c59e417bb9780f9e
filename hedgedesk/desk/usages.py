"""Usage: vendors' exports measured here and now, and the study of what those of the open desk teach."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgedesk.desk.folders import content_key
from hedgedesk.desk.running import still_installed
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.progress import Tick, silent

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.draft import ModelChange
    from hedgedesk.domain.study import UsageStudy, VolumeForecast
    from hedgedesk.jobs import Jobs

KIND = "usage"
"""Of the job that studies."""
MOST_STUDIES = 20
"""The oldest beyond are removed: each can be made again from its desk."""
UNSTUDIED = ("consumption", "commitments", "book")
"""Files of a desk that say nothing of its usage and prices."""
PACKAGES = ("hedgedesk", "numpy", "statsmodels", "genai-prices")
"""Whose version a study must share with those installed to be shown."""

_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Measured:
    """Exports read and priced, for whoever prints them."""

    totals: dict[str, Any]
    """The documented object of ``hedgedesk usage --json``."""
    words: str
    """The same, file by file and together, to be read."""
    faults: tuple[Fault, ...]
    """Of all files."""


class Usages:
    """The usage of ``desk``; studies lie in ``studies`` of its data folder, one JSON file for each that differs."""

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        self._desk = desk
        self._jobs = jobs
        self._folder = desk.data / "studies"
        self._held: tuple[str, float, UsageStudy] | None = None
        self._keyed: tuple[str, str] | None = None

    def measure(self, files: Sequence[Path], vendor: str | None = None, tick: Tick = silent) -> Measured:
        """Read and price exports here and now; faults in rows are told, and the good rows counted.

        Parameters
        ----------
        files
            Exports of any vendors.
        vendor
            Whose all of them are; None: told by their columns.
        tick
            Told the progress.

        Raises
        ------
        InputError
            Not one file can be read; carries the faults of all.
        """
        from hedgedesk.files.price_books import default_book
        from hedgedesk.files.usage import read_usage
        from hedgedesk.study import told_totals, totals

        book = default_book()
        measured = read_usage(list(files), vendor=vendor, book=book, tick=tick)
        found = totals(measured, book)
        return Measured(found, told_totals(found, measured.files), measured.faults)

    def numbers(self, measured: Measured, out: Path) -> None:
        """Write the totals to ``out`` as JSON, whole or not at all."""
        from hedgedesk.files.whole import write_whole

        write_whole(out, (json.dumps(measured.totals, indent=2, allow_nan=False) + "\n").encode())

    def loaded(self) -> bool:
        """Whether the open desk has exports."""
        from hedgedesk.files.measured import exports_in

        return bool(exports_in(self._desk.folder))

    def start(self) -> str:
        """Study the open desk's exports as a job, or find the study already made; the job's id.

        Raises
        ------
        InputError
            The desk has no exports.
        """
        if not self.loaded():
            raise InputError("this desk has no usage exports: load them first")
        now = self._desk.opened()
        key = self.key()
        place, asked = self._place(key), f"{KIND}:{key}"
        found = self.study()
        if found is not None:
            return self._jobs.settle(asked, _result(place, found), kind=KIND, title=now.name)
        done = self._jobs.done(asked)
        if done is not None:  # what it made was removed, or other packages are installed now
            self._jobs.forget(done)
        spec = {"folder": str(now.folder), "out": str(place)}
        return self._jobs.submit(asked, study_folder, spec, kind=KIND, title=now.name)

    def key(self) -> str:
        """Of what a study of the open desk is made of: a changed forecast or book leaves it as it is."""
        now = self._desk.opened()
        if self._keyed is None or self._keyed[0] != now.key:
            self._keyed = now.key, content_key(now.folder, UNSTUDIED)
        return self._keyed[1]

    def study(self) -> UsageStudy | None:
        """What the exports of the open desk teach; None: they have not been studied as they are now."""
        place = self._place(self.key())
        try:
            changed = place.stat().st_mtime
        except OSError:
            return None
        if self._held is not None and self._held[:2] == (place.name, changed):
            return self._held[2]
        found = _read(place)
        if found is not None:
            self._held = place.name, changed, found
        return found

    def adopt(self, draft: str | None = None, *, keep_teams: bool = False) -> str:
        """Write the study's forecast into the forecast of a draft, where it can be seen and changed before it is kept.

        Parameters
        ----------
        draft
            Id; None: a new draft of the open desk.
        keep_teams
            Share a model's volume among the teams that the forecast has, where the exports name others.

        Returns
        -------
        The draft's id.

        Raises
        ------
        InputError
            There is no study, or it forecasts nothing; the draft is as before.
        """
        ahead = self._ahead()
        drafts, now = self._desk.drafts, self._desk.opened()
        draft = draft or drafts.copy_of(now.folder, now.name)
        drafts.take_forecast(draft, ahead, keep_teams=keep_teams)
        return draft

    def adoption_changes(self, draft: str) -> tuple[ModelChange, ...]:
        """Models for which the exports name other teams than the forecast of ``draft``, or lack its meters.

        Raises
        ------
        InputError
            As :meth:`adopt`.
        """
        return self._desk.drafts.adoption_changes(draft, self._ahead())

    def _ahead(self) -> list[VolumeForecast]:
        study = self.study()
        ahead = [forecast for forecast in study.forecasts if _any(forecast)] if study is not None else []
        if not ahead:
            raise InputError(
                "the usage of this desk has not been studied, or nothing of it goes on: no forecast to take"
            )
        return ahead

    def _place(self, key: str) -> Path:
        return self._folder / f"{key}.json"


def _any(forecast: VolumeForecast) -> bool:
    return any(value > 0 for value in forecast.mtok.tolist())


def _read(place: Path) -> UsageStudy | None:
    """A study that was kept; None where it is damaged, or made by other packages: it can be made again."""
    from hedgedesk.domain.study import UsageStudy
    from hedgedesk.domain.values import from_plain

    try:
        study = from_plain(UsageStudy, json.loads(place.read_text(encoding="utf-8")))
        versions = {name: study.versions[name] for name in PACKAGES}
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    return study if still_installed(versions) else None


def study_folder(spec: dict[str, Any], tick: Tick) -> dict[str, Any]:
    """Job target: study the exports of ``folder`` and keep the study in ``out``; what was kept."""
    from hedgedesk.files import read_desk
    from hedgedesk.files.price_books import default_book
    from hedgedesk.study import study

    out = Path(spec["out"])
    inputs = read_desk(Path(spec["folder"]), tick=lambda fraction, text: tick(0.4 * fraction, text))
    if inputs.usage is None:
        raise InputError("this desk has no usage exports: load them first")
    market = inputs.market
    found = study(
        inputs.usage,
        market,
        market.contract.unit,
        inputs.program.currency,
        book=default_book(market.list_prices, market.fx),
        seed=inputs.settings.seed,
        tick=lambda fraction, text: tick(0.4 + 0.6 * fraction, text),
    )
    write_study(found, out)
    return _result(out, found)


def write_study(study: UsageStudy, out: Path) -> None:
    """Keep a study, whole or not at all, and remove the oldest of too many."""
    from hedgedesk.domain.values import to_plain
    from hedgedesk.files.whole import write_whole

    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, json.dumps(to_plain(study), allow_nan=False).encode())
    clear_out(out.parent.iterdir(), spare=out)


def _result(place: Path, study: UsageStudy) -> dict[str, Any]:
    return {"study": place.name, "files": len(study.files)}


def clear_out(found: Iterable[Path], spare: Path, most: int = MOST_STUDIES) -> None:
    """Remove the oldest studies beyond ``most``, ``spare`` never."""
    studies = [path for path in found if path.suffix == ".json" and _KEY.fullmatch(path.stem) and path != spare]
    for path in sorted(studies, key=lambda each: each.stat().st_mtime, reverse=True)[most - 1 :]:
        path.unlink(missing_ok=True)
