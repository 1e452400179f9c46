"""A receiver of webhooks on loopback: it keeps what it is sent and answers as the test says."""

import json
import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Heard(NamedTuple):
    path: str
    headers: dict
    body: bytes

    @property
    def seqs(self):
        return [one["seq"] for one in self.content["events"]]

    @property
    def content(self):
        return json.loads(self.body)


class Receiver:
    def __init__(self, server, scheme):
        self.heard, self.answers, self.headers, self.said = [], [], {}, b"thanks"
        self.drip = 0.0  # seconds before each byte of the answer
        self.before = lambda heard: None
        self.port = server.server_address[1]
        self.url = f"{scheme}://127.0.0.1:{self.port}/hook"

    @property
    def seqs(self):
        return [seq for one in self.heard for seq in one.seqs]


@contextmanager
def receiver(certificate=None, key=None):
    """A running receiver; with a certificate it speaks TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            found = self.server.receiver
            body = self.rfile.read(int(self.headers["Content-Length"]))
            one = Heard(self.path, dict(self.headers), body)
            found.heard.append(one)
            found.before(one)
            self.send_response(found.answers.pop(0) if found.answers else 200)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(found.said)))
            self.end_headers()
            for part in [found.said] if not found.drip else [found.said[n : n + 1] for n in range(len(found.said))]:
                time.sleep(found.drip)
                self.wfile.write(part)

        def do_GET(self):
            self.server.receiver.heard.append(Heard(self.path, dict(self.headers), b""))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.receiver = Receiver(server, "https" if certificate else "http")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
