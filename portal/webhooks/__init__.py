"""The feed of events, pushed: to addresses of the organization's own, in order, signed, until they are taken."""
