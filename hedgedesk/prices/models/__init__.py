"""One price model a module or package, by its public name; each keeps the contract of :mod:`hedgedesk.prices.model`."""
