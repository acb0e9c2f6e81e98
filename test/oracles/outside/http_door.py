"""HTTP/1.1 as HTTP.SYS speaks it, with Negotiate (NTLM through GSSAPI) and sealed bodies (MS-WSMV 2.2.9.1)."""

import base64
import re
import socket
import struct
import time
from email.utils import formatdate

import gssapi

NTLM = gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10")
PROTOCOL = "application/HTTP-SPNEGO-session-encrypted"
SEALED = 'multipart/encrypted;protocol="%s";boundary="Encrypted Boundary"' % PROTOCOL
SIGNATURE = 16
MAX_BODY = 4 * 1024 * 1024


class Faults:
    """How a host misbehaves: close after each answer with a body, seconds before each answer (slow), chunked bodies, bytes
    a write (dribble), requests after which a logon is forgotten, a tarpit that takes requests and never answers, and
    answers that are cut off midway by a reset, once: { action: number of its answer, from 1 }."""

    def __init__(self, close=False, slow=0.0, chunked=False, dribble=0, forget=0, tarpit=False, cut=None):
        self.close = close
        self.slow = slow
        self.chunked = chunked
        self.dribble = dribble
        self.forget = forget
        self.tarpit = tarpit
        self.cut = dict(cut or {})

    def cuts(self, action):
        left = self.cut.get(action, 0)
        self.cut[action] = left - 1
        return left == 1


class Request:
    def __init__(self, headers, body):
        self.headers = headers
        self.body = body


class Door:
    """One connection: its requests come one after another, and share one security context."""

    def __init__(self, host, connection):
        self.host = host
        self.connection = connection
        self.file = connection.makefile("rb")
        self.context = None
        self.answers = 0

    def read(self):
        line = self.file.readline(8192)
        if not line:
            raise EOFError
        method, path, version = line.decode("ascii").split()
        headers = {}
        while True:
            line = self.file.readline(65536)
            if line in (b"\r\n", b""):
                break
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        if length > MAX_BODY:
            raise EOFError
        body = self.file.read(length)
        if len(body) < length:
            raise EOFError
        headers[":method"], headers[":path"] = method, path
        return Request(headers, body)

    def answer(self, status, headers=(), body=b"", close=False, action=None):
        faults = self.host.faults
        # HTTP.SYS leaves the reason of a 200 empty.
        reason = {200: "", 400: "Bad Request", 401: "", 404: "Not Found", 405: "", 500: "", 503: "Service Unavailable"}[status]
        lines = [f"HTTP/1.1 {status} {reason}"]
        lines += [f"{name}: {value}" for name, value in headers]
        lines += ["Server: Microsoft-HTTPAPI/2.0", f"Date: {formatdate(usegmt=True)}"]
        close = close or (faults.close and body != b"")
        if close:
            lines.append("Connection: close")
        if faults.chunked and body:
            lines.append("Transfer-Encoding: chunked")
            body = chunks(body, self.host.random)
        else:
            lines.append(f"Content-Length: {len(body)}")
        data = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
        if faults.slow:
            time.sleep(faults.slow)
        if action is not None and faults.cuts(action):
            self.host.log("cut", action=action)
            self.connection.sendall(data[: len(data) // 2])
            raise ConnectionResetError
        step = faults.dribble or len(data)
        for start in range(0, len(data), step):
            self.connection.sendall(data[start : start + step])
        if close:
            self.connection.shutdown(socket.SHUT_WR)
            raise EOFError

    def authenticate(self, token):
        """True when the logon is complete; otherwise the answer was sent."""
        if self.context is None or self.context.complete:
            credentials = gssapi.Credentials(usage="accept", mechs=[NTLM])
            self.context = gssapi.SecurityContext(creds=credentials, usage="accept")
        try:
            reply = self.context.step(token)
        except gssapi.exceptions.GSSError as error:
            self.host.log("denied", reason=str(error).splitlines()[0])
            self.context = None
            self.answer(401, OFFERS, close=True)
        if self.context.complete:
            self.host.log("logon", user=str(self.context.initiator_name))
            return True
        self.answer(401, [("WWW-Authenticate", "Negotiate " + base64.b64encode(reply).decode())])
        return False

    def unseal(self, body):
        length = int(re.search(rb"OriginalContent: *type=[^;]+;charset=[^;]+;Length=(\d+)", body).group(1))
        mark = b"Content-Type: application/octet-stream\r\n"
        start = body.index(mark) + len(mark)
        (signature,) = struct.unpack_from("<I", body, start)
        token = body[start + 4 : start + 4 + signature + length]
        if signature != SIGNATURE or body[start + 4 + signature + length :].strip() != b"--Encrypted Boundary--":
            raise ValueError("malformed multipart/encrypted")
        opened = self.context.unwrap(token)
        if not opened.encrypted or len(opened.message) != length:
            raise ValueError("not sealed")
        return opened.message

    def seal(self, plain):
        token = self.context.wrap(plain, True).message
        head = (
            "--Encrypted Boundary\r\n"
            f"\tContent-Type: {PROTOCOL}\r\n"
            f"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={len(plain)}\r\n"
            "--Encrypted Boundary\r\n"
            "\tContent-Type: application/octet-stream\r\n"
        ).encode()
        return head + struct.pack("<I", SIGNATURE) + token + b"--Encrypted Boundary--\r\n"


# What a domain member offers, in the order of its providers.
OFFERS = [("WWW-Authenticate", "Kerberos"), ("WWW-Authenticate", "Negotiate")]


def chunks(body, random):
    out = b""
    while body:
        size = random.randint(1, 4000)
        part, body = body[:size], body[size:]
        out += b"%x\r\n" % len(part) + part + b"\r\n"
    return out + b"0\r\n\r\n"


def serve_connection(host, connection):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    host.log("connect")
    door = Door(host, connection)
    while True:
        serve_request(host, door, door.read())


def serve_request(host, door, request):
    if host.faults.tarpit:
        time.sleep(3600)
    if time.time() < host.busy_until:
        host.log("busy")
        door.answer(503, [("Content-Type", "text/html; charset=us-ascii")], b"<h2>Service Unavailable</h2>", close=True)
    if request.headers[":path"] != "/wsman":
        return door.answer(404)
    if request.headers[":method"] != "POST":
        return door.answer(405)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        if scheme.lower() != "negotiate":
            return door.answer(401, OFFERS)
        if not door.authenticate(base64.b64decode(token)):
            return None
        if not request.body:
            return door.answer(200, [("WWW-Authenticate", "Negotiate")])
    if door.context is None or not door.context.complete:
        return door.answer(401, OFFERS)
    if host.faults.forget and door.answers >= host.faults.forget:
        # The service restarted under an open connection: http.sys still has it, nobody knows who is on it.
        door.context, door.answers = None, 0
        host.log("forgot")
        return door.answer(401, OFFERS)
    door.answers += 1
    if not request.headers.get("content-type", "").startswith("multipart/encrypted"):
        host.log("in-clear")
        return door.answer(500)
    try:
        plain = door.unseal(request.body)
    except (AttributeError, ValueError, gssapi.exceptions.GSSError) as error:
        host.log("not-opened", reason=str(error))
        return door.answer(400, close=True)
    status, envelope, action = host.service.handle(plain)
    door.answer(status, [("Content-Type", SEALED)], door.seal(envelope), action=action)
    return None
