"""A `pwsh -s` behind one shell: its packets (MS-PSRP over the standard streams), and the output that waits for Receive."""

import base64
import os
import re
import struct
import subprocess
import threading
import time
import uuid

POOL = "00000000-0000-0000-0000-000000000000"
OPENED = 2
RUNSPACE_POOL_STATE = 0x00021005
CREATE_PIPELINE = 0x00021006
PIPELINE_STATE = 0x00041006
LARGEST_FRAGMENT = 30_000


class Queue:
    """What one pipeline (or the pool) has said and nobody has fetched yet."""

    def __init__(self, random, one_at_a_time):
        self.random = random
        self.one_at_a_time = one_at_a_time
        self.changed = threading.Condition()
        self.fragments = []
        self.is_final = False
        self.is_gone = False

    def put(self, fragments, is_final):
        with self.changed:
            self.fragments += fragments
            self.is_final = self.is_final or is_final
            self.changed.notify_all()

    def end(self):
        with self.changed:
            self.is_gone = True
            self.changed.notify_all()

    def take(self, deadline, budget):
        """Fragments within the budget and whether they are the last; nothing at the deadline; None once it is gone."""
        with self.changed:
            while not self.fragments and not self.is_final:
                left = deadline - time.monotonic()
                if self.is_gone:
                    return None
                if left <= 0:
                    return [], False
                self.changed.wait(left)
            count = len(self.fragments)
            if self.one_at_a_time:
                count = min(1, count)
            elif count > 1 and self.random.random() < 0.5:
                count = self.random.randint(1, count)
            taken = []
            while len(taken) < count and sum(map(len, taken)) + len(self.fragments[0]) < budget:
                taken.append(self.fragments.pop(0))
            is_done = self.is_final and not self.fragments and (not taken or self.random.random() < 0.5)
            return taken, is_done


class Assembler:
    """Objects out of fragments (MS-PSRP 2.2.4), and fragments of another size out of objects."""

    def __init__(self):
        self.rest = b""
        self.blob = b""

    def objects(self, data):
        self.rest += data
        while len(self.rest) >= 21:
            object_id, _, flags, length = struct.unpack_from(">QQBI", self.rest)
            if len(self.rest) < 21 + length:
                return
            self.blob = (b"" if flags & 1 else self.blob) + self.rest[21 : 21 + length]
            self.rest = self.rest[21 + length :]
            if flags & 2:
                yield object_id, self.blob


def cut(object_id, blob, size):
    parts = [blob[start : start + size] for start in range(0, len(blob), size)]
    last = len(parts) - 1
    return [
        struct.pack(">QQBI", object_id, number, (number == 0) | (number == last) << 1, len(part)) + part
        for number, part in enumerate(parts)
    ]


