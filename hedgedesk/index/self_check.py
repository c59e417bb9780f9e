"""The index against the IOSCO principles for financial benchmarks (FR07/13), as far as the program can know.

What only an organisation can have (a committee, an auditor, a complaints desk) is a no until somebody can show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hedgedesk.domain.price_index import AuditLine, IndexSettings, SelfCheck
from hedgedesk.index.prints import Prints

YES, PARTIAL, NO = "yes", "partial", "no"

_DESIGN = {
    "matched_list": (
        YES,
        "Each list price is compared with its own past only; a model that comes or goes moves nothing",
    ),
    "quality_constant": (PARTIAL, "A running minimum: it can only fall, and a shortage does not show in it"),
    "realised": (PARTIAL, "Spend over tokens: price, choice of models and caching move it together"),
}


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the self-check says of the last print."""

    settings: IndexSettings
    prints: int
    constituents: int
    companies: int
    largest: float
    decisions: int
    carried: int
    failed: bool
    confirmed: float


def self_check(settings: IndexSettings, prints: Prints, audit: Sequence[AuditLine]) -> tuple[SelfCheck, ...]:
    """All 19 principles with a verdict and its evidence."""
    there = np.flatnonzero(prints.weights[-1] > 0)
    largest = prints.concentration()[-1]
    facts = _Facts(
        settings,
        prints.dates.size,
        int(there.size),
        len({prints.companies[n] for n in there}),
        float(largest) if np.isfinite(largest) else 0.0,
        len(audit),
        prints.carried,
        prints.failed,
        prints.confirmed_share,
    )
    return (*_governance(facts), *_quality(facts), *_methodology(facts), *_accountability(facts))


def _governance(facts: _Facts) -> tuple[SelfCheck, ...]:
    return (
        SelfCheck(
            "1 Overall responsibility", PARTIAL, "Whoever keeps the desk answers for it; no administrator is named"
        ),
        SelfCheck("2 Oversight of third parties", NO, "Sources of prices are read as they are; no agreement with any"),
        SelfCheck("3 Conflicts of interest", NO, "The desk that makes the index may also hedge with it"),
        _control_framework(facts),
        SelfCheck("5 Internal oversight", NO, "No oversight function is recorded"),
    )


def _control_framework(facts: _Facts) -> SelfCheck:
    principle = "4 Control framework"
    if not facts.settings.screens:
        return SelfCheck(principle, NO, "The screens are off")
    evidence = f"Screens on: {facts.decisions:,} decisions recorded, {facts.carried} prints carried"
    return SelfCheck(principle, PARTIAL, f"{evidence}; nobody else checks them")


def _quality(facts: _Facts) -> tuple[SelfCheck, ...]:
    verdict, evidence = _DESIGN[facts.settings.method]
    return (
        SelfCheck("6 Benchmark design", verdict, evidence),
        _data_sufficiency(facts),
        _hierarchy(facts),
        SelfCheck(
            "9 Transparency of determinations",
            YES,
            f"Constituents, weights and decisions of all {facts.prints:,} prints are published with the series",
        ),
        SelfCheck("10 Periodic review", NO, "No review of the methodology is recorded"),
    )


def _data_sufficiency(facts: _Facts) -> SelfCheck:
    fewest = facts.settings.fewest_companies
    evidence = (
        f"Last print: {facts.constituents} constituents of {facts.companies} companies, {fewest} companies asked for; "
        f"the largest weighs {facts.largest:.0%}"
    )
    if facts.failed:
        return SelfCheck("7 Data sufficiency", NO, f"{evidence}; the index has failed, too many prints were carried")
    if facts.companies >= fewest and facts.largest <= facts.settings.company_cap + 1e-9:
        return SelfCheck("7 Data sufficiency", YES, evidence)
    return SelfCheck("7 Data sufficiency", PARTIAL if facts.companies > 1 else NO, evidence)


def _hierarchy(facts: _Facts) -> SelfCheck:
    principle = "8 Hierarchy of data inputs (concluded transactions first)"
    if facts.settings.method != "realised":
        return SelfCheck(principle, NO, "List prices are offers: nothing here was concluded")
    evidence = f"{facts.confirmed:.0%} of the money in the last print was billed, the rest is priced from lists"
    if facts.confirmed >= 1.0 - 1e-9:
        return SelfCheck(principle, YES, evidence)
    return SelfCheck(principle, PARTIAL if facts.confirmed > 0 else NO, evidence)


def _methodology(facts: _Facts) -> tuple[SelfCheck, ...]:
    return (
        SelfCheck(
            "11 Content of the methodology",
            YES,
            "Formula, guards and levels are documented; market/index.toml sets them",
        ),
        SelfCheck(
            "12 Changes to the methodology",
            PARTIAL,
            "A changed setting is a new revision of the desk; nobody is consulted",
        ),
        SelfCheck("13 Transition", NO, "No fallback index is named for when this one ends"),
        SelfCheck(
            "14 Submitter code of conduct",
            PARTIAL,
            "No panel submits; prices are public lists or bills, without a code",
        ),
        _collection(facts),
    )


def _collection(facts: _Facts) -> SelfCheck:
    principle = "15 Internal controls over data collection"
    if facts.settings.method == "realised":
        return SelfCheck(
            principle, PARTIAL, "Exports are checked row by row and counted once; the vendors' meters are not"
        )
    evidence = f"{facts.confirmed:.0%} of the prices in the last print have two sources or more"
    if facts.confirmed >= 1.0 - 1e-9 and facts.settings.screens:
        return SelfCheck(principle, YES, evidence)
    return SelfCheck(principle, PARTIAL if facts.confirmed > 0 else NO, evidence)


def _accountability(facts: _Facts) -> tuple[SelfCheck, ...]:
    return (
        SelfCheck("16 Complaints procedures", NO, "None is recorded"),
        SelfCheck("17 Audits", NO, "No external audit is recorded"),
        SelfCheck(
            "18 Audit trail", YES, f"{facts.decisions:,} decisions with date, rule, what was found and what was done"
        ),
        SelfCheck(
            "19 Cooperation with regulators", PARTIAL, "Inputs, settings and audit give the same prints again anywhere"
        ),
    )
