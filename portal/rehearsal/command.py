"""Start the authority and end it in order."""

import logging
import os
import signal
import sys
import threading

from portal.rehearsal.authority import Authority
from portal.rehearsal.server import Server
from portal.rehearsal.settings import parse_arguments


def main(arguments: list[str]) -> int:
    """The authority has run until it was told to end."""
    level = os.environ.get("PORTAL_REHEARSAL_LOG_LEVEL", "WARNING")
    logging.basicConfig(stream=sys.stderr, level=level, format="%(asctime)s rehearsal %(message)s")
    settings, ends_with_stdin = parse_arguments(arguments)
    authority = Authority(settings)
    try:
        server = Server(authority)
    except OSError as error:
        sys.stderr.write(f"Port {settings.port} of {settings.host} cannot be used: {error.strerror}. Choose another.\n")
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _end(server))
    if ends_with_stdin:
        threading.Thread(target=_end_with_stdin, args=(server,), name="stdin", daemon=True).start()
    authority.start()
    schema = "with the published schemas" if authority.structure.published else "with its own structure table alone"
    sys.stdout.write(f"The rehearsal authority listens on {server.url}, {schema}.\n")
    sys.stdout.flush()
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        authority.stop()
    return 0


def _end(server: Server) -> None:
    """The loop ends; asked from another thread because it waits for the loop."""
    threading.Thread(target=server.shutdown, daemon=True).start()


def _end_with_stdin(server: Server) -> None:
    while os.read(sys.stdin.fileno(), 4096):  # unbuffered: a buffered reader's lock would be held at the end
        continue
    _end(server)
