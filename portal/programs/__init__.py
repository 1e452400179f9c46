"""Programs: the clients of the API that an organization runs, what each may do, and what it has asked for."""
