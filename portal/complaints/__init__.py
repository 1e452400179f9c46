"""Complaints that access was not equal (USMCA 7.20.1), and what the ombudsman decides on them."""
