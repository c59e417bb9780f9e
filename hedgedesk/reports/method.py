"""How a page's numbers were computed, as plain notes: meaning, formula, inputs, model, where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import price_model, say
from hedgedesk.reports.tables import criteria

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun


@dataclass(frozen=True, slots=True)
class Note:
    """One heading and its lines; ``fixed`` lines keep their spacing (formulas, hashes)."""

    heading: str
    lines: tuple[str, ...]
    fixed: bool = False


def notes(page: str, run: HedgeRun) -> tuple[Note, ...]:
    """Everything a reader needs to make the page's numbers again."""
    return (
        Note(say("method.meaning"), (say(f"method.{page}.meaning"),)),
        Note(say("method.formula"), _formula(page, run)),
        Note(say("method.model"), _model(run)),
        Note(say("method.assumptions"), _assumptions(run)),
        Note(say("method.identity"), _identity(run)),
        Note(say("method.inputs"), _files(run), fixed=True),
    )


def _formula(page: str, run: HedgeRun) -> tuple[str, ...]:
    return tuple(say(f"method.{page}.formula", unit=fmt.volume_unit(run.fan.unit)).splitlines())


def _model(run: HedgeRun) -> tuple[str, ...]:
    model = run.model
    fitted = say(
        "method.fitted",
        model=price_model(model.name),
        observations=fmt.number(model.observations),
        likelihood=fmt.number(model.log_likelihood, 2),
    )
    fitted = " · ".join((fitted, *criteria(model)))
    return (fitted, _begun(model.chosen_because)) if model.chosen_because else (fitted,)


def _assumptions(run: HedgeRun) -> tuple[str, ...]:
    texts = (*run.model.assumptions, *run.exposure.notices, *run.plan.notices, *run.report.notices)
    effect = run.report.effectiveness.note
    told = (*texts, effect) if effect else texts
    return tuple(dict.fromkeys(map(_begun, told))) or (fmt.DASH,)


def _begun(text: str) -> str:
    """A sentence with a capital at its beginning, unless it begins with a parameter's name."""
    return text if "_" in text.partition(" ")[0] else text[:1].upper() + text[1:]


def _identity(run: HedgeRun) -> tuple[str, ...]:
    manifest = run.manifest
    settings, versions = manifest.causes.get("settings", {}), manifest.causes.get("versions", {})
    lines = [say("context.as_of", date=fmt.day(run.fan.as_of))]
    lines.append(say("method.run", run=manifest.run_id, scenario=manifest.scenario_id))
    if settings:
        count, block = fmt.number(settings["scenarios"]), fmt.number(settings["block_size"])
        lines.append(say("method.seed", seed=settings["seed"], count=count, block=block))
    lines.append(say("method.versions", versions=", ".join(f"{name} {v}" for name, v in versions.items())))
    if "recorded_at" in manifest.outcomes:
        lines.append(say("method.recorded", when=fmt.moment(manifest.outcomes["recorded_at"])))
    return tuple(lines)


def _files(run: HedgeRun) -> tuple[str, ...]:
    files = run.manifest.causes.get("files", {})
    return tuple(say("method.file", name=name, digest=digest[:12]) for name, digest in files.items()) or (fmt.DASH,)
