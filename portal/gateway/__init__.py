"""Messages both ways. The only room with a network."""
