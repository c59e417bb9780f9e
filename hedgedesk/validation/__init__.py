"""Every price model judged by rolling origin on prices it had not seen; composes prices and risk."""

from hedgedesk.validation.rolling import validate

__all__ = ["validate"]
