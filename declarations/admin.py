"""Admin of the filing room; Django finds it by this name."""

from declarations.officer import desk, messages, numbers

__all__ = ["desk", "messages", "numbers"]
