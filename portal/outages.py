"""Which errors of the database mean that it was away, so that the same request may succeed in a moment."""

from django.db import DatabaseError, Error, InterfaceError, OperationalError


def is_outage(error: BaseException | None) -> bool:
    """True where an error of the database comes from a connection that was lost or could not be made.

    Most of them are OperationalError or InterfaceError. But a statement that is told of the loss half-way has another
    name and no code of the server; and a transaction that is used after the loss is refused by the framework, as a
    mistake of ours, with the loss as its context.
    """
    while isinstance(error, Error):
        if isinstance(error, OperationalError | InterfaceError) or _is_of_a_lost_connection(error):
            return True
        error = error.__cause__ if isinstance(error.__cause__, Error) else error.__context__
    return False


def _is_of_a_lost_connection(error: Error) -> bool:
    told = error.__cause__  # by the driver
    connection = getattr(getattr(told, "cursor", None), "connection", None)
    if getattr(connection, "closed", 0):
        return True
    return type(error) is DatabaseError and getattr(told, "pgcode", "none") is None
