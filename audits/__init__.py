"""Control: inspections, verifications, audits, exchange."""
