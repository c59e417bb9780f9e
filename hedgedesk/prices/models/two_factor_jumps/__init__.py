"""The two-factor model whose short-term part jumps; what jumps are, and how they are found, is the jump-diffusion's."""

from hedgedesk.prices.models.two_factor_jumps.model import TwoFactorJumps

__all__ = ["TwoFactorJumps"]
