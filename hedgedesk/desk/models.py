"""Price models of the open desk, fitted side by side as a job; the newest study of a market is kept."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgedesk.desk.folders import content_key
from hedgedesk.desk.running import still_installed
from hedgedesk.domain.progress import Tick
from hedgedesk.domain.run import MODELS

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.price_models import ModelStudy
    from hedgedesk.jobs import Jobs

KIND = "models"
"""Of the job that fits."""
MOST_STUDIES = 20
"""The oldest beyond are removed: each can be made again from its desk."""
STUDIED = ("market/", "settings")
"""Beginnings of the names of the files that fitted models depend on."""
PACKAGES = ("hedgedesk", "numpy", "scipy", "statsmodels", "arch")
"""Whose version a kept study must share with those installed to be shown."""

View = Mapping[str, Mapping[str, float]]
"""The user's own values, by model and parameter."""

_KEY = re.compile(r"[0-9a-f]{64}")


class Models:
    """The fitted models of ``desk``; studies lie in ``models`` of its data folder, one JSON file for each market."""

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        self._desk = desk
        self._jobs = jobs
        self._folder = desk.data / "models"
        self._held: tuple[str, float, ModelStudy] | None = None
        self._keyed: tuple[str, str] | None = None

    def start(
        self,
        names: Sequence[str] = MODELS,
        view: View | None = None,
        *,
        uncertainty: bool = False,
    ) -> str:
        """Fit models to the open desk's market as a job, or find the study already made; the job's id.

        Parameters
        ----------
        names
            Of the models to fit.
        view
            The user's own values; a parameter or model that is not in it keeps its estimate.
        uncertainty
            Draw the fans' parameters from their estimated distribution too.
        """
        now, place = self._desk.opened(), self._place(self.key())
        own = {name: dict(view[name]) for name in names if view and view.get(name)}
        question = {"names": list(names), "view": own, "uncertainty": uncertainty}
        asked = f"{KIND}:{place.stem}:{_digest(question)}"
        found = self.study()
        if found is not None and _answers(found, question):
            return self._jobs.settle(asked, _result(place, found), kind=KIND, title=now.name)
        done = self._jobs.done(asked)
        if done is not None:  # another question has been answered since, or other packages are installed now
            self._jobs.forget(done)
        spec = {"folder": str(now.folder), "out": str(place), **question}
        return self._jobs.submit(asked, study_folder, spec, kind=KIND, title=now.name)

    def key(self) -> str:
        """Of what the models are fitted to: a changed forecast, programme or book leaves it as it is."""
        now = self._desk.opened()
        if self._keyed is None or self._keyed[0] != now.key:
            self._keyed = now.key, content_key(now.folder, _AllBut(STUDIED))
        return self._keyed[1]

    def study(self) -> ModelStudy | None:
        """The newest study of the open desk's market as it is now; None: there is none."""
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

    def _place(self, key: str) -> Path:
        return self._folder / f"{key}.json"


class _AllBut:
    """Every name that has none of some beginnings."""

    def __init__(self, beginnings: tuple[str, ...]) -> None:
        self._beginnings = beginnings

    def __contains__(self, name: object) -> bool:
        return not str(name).startswith(self._beginnings)


def study_folder(spec: dict[str, Any], tick: Tick) -> dict[str, Any]:
    """Job target: fit the models ``names`` to the market of ``folder`` and keep the study in ``out``; what was kept.

    ``spec`` holds the user's ``view`` and whether parameters are drawn with their ``uncertainty``, too.
    """
    from hedgedesk.domain.run import RunSettings
    from hedgedesk.files import read_market, read_settings
    from hedgedesk.model_study import study_models

    tick(0.0, "Reading the market")
    folder, out = Path(spec["folder"]), Path(spec["out"])
    rules = folder / "settings.toml"
    settings = read_settings(rules) if rules.exists() else RunSettings()
    found = study_models(
        read_market(folder / "market"),
        spec["names"],
        spec["view"],
        parameter_uncertainty=spec["uncertainty"],
        drift=settings.drift,
        seed=settings.seed,
        tick=lambda fraction, text: tick(0.02 + 0.98 * fraction, text),
    )
    write_study(found, out)
    return _result(out, found)


def write_study(study: ModelStudy, out: Path) -> None:
    """Keep a study in the place of its market's earlier one, whole or not at all; remove the oldest of too many."""
    from hedgedesk.domain.values import to_plain
    from hedgedesk.files.whole import write_whole

    out.parent.mkdir(parents=True, exist_ok=True)
    kept = {"versions": {name: version(name) for name in PACKAGES}, "study": to_plain(study)}
    write_whole(out, json.dumps(kept, allow_nan=False).encode())
    others = [path for path in out.parent.glob("*.json") if _KEY.fullmatch(path.stem) and path != out]
    for path in sorted(others, key=lambda each: each.stat().st_mtime, reverse=True)[MOST_STUDIES - 1 :]:
        path.unlink(missing_ok=True)


def _read(place: Path) -> ModelStudy | None:
    """A study that was kept; None where it is damaged, or made by other packages: it can be made again."""
    from hedgedesk.domain.price_models import ModelStudy
    from hedgedesk.domain.values import from_plain

    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
        versions = {name: kept["versions"][name] for name in PACKAGES}
        study = from_plain(ModelStudy, kept["study"])
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    return study if still_installed(versions) else None


def _answers(study: ModelStudy, question: dict[str, Any]) -> bool:
    found = {fit.summary.name for fit in study.fits} | {refusal.model for refusal in study.refusals}
    same_view = study.view == question["view"]
    return found == set(question["names"]) and same_view and study.parameter_uncertainty == question["uncertainty"]


def _digest(question: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()


def _result(place: Path, study: ModelStudy) -> dict[str, Any]:
    return {"study": place.name, "models": len(study.fits), "refused": len(study.refusals)}
