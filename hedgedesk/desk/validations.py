"""Validations: the price models of a market judged on its past, and the choice that a desk then runs by default."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgedesk.desk.folders import AllBut
from hedgedesk.desk.kept import Kept, asked_of_a_job, of_versioned, versioned, write_kept
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.domain.run import MODELS

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.price_models import Validation
    from hedgedesk.jobs import Jobs

KIND = "validate"
"""Of the job that validates."""
SEED = 1
"""Of the validation that a desk keeps."""
JUDGED = ("market/",)
"""Beginnings of the names of the files that a validation depends on."""


class Validations:
    """Of the market of ``desk``; they lie in ``validations`` of its data folder, one JSON file a market."""

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        self._desk = desk
        self._jobs = jobs
        self._kept = Kept(desk, desk.data / "validations", AllBut(JUDGED), _made)

    def start(self) -> str:
        """Judge every model on the open desk's market as a job, or find the validation already made; the job's id."""
        now, place, found = self._desk.opened(), self._kept.place, self.result()
        known = _told(place, found) if found is not None else None
        spec = {"folder": str(now.folder), "out": str(place)}
        return asked_of_a_job(
            self._jobs, f"{KIND}:{place.stem}", known, validate_folder, spec, kind=KIND, title=now.name
        )

    def key(self) -> str:
        """Of the files of the market: a changed forecast, programme or book leaves it as it is."""
        return self._kept.key

    def result(self) -> Validation | None:
        """The validation of the open desk's market; None: it has not been validated as it is now."""
        return self._kept.found

    def judge(self, models: Sequence[str] = MODELS, *, seed: int = SEED, tick: Tick = silent) -> Validation:
        """Judge models here and now; kept where it is all of them, with the usual seed, since then it chooses.

        Parameters
        ----------
        models
            Class names; the random walk is always among them.
        seed
            Of the draws.
        tick
            Told the progress.

        Raises
        ------
        InputError
            Every fault of the files of the market.
        ModelError
            Not even the random walk can be fitted.
        """
        found = _validated(self._desk.folder, models, seed, tick)
        if set(models) == set(MODELS) and seed == SEED:
            write_validation(found, self._kept.place)
        return found

    def numbers(self, found: Validation, out: Path) -> None:
        """Write a validation to ``out`` as JSON, whole or not at all."""
        from hedgedesk.domain.values import to_plain
        from hedgedesk.files.whole import write_whole

        write_whole(out, (json.dumps(to_plain(found), indent=2, allow_nan=False) + "\n").encode())


def with_choice(overrides: dict[str, Any], found: Validation | None) -> dict[str, Any]:
    """What a run is asked, and the choice of the validation of its market: a run before it is another run.

    Where the overrides name a model, there is nothing to choose.
    """
    from hedgedesk.domain.values import to_plain

    if found is None or overrides.get("model") is not None:
        return overrides
    return overrides | {"choice": to_plain(found.choice)}


def validate_folder(spec: dict[str, Any], tick: Tick) -> dict[str, Any]:
    """Job target: validate the market of ``folder`` and keep the validation in ``out``; what was kept."""
    out = Path(spec["out"])
    found = _validated(Path(spec["folder"]), MODELS, SEED, tick)
    write_validation(found, out)
    return _told(out, found)


def write_validation(found: Validation, out: Path) -> None:
    """Keep a validation, whole or not at all, and remove the oldest of too many."""
    write_kept(versioned("validation", found), out)


def _validated(folder: Path, models: Sequence[str], seed: int, tick: Tick) -> Validation:
    from hedgedesk.files import read_market
    from hedgedesk.validation import validate

    tick(0.0, "Reading the market")
    return validate(read_market(folder / "market"), models=models, seed=seed, tick=tick)


def _made(kept: Any) -> tuple[Validation, dict[str, str]]:
    from hedgedesk.domain.price_models import Validation

    return of_versioned(kept, "validation", Validation)


def _told(place: Path, found: Validation) -> dict[str, Any]:
    return {"validation": place.name, "model": found.choice.model, "thin": found.thin}
