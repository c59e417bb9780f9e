"""The two-factor model of Schwartz and Smith (2000): a reverting short-term part on a drifting long-term level."""

from hedgedesk.prices.models.two_factor.formulas import TwoFactorParameters
from hedgedesk.prices.models.two_factor.model import TwoFactor
from hedgedesk.prices.models.two_factor.search import TwoFactorFit

__all__ = ["TwoFactor", "TwoFactorFit", "TwoFactorParameters"]
