"""Demonstration data: invented firms and people, eight shipments with known money."""
