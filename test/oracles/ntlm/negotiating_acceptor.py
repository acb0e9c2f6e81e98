"""The NTLM acceptor in a negotiation (SPNEGO) or without one, over TLS or not, bound to its certificate or not.

Environment, beside NTLM_USER_FILE: MECHANISM (spnego or ntlm); TLS_CERTIFICATE and TLS_KEY (PEM files) for https;
CHANNEL_BINDING (hex of the application data) for what clients must have bound their logon to.
"""

import base64
import os
import sys

# No bytecode beside the sources.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import gssapi
from acceptor import NTLM, Acceptor, serve

SPNEGO = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
MECHANISM = SPNEGO if os.environ["MECHANISM"] == "spnego" else NTLM
BINDING = bytes.fromhex(os.environ.get("CHANNEL_BINDING", ""))
TLS_CERTIFICATE = os.environ.get("TLS_CERTIFICATE")


class NegotiatingAcceptor(Acceptor):
    def setup(self):
        super().setup()
        self.last_token = None

    def authenticate(self, credentials, body):
        """Whether the handshake is complete; its last token goes with the next answer."""
        if self.context is None or self.context.complete:
            server = gssapi.Credentials(usage="accept", mechs=[MECHANISM])
            binding = gssapi.raw.ChannelBindings(application_data=BINDING) if BINDING else None
            self.context = gssapi.SecurityContext(creds=server, usage="accept", channel_bindings=binding)
        try:
            self.last_token = self.context.step(base64.b64decode(credentials.split(" ", 1)[1]))
            # A refusal that has a token is raised only here.
            is_complete = self.context.complete
        except gssapi.exceptions.GSSError:
            self.context = None
            self.answer(401, {} if self.last_token else {"WWW-Authenticate": "Negotiate"})
            return False
        if not is_complete:
            self.answer(401)
        return is_complete

    def do_POST(self):
        if TLS_CERTIFICATE is None or self.headers.get("Authorization") is not None:
            super().do_POST()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.context is None or not self.context.complete:
            self.answer(401, {"WWW-Authenticate": "Negotiate"})
            return
        self.answer(200, {"Content-Type": "application/soap+xml;charset=UTF-8"}, self.answer_to(body))

    def answer(self, status, headers=None, body=b""):
        token, self.last_token = self.last_token, None
        proof = {"WWW-Authenticate": "Negotiate " + base64.b64encode(token).decode()} if token else {}
        super().answer(status, {**proof, **(headers or {})}, body)


serve(NegotiatingAcceptor)
