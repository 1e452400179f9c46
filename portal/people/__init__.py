"""Who has an account, in which organization, and what they may do there."""
