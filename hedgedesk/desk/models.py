"""Price models of the open desk, fitted side by side as a job; the newest study of a market is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgedesk.desk.folders import AllBut
from hedgedesk.desk.kept import Kept, asked_of_a_job, of_versioned, versioned, write_kept
from hedgedesk.domain.progress import Tick
from hedgedesk.domain.run import MODELS

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.price_models import ModelStudy
    from hedgedesk.jobs import Jobs

KIND = "models"
"""Of the job that fits."""
STUDIED = ("market/", "settings")
"""Beginnings of the names of the files that fitted models depend on."""

View = Mapping[str, Mapping[str, float]]
"""The user's own values, by model and parameter."""


class Models:
    """The fitted models of ``desk``; studies lie in ``models`` of its data folder, one JSON file for each market."""

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        self._desk = desk
        self._jobs = jobs
        self._kept = Kept(desk, desk.data / "models", AllBut(STUDIED), _made)

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
        now, place, found = self._desk.opened(), self._kept.place, self.study()
        own = {name: dict(view[name]) for name in names if view and view.get(name)}
        question = {"names": list(names), "view": own, "uncertainty": uncertainty}
        asked = f"{KIND}:{place.stem}:{_digest(question)}"
        known = _result(place, found) if found is not None and _answers(found, question) else None
        spec = {"folder": str(now.folder), "out": str(place), **question}
        return asked_of_a_job(self._jobs, asked, known, study_folder, spec, kind=KIND, title=now.name)

    def key(self) -> str:
        """Of what the models are fitted to: a changed forecast, programme or book leaves it as it is."""
        return self._kept.key

    def study(self) -> ModelStudy | None:
        """The newest study of the open desk's market as it is now; None: there is none."""
        return self._kept.found


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
    write_kept(versioned("study", study), out)


def _made(kept: Any) -> tuple[ModelStudy, dict[str, str]]:
    from hedgedesk.domain.price_models import ModelStudy

    return of_versioned(kept, "study", ModelStudy)


def _answers(study: ModelStudy, question: dict[str, Any]) -> bool:
    found = {fit.summary.name for fit in study.fits} | {refusal.model for refusal in study.refusals}
    same_view = study.view == question["view"]
    return found == set(question["names"]) and same_view and study.parameter_uncertainty == question["uncertainty"]


def _digest(question: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()


def _result(place: Path, study: ModelStudy) -> dict[str, Any]:
    return {"study": place.name, "models": len(study.fits), "refused": len(study.refusals)}
