"""What changes: each function is one act, atomic, with its trail."""
