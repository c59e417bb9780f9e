"""What moves beside the token: power, accelerator rent and the currency, and the production cost they make."""
