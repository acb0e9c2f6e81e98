"""One host: a port, a state that outlives its PowerShells, and a power switch.

Settings of a host: name, port (0: any), state (JSON file), log (NDJSON file, written by the stand-ins too), downtime
and starting (seconds that a reboot refuses connections, then answers 503), faults (see http_door.Faults), shells
(quota), dialect (how its XML looks: windows, default, odd).
"""

import json
import os
import random
import socket
import struct
import threading
import time
from datetime import datetime, timezone

from http_door import Faults, serve_connection
from wsman import WsmanService


def text_of(moment):
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class OutsideHost:
    def __init__(self, host, settings):
        self.name = host["name"]
        self.port = host.get("port", 0)
        self.pwsh = settings["pwsh"]
        self.modules = settings["modules"]
        self.state_file = host["state"]
        self.log_file = host["log"]
        self.downtime = host.get("downtime", 1.0)
        self.starting = host.get("starting", 0.5)
        self.faults = Faults(**host.get("faults", {}))
        self.max_shells = host.get("shells", 30)
        self.dialect = host.get("dialect", "windows")
        self.random = random.Random(host.get("seed", self.name))
        self.busy_until = 0.0
        self.stopping = False
        self.lock = threading.RLock()
        self.sockets = set()
        self.listener = None
        self.service = WsmanService(self)

    def log(self, event, **details):
        line = json.dumps({"at": text_of(time.time()), "host": self.name, "event": event, **details})
        with open(self.log_file, "ab", buffering=0) as file:
            file.write(line.encode() + b"\n")

    def start(self):
        self.listen()
        threading.Thread(target=self.watch, daemon=True).start()

    def stop(self):
        self.stopping = True
        self.close_door()
        self.service.kill_all()

    def listen(self):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self.listener = listener
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self.lock:
                self.sockets.add(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            serve_connection(self, connection)
        except (OSError, EOFError):
            pass
        finally:
            with self.lock:
                self.sockets.discard(connection)
            connection.close()

    def close_door(self):
        """Nobody gets in, and those inside are cut off by a reset, as by a machine that goes down."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            for connection in self.sockets:
                reset(connection)
            self.sockets.clear()

    # Power

    def watch(self):
        while not self.stopping:
            time.sleep(0.1)
            state = self.read_state()
            shutdown = state.get("shutdown")
            if shutdown is not None and time.time() >= shutdown["due"]:
                self.reboot(state)

    def read_state(self):
        with open(self.state_file, encoding="utf-8") as file:
            return json.load(file)

    def write_state(self, state):
        draft = self.state_file + ".server"
        with open(draft, "w", encoding="utf-8") as file:
            json.dump(state, file, indent=1)
        os.replace(draft, self.state_file)

    def reboot(self, state):
        self.log("reboot", comment=state["shutdown"]["comment"])
        self.close_door()
        self.service.kill_all()
        # What a PowerShell wrote in its last moment counts.
        state = self.read_state()
        time.sleep(self.downtime)
        now = time.time()
        state["shutdown"] = None
        # LastBootUpTime has whole seconds for us, and two boots must never look alike.
        state["bootTime"] = text_of(max(now, state["bootEpoch"] + 1))
        state["bootEpoch"] = max(now, state["bootEpoch"] + 1)
        prefetch = state["registry"].get(state["bootIdKey"])
        if prefetch is not None:
            prefetch["BootId"] += 1
        settle(state)
        state["events"].append({"log": "System", "provider": "EventLog", "id": 6005, "at": state["bootTime"], "values": []})
        # Services are not all there when WinRM is.
        state["servicesReadyAt"] = now + 1.0
        self.write_state(state)
        self.busy_until = time.time() + self.starting
        self.listen()
        self.log("started", bootTime=state["bootTime"])


def settle(state):
    """What servicing finishes during shutdown and start."""
    after = {"DisablePending": "Disabled", "EnablePending": "Enabled"}
    for name, found in (state.get("optionalFeatures") or {}).items():
        state["optionalFeatures"][name] = after.get(found, found)
    roles = {"UninstallPending": "Available", "InstallPending": "Installed"}
    for name, found in (state.get("windowsFeatures") or {}).items():
        state["windowsFeatures"][name] = roles.get(found, found)
    pending = "component based servicing\\rebootpending"
    for key in [key for key in state["registry"] if key.lower().endswith(pending)]:
        del state["registry"][key]
    if (state.get("optionalFeatures") or {}).get("SMB1Protocol") == "Disabled":
        for key in [key for key in state["registry"] if key.lower().endswith("\\services\\mrxsmb10")]:
            del state["registry"][key]
    parameters = state["registry"].get(r"HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters", {})
    if state.get("smbServer") and "SMB1" in parameters:
        state["smbServer"]["EnableSMB1Protocol"] = parameters["SMB1"] != 0


def reset(connection):
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)
        connection.close()
    except OSError:
        pass
