"""The tariff: editions, rates, additional duties, fees, exchange rates, and what they make owed."""
