"""Code lists: ports, countries, currencies, units, states, package kinds."""
