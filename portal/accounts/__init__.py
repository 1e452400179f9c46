"""People, organizations, and who acts for which."""
