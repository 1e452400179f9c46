"""A request that is sent again is done once: the first answer is kept and given again."""
