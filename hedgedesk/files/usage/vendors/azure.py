"""Azure: the cost export (actual cost), a row per meter, resource and day.

The columns are those of the export's versions for pay-as-you-go, enterprise and Microsoft customer agreements. What
trips readers:

- One meter per row: the model, the direction and the cache stand in MeterName, which
  :mod:`~hedgedesk.files.usage.names.cloud_meters` takes apart; MeterSubCategory has the family where the meter leaves
  it out.
- The quantity is in units of UnitOfMeasure, often ``1K``, newer meters ``1M``: it is multiplied. A file may have both.
- Dates are ISO or, in exports of agreements, month first: 03/04/2026 is 4 March. A file in which some date can only
  have the day first was rewritten by another program; its dates are refused rather than guessed (batch by batch).
- Provisioned capacity (PTU), hosting and training of fine-tuned models, images, searches and calls of tools buy no
  tokens: their money counts under an item of its own.
- Rows of other services (storage, machines) keep their money under the item ``other_service``, so that the file's sum
  is the bill's; a notice tells how much it is, and no exposure counts it.
- Headers may be localised, with the documented name in brackets, and in any case.
"""

from __future__ import annotations

import re

import numpy as np

from hedgedesk.domain.usage import OTHER_SERVICE, TOKENS, Usage
from hedgedesk.files.usage.names.cloud_meters import MeterName, read_meter, tokens_per_unit
from hedgedesk.files.usage.rows.by_meter import OTHER_SERVICES, meter_columns, of_tokens, other_items
from hedgedesk.files.usage.rows.choosing import first_of, said
from hedgedesk.files.usage.rows.export import Chunk, Export, Flags

DAY_FIRST = "dates as Azure writes them, 2026-01-31 or 01/31/2026: somewhere here the day is first, so none is sure"

_AI = re.compile(r"(?i)openai|foundry|cognitive|machine learning|\bai\b|anthropic|mistral|deepseek|grok|cohere")
_SLASHES = re.compile(r"\s*(\d{1,2})/\d{1,2}/\d{4}")
_MONTHS = 12

_DATES = ("usagedatetime", "date", "usagedate")
_QUANTITIES = ("usagequantity", "quantity")
_COSTS = ("pretaxcost", "costinbillingcurrency", "cost")
_CURRENCIES = ("currency", "billingcurrency", "billingcurrencycode")
_AROUND = ("metercategory", "metersubcategory", "productname", "consumedservice", "servicename", "publishername")


def _rows(chunk: Chunk) -> Usage | None:
    currency = chunk.texts(first_of(chunk, _CURRENCIES), "USD")
    billed = chunk.numbers(first_of(chunk, _COSTS), np.nan)
    names = _meter_names(chunk)
    per_unit = np.array([tokens_per_unit(unit) or 0.0 for unit in chunk.texts("unitofmeasure")])
    ai = _of_ai(chunk)
    by_token = of_tokens(names) & said(chunk, "chargetype", "usage", default="usage") & (per_unit > 0)
    by_token &= ai | np.array(["token" in name.lower() for name in chunk.texts("metername")], dtype=np.bool_)
    other = ~ai & ~by_token
    chunk.remark(other, OTHER_SERVICES, billed, currency)
    _refuse_day_first(chunk, first_of(chunk, _DATES))
    tokens = np.where(by_token, chunk.numbers(first_of(chunk, _QUANTITIES)) * per_unit, 0.0)
    items = np.where(other, OTHER_SERVICE, other_items(names, chunk.texts("chargetype", "usage")))
    columns = meter_columns(names, tokens, np.where(by_token, TOKENS, items))
    return chunk.usage(
        chunk.times(first_of(chunk, _DATES), month_first=True),
        seller="azure",
        team=chunk.texts(first_of(chunk, ("resourcegroup", "resourcegroupname"))),
        region=chunk.texts(first_of(chunk, ("resourcelocation", "resourcelocationnormalized", "meterregion"))),
        **columns.cells(),
        billed=billed,
        listed=chunk.numbers("paygcostinbillingcurrency", np.nan),
        currency=currency,
    )


def _meter_names(chunk: Chunk) -> list[MeterName]:
    families = chunk.texts("metersubcategory")
    return [read_meter(name, family) for name, family in zip(chunk.texts("metername"), families, strict=True)]


def _of_ai(chunk: Chunk) -> Flags:
    """Rows whose category, product or publisher is of AI."""
    columns = [chunk.texts(name) for name in _AROUND if chunk.has(name)]
    known: dict[tuple[str, ...], bool] = {}
    told = np.zeros(chunk.size, dtype=np.bool_)
    for row, around in enumerate(zip(*columns, strict=True)):
        if around not in known:
            known[around] = any(_AI.search(text) for text in around)
        told[row] = known[around]
    return told


def _refuse_day_first(chunk: Chunk, column: str) -> None:
    """Fault the dates that could be either, where another one has the day first and so is no date of Azure's."""
    found = [_SLASHES.match(text) for text in chunk.cells[column]]
    first = np.array([int(each[1]) if each else 0 for each in found])
    if (first > _MONTHS).any():
        chunk.fault((first > 0) & (first <= _MONTHS), column, DAY_FIRST)


_OTHER_COLUMNS = """
metersubcategory productname consumedservice servicename publishername currency billingcurrency
billingcurrencycode subscriptionguid subscriptionid subscriptionname resourcegroup resourcegroupname
resourcelocation resourcelocationnormalized meterid meterregion resourcerate resourcetype instanceid resourceid
instancename resourcename tags offerid offername additionalinfo serviceinfo1 serviceinfo2 servicetier
servicefamily departmentname accountname accountid accountownerid costcenter invoicesectionname invoicesectionid
invoicesection product productid productorderid productordername effectiveprice unitprice paygprice
paygcostinbillingcurrency paygcostinusd costinusd costinpricingcurrency pricingcurrency pricingcurrencycode
exchangeratepricingtobilling exchangeratedate exchangerate chargetype frequency term pricingmodel publishertype
publisherid reservationid reservationname benefitid benefitname availabilityzone billingaccountid
billingaccountname billingprofileid billingprofilename billingperiod billingperiodstartdate billingperiodenddate
serviceperiodstartdate serviceperiodenddate isazurecrediteligible partnumber planname provider invoiceid
previousinvoiceid resellername resellermpnid customername customertenantid partnertenantid partnername
partnerearnedcreditapplied partnerearnedcreditrate costallocationrulename
"""

EXPORTS = (
    Export(
        vendor="azure",
        name="cost",
        required=(
            "|".join(_DATES),
            "metercategory",
            "metername",
            "unitofmeasure",
            "|".join(_QUANTITIES),
            "|".join(_COSTS),
        ),
        optional=tuple(_OTHER_COLUMNS.split()),
        identity=None,
        rows=_rows,
    ),
)
