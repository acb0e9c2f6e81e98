"""Windows hosts as an outsider imagines them: WinRM over plain HTTP with NTLM sealing, and a real PowerShell behind it.

Shares no code with the project: the protocol is written from MS-WSMV, MS-PSRP and recordings of real hosts, NTLM is
gss-ntlmssp's. Started with a JSON file (see outside_host.py for the fields of a host) and NTLM_USER_FILE; prints one
line of JSON, { name: port }, and ends when its input closes.
"""

import json
import os
import signal
import sys

from outside_host import OutsideHost


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open(sys.argv[1], encoding="utf-8") as file:
        settings = json.load(file)
    hosts = [OutsideHost(host, settings) for host in settings["hosts"]]
    for host in hosts:
        host.start()
    print(json.dumps({host.name: host.port for host in hosts}), flush=True)
    sys.stdin.read()
    for host in hosts:
        host.stop()
    os._exit(0)


if __name__ == "__main__":
    main()
