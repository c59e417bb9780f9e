"""All rows by name, measured in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

from hedgedesk.benchmark.protocol import Row
from hedgedesk.domain.errors import InputError
from hedgedesk.domain.progress import Tick, silent

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Set to 1 before numpy is imported: set later, its algebra takes a second core and CPU time doubles."""
GROUPS = {
    "walks": ("simulate_vs_rng_floor", "simulate_vs_whole_array", "simulate_vs_quantlib", "simulate_vs_torch"),
    "tails": ("cvar_efficiency_vs_plain", "mean_variance_vs_plain"),
    "fits": ("fit_vs_mlemodel",),
    "growth": ("simulate_slope_in_scenarios", "simulate_slope_in_months"),
    "memory": ("simulate_peak_memory",),
    "plans": ("cvar100k_vs_clarabel", "cvar100k_vs_piqp", "cvar100k_dpp_vs_clarabel", "cvar100k_dpp_vs_piqp"),
    "passes": ("cvar1m_passes", "cvar1m_dpp_passes"),
    "plan-memory": ("cvar1m_peak_memory",),
    "lots": ("lots10k_vs_milp",),
    "portfolios": ("cvar_vs_riskfolio", "cvar_vs_skfolio", "cvar_vs_pypfopt"),
}
"""Rows that are measured together, each group in a process of its own."""
NAMES = tuple(name for names in GROUPS.values() for name in names)


def measure_table(only: Sequence[str] | None = None, tick: Tick = silent) -> list[dict[str, Any]]:
    """The rows called ``only``, or all, in the order of the table, as ``--json`` writes them.

    Raises
    ------
    InputError
        No row has one of the names.
    """
    only = NAMES if only is None else only
    unknown = [name for name in only if name not in NAMES]
    if unknown:
        raise InputError(f"no row is called {', '.join(unknown)}; known are {', '.join(NAMES)}")
    asked = {group: [name for name in names if name in only] for group, names in GROUPS.items()}
    asked = {group: names for group, names in asked.items() if names}
    rows: list[dict[str, Any]] = []
    for done, (group, names) in enumerate(asked.items()):
        tick(done / len(asked), f"Measuring {', '.join(names)}")
        rows += _in_own_interpreter(group, names)
    tick(1.0, "Done")
    return rows


def _in_own_interpreter(group: str, names: Sequence[str]) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "hedgedesk.benchmark", group, *names]
    environment = os.environ | dict.fromkeys(THREADS, "1")
    # Every argument is ours: the interpreter that runs us, and names from the table above.
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if finished.returncode != 0:
        raise RuntimeError(f"the benchmark of {group} stopped: {finished.stderr.strip()[-2_000:]}")
    rows: list[dict[str, Any]] = json.loads(finished.stdout)
    return rows


def measure_group(group: str, names: Sequence[str]) -> list[Row]:
    """The rows ``names`` of one group, in this process."""
    return _measures()[group](list(names))


def _measures() -> dict[str, Callable[[list[str]], list[Row]]]:
    from hedgedesk.benchmark import fits, growth, hedges, portfolios, tails, walks

    alone: dict[str, Callable[[], Row]] = {
        "cvar_efficiency_vs_plain": tails.tail_row,
        "mean_variance_vs_plain": tails.mean_row,
        "fit_vs_mlemodel": fits.fit_row,
        "simulate_slope_in_scenarios": growth.slope_in_paths,
        "simulate_slope_in_months": growth.slope_in_months,
        "simulate_peak_memory": growth.memory,
        "cvar1m_peak_memory": hedges.memory_row,
        "lots10k_vs_milp": hedges.lots_row,
    }
    one_by_one: Callable[[list[str]], list[Row]] = lambda names: [alone[name]() for name in names]  # noqa: E731
    return dict.fromkeys(GROUPS, one_by_one) | {
        "walks": walks.walk_rows,
        "plans": hedges.ratio_rows,
        "passes": hedges.passes_rows,
        "portfolios": portfolios.portfolio_rows,
    }


def as_json(rows: Sequence[dict[str, Any]]) -> str:
    """The rows as a JSON list, one row a line."""
    return "[\n" + ",\n".join("  " + json.dumps(row) for row in rows) + "\n]\n"


def told(rows: Sequence[dict[str, Any]]) -> str:
    """The table for the terminal."""
    lines = [f"{'row':<30}{'ratio':>10}{'spread':>10}{'target':>12}  what"]
    for row in (Row(**fields) for fields in rows):
        aim = f"{'<=' if row.better == 'lower' else '>='} {row.target:g}"
        if row.ratio is None:
            lines.append(f"{row.name:<30}{'–':>10}{'':>10}{aim:>12}  {row.skipped}")
        else:
            lines.append(f"{row.name:<30}{row.ratio:>10.4g}{row.spread or 0.0:>10.2g}{aim:>12}  {row.unit}")
    return "\n".join(lines)