class PowerShell:
    def __init__(self, host):
        self.host = host
        self.commands = {}
        self.pool = Queue(host.random, one_at_a_time=True)
        self.assemblers = {}
        self.ready = threading.Event()
        self.acks = {}
        self.sending = threading.Lock()
        self.preload_id = str(uuid.uuid4()).upper()
        self.runspace_id = b""
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": os.environ.get("HOME", "/"),
            "LANG": "C.UTF-8",
            "PSModulePath": host.modules,
            "OUTSIDE_STATE": host.state_file,
            "OUTSIDE_LOG": host.log_file,
            "OUTSIDE_HOST": host.name,
            "TZ": "Europe/Berlin",
            "DOTNET_TieredPGO": "0",
        }
        self.process = subprocess.Popen(
            [host.pwsh, "-NoLogo", "-NoProfile", "-s"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.pid = self.process.pid

    def open(self, creation):
        # The message header of the first fragment names the pool.
        self.runspace_id = creation[21 + 8 : 21 + 24]
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.prepare, args=(creation,), daemon=True).start()

    def prepare(self, creation):
        self.data(POOL, "Default", creation)

    def queue(self, command_id):
        return self.commands.get(command_id) if command_id else self.pool

    def command(self, command_id, data):
        if not self.ready.wait(60):
            raise OSError("PowerShell did not come up")
        self.commands[command_id] = Queue(self.host.random, one_at_a_time=False)
        self.packet("Command", command_id)
        self.data(command_id, "Default", data)

    def send(self, stream, command_id, data):
        self.data(command_id or POOL, "PromptResponse" if stream == "pr" else "Default", data)

    def stop(self, command_id):
        self.packet("Signal", command_id)

    def terminate(self, command_id):
        self.packet("Close", command_id)
        queue = self.commands.pop(command_id, None)
        if queue is not None:
            queue.end()

    def kill(self):
        self.process.kill()
        self.process.wait()
        for queue in [self.pool, *list(self.commands.values())]:
            queue.end()

    # Packets

    def data(self, command_id, stream, data):
        text = base64.b64encode(data).decode()
        line = f"<Data Stream='{stream}' PSGuid='{command_id.lower()}'>{text}</Data>\n"
        self.write("DataAck", command_id, line)

    def packet(self, name, command_id):
        self.write(name + "Ack", command_id, f"<{name} PSGuid='{command_id.lower()}' />\n")

    def write(self, ack, command_id, line):
        """One packet, and its acknowledgement before the next: lines are handled by a pool of threads."""
        with self.sending:
            done = self.acks[(ack, command_id)] = threading.Event()
            try:
                self.process.stdin.write(line.encode())
                self.process.stdin.flush()
            except OSError:
                return
            done.wait(30)

    def read(self):
        packet = re.compile(rb"<(\w+)\s[^>]*?PSGuid='([0-9a-fA-F-]+)'[^>]*?(?:/>|>([^<]*)</)")
        for line in self.process.stdout:
            found = packet.search(line)
            if found is None:
                continue
            name, command_id, text = found.group(1).decode(), found.group(2).decode().upper(), found.group(3)
            if name == "Data":
                self.take(command_id, base64.b64decode(text))
            elif (name, command_id) in self.acks:
                self.acks[(name, command_id)].set()
        for queue in [self.pool, *list(self.commands.values())]:
            queue.end()

    def take(self, command_id, data):
        for object_id, blob in self.assemblers.setdefault(command_id, Assembler()).objects(data):
            (kind,) = struct.unpack_from("<I", blob, 4)
            state = re.search(rb'<I32 N="(?:Pipeline|Runspace)State">(\d+)</I32>', blob)
            if command_id == self.preload_id:
                if kind == PIPELINE_STATE and int(state.group(1)) >= 3:
                    if int(state.group(1)) != 4:
                        self.host.log("stand-ins-failed", reason=blob[40:2000].decode("utf-8", "replace"))
                    threading.Thread(target=self.preloaded, daemon=True).start()
                continue
            if kind == RUNSPACE_POOL_STATE and int(state.group(1)) == OPENED:
                threading.Thread(target=self.preload, daemon=True).start()
            queue = self.queue("" if command_id == POOL else command_id)
            if queue is None:
                continue
            whole = queue is self.pool or self.host.random.random() < 0.4
            size = LARGEST_FRAGMENT if whole else self.host.random.randint(60, 2500)
            is_final = kind == PIPELINE_STATE and int(state.group(1)) >= 3
            queue.put(cut(object_id, blob, size), is_final)

    # Stand-ins

    def preload(self):
        module = os.path.join(self.host.modules, "OutsideWindows", "OutsideWindows.psd1")
        script = f"Import-Module -Name '{module}' -Global -DisableNameChecking -ErrorAction Stop"
        blob = struct.pack("<II", 2, CREATE_PIPELINE) + self.runspace_id + uuid.UUID(self.preload_id).bytes_le
        blob += create_pipeline(script).encode()
        self.packet("Command", self.preload_id)
        # Object identifiers of ours are far above those of the client.
        for fragment in cut(1 << 40, blob, LARGEST_FRAGMENT):
            self.data(self.preload_id, "Default", fragment)

    def preloaded(self):
        self.packet("Close", self.preload_id)
        self.ready.set()


def create_pipeline(script):
    """The body of a CREATE_PIPELINE message (MS-PSRP 2.2.2.10) with one script."""
    counter = iter(range(1, 1000))

    def enumeration(name, kind, text, value):
        return (
            f'<Obj N="{name}" RefId="{next(counter)}"><TN RefId="{next(counter)}"><T>{kind}</T><T>System.Enum</T>'
            f"<T>System.ValueType</T><T>System.Object</T></TN><ToString>{text}</ToString><I32>{value}</I32></Obj>"
        )

    runspaces = "System.Management.Automation.Runspaces"
    merges = "".join(
        enumeration(name, f"{runspaces}.PipelineResultTypes", "None", 0)
        for name in ["MergeMyResult", "MergeToResult", "MergePreviousResults", "MergeError", "MergeWarning", "MergeVerbose",
                     "MergeDebug", "MergeInformation"]
    )  # fmt: skip
    escaped = script.replace("&", "&amp;").replace("<", "&lt;")
    command = (
        f'<Obj RefId="{next(counter)}"><MS><S N="Cmd">{escaped}</S><B N="IsScript">true</B><Nil N="UseLocalScope" />{merges}'
        f'<Obj N="Args" RefId="{next(counter)}"><LST /></Obj></MS></Obj>'
    )
    host = "".join(f'<B N="{name}">true</B>' for name in ["_isHostNull", "_isHostUINull", "_isHostRawUINull", "_useRunspaceHost"])
    return (
        f'<Obj RefId="0"><MS><B N="NoInput">true</B>'
        f'{enumeration("ApartmentState", "System.Threading.ApartmentState", "Unknown", 2)}'
        f'{enumeration("RemoteStreamOptions", "System.Management.Automation.RemoteStreamOptions", "0", 0)}'
        f'<B N="AddToHistory">false</B><Obj N="HostInfo" RefId="{next(counter)}"><MS>{host}</MS></Obj>'
        f'<Obj N="PowerShell" RefId="{next(counter)}"><MS><B N="IsNested">false</B><Nil N="ExtraCmds" />'
        f'<Obj N="Cmds" RefId="{next(counter)}"><LST>{command}</LST></Obj><Nil N="History" />'
        f'<B N="RedirectShellErrorOutputPipe">false</B></MS></Obj><B N="IsNested">false</B></MS></Obj>'
    )
