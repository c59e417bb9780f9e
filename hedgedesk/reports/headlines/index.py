"""The five numbers of the desk's own index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgedesk.reports import format as fmt
from hedgedesk.reports import prints
from hedgedesk.reports.headlines import Headline, arrow
from hedgedesk.reports.messages import say

if TYPE_CHECKING:
    from hedgedesk.domain.price_index import IndexStudy


def index_headlines(study: IndexStudy) -> dict[str, Headline]:
    """Newest print, the last move, the largest company, what stood still, companies."""
    return {
        "newest": _newest(study),
        "moved": _moved(study),
        "largest": _largest(study),
        "stale": _stale(study),
        "companies": _companies(study),
    }


def _newest(study: IndexStudy) -> Headline:
    decimals, value = prints.decimals_of(study), float(study.values[-1])
    unit = "" if prints.base_of(study) is not None else prints.unit_of(study)
    change = value / float(study.values[0]) - 1.0
    delta, tone = arrow(change, fmt.share(abs(change), 1))
    return Headline(
        say("kpi.own_index", date=fmt.day(study.dates[-1])),
        fmt.price(value, decimals),
        unit,
        fmt.significant(value, 8),
        delta,
        tone,
        say("kpi.since_first", date=fmt.day(study.dates[0])),
        prints.unit_of(study) if not unit else "",
    )


def _moved(study: IndexStudy) -> Headline:
    label, t = say("kpi.last_move"), prints.last_change(study)
    if t is None:
        return Headline(label, fmt.DASH, note=say("kpi.never_moved"))
    change = float(prints.changes(study)[t])
    note = say("kpi.moved_on", date=fmt.day(study.dates[t]))
    still = study.dates.size - 1 - t
    key = "kpi.still_one" if still == 1 else "kpi.still"
    more = say(key, count=still) if still else say("kpi.moved_now")
    return Headline(
        label, fmt.share(change, 1, signed=True), "", fmt.share(change, 4, signed=True), note=note, more=more
    )


def _largest(study: IndexStudy) -> Headline:
    label, t = say("kpi.largest_company"), prints.newest_with_weights(study)
    weights = prints.company_weights(study, t)
    if not weights:
        return Headline(label, fmt.DASH, note=say("kpi.no_weights"))
    name, share = next(iter(weights.items()))
    peers = [each for each, weight in weights.items() if weight > share - prints.LEAST_MOVE]
    note = name if len(peers) == 1 else say("kpi.shared", names=", ".join(peers))
    return Headline(label, fmt.share(share), say("kpi.of_weight"), fmt.share(share, 2), note=note)


def _stale(study: IndexStudy) -> Headline:
    label, share = say("kpi.stale_share"), float(study.stale_share[-1])
    if fmt.missing(share):
        return Headline(label, fmt.DASH, note=say("kpi.no_stale"))
    return Headline(label, fmt.share(share), "", fmt.share(share, 2), note=say("kpi.stale_note"))


def _companies(study: IndexStudy) -> Headline:
    t = prints.newest_with_weights(study)
    count = sum(1 for weight in study.weights[t] if weight > 0)
    carried = int(prints.carried(study).sum())
    delta, tone = (f"▲ {say('kpi.index_failed')}", "under") if study.failed else ("", "")
    note = say("kpi.constituent" if count == 1 else "kpi.constituents", count=fmt.number(count))
    more = "" if study.failed else say("kpi.carried_prints", carried=carried, prints=study.dates.size)
    return Headline(
        say("kpi.companies"),
        fmt.number(len(prints.company_weights(study, t))),
        delta=delta,
        tone=tone,
        note=note,
        more=more,
    )
