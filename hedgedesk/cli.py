"""The command line: parse, call a verb of the desk, print."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from hedgedesk.domain.errors import HedgeDeskError, InputError, PlanError
from hedgedesk.domain.price_index import FREQUENCIES, METHODS
from hedgedesk.domain.run import MARGIN_GRIDS, MODELS, PRECISIONS, SAMPLINGS, SCENARIOS, SOLVERS
from hedgedesk.domain.usage import VENDORS

DONE, WRONG_INPUT, USAGE, NO_PLAN = 0, 1, 2, 3
FOLDER = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, dir_okay=False)
DATA = click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Folder for the desk's own files.")


def _in_a_folder(_context: click.Context, _parameter: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a file in a folder that does not exist before anything is computed."""
    if file is not None and not file.resolve().parent.is_dir():
        raise click.BadParameter(f"the folder {file.parent} does not exist")
    return file


def _report_file(context: click.Context, parameter: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a report of an unknown format likewise."""
    from hedgedesk.desk.papers import REPORTS

    if file is not None and file.suffix.lower() not in REPORTS:
        raise click.BadParameter(f"{file.name} ends in neither {' nor '.join(REPORTS)}")
    return _in_a_folder(context, parameter, file)


def _trades_file(context: click.Context, parameter: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a list of trades of an unknown format likewise."""
    from hedgedesk.desk.plans import TRADE_LISTS

    if file is not None and file.suffix.lower() not in TRADE_LISTS:
        raise click.BadParameter(f"{file.name} ends in neither {' nor '.join(TRADE_LISTS)}")
    return _in_a_folder(context, parameter, file)


def _model_names(_context: click.Context, _parameter: click.Parameter, names: str | None) -> tuple[str, ...]:
    """The models asked for; all of them by default."""
    asked = MODELS if names is None else tuple(name.strip() for name in names.split(","))
    unknown = [name for name in asked if name not in MODELS]
    if unknown:
        raise click.BadParameter(f"no price model is called {', '.join(unknown)}; known are {', '.join(MODELS)}")
    return asked


def _view(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, float] | None:
    """Values by parameter; None where none is given."""
    view = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            if not name.strip():
                raise ValueError
            view[name.strip()] = float(value)
        except ValueError:
            raise click.BadParameter(f"{text!r} is no NAME=VALUE with a number") from None
    return view or None


def _row_names(_context: click.Context, _parameter: click.Parameter, names: str | None) -> tuple[str, ...] | None:
    """The rows asked for, without doubles; None: all."""
    return None if names is None else tuple(dict.fromkeys(name.strip() for name in names.split(",")))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hedgedesk")
def main() -> None:
    """HedgeDesk: from a company's token forecast to a hedge plan.

    Exit status: 0 done, 1 the input is wrong, 2 wrong usage, 3 no plan exists under the rules.
    """
    # Threads inside the solver's algebra only fight the simulation for the cores; must be set before numpy loads.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


@main.command()
@click.argument("folder", type=FOLDER)
def check(folder: Path) -> None:
    """Read the desk FOLDER and list everything that is wrong with it; write nothing."""
    from hedgedesk.desk import Desk

    inputs = _or_exit(lambda: Desk().check(folder))
    for notice in inputs.notices:
        click.echo(f"note: {notice}")
    click.echo(f"{folder}: no fault found, as of {inputs.market.as_of}")


@main.command()
@click.argument("folder", type=FOLDER)
@click.option(
    "--model",
    type=click.Choice(MODELS),
    help="Price model; by default the line chooses and says why.",
)
@click.option("--scenarios", type=click.IntRange(*SCENARIOS), help="How many joint futures to draw.")
@click.option("--seed", type=click.IntRange(0), help="Root seed of every random stream.")
@click.option(
    "--view",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_view,
    help="Your own value of a parameter of the model; once for each, instead of [view] in settings.toml.",
)
@click.option(
    "--uncertainty/--no-uncertainty",
    "parameter_uncertainty",
    default=None,
    help="Draw the model's parameters too, from their estimated distribution.",
)
@click.option("--precision", type=click.Choice(PRECISIONS), help="Of the simulated paths.")
@click.option("--sampling", type=click.Choice(SAMPLINGS), help="How the cost of the chosen plan is measured.")
@click.option(
    "--relative-error",
    type=click.FloatRange(1e-6, 0.5),
    help="Standard error of the CVaR, as a share of it, to stop drawing at.",
)
@click.option(
    "--margin-grid",
    type=click.Choice(MARGIN_GRIDS),
    help="How often futures prices are kept, for what margin calls may need in cash.",
)
@click.option("--solver", type=click.Choice(SOLVERS), help="What finds the plan; the answer is proved either way.")
@click.option("--cluster", metavar="ADDRESS", help="Draw on a dask cluster: local, or tcp://host:port of a scheduler.")
@click.option("--json", "json_file", type=FILE, callback=_in_a_folder, help="Write the result here.")
@click.option(
    "--report", "report_file", type=FILE, callback=_report_file, help="Write the report here: .html or .xlsx."
)
@DATA
def run(
    folder: Path,
    cluster: str | None,
    json_file: Path | None,
    report_file: Path | None,
    data: Path | None,
    **settings: Any,
) -> None:
    """Run the desk FOLDER from forecast to plan and keep the run; flags beat settings.toml."""
    from hedgedesk.desk import Desk

    overrides = {name: value for name, value in settings.items() if value is not None}
    desk = Desk(folder, data)
    done = _or_exit(lambda: desk.run_and_keep(overrides, tick=_progress, cluster=cluster))
    if json_file is not None:
        _or_exit(lambda: desk.papers.numbers(done, json_file))
    if report_file is not None:
        _or_exit(lambda: desk.report(done.manifest.run_id, report_file))
    if done.report.indicative:
        click.echo(f"Not listed. Indicative curve: no exchange trades this contract as of {done.fan.as_of}.")
    click.echo(f"\n{done.model.summary()}\n\n{done.plan.summary()}\n\n{done.report.summary()}")
    click.echo(f"\nrun {done.manifest.run_id}")


@main.command()
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
@click.option("--vendor", type=click.Choice(VENDORS), help="Whose exports they are; by default told by their columns.")
@click.option("--json", "json_file", type=FILE, callback=_in_a_folder, help="Write the totals here.")
def usage(files: tuple[Path, ...], vendor: str | None, json_file: Path | None) -> None:
    """Read vendors' usage and cost exports and total them: tokens by meter, billed against priced.

    Rows with a fault are left out and told on stderr, and the exit status is 1; the totals, and the JSON, are then of
    the good rows. Where no file can be read there is no JSON.
    """
    from hedgedesk.desk import Desk

    usages = Desk().usages
    measured = _or_exit(lambda: usages.measure(files, vendor, tick=_progress))
    if json_file is not None:
        _or_exit(lambda: usages.numbers(measured, json_file))
    for notice in measured.totals["notices"]:
        click.echo(f"note: {notice}")
    click.echo(measured.words)
    if measured.faults:
        _tell(InputError(faults=measured.faults), f"{measured.totals['faults']:,} fault(s)")
        sys.exit(WRONG_INPUT)


@main.command()
@click.argument("run", metavar="RUN")
@click.option("--out", type=FILE, required=True, callback=_report_file, help="The file: .html or .xlsx.")
@DATA
def report(run: str, out: Path, data: Path | None) -> None:
    """Write the report of a kept RUN: its id, the beginning of one, its name, or latest."""
    from hedgedesk.desk import Desk

    desk = Desk(data=data)
    line = _or_exit(lambda: desk.find_run(run))
    _or_exit(lambda: desk.report(line.run_id, out))
    click.echo(f"{out}: report of run {line.run_id}")


@main.command()
@click.argument("run", metavar="RUN")
@click.option("--frontier", is_flag=True, help="Mean cost against tail, from the cheapest plan to the safest.")
@click.option("--strategies", is_flag=True, help="Beside nothing, everything, layers and least variance.")
@click.option("--history", is_flag=True, help="What layers would have paid for the delivery months that are over.")
@click.option("--models", is_flag=True, help="Under every price model, beside the plans that are least bad over all.")
@click.option("--trades", "trades_file", type=FILE, callback=_trades_file, help="Write the trades: .csv or .xlsx.")
@click.option("--json", "json_file", type=FILE, callback=_in_a_folder, help="Write plan and studies here.")
@DATA
def plan(run: str, trades_file: Path | None, json_file: Path | None, data: Path | None, **studies: bool) -> None:
    """Show the plan of a kept RUN (its id, the beginning of one, its name, or latest), and study it."""
    from hedgedesk.desk import Desk

    desk = Desk(data=data)
    run_id = _or_exit(lambda: desk.find_run(run)).run_id
    asked = [name for name, wanted in studies.items() if wanted]
    click.echo(_or_exit(lambda: desk.result(run_id)).plan.summary())
    found = {name: _or_exit(lambda name=name: desk.plans.study(name, run_id, _progress)) for name in asked}
    for study in found.values():
        click.echo(f"\n{study.summary()}")
    if trades_file is not None:
        _or_exit(lambda: desk.plans.trades(run_id, trades_file))
    if json_file is not None:
        _or_exit(lambda: desk.plans.numbers(run_id, found, json_file))


@main.command()
@click.argument("folder", type=FOLDER)
@click.option("--method", type=click.Choice(METHODS), help="By default what market/index.toml says, else matched_list.")
@click.option("--frequency", type=click.Choice(FREQUENCIES), help="Prints at the ends of weeks (Sundays) or months.")
@click.option("--no-screens", is_flag=True, help="Leave the screens, the cap and the minimum sample out, to compare.")
@click.option("--json", "json_file", type=FILE, callback=_in_a_folder, help="Write the series and its audit here.")
def index(folder: Path, method: str | None, frequency: str | None, no_screens: bool, json_file: Path | None) -> None:
    """Make the price index of the desk FOLDER, with its audit; of the folder only the index's inputs need be there."""
    from hedgedesk.desk import Desk

    desk = Desk()
    made = _or_exit(lambda: desk.index(folder, method=method, frequency=frequency, screens=not no_screens))
    if json_file is not None:
        _or_exit(lambda: desk.papers.index_numbers(made, json_file))
    for notice in made.notices:
        click.echo(f"note: {notice}")
    click.echo(made.summary())


@main.command()
@click.argument("folder", type=FOLDER)
@click.option("--models", callback=_model_names, help="Class names with commas between; by default every model.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the draws.")
@click.option("--json", "json_file", type=FILE, callback=_in_a_folder, help="Write every score and test here.")
@DATA
def validate(folder: Path, models: tuple[str, ...], seed: int, json_file: Path | None, data: Path | None) -> None:
    """Judge the price models on the past of the desk FOLDER's market, each forecast made without what came after.

    Of the folder only market/ need be there. All models with seed 1 are kept, and runs of this market then take the
    model that the validation chooses, with its reason.
    """
    from hedgedesk.desk import Desk

    validations = Desk(folder, data).validations
    found = _or_exit(lambda: validations.judge(models, seed=seed, tick=_progress))
    if json_file is not None:
        _or_exit(lambda: validations.numbers(found, json_file))
    for notice in found.notices:
        click.echo(f"note: {notice}")
    click.echo(found.summary())


@main.command()
@click.option("--only", metavar="NAME,...", callback=_row_names, help="Rows to measure, commas between; default all.")
@click.option("--json", "json_file", type=FILE, callback=_in_a_folder, help="Write the rows here.")
def benchmark(only: tuple[str, ...] | None, json_file: Path | None) -> None:
    """Measure how fast the core is, in CPU time, beside the hardware's floor and other people's tools.

    Every ratio is of one run on one machine. Peers come with the extra hedgedesk[benchmark]; a row whose peer is not
    installed has no ratio and says so. All rows take a few minutes.
    """
    from hedgedesk.benchmark.table import as_json, measure_table, told

    rows = _or_exit(lambda: measure_table(only, tick=_progress))
    if json_file is not None:
        _or_exit(lambda: json_file.write_text(as_json(rows), encoding="utf-8"))
    click.echo(told(rows))


@main.command()
@click.argument("folder", type=FOLDER, required=False)
@click.option("--port", type=int, default=8050, show_default=True, help="Port on this computer.")
@DATA
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option("--dev", is_flag=True, help="Show Dash's developer tools.")
def serve(folder: Path | None, port: int, data: Path | None, no_browser: bool, dev: bool) -> None:
    """Open the dashboard on the desk FOLDER, or on the sample desk."""
    from hedgedesk.dashboard import serve as open_dashboard
    from hedgedesk.desk import Desk

    desk = Desk(folder, data)
    _or_exit(desk.require_store)
    _or_exit(lambda: open_dashboard(desk, port=port, open_browser=not no_browser, dev=dev))


def _progress(fraction: float, text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{fraction:4.0%} {text:<40}", err=True, nl=fraction >= 1)


def _or_exit(verb: Any) -> Any:
    """Call ``verb``; tell a wrong input or an impossible plan in plain words and leave with its exit status."""
    try:
        return verb()
    except InputError as error:
        _tell(error, f"{len(error.faults)} fault(s)" if error.faults else "")
        sys.exit(WRONG_INPUT)
    except PlanError as error:
        _tell(error, "")
        sys.exit(NO_PLAN)
    except HedgeDeskError as error:
        _tell(error, "")
        sys.exit(WRONG_INPUT)
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror}", err=True)
        sys.exit(WRONG_INPUT)


def _tell(error: HedgeDeskError, count: str) -> None:
    click.echo(str(error), err=True)
    for line in (*getattr(error, "__notes__", ()), count):
        if line:
            click.echo(line, err=True)


if __name__ == "__main__":
    main()
