"""The trader's door for programs: the same services and rules as the pages."""
