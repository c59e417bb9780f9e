"""FOCUS 1.0 to 1.3, the FinOps Open Cost and Usage Specification: a row per charge, of any cloud or seller.

The columns are those of the specification; the names of meters are what the clouds put into them. What trips readers:

- Nothing is written as the text NULL.
- One meter per row, and no column for model or direction: they stand in SkuMeter (from 1.2), in the vendor's own
  column (``x_SkuMeterName`` of Azure, ``x_UsageType`` of AWS), in ChargeDescription, in a telling SkuId or in
  SkuPriceDetails: the first that says a direction. A Bedrock model as ResourceId names the model exactly.
- BilledCost is what is invoiced; ListCost is told as list price. EffectiveCost spreads discounts and is not used.
- ConsumedUnit may be tokens, 1K tokens or a million; Bedrock's models of the AWS Marketplace are counted in ``Units``
  of a million tokens, Vertex AI's in ``count`` or ``requests`` and Azure's in ``Units`` of single tokens (Azure keeps
  the block of 1K in ``x_PricingBlockSize``, which is of PricingQuantity).
- Charges of AI services that buy no tokens (capacity, searches, tax, credits, whole requests) count as money under an
  item of their own. Charges of other services keep their money under the item ``other_service``, so that the file's sum
  is the bill's; a notice tells how much it is, and no exposure counts it.
- A correction with a negative quantity takes money back; its tokens are not taken off, and a notice says so.
- The 600 rows of the published 1.0 sample are of AWS services without AI, and it has no meter of tokens. No two of them
  are identical, so the whole row names a charge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from hedgedesk.domain.usage import OTHER_SERVICE, TOKENS, Usage
from hedgedesk.domain.values import Floats
from hedgedesk.files.usage.names.cloud_meters import MeterName, read_description, tokens_per_unit
from hedgedesk.files.usage.rows import cells
from hedgedesk.files.usage.rows.by_meter import OTHER_SERVICES, meter_columns, of_tokens, other_items
from hedgedesk.files.usage.rows.choosing import first_of, said
from hedgedesk.files.usage.rows.export import Chunk, Export, Flags, Texts

TAKEN_BACK = "corrections with a negative quantity take back money, but no tokens"

_METERS = ("skumeter", "x_skumetername", "x_usagetype", "x_skudescription", "chargedescription", "skuid")
_RESOURCE = re.compile(r"(?:foundation-model|:inference-profile)/([^/\s]+)$")
_FAMILIES = ("x_skumetersubcategory", "servicename")
_CATEGORY = "ai and machine learning"
_AI = re.compile(r"(?i)bedrock|openai|anthropic|claude|vertex ai|gemini|foundry|cognitive services|mistral|cohere")
_SELLERS = (("aws", "aws"), ("amazon", "aws"), ("microsoft", "azure"), ("azure", "azure"), ("google", "google"))
_BARE_COUNTS = frozenset({"count", "counts", "request", "requests", "1"})
_COUNT_SINGLY = ("azure", "google")
_MILLIONS = frozenset({"unit", "units"})
_EDITION = re.compile(r"\s*\(amazon bedrock edition\)\s*", re.IGNORECASE)


def _rows(chunk: Chunk) -> Usage | None:
    currency, billed = chunk.texts("billingcurrency", "USD"), chunk.numbers("billedcost", np.nan)
    names, ai = _meter_names(chunk), _of_ai(chunk)
    chunk.remark(~ai, OTHER_SERVICES, billed, currency)
    per_unit = _tokens_per_unit(chunk)
    quantity = chunk.numbers(first_of(chunk, ("consumedquantity", "pricingquantity")))
    by_token = ai & (per_unit > 0) & of_tokens(names) & said(chunk, "chargecategory", "usage")
    back = by_token & (quantity < 0) & said(chunk, "chargeclass", "correction")
    chunk.remark(back, TAKEN_BACK, billed, currency)
    by_token &= ~back
    items = np.where(back, "credit", other_items(names, chunk.texts("chargecategory")))
    items = np.where(by_token, TOKENS, np.where(ai, items, OTHER_SERVICE))
    columns = meter_columns(names, np.where(by_token, quantity * per_unit, 0.0), items)
    return chunk.usage(
        chunk.times("chargeperiodstart"),
        seller=_sellers(chunk),
        team=chunk.texts(first_of(chunk, ("subaccountname", "subaccountid"))),
        region=chunk.texts(first_of(chunk, ("regionid", "regionname"))),
        **columns.cells(),
        billed=billed,
        listed=chunk.numbers("listcost", np.nan),
        currency=currency,
    )


def _meter_names(chunk: Chunk) -> list[MeterName]:
    details = np.array([_words_of(text) for text in chunk.texts("skupricedetails")], dtype=object)
    texts = [*(chunk.texts(name) for name in _METERS), details]
    rows = list(zip(*texts, chunk.texts(first_of(chunk, _FAMILIES)), chunk.texts("servicename"), strict=True))
    known = {(*texts, family, service): _meter_name(texts, family, service) for *texts, family, service in set(rows)}
    found = zip((known[row] for row in rows), chunk.texts("resourceid"), strict=True)
    return [replace(name, model=resource[1]) if (resource := _RESOURCE.search(text)) else name for name, text in found]


@lru_cache(maxsize=4096)
def _words_of(details: str) -> str:
    """The texts among the properties of a SKU, such as a token's type and a model."""
    return " ".join(value for value in (cells.json_map(details) or {}).values() if isinstance(value, str))


