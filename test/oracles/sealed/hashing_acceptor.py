"""The NTLM acceptor of ../ntlm, with answers that prove what it opened: a count, two hashes and bytes of its own.

An answer is: u32 LE number of the message since the logon, SHA-256 of the message, SHA-256 of the payload, payload.
The payload's length is the client's wish, the u32 LE behind which its own payload begins.
"""

import hashlib
import os
import struct
import sys

# No bytecode beside the sources.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ntlm"))

from acceptor import Acceptor, serve


class HashingAcceptor(Acceptor):
    def setup(self):
        super().setup()
        self.counted_context = None
        self.count = 0

    def answer_to(self, message):
        if self.counted_context is not self.context:
            self.counted_context = self.context
            self.count = 0
        self.count += 1
        wanted = struct.unpack_from("<I", message)[0] if len(message) >= 4 else 0
        payload = os.urandom(wanted)
        digests = hashlib.sha256(message).digest() + hashlib.sha256(payload).digest()
        return struct.pack("<I", self.count) + digests + payload


serve(HashingAcceptor)
