"""Where a run comes from, as notes: who made it when, its files, settings and versions, and what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hedgedesk.reports import format as fmt
from hedgedesk.reports.messages import say
from hedgedesk.reports.method import Note
from hedgedesk.reports.tables.runs import SHORT, title_of

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.workspace import RunLine

TOLD = ("files", "settings", "versions", "changes", "based_on")


def title(run: HedgeRun, line: RunLine | None) -> str:
    """Whose manifest it is."""
    name = say("runs.by_id", run=run.manifest.run_id[:SHORT]) if line is None else title_of(line)
    return say("runs.manifest_title", run=name)


def notes(run: HedgeRun, line: RunLine | None) -> tuple[Note, ...]:
    """The manifest whole: nothing that can change a number is left out."""
    manifest = run.manifest
    causes, rest = manifest.causes, {k: v for k, v in manifest.causes.items() if k not in TOLD}
    found = [Note(say("manifest.run"), (manifest.run_id,), fixed=True)]
    found += [Note(say("manifest.scenarios"), (manifest.scenario_id,), fixed=True)]
    if line is not None:
        found.append(Note(say("manifest.made"), (_made(line),)))
    if line is not None and line.based_on:
        found.append(Note(say("manifest.based"), (line.based_on, line.changes)))
    found += [
        Note(say("manifest.files"), _pairs(causes.get("files", {})), fixed=True),
        Note(say("manifest.settings"), _pairs(causes.get("settings", {})), fixed=True),
        Note(say("manifest.versions"), _pairs(causes.get("versions", {})), fixed=True),
        Note(say("manifest.causes"), _pairs(rest), fixed=True),
        Note(say("manifest.outcomes"), _pairs(manifest.outcomes), fixed=True),
    ]
    return tuple(found)


def _made(line: RunLine) -> str:
    made = say("manifest.made_value", when=fmt.moment(line.made_at), who=line.made_by, desk=line.desk)
    return say("manifest.took", made=made, seconds=fmt.duration(line.seconds)) if line.seconds > 0 else made


def _pairs(found: dict[str, Any]) -> tuple[str, ...]:
    """One line a name; numbers in full, because a manifest is to be compared digit by digit."""
    lines = []
    for name, value in found.items():
        if isinstance(value, dict):
            lines += [f"{name}.{inner} = {part}" for inner, part in value.items()]
        else:
            lines.append(f"{name} = {value}")
    return tuple(lines) or (say("manifest.none"),)
