"""An HTTP server that authenticates by Kerberos through MIT's GSSAPI, opens each sealed body and echoes it sealed.

Messages are opened and sealed as Windows does it: by IOV, a header and the data, no trailer. It runs with KRB5_CONFIG
and KRB5_KTNAME of its realm. SCHEMES (default "Kerberos,Negotiate") is what it offers; LATE (seconds) is how long it
waits before it looks at a ticket; TLS_CERTIFICATE and TLS_KEY (PEM files) make it https, where nothing is sealed, and
CHANNEL_BINDING (hex of the application data) is what clients must have bound their logon to. Prints its port on the first line and ends when its input closes.
"""

import base64
import os
import sys
import time

# No bytecode beside the sources.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ntlm"))

import gssapi
from acceptor import Acceptor, join_sealed, serve, split_sealed
from gssapi.raw import IOV, IOVBufferType, unwrap_iov, wrap_iov

SCHEMES = os.environ.get("SCHEMES", "Kerberos,Negotiate").split(",")
LATE = float(os.environ.get("LATE", "0"))
BINDING = bytes.fromhex(os.environ.get("CHANNEL_BINDING", ""))
MECHANISMS = {
    "Kerberos": gssapi.MechType.kerberos,
    "Negotiate": gssapi.OID.from_int_seq("1.3.6.1.5.5.2"),
}
PROTOCOLS = {
    "Kerberos": b"application/HTTP-Kerberos-session-encrypted",
    "Negotiate": b"application/HTTP-SPNEGO-session-encrypted",
}


class KerberosAcceptor(Acceptor):
    def setup(self):
        super().setup()
        self.scheme = None
        self.last_token = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        credentials = self.headers.get("Authorization")
        if credentials is not None:
            if self.authenticate(credentials, body):
                self.answer(200)
        elif self.context is None or not self.context.complete:
            self.offer()
        else:
            self.exchange(body)

    def exchange(self, body):
        if "TLS_CERTIFICATE" in os.environ:
            self.answer(200, {"Content-Type": "application/soap+xml;charset=UTF-8"}, b"echo:" + body)
            return
        header, data = split_sealed(body)
        protocol = PROTOCOLS[self.scheme]
        if protocol not in body[:200]:
            self.answer(400)
            return
        sealed = IOV((IOVBufferType.header, False, header), (IOVBufferType.data, False, data), std_layout=False)
        try:
            if not unwrap_iov(self.context, sealed).encrypted:
                raise ValueError("not sealed")
        except (gssapi.exceptions.GSSError, ValueError):
            self.answer(400)
            return
        plain = b"echo:" + (sealed[1].value or b"")
        reply = IOV(IOVBufferType.header, (IOVBufferType.data, False, plain), IOVBufferType.padding, std_layout=False)
        wrap_iov(self.context, reply, True, None)
        token = reply[1].value + (reply[2].value or b"")
        framed = join_sealed(reply[0].value, token, len(plain), protocol)
        kind = 'multipart/encrypted;protocol="%s";boundary="Encrypted Boundary"' % protocol.decode()
        self.answer(200, {"Content-Type": kind}, framed)

    def authenticate(self, credentials, body):
        """Whether the handshake is complete; its last token goes with the next answer."""
        scheme, _, token = credentials.partition(" ")
        if scheme not in SCHEMES:
            self.offer()
            return False
        if self.context is None or self.context.complete:
            self.scheme = scheme
            server = gssapi.Credentials(usage="accept", mechs=[MECHANISMS[scheme]])
            binding = gssapi.raw.ChannelBindings(application_data=BINDING) if BINDING else None
            self.context = gssapi.SecurityContext(creds=server, usage="accept", channel_bindings=binding)
        time.sleep(LATE)
        try:
            self.last_token = self.context.step(base64.b64decode(token))
            # A refusal that has a token is raised only here.
            is_complete = self.context.complete
        except gssapi.exceptions.GSSError:
            self.context = None
            self.offer()
            return False
        if not is_complete:
            self.answer(401)
        return is_complete

    def offer(self):
        self.answer(401, {} if self.last_token else {"WWW-Authenticate": ", ".join(SCHEMES)})

    def answer(self, status, headers=None, body=b""):
        token, self.last_token = self.last_token, None
        proof = {"WWW-Authenticate": self.scheme + " " + base64.b64encode(token).decode()} if token else {}
        super().answer(status, {**proof, **(headers or {})}, body)


serve(KerberosAcceptor)
