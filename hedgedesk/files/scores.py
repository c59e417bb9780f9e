"""``market/scores.csv``: benchmark scores of models, for the quality-constant index."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hedgedesk.domain.price_index import Scores
from hedgedesk.files.columns import Rule, open_columns
from hedgedesk.files.findings import FileFindings, Place, read_alone
from hedgedesk.files.headers import Wanted

SCORES = Wanted(("model", "benchmark", "score"), ("provider", "date"))

_SCORE = Rule("a score in percent, 0 to 100", lambda x: 0 <= x <= 100)


def read_scores(path: Place) -> Scores:
    """Read benchmark scores.

    Raises
    ------
    InputError
        Every fault of the file.
    """
    return read_alone(path, parse_scores)


def parse_scores(path: Path, report: FileFindings) -> Scores | None:
    """Read benchmark scores in percent; None without a good row.

    Without ``provider`` a score is the model's, whoever sells it. With ``date`` it is known from that day on, and a
    later one replaces it.
    """
    columns = open_columns(path, SCORES, ("score",), report)
    if columns is None:
        return None
    models, benchmarks = columns.texts("model"), columns.texts("benchmark")
    providers = [name or "" for name in columns.texts("provider", optional=True)]
    since = columns.days("date", optional=True)
    scores = columns.numbers("score", _SCORE)
    keys = [
        None if model is None or benchmark is None else (model, benchmark.casefold(), provider, str(day or ""))
        for model, benchmark, provider, day in zip(models, benchmarks, providers, since, strict=True)
    ]
    once = columns.require_once(keys, "model", "each model, benchmark, provider and date once")
    rows = [
        (model, benchmark.casefold(), score, provider, day)
        for model, benchmark, score, provider, day, first in zip(
            models, benchmarks, scores, providers, since, once, strict=True
        )
        if first and model and benchmark and score is not None
    ]
    if not rows:
        return None
    return Scores(
        models=tuple(row[0] for row in rows),
        benchmarks=tuple(row[1] for row in rows),
        score_pct=np.array([row[2] for row in rows], dtype=np.float64),
        providers=tuple(row[3] for row in rows),
        known_from=np.array([row[4] or np.datetime64("NaT") for row in rows], dtype="datetime64[D]"),
    )
