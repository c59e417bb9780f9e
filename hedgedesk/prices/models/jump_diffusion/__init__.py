"""Prices that jump: a reverting log price with jumps of two signs."""

from hedgedesk.prices.models.jump_diffusion.jumps import SignedJumps
from hedgedesk.prices.models.jump_diffusion.model import JumpDiffusion, JumpParameters

__all__ = ["JumpDiffusion", "JumpParameters", "SignedJumps"]
