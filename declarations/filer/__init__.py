"""The trader's pages: fill in, check, sign, send, follow."""
