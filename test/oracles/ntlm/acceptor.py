"""An HTTP server that authenticates by NTLM through GSSAPI (gss-ntlmssp), opens each sealed body and echoes it sealed.

Started with NTLM_USER_FILE in its environment; prints its port on the first line and ends when its input closes.
"""

import base64
import os
import re
import ssl
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import gssapi

NTLM = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")
BOUNDARY = b"--Encrypted Boundary"
PROTOCOL = b"application/HTTP-SPNEGO-session-encrypted"
SIGNATURE_BYTES = 16


def split_sealed(body):
    """The signature and the ciphertext, by the announced lengths."""
    length = int(re.search(rb"Length=(\d+)\r\n", body).group(1))
    start = body.index(b"application/octet-stream\r\n") + len(b"application/octet-stream\r\n")
    (header_bytes,) = struct.unpack_from("<I", body, start)
    token = body[start + 4 :]
    if token[header_bytes + length :] != BOUNDARY + b"--\r\n":
        raise ValueError("the closing boundary is not where the length says")
    return token[:header_bytes], token[header_bytes : header_bytes + length]


def join_sealed(signature, ciphertext, plain_bytes, protocol=PROTOCOL):
    head = b"\r\n".join(
        [
            BOUNDARY,
            b"\tContent-Type: " + protocol,
            b"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d" % plain_bytes,
            BOUNDARY,
            b"\tContent-Type: application/octet-stream",
            b"",
        ]
    )
    return head + struct.pack("<I", len(signature)) + signature + ciphertext + BOUNDARY + b"--\r\n"


class Acceptor(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are written apart; else each answer would wait for the client's delayed acknowledgement.
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.context = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        credentials = self.headers.get("Authorization")
        if credentials is not None:
            if not self.authenticate(credentials, body):
                return
            if not body:
                self.answer(200)
                return
        elif self.context is None or not self.context.complete:
            self.answer(401, {"WWW-Authenticate": "Negotiate"})
            return
        try:
            signature, ciphertext = split_sealed(body)
            opened = self.context.unwrap(signature + ciphertext)
        except (gssapi.exceptions.GSSError, ValueError, AttributeError) as error:
            print(error, file=sys.stderr)
            self.answer(400)
            return
        if not opened.encrypted:
            self.answer(400)
            return
        plain = self.answer_to(opened.message)
        sealed = self.context.wrap(plain, True).message
        framed = join_sealed(sealed[:SIGNATURE_BYTES], sealed[SIGNATURE_BYTES:], len(plain))
        kind = 'multipart/encrypted;protocol="%s";boundary="Encrypted Boundary"' % PROTOCOL.decode()
        self.answer(200, {"Content-Type": kind}, framed)

    def answer_to(self, message):
        """The plain text that answers a message; never empty, since gss-ntlmssp opens empty messages but seals none."""
        return b"echo:" + message

    def authenticate(self, credentials, body):
        """Whether the handshake is complete; otherwise the answer was sent."""
        if self.context is None or self.context.complete:
            server = gssapi.Credentials(usage="accept", mechs=[NTLM])
            self.context = gssapi.SecurityContext(creds=server, usage="accept")
        try:
            token = self.context.step(base64.b64decode(credentials.split(" ", 1)[1]))
        except gssapi.exceptions.GSSError:
            self.context = None
            self.answer(401, {"WWW-Authenticate": "Negotiate"})
            return False
        if self.context.complete:
            return True
        self.answer(401, {"WWW-Authenticate": "Negotiate " + base64.b64encode(token).decode()})
        return False

    def answer(self, status, headers=None, body=b""):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


def inside_tls(listener):
    """The listening socket inside TLS, where TLS_CERTIFICATE and TLS_KEY name PEM files."""
    certificate = os.environ.get("TLS_CERTIFICATE")
    if certificate is None:
        return listener
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, os.environ["TLS_KEY"])
    return context.wrap_socket(listener, server_side=True)


def serve(handler):
    """Serves until the input closes."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = inside_tls(server.socket)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    serve(Acceptor)
