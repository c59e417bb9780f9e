"""What if: changes to a stored run, answered at once on its scenarios, or by a job where they need new ones."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgedesk.desk.running import chosen
from hedgedesk.domain.changes import Changes
from hedgedesk.domain.errors import HedgeDeskError, NeedsScenarios
from hedgedesk.domain.progress import Tick

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.scenarios import ScenarioSet
    from hedgedesk.hedging.programme.memory import Memory

KEPT = 32
"""Answers held in memory; the ones longest not asked for go first."""
LOADED = 2
"""Scenario sets held in memory, some ten megabytes each."""
LOADED_BYTES = 2**30
"""Of all of them together; a larger one is held alone."""


class WhatIfs:
    """Unsaved answers to what if, beside the stored runs of ``desk``.

    A what-if is a :class:`HedgeRun` whose manifest tells what it is based on and what was changed. What if upon a
    what-if is against the run at its root, with both sets of changes.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._answers: OrderedDict[str, HedgeRun] = OrderedDict()
        self._scenarios: OrderedDict[str, ScenarioSet] = OrderedDict()
        self._memory: Memory | None = None
        # One answer at a time: two that ask the same wait for one, and memory holds one problem.
        self._solving = threading.Lock()
        self._saving = threading.Lock()
        # Of what is held; never taken while solving, so that pages read on meanwhile.
        self._lock = threading.RLock()

    def answer(self, run_id: str, changes: Changes) -> str:
        """Plan and judge anew on the run's own scenarios; the id of the answer, which is in memory and not saved.

        Raises
        ------
        NeedsScenarios
            The changes are of the price view, or the scenarios are no longer kept: :meth:`start` answers it.
        Infeasible
            The changed rules contradict one another.
        """
        base, changes = self._at_root(run_id, changes)
        if not changes.any:
            return base
        with self._solving:
            found = self._already(base, changes)
            return found if found is not None else self._remember(self._solved(base, changes))

    def start(self, run_id: str, changes: Changes) -> str:
        """Start a job that draws scenarios for the changes and answers them; its id."""
        base, changes = self._at_root(run_id, changes)
        spec = self._question(base, changes)
        key = hashlib.sha256(json.dumps(["what_if", spec], sort_keys=True).encode()).hexdigest()
        title = self._words(self._desk.result(base), changes)
        return self._desk.submit(key, answer_anew, spec, kind="what_if", title=title)

    def as_asked(self, run_id: str) -> dict[str, Any]:
        """What draws the scenarios of a run or an answer again: the spec of :func:`answer_anew`."""
        return self._question(*self._at_root(run_id, Changes()))

    def _question(self, base: str, changes: Changes) -> dict[str, Any]:
        """The spec of :func:`answer_anew`."""
        causes = self._desk.result(base).manifest.causes
        return {
            "folder": str(self._desk.folder_of(base)),
            "data": str(self._desk.data),
            "settings": causes["settings"],
            "choice": causes.get("choice"),
            "changes": changes.told(),
            "based_on": base,
        }

    def found(self, run_id: str) -> HedgeRun | None:
        """An answer in memory; None: there is no such one."""
        with self._lock:
            if run_id in self._answers:
                self._answers.move_to_end(run_id)
            return self._answers.get(run_id)

    def scenarios_of(self, run_id: str) -> ScenarioSet:
        """The scenarios of a run or an answer, from memory or the cache, over its own forecast.

        Raises
        ------
        NeedsScenarios
            They are no longer kept: :meth:`start` without changes draws them again.
        """
        run = self._desk.result(run_id)
        with self._solving:  # whoever answers turns over the sets in memory
            found = self._loaded(run.manifest.scenario_id) or self._of_root(run)
        if found is None:
            raise NeedsScenarios(f"the scenarios of run {run_id} are no longer kept: a job draws them again")
        return found

    def _of_root(self, run: HedgeRun) -> ScenarioSet | None:
        """Scenarios drawn with the same view of the price, over the forecast of an answer."""
        against = _against(run)
        if against is None:
            return None
        from hedgedesk import pipeline

        root = self._desk.result(against[0])
        for drawn in self._candidates(root, against[1]):
            if pipeline.same_view(root, against[1], drawn):
                found = self._loaded(drawn.manifest.scenario_id)
                if found is not None:
                    return pipeline.of_forecast(run.exposure, found, drawn)
        return None

    def take(self, record: dict[str, Any]) -> str:
        """Hold the answer that a job came back with; its run id."""
        from hedgedesk.domain.run import HedgeRun

        return self._remember(HedgeRun.from_record(record))

    def base_of(self, run_id: str) -> tuple[str, Changes] | None:
        """The run that a what-if is against, and what was changed; None: it is no what-if."""
        return _against(self._desk.result(run_id))

    def is_saved(self, run_id: str) -> bool:
        """Whether the run outlives this server."""
        return self._desk.run_line(run_id) is not None

    def save(self, run_id: str, name: str) -> None:
        """Keep an answer among the runs under ``name``.

        Raises
        ------
        HedgeDeskError
            It is no what-if, or no longer in memory.
        """
        run = self._desk.result(run_id)
        base = _against(run)
        if base is None:
            raise HedgeDeskError(f"run {run_id} is no what-if: it is kept as it is")
        words = self._words(self._desk.result(base[0]), base[1])
        with self._saving:
            line = self._desk.run_line(run_id)
            if line is None or line.name != name:  # a second click saves nothing twice
                self._desk.keep_what_if(run, based_on=base[0], changes=words, name=name)
        self.discard(run_id)  # from now on it is the store's, and gone when it is removed there

    def discard(self, run_id: str) -> None:
        """Forget an answer that was not saved; one that is unknown or saved stays as it is."""
        with self._lock:
            self._answers.pop(run_id, None)

    def _at_root(self, run_id: str, changes: Changes) -> tuple[str, Changes]:
        """The same changes against the run at the root."""
        earlier = self.base_of(run_id)
        return (run_id, changes) if earlier is None else (earlier[0], changes.after(earlier[1]))

    def _already(self, base: str, changes: Changes) -> str | None:
        with self._lock:
            for run_id, run in self._answers.items():
                if _against(run) == (base, changes):
                    self._answers.move_to_end(run_id)
                    return run_id
        return None

    def _solved(self, base: str, changes: Changes) -> HedgeRun:
        run = self._desk.result(base)
        from hedgedesk import pipeline
        from hedgedesk.hedging.programme.memory import Memory

        self._memory = self._memory or Memory()
        for drawn in self._candidates(run, changes):
            if pipeline.same_view(run, changes, drawn):
                scenarios = self._loaded(drawn.manifest.scenario_id)
                if scenarios is not None:
                    return pipeline.replan(run, scenarios, changes, drawn=drawn, memory=self._memory)
        return pipeline.replan(run, None, changes)

    def _candidates(self, run: HedgeRun, changes: Changes) -> Iterator[HedgeRun]:
        """The run and every what-if against it, in memory and stored: one may have been drawn with the view asked."""
        yield run
        base = run.manifest.run_id
        if changes.needs_scenarios or changes.program is not None:
            with self._lock:
                held = [each for each in self._answers.values() if _base(each) == base]
            yield from held
            yield from (self._desk.result(line.run_id) for line in self._desk.runs() if line.based_on == base)

    def _loaded(self, scenario_id: str) -> ScenarioSet | None:
        """The scenarios from memory, else from the store's cache."""
        if scenario_id not in self._scenarios:
            found = self._desk.store.scenarios(scenario_id)
            if found is None:
                return None
            self._scenarios[scenario_id] = found
        self._scenarios.move_to_end(scenario_id)
        while len(self._scenarios) > 1 and (len(self._scenarios) > LOADED or self._bytes() > LOADED_BYTES):
            self._scenarios.popitem(last=False)
        return self._scenarios[scenario_id]

    def _bytes(self) -> int:
        return sum(held.nbytes for held in self._scenarios.values())

    def _remember(self, run: HedgeRun) -> str:
        """Hold an answer without its scenarios: they are the base's, or in the store's cache."""
        run_id = run.manifest.run_id
        with self._lock:
            self._answers[run_id] = dataclasses.replace(run, scenarios=None)
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        return run_id

    def _words(self, run: HedgeRun, changes: Changes) -> str:
        from hedgedesk.reports.strip import dials, words_of_changes

        return words_of_changes(dials(run), changes)


