"""Filing: from a draft to released goods and a paid summary."""
