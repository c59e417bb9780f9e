"""Prices that jump: a reverting log price with jumps of two signs, alone or inside the two-factor model."""

from hedgedesk.prices.jump_diffusion.jumps import SignedJumps
from hedgedesk.prices.jump_diffusion.model import JumpDiffusion, JumpParameters
from hedgedesk.prices.jump_diffusion.two_factor_jumps import TwoFactorJumps

__all__ = ["JumpDiffusion", "JumpParameters", "SignedJumps", "TwoFactorJumps"]