def _base(run: HedgeRun) -> str | None:
    return run.manifest.causes.get("based_on")


def _against(run: HedgeRun) -> tuple[str, Changes] | None:
    base = _base(run)
    return None if base is None else (base, Changes(**run.manifest.causes["changes"]))


def answer_anew(spec: dict[str, Any], tick: Tick) -> dict[str, Any]:
    """Job target: draw scenarios, keep them in the cache, and answer; the answer's ``run_id`` and its ``record``.

    ``spec`` holds the ``folder`` of the run's inputs, its ``settings`` and the ``choice`` of its model, the
    ``changes``, the run they are ``based_on`` and the ``data`` folder of the cache.
    """
    from hedgedesk import pipeline
    from hedgedesk.domain.run import RunSettings
    from hedgedesk.files import read_desk
    from hedgedesk.store import Store

    tick(0.0, "Reading the desk folder")
    changes = Changes(**spec["changes"])
    settings, choice = RunSettings(**spec["settings"]), chosen(spec["choice"])
    inputs = dataclasses.replace(read_desk(Path(spec["folder"])), settings=settings, choice=choice)
    store = Store(Path(spec["data"]))
    if pipeline.draws_anew(inputs, changes):
        run = pipeline.run(inputs, changes=changes, based_on=spec["based_on"], tick=tick)
        store.keep_scenarios(run)
    else:
        base = pipeline.run(inputs, tick=tick)
        store.keep_scenarios(base)
        if base.manifest.run_id == spec["based_on"]:
            run = pipeline.replan(base, base.scenarios, changes)
        else:  # other packages made the stored run, and their numbers were another run's
            run = pipeline.run(inputs, changes=changes, based_on=spec["based_on"], tick=tick)
    return {"run_id": run.manifest.run_id, "record": run.record()}