def _meter_name(texts: Sequence[str], family: str, service: str) -> MeterName:
    """What the first text that says a direction or an item tells; the model of the service where no text names one."""
    read = [read_description(text, family) for text in texts if text]
    telling = (name for name in read if name.meter or name.item != TOKENS)
    told = next(telling, None) or next(iter(read), read_description(""))
    if told.model or not _EDITION.search(service):
        return told
    return replace(told, model=_EDITION.sub("", service).strip().lower().replace(" ", "-"))


def _of_ai(chunk: Chunk) -> Flags:
    provider = first_of(chunk, ("providername", "serviceprovidername"))
    columns = (chunk.texts("servicecategory"), chunk.texts("servicename"), chunk.texts(provider))
    known: dict[tuple[str, ...], bool] = {}
    told = np.zeros(chunk.size, dtype=np.bool_)
    for row, key in enumerate(zip(*columns, strict=True)):
        if key not in known:
            known[key] = key[0].lower() == _CATEGORY or any(_AI.search(text) for text in key[1:])
        told[row] = known[key]
    return told


def _tokens_per_unit(chunk: Chunk) -> Floats:
    """(n,) tokens in one unit; 0 where the unit is none of tokens."""
    units = chunk.texts(first_of(chunk, ("consumedunit", "pricingunit")))
    return np.array([_unit(unit.lower(), seller) for unit, seller in zip(units, _sellers(chunk), strict=True)])


def _unit(unit: str, seller: str) -> float:
    if seller == "aws" and unit in _MILLIONS:
        return 1e6
    if seller in _COUNT_SINGLY and unit in _BARE_COUNTS | _MILLIONS:
        return 1.0
    return tokens_per_unit(unit) or 0.0


def _sellers(chunk: Chunk) -> Texts:
    names = chunk.texts(first_of(chunk, ("providername", "serviceprovidername")))
    known = {name: _seller(name.lower()) for name in set(names.tolist())}
    return np.array([known[name] for name in names], dtype=object)


def _seller(name: str) -> str:
    return next((seller for part, seller in _SELLERS if part in name), name)


_OTHER_COLUMNS = """
availabilityzone billingaccountid billingaccountname billingaccounttype billingperiodend billingperiodstart
capacityreservationid capacityreservationstatus chargeclass chargedescription chargefrequency chargeperiodend
commitmentdiscountcategory commitmentdiscountid commitmentdiscountname commitmentdiscountquantity
commitmentdiscountstatus commitmentdiscounttype commitmentdiscountunit consumedquantity consumedunit
contractedcost contractedunitprice effectivecost invoiceid invoiceissuername hostprovidername listcost
listunitprice pricingcategory pricingcurrency pricingcurrencycontractedunitprice pricingcurrencyeffectivecost
pricingcurrencylistunitprice pricingquantity pricingunit publishername regionid regionname resourceid
resourcename resourcetype servicesubcategory skuid skumeter skupricedetails skupriceid subaccountid
subaccountname subaccounttype tags allocatedmethoddetails allocatedmethodid allocatedresourceid
allocatedresourcename allocatedtags contractapplied x_?*
"""

EXPORTS = (
    Export(
        vendor="focus",
        name="cost and usage",
        required=(
            "billedcost",
            "billingcurrency",
            "chargecategory",
            "chargeperiodstart",
            "servicecategory|servicename",
            "providername|serviceprovidername",
        ),
        optional=tuple(_OTHER_COLUMNS.split()),
        identity=None,
        rows=_rows,
    ),
)
