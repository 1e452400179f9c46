"""Views of the trader's pages."""
