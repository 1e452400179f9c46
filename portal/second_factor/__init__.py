"""The second factor of a person: an authenticator that shows codes, and codes on paper for when it is lost."""
