"""Pages open to everybody: the tariff, the rule book, help. They read, and keep nothing."""
