"""Studies of a run's plan: the frontier, the strategies side by side, and how it fares under every price model."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hedgedesk.desk.kept import Shelf, asked_of_a_job, of_versioned, versioned, write_kept
from hedgedesk.desk.what_ifs import answer_anew
from hedgedesk.domain.errors import InputError, NeedsScenarios
from hedgedesk.domain.progress import Tick, silent

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.market import MarketSnapshot
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.scenarios import ScenarioSet
    from hedgedesk.domain.strategies import Frontier, LayeredHistory, ModelPlans, Strategies
    from hedgedesk.jobs import Jobs

    PlanStudy = Frontier | Strategies | LayeredHistory | ModelPlans

KIND = "plans"
"""Of the job that plans under every model."""
TRADES = "plan.trade_list"
"""What the shelf of tables calls the list of trades."""
TRADE_LISTS = (".csv", ".xlsx")
"""Endings of the files that a list of trades can be written to."""
OF_THE_PLAN = (
    "run_id",
    "as_of",
    "currency",
    "level",
    "model",
    "curve_label",
    "hedged",
    "plan",
    "choices",
    "certificate",
    "rounding_cost",
    "margin",
)
"""Keys of a run's numbers that tell of its plan."""
HELD = 64
"""Studies held in memory; the ones longest not asked for go first."""

Study = TypeVar("Study")


class Plans:
    """Of the runs of ``desk``, what-ifs that nobody saved included.

    Frontier and strategies are worked out when they are asked for, on the scenarios at hand, and held in memory. The
    plans under every model are a job; they lie in ``plans`` of the data folder, one JSON file a run.
    """

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        self._desk = desk
        self._jobs = jobs
        self._shelf = Shelf(_made)
        self._held: OrderedDict[tuple[str, str], object] = OrderedDict()
        # One study at a time: two that ask the same wait for one.
        self._working = threading.Lock()

    def frontier(self, run_id: str, tick: Tick = silent) -> Frontier:
        """Mean cost against tail, from the cheapest plan to the safest.

        Raises
        ------
        NeedsScenarios
            The scenarios of the run are no longer kept: :meth:`redraw` brings them back.
        HedgeDeskError
            There is no such run.
        """
        from hedgedesk.plan_study import frontier

        return self._once("frontier", run_id, lambda: frontier(*self._drawn(run_id), tick=tick))

    def strategies(self, run_id: str, tick: Tick = silent) -> Strategies:
        """Hedge nothing, everything, in layers, by minimum variance, and as proposed; raises as :meth:`frontier`."""
        from hedgedesk.plan_study import strategies

        return self._once("strategies", run_id, lambda: strategies(*self._drawn(run_id), tick=tick))

    def history(self, run_id: str) -> LayeredHistory:
        """What the programme's ladder would have paid for the delivery months that are over.

        Raises
        ------
        HedgeDeskError
            There is no such run, or the files that it was made of are gone.
        """
        from hedgedesk.plan_study import ladder_of, layered_history

        def looked_back() -> LayeredHistory:
            return layered_history(self._market_of(run_id), ladder_of(self._desk.result(run_id).plan.program))

        return self._once("history", run_id, looked_back)

    def redraw(self, run_id: str) -> str:
        """Start the job that draws the scenarios of a run again; its id."""
        spec = {"run_id": run_id, "asked": self._desk.what_ifs.as_asked(run_id)}
        return asked_of_a_job(
            self._jobs, f"redraw:{run_id}", None, draw_again, spec, kind="run", title=self._desk.desk_of(run_id)
        )

    def study(self, name: str, run_id: str, tick: Tick = silent) -> PlanStudy:
        """A study by name here and now; scenarios that are no longer kept are drawn again.

        Parameters
        ----------
        name
            frontier, strategies, history or models.
        run_id, tick
            Whose plan; told the progress.

        Raises
        ------
        HedgeDeskError
            There is no such run, or the files that it was made of are gone.
        """
        if name == "models":
            return self.across_models(run_id, tick)
        if name == "history":
            return self.history(run_id)
        try:
            self._desk.what_ifs.scenarios_of(run_id)
        except NeedsScenarios:
            answer_anew(self._desk.what_ifs.as_asked(run_id), tick)
        return self.frontier(run_id, tick) if name == "frontier" else self.strategies(run_id, tick)

    def trades(self, run_id: str, out: Path) -> None:
        """Write the list of trades to ``out``, CSV or XLSX, whole or not at all.

        Raises
        ------
        InputError
            ``out`` ends in neither, or its folder does not exist.
        HedgeDeskError
            There is no such run.
        """
        suffix = out.suffix.lower()
        if suffix not in TRADE_LISTS:
            raise InputError(f"{out.name} ends in neither {' nor '.join(TRADE_LISTS)}")
        if not out.resolve().parent.is_dir():
            raise InputError(f"the folder {out.parent} does not exist")
        from hedgedesk.files.whole import write_whole

        write_whole(out, self._desk.papers.table(self._desk.result(run_id), TRADES, suffix.lstrip("."))[1])

    def numbers(self, run_id: str, studies: Mapping[str, PlanStudy], out: Path) -> None:
        """Write the plan of a run, and studies of it by name, to ``out`` as JSON, whole or not at all.

        Beside the run's own numbers: every limit with what more room would save, and every option reckoned twice more.
        """
        from hedgedesk.domain.values import to_plain
        from hedgedesk.files.whole import write_whole
        from hedgedesk.hedging.options.premium_check import premium_checks

        run = self._desk.result(run_id)
        told = {name: part for name, part in run.as_json().items() if name in OF_THE_PLAN}
        told["options"] = [check.as_json() for check in premium_checks(run.plan, run.fan.as_of)]
        told |= {"limits": to_plain(run.plan.limits), **{name: to_plain(study) for name, study in studies.items()}}
        write_whole(out, (json.dumps(told, indent=2, allow_nan=False) + "\n").encode())

    def start_models(self, run_id: str) -> str:
        """Plan under every price model as a job, or find what was already made; the job's id.

        Raises
        ------
        HedgeDeskError
            There is no such run, or the files that it was made of are gone.
        """
        run, place, found = self._desk.result(run_id), self.place(run_id), self.models(run_id)
        known = _told(place, found) if found is not None else None
        return asked_of_a_job(
            self._jobs,
            f"{KIND}:{place.stem}",
            known,
            study_run,
            {"record": run.record(), "folder": str(self._folder_of(run_id)), "out": str(place)},
            kind=KIND,
            title=self._desk.desk_of(run_id),
        )

    def models(self, run_id: str) -> ModelPlans | None:
        """Every model's plan under every model; None: not worked out, or with other packages than today's."""
        return self._shelf.at(self.place(run_id))

    def across_models(self, run_id: str, tick: Tick = silent) -> ModelPlans:
        """The same as :meth:`start_models` here and now; kept, and found again.

        Raises
        ------
        ModelError
            The run's own model cannot be fitted any more.
        """
        found = self.models(run_id)
        if found is None:
            found = _across(self._desk.result(run_id), self._folder_of(run_id), tick)
            write_plans(found, self.place(run_id))
        return found

    def _once(self, name: str, run_id: str, work: Callable[[], Study]) -> Study:
        """A study from memory, else worked out and held; a run that was removed since has none."""
        self._desk.result(run_id)
        with self._working:
            if (name, run_id) not in self._held:
                self._held[name, run_id] = work()
            self._held.move_to_end((name, run_id))
            while len(self._held) > HELD:
                self._held.popitem(last=False)
            return cast("Study", self._held[name, run_id])

    def _drawn(self, run_id: str) -> tuple[HedgeRun, ScenarioSet]:
        return self._desk.result(run_id), self._desk.what_ifs.scenarios_of(run_id)

    def _market_of(self, run_id: str) -> MarketSnapshot:
        from hedgedesk.files import read_market

        return read_market(self._folder_of(run_id) / "market")

    def _folder_of(self, run_id: str) -> Path:
        """The files that a run, or the one that a what-if is against, was made of."""
        base = self._desk.what_ifs.base_of(run_id)
        return self._desk.folder_of(run_id if base is None else base[0])

    def place(self, run_id: str) -> Path:
        """Where the plans of a run under every model lie, or will."""
        return self._desk.data / "plans" / f"{hashlib.sha256(run_id.encode()).hexdigest()}.json"


