"""Mean and tail mean of a fixed loss, measured more sharply than by drawing more of the same.

Three ways: plain normals; scrambled Sobol points turned so that their best coordinates move the loss most; and these
points shifted into the tail. Every standard error comes from independent replications.
"""

from hedgedesk.prices.sampling.measure import Target, measured
from hedgedesk.prices.sampling.points import Loss
from hedgedesk.prices.sampling.rotation import Rotation, rotation
from hedgedesk.prices.sampling.tail import tail_mean

__all__ = ["Loss", "Rotation", "Target", "measured", "rotation", "tail_mean"]
