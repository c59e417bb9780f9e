"""The command line: parse, call a verb of the desk, print."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from hedgedesk.domain.errors import HedgeDeskError, InputError, PlanError
from hedgedesk.domain.run import MODELS, SCENARIOS

DONE, WRONG_INPUT, USAGE, NO_PLAN = 0, 1, 2, 3
FOLDER = click.Path(path_type=Path)


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
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write the result here.")
def run(folder: Path, model: str | None, scenarios: int | None, seed: int | None, json_file: Path | None) -> None:
    """Run the desk FOLDER from forecast to plan; flags beat settings.toml."""
    if json_file is not None and not json_file.resolve().parent.is_dir():
        raise click.BadParameter(f"the folder {json_file.parent} does not exist", param_hint="--json")
    from hedgedesk.desk import Desk

    flags = {"model": model, "scenarios": scenarios, "seed": seed}
    overrides = {name: value for name, value in flags.items() if value is not None}
    done = _or_exit(lambda: Desk().run(folder, overrides, tick=_progress))
    if json_file is not None:
        _or_exit(lambda: _write_json(json_file, done.as_json()))
    if done.report.indicative:
        click.echo(f"Not listed. Indicative curve: no exchange trades this contract as of {done.fan.as_of}.")
    click.echo(f"\n{done.model.summary()}\n\n{done.plan.summary()}\n\n{done.report.summary()}")
    click.echo(f"\nrun {done.manifest.run_id}")


@main.command()
@click.argument("folder", type=FOLDER, required=False)
@click.option("--port", type=int, default=8050, show_default=True, help="Port on this computer.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Folder for the desk's own files.")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option("--dev", is_flag=True, help="Show Dash's developer tools.")
def serve(folder: Path | None, port: int, data: Path | None, no_browser: bool, dev: bool) -> None:
    """Open the dashboard on the desk FOLDER, or on the sample desk."""
    from hedgedesk.dashboard import serve as open_dashboard
    from hedgedesk.desk import Desk

    _or_exit(lambda: open_dashboard(Desk(folder=folder, data=data), port=port, open_browser=not no_browser, dev=dev))


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


def _write_json(target: Path, content: dict[str, Any]) -> None:
    """Write beside the target and put it in place, so that a half-written file never appears."""
    draft = target.with_name(target.name + ".part")
    draft.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    draft.replace(target)


if __name__ == "__main__":
    main()