def draw_again(spec: dict[str, Any], tick: Tick) -> dict[str, Any]:
    """Job target: draw the scenarios of ``run_id`` again, as ``asked``, and keep them in the cache; its id."""
    answer_anew(spec["asked"], tick)
    return {"run_id": spec["run_id"]}


def study_run(spec: dict[str, Any], tick: Tick) -> dict[str, Any]:
    """Job target: plan under every model and keep it in ``out``; what was kept.

    ``spec`` holds the ``record`` of the run, because a what-if that nobody has saved is in no store, and the ``folder``
    of the files that it was made of.
    """
    from hedgedesk.domain.run import HedgeRun

    out = Path(spec["out"])
    found = _across(HedgeRun.from_record(spec["record"]), Path(spec["folder"]), tick)
    write_plans(found, out)
    return _told(out, found)


def write_plans(found: ModelPlans, out: Path) -> None:
    """Keep plans under every model, whole or not at all, and remove the oldest of too many."""
    write_kept(versioned("plans", found), out)


def _across(run: HedgeRun, folder: Path, tick: Tick) -> ModelPlans:
    from hedgedesk.files import read_market
    from hedgedesk.plan_study import across_models

    tick(0.0, "Reading the market")
    return across_models(run, read_market(folder / "market"), tick=lambda done, text: tick(0.01 + 0.99 * done, text))


def _made(kept: Any) -> tuple[ModelPlans, dict[str, str]]:
    from hedgedesk.domain.strategies import ModelPlans

    return of_versioned(kept, "plans", ModelPlans)


def _told(place: Path, found: ModelPlans) -> dict[str, Any]:
    return {"plans": place.name, "models": len(found.models), "refused": len(found.refused)}
