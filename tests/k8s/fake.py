# SPDX-License-Identifier: Apache-2.0
"""A fake API server that fails on demand, because a real API server cannot be made to fail.

A script is a list of functions; each request runs the next function, with the handler as argument.
"""
import http.server
import json
import queue
import socket
import ssl
import struct
import threading


def obj(name, version, **spec):
    return {"metadata": {"name": name, "namespace": "ns", "resourceVersion": str(version)}, **spec}


def page(*items, version=10, more=""):
    return {"kind": "List", "metadata": {"resourceVersion": str(version), "continue": more}, "items": list(items)}


def event(kind, item):
    return json.dumps({"type": kind, "object": item}) + "\n"


def status(code, message, reason="", **details):
    return {"kind": "Status", "code": code, "message": message, "reason": reason, "details": details}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        fake = self.server.fake
        fake.seen.put((self.path, self.headers.get("Authorization")))
        with fake.lock:
            act = fake.script.pop(0) if fake.script else hold
        act(self)

    def answer(self, code, body, **headers):
        text = body if isinstance(body, str) else json.dumps(body)
        self.send_response(code)
        self.send_header("Content-Length", str(len(text)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text.encode())

    def stream(self, *pieces):
        """Send a response with status 200 in chunks, and leave the response open."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            self.piece(piece)

    def piece(self, text):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text.encode()))
        self.wfile.flush()

    def end_stream(self):
        self.wfile.write(b"0\r\n\r\n")

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.wfile.flush()
        self.connection.close()

    def log_message(self, *args):
        pass


# Functions for a script.

def hold(h):
    """A watch without events."""
    h.stream()
    h.server.fake.over.wait()


def silence(h):
    """No answer at all."""
    h.server.fake.over.wait()


def answers(code, body, **headers):
    return lambda h: h.answer(code, body, **headers)


def streams(*pieces, then=None):
    def act(h):
        h.stream(*pieces)
        if then:
            then(h)
        else:
            h.server.fake.over.wait()
    return act


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # tests break connections on purpose


class Server6(Server):
    address_family = socket.AF_INET6


class Fake:
    """The fake server; it uses TLS if @pem names a file with a certificate and its key."""

    def __init__(self, *script, host="127.0.0.1", pem=None):
        self.script = list(script)
        self.lock = threading.Lock()
        self.seen = queue.Queue()
        self.over = threading.Event()
        self.server = (Server6 if ":" in host else Server)((host, 0), Handler)
        self.server.fake = self
        self.port = self.server.server_address[1]
        self.url = f"http{'s' if pem else ''}://{f'[{host}]' if ':' in host else host}:{self.port}"
        if pem:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pem)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def request(self, timeout=10):
        """Wait for the next request; returns its path."""
        return self.seen.get(timeout=timeout)[0]

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
