"""A small customs authority for rehearsals: the other side of the wire, in its own process and its own file.

It is built from `docs/wire.md` alone, shares no code with the portal and reaches it only over HTTP.
"""
