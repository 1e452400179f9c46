"""Calendars, deadlines and periodic jobs."""
