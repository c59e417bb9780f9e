"""What a token costs: three indices, their screens, their audit.

``matched_list``: list prices compared with their own past and chained. ``quality_constant``: the cheapest price that
reached a benchmark score so far. ``realised``: what was spent over what was used. The rooms: ``sources`` and
``screens`` make one price of what several sources say of it, ``weights`` keeps one company from ruling, ``emergency``
carries a print that rests on too little, ``audit`` records it all, ``self_check`` holds it against IOSCO's principles.
"""

from hedgedesk.index.matched import MatchedIndex, matched_index
from hedgedesk.index.panel import PricePanel, family_of, list_price_panel
from hedgedesk.index.study import study
from hedgedesk.index.weights import capped_shares

__all__ = [
    "MatchedIndex",
    "PricePanel",
    "capped_shares",
    "family_of",
    "list_price_panel",
    "matched_index",
    "study",
]
