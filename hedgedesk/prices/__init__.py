"""Beliefs about the price: models fitted to the market's history, and the scenarios drawn from them.

Every model keeps the one contract of :class:`hedgedesk.prices.model.PriceModel`.
"""
