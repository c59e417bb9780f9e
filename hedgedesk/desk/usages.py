"""Usage: vendors' exports measured here and now, and the study of what those of the open desk teach."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgedesk.desk.kept import Kept, asked_of_a_job, write_kept
from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.domain.progress import Tick, silent

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.draft import ModelChange
    from hedgedesk.domain.study import UsageStudy, VolumeForecast
    from hedgedesk.jobs import Jobs

KIND = "usage"
"""Of the job that studies."""
UNSTUDIED = ("consumption", "commitments", "book")
"""Files of a desk that say nothing of its usage and prices."""
PACKAGES = ("hedgedesk", "numpy", "statsmodels", "genai-prices")
"""Whose version a study must share with those installed to be shown."""


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
        self._kept = Kept(desk, desk.data / "studies", UNSTUDIED, _made)

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
        now, place, found = self._desk.opened(), self._kept.place, self.study()
        known = _result(place, found) if found is not None else None
        spec = {"folder": str(now.folder), "out": str(place)}
        return asked_of_a_job(self._jobs, f"{KIND}:{place.stem}", known, study_folder, spec, kind=KIND, title=now.name)

    def key(self) -> str:
        """Of what a study of the open desk is made of: a changed forecast or book leaves it as it is."""
        return self._kept.key

    def study(self) -> UsageStudy | None:
        """What the exports of the open desk teach; None: they have not been studied as they are now."""
        return self._kept.found

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


def _any(forecast: VolumeForecast) -> bool:
    return any(value > 0 for value in forecast.mtok.tolist())


def _made(kept: Any) -> tuple[UsageStudy, dict[str, str]]:
    from hedgedesk.domain.study import UsageStudy
    from hedgedesk.domain.values import from_plain

    study = from_plain(UsageStudy, kept)
    return study, {name: study.versions[name] for name in PACKAGES}


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

    write_kept(to_plain(study), out)


def _result(place: Path, study: UsageStudy) -> dict[str, Any]:
    return {"study": place.name, "files": len(study.files)}
