"""Numbers and words that differ by Party and date."""
