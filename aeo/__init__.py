"""Trusted traders: CTPAT, PIP, OEA."""
