"""Validations: the price models of a market judged on its past, and the choice that a desk then runs by default."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgedesk.desk.folders import content_key
from hedgedesk.desk.running import still_installed
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
MOST_KEPT = 20
"""The oldest beyond are removed: each can be made again from its desk."""
PACKAGES = ("hedgedesk", "numpy", "scipy", "statsmodels", "arch")
"""Whose version a kept validation must share with those installed."""

_KEY = re.compile(r"[0-9a-f]{64}")


class Validations:
    """Of the market of ``desk``; they lie in ``validations`` of its data folder, one JSON file a market."""

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        self._desk = desk
        self._jobs = jobs
        self._folder = desk.data / "validations"
        self._held: tuple[str, float, Validation] | None = None
        self._keyed: tuple[str, str] | None = None

    def start(self) -> str:
        """Judge every model on the open desk's market as a job, or find the validation already made; the job's id."""
        now, place = self._desk.opened(), self._place(self.key())
        asked, found = f"{KIND}:{place.stem}", self.result()
        if found is not None:
            return self._jobs.settle(asked, _told(place, found), kind=KIND, title=now.name)
        done = self._jobs.done(asked)
        if done is not None:  # what it made was removed, or other packages are installed now
            self._jobs.forget(done)
        spec = {"folder": str(now.folder), "out": str(place)}
        return self._jobs.submit(asked, validate_folder, spec, kind=KIND, title=now.name)

    def key(self) -> str:
        """Of the files of the market: a changed forecast, programme or book leaves it as it is."""
        now = self._desk.opened()
        if self._keyed is None or self._keyed[0] != now.key:
            self._keyed = now.key, content_key(now.folder, _OUTSIDE_THE_MARKET)
        return self._keyed[1]

    def result(self) -> Validation | None:
        """The validation of the open desk's market; None: it has not been validated as it is now."""
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
            write_validation(found, self._place(self.key()))
        return found

    def numbers(self, found: Validation, out: Path) -> None:
        """Write a validation to ``out`` as JSON, whole or not at all."""
        from hedgedesk.domain.values import to_plain
        from hedgedesk.files.whole import write_whole

        write_whole(out, (json.dumps(to_plain(found), indent=2, allow_nan=False) + "\n").encode())

    def _place(self, key: str) -> Path:
        return self._folder / f"{key}.json"


class _OutsideTheMarket:
    """The name of every file that lies elsewhere than in ``market``."""

    def __contains__(self, name: object) -> bool:
        return not str(name).startswith("market/")


_OUTSIDE_THE_MARKET = _OutsideTheMarket()


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
    from hedgedesk.domain.values import to_plain
    from hedgedesk.files.whole import write_whole

    out.parent.mkdir(parents=True, exist_ok=True)
    kept = {"versions": {name: version(name) for name in PACKAGES}, "validation": to_plain(found)}
    write_whole(out, json.dumps(kept, allow_nan=False).encode())
    others = [path for path in out.parent.glob("*.json") if _KEY.fullmatch(path.stem) and path != out]
    for path in sorted(others, key=lambda each: each.stat().st_mtime, reverse=True)[MOST_KEPT - 1 :]:
        path.unlink(missing_ok=True)


def _validated(folder: Path, models: Sequence[str], seed: int, tick: Tick) -> Validation:
    from hedgedesk.files import read_market
    from hedgedesk.validation import validate

    tick(0.0, "Reading the market")
    return validate(read_market(folder / "market"), models=models, seed=seed, tick=tick)


def _read(place: Path) -> Validation | None:
    """A validation that was kept; None where it is damaged, or made by other packages: it can be made again."""
    from hedgedesk.domain.price_models import Validation
    from hedgedesk.domain.values import from_plain

    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
        versions = {name: kept["versions"][name] for name in PACKAGES}
        found = from_plain(Validation, kept["validation"])
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    return found if still_installed(versions) else None


def _told(place: Path, found: Validation) -> dict[str, Any]:
    return {"validation": place.name, "model": found.choice.model, "thin": found.thin}
