"""The officers' door: filed declarations and messages, read-only, with buttons that call services."""
