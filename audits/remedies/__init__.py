"""What makes good: refunds and bills after the law of a measure has changed."""
