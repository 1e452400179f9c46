"""Public statistics of equal access (USMCA 7.20.1): how filings of each kind of filer fare."""
