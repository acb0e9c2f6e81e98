"""The shell verbs of WS-Management (MS-WSMV 3.1.4), from Create to Delete, with the faults that Windows gives."""

import base64
import re
import threading
import time
import uuid
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

from powershell import PowerShell

NAMESPACES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "x": "http://schemas.xmlsoap.org/ws/2004/09/transfer",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "rsp": "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
    "p": "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd",
    "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
}
UNDERSTOOD = {
    "Action", "To", "MessageID", "ReplyTo", "ResourceURI", "MaxEnvelopeSize", "OperationTimeout", "Locale", "DataLocale",
    "SessionId", "SelectorSet", "OptionSet", "OperationID", "SequenceId",
}  # fmt: skip
SHELL = NAMESPACES["rsp"]
TRANSFER = NAMESPACES["x"]
ANONYMOUS = NAMESPACES["a"] + "/role/anonymous"
POWERSHELL = "http://schemas.microsoft.com/powershell/Microsoft.PowerShell"
MAX_ENVELOPE = 512_000
MAX_COMMANDS = 1000
ODD_PREFIXES = {"s": "env", "a": "ns0", "x": "tr", "w": "man", "rsp": "_sh", "p": "ms", "f": "flt"}


class WsmanFault(Exception):
    def __init__(self, code, subcode, text, sender=True, detail=""):
        super().__init__(text)
        self.code, self.subcode, self.text, self.sender, self.detail = code, subcode, text, sender, detail


def timed_out():
    text = "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.  "
    return WsmanFault(2150858793, "w:TimedOut", text, sender=False)


def unknown_shell():
    text = "The WS-Management service cannot process the request because the request contained invalid selectors for the resource. "
    return WsmanFault(2150858843, "w:InvalidSelectors", text)


def aborted():
    text = "The I/O operation has been aborted because of either a thread exit or an application request. "
    return WsmanFault(995, "w:InternalError", text, sender=False)


def invalid(text):
    return WsmanFault(87, "w:InvalidParameter", text)


class Message:
    """A request, taken apart; refuses what Windows would refuse."""

    def __init__(self, plain):
        if len(plain) > MAX_ENVELOPE:
            detail = NAMESPACES["w"][:-4] + "/faultDetail/MaxEnvelopeSize"
            raise WsmanFault(2150858790, "w:EncodingLimit", "The request exceeds the maximum envelope size. ", detail=detail)
        try:
            root = ET.fromstring(plain.decode("utf-8"))
        except (ET.ParseError, UnicodeDecodeError) as error:
            raise WsmanFault(2150858752, "w:SchemaValidationError", f"{error}. ") from error
        self.header = root.find(tag("s", "Header"))
        self.body = root.find(tag("s", "Body"))
        self.id = self.text("a", "MessageID")
        for element in self.header:
            name = element.tag.partition("}")[2]
            if element.get(tag("s", "mustUnderstand")) in ("true", "1") and name not in UNDERSTOOD:
                raise WsmanFault(2150858767, "s:MustUnderstand", f"The header {name} was not understood. ")
        self.action = self.text("a", "Action")
        self.resource = self.text("w", "ResourceURI")
        if not re.fullmatch(r"uuid:[0-9A-Fa-f-]{36}", self.id) or not self.text("a", "To").startswith("http"):
            raise invalid("Bad addressing headers. ")
        if self.header.find(f"{tag('a', 'ReplyTo')}/{tag('a', 'Address')}").text.strip() != ANONYMOUS:
            raise invalid("Bad ReplyTo. ")
        self.max_envelope = int(self.text("w", "MaxEnvelopeSize"))
        if self.max_envelope < 8192:
            raise invalid("MaxEnvelopeSize is too small. ")
        timeout = re.fullmatch(r"PT(?:(\d+)M)?(?:([\d.]+)S)?", self.text("w", "OperationTimeout"))
        self.timeout = min(60.0, int(timeout.group(1) or 0) * 60 + float(timeout.group(2) or 0))
        self.selectors = self.named("SelectorSet", "Selector")
        self.options = self.named("OptionSet", "Option")

    def text(self, prefix, name):
        found = self.header.find(tag(prefix, name))
        if found is None or found.text is None:
            raise invalid(f"The header {name} is missing. ")
        return found.text.strip()

    def named(self, group, item):
        found = self.header.find(tag("w", group))
        return {} if found is None else {it.get("Name"): (it.text or "").strip() for it in found.iter(tag("w", item))}


def tag(prefix, name):
    return "{%s}%s" % (NAMESPACES[prefix], name)


class Shell:
    def __init__(self, shell_id, powershell):
        self.id = shell_id
        self.powershell = powershell
        self.started = 0
        self.answers = {}
        self.asked = {}


class WsmanService:
    def __init__(self, host):
        self.host = host
        self.shells = {}
        self.seen = set()
        self.lock = threading.Lock()

    def kill_all(self):
        with self.lock:
            shells, self.shells = list(self.shells.values()), {}
        for shell in shells:
            shell.powershell.kill()

    def handle(self, plain):
        """The HTTP status and the envelope that answer a request, and what was asked for."""
        related = None
        verb = None
        try:
            message = Message(plain)
            related = message.id
            verb = message.action.rpartition("/")[2]
            self.host.log("request", action=verb, id=related)
            return 200, self.perform(verb, message), verb
        except WsmanFault as fault:
            self.host.log("fault", code=fault.code)
            return 500, self.fault(fault, related), verb

    def perform(self, verb, message):
        known = {
            TRANSFER + "/Create": self.create,
            SHELL + "/Command": self.command,
            SHELL + "/Send": self.send,
            SHELL + "/Receive": self.receive,
            SHELL + "/Signal": self.signal,
            TRANSFER + "/Delete": self.delete,
        }
        if message.action not in known:
            raise WsmanFault(2150858817, "a:ActionNotSupported", "The action is not supported. ")
        if message.resource != POWERSHELL:
            raise WsmanFault(2150858811, "a:DestinationUnreachable", "The resource URI is unknown. ")
        if message.action != SHELL + "/Receive":
            # Carrying out one of these twice would do something twice; no client may ask for it.
            if message.id in self.seen:
                self.host.log("repeated", action=verb, id=message.id)
            self.seen.add(message.id)
        body = known[message.action](message)
        action = message.action + "Response"
        return self.envelope(action, message.id, body)

    def shell_of(self, message):
        with self.lock:
            shell = self.shells.get(message.selectors.get("ShellId", "").upper())
        if shell is None:
            raise unknown_shell()
        return shell

    # Verbs

    def create(self, message):
        element = message.body.find(tag("rsp", "Shell"))
        creation = element.find("{http://schemas.microsoft.com/powershell}creationXml")
        if message.options.get("protocolversion") not in ("2.1", "2.2", "2.3"):
            raise invalid("protocolversion is missing. ")
        shell_id = (element.get("ShellId") or str(uuid.uuid4())).upper()
        with self.lock:
            if len(self.shells) >= self.host.max_shells:
                raise quota(self.host.max_shells)
            if shell_id in self.shells:
                raise WsmanFault(183, "w:AlreadyExists", "The shell exists already. ")
            powershell = PowerShell(self.host)
            self.shells[shell_id] = Shell(shell_id, powershell)
        powershell.open(base64.b64decode(creation.text, validate=True))
        idle = element.find(tag("rsp", "IdleTimeOut"))
        inner = "".join(
            f"<rsp:{name}>{value}</rsp:{name}>"
            for name, value in [
                ("ShellId", shell_id), ("ResourceUri", POWERSHELL), ("Owner", "CORP\\ops"), ("ClientIP", "127.0.0.1"),
                ("ProcessId", powershell.pid), ("IdleTimeOut", "PT7200.000S" if idle is None else escape(idle.text)),
                ("InputStreams", "stdin pr"), ("OutputStreams", "stdout"), ("MaxIdleTimeOut", "PT2147483.647S"),
                ("Locale", "de-DE"), ("DataLocale", "de-DE"), ("CompressionMode", "NoCompression"), ("ProfileLoaded", "Yes"),
                ("Encoding", "UTF8"), ("BufferMode", "Block"), ("State", "Connected"), ("ShellRunTime", "P0DT0H0M0S"),
                ("ShellInactivity", "P0DT0H0M0S"),
            ]
        )  # fmt: skip
        return (
            f"<x:ResourceCreated><a:Address>http://{self.host.name}:5985/wsman</a:Address><a:ReferenceParameters>"
            f"<w:ResourceURI>{POWERSHELL}</w:ResourceURI><w:SelectorSet><w:Selector Name=\"ShellId\">{shell_id}</w:Selector>"
            f"</w:SelectorSet></a:ReferenceParameters></x:ResourceCreated><rsp:Shell>{inner}</rsp:Shell>"
        )

    def command(self, message):
        shell = self.shell_of(message)
        element = message.body.find(tag("rsp", "CommandLine"))
        command_id = (element.get("CommandId") or str(uuid.uuid4())).upper()
        shell.started += 1
        if len(shell.powershell.commands) >= MAX_COMMANDS:
            raise WsmanFault(2150859174, "w:QuotaLimit", "Too many concurrent operations. ")
        data = base64.b64decode("".join(it.text or "" for it in element.iter(tag("rsp", "Arguments"))), validate=True)
        shell.powershell.command(command_id, data)
        return f"<rsp:CommandResponse><rsp:CommandId>{command_id}</rsp:CommandId></rsp:CommandResponse>"

    def send(self, message):
        shell = self.shell_of(message)
        for stream in message.body.iter(tag("rsp", "Stream")):
            if stream.get("Name") not in ("stdin", "pr"):
                raise invalid("No such stream. ")
            shell.powershell.send(
                stream.get("Name"), (stream.get("CommandId") or "").upper(), base64.b64decode(stream.text or "", validate=True)
            )
        return "<rsp:SendResponse></rsp:SendResponse>"

    def receive(self, message):
        shell = self.shell_of(message)
        # A client that lost the answer asks again under the same MessageID, perhaps before there is one.
        with shell.asked.setdefault(message.id, threading.Lock()):
            kept = shell.answers.get(message.id)
            if kept is not None:
                self.host.log("kept", id=message.id)
                return kept
            answer = shell.answers[message.id] = self.wait_for_output(shell, message)
            return answer

    def wait_for_output(self, shell, message):
        desired = message.body.find(f"{tag('rsp', 'Receive')}/{tag('rsp', 'DesiredStream')}")
        if (desired.text or "").strip() != "stdout":
            raise invalid("No such stream. ")
        command_id = (desired.get("CommandId") or "").upper()
        queue = shell.powershell.queue(command_id)
        if queue is None:
            raise unknown_shell()
        budget = (min(message.max_envelope, MAX_ENVELOPE) - 3000) * 3 // 4
        taken = queue.take(time.monotonic() + message.timeout, budget)
        if taken is None:
            raise aborted()
        fragments, is_done = taken
        if not fragments and not is_done:
            raise timed_out()
        of = f' CommandId="{command_id}"' if command_id else ""
        body = "".join(f'<rsp:Stream Name="stdout"{of}>{base64.b64encode(it).decode()}</rsp:Stream>' for it in fragments)
        if command_id and is_done:
            body += f'<rsp:Stream Name="stdout"{of} End="true"></rsp:Stream>'
            body += f'<rsp:CommandState{of} State="{SHELL}/CommandState/Done"><rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState>'
        elif command_id and self.host.random.random() < 0.5:
            body += f'<rsp:CommandState{of} State="{SHELL}/CommandState/Running"></rsp:CommandState>'
        return f"<rsp:ReceiveResponse>{body}</rsp:ReceiveResponse>"

    def signal(self, message):
        shell = self.shell_of(message)
        element = message.body.find(tag("rsp", "Signal"))
        command_id = (element.get("CommandId") or "").upper()
        code = element.find(tag("rsp", "Code")).text.strip()
        if shell.powershell.queue(command_id) is None:
            raise unknown_shell()
        self.host.log("signal", code=code)
        if code == "powershell/signal/crtl_c":
            shell.powershell.stop(command_id)
        else:
            shell.powershell.terminate(command_id)
        return "<rsp:SignalResponse></rsp:SignalResponse>"

    def delete(self, message):
        shell = self.shell_of(message)
        with self.lock:
            self.shells.pop(shell.id, None)
        left = len(shell.powershell.commands)
        shell.powershell.kill()
        self.host.log("deleted", commands=shell.started, left=left)
        return ""

    # Envelopes

    def envelope(self, action, related, body):
        head = (
            f"<a:Action>{action}</a:Action><a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>"
            f"<p:ActivityId>{str(uuid.uuid4()).upper()}</p:ActivityId><a:To>{ANONYMOUS}</a:To>"
            + (f"<a:RelatesTo>{related}</a:RelatesTo>" if related else "")
        )
        spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items() if prefix != "f")
        text = f'<s:Envelope xml:lang="en-US" {spaces}><s:Header>{head}</s:Header><s:Body>{body}</s:Body></s:Envelope>'
        return (self.odd(text) if self.host.dialect == "odd" else text).encode()

    def odd(self, text):
        """The same document from a writer with other habits."""
        for prefix, other in ODD_PREFIXES.items():
            text = re.sub(rf"(</?){prefix}:", rf"\1{other}:", text)
            text = text.replace(f"xmlns:{prefix}=", f"xmlns:{other}=").replace(f">{prefix}:", f">{other}:")
        text = text.replace("><", ">\n  <")
        return '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<!-- b > a -->\n' + text

    def fault(self, fault, related):
        detail = f"<w:FaultDetail>{fault.detail}</w:FaultDetail>" if fault.detail else ""
        text = escape(fault.text)
        wsman = (
            f'<f:WSManFault xmlns:f="{NAMESPACES["f"]}" Code="{fault.code}" Machine="{self.host.name}">'
            f"<f:Message>{text}</f:Message></f:WSManFault>"
        )
        if fault.code == 2150858843:
            provider = f'<f:ProviderFault provider="Shell provider" path="%systemroot%\\system32\\WsmSvc.dll">{wsman}</f:ProviderFault>'
            wsman = wsman.replace(f"<f:Message>{text}</f:Message>", f"<f:Message>{provider}</f:Message>")
        if fault.code == 2150859173:
            wsman = (
                '<p:MSFT_WmiError b:IsCIM_Error="true" xmlns:b="http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd" '
                'xmlns:p="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError">'
                f"<p:CIMStatusCode>27</p:CIMStatusCode><p:Message>{text}</p:Message><p:MessageID>HRESULT 0x803381a5</p:MessageID>"
                f"<p:error_Category>30</p:error_Category><p:error_Code>{fault.code}</p:error_Code>"
                "<p:error_Type>HRESULT</p:error_Type></p:MSFT_WmiError>"
            )
        body = (
            f"<s:Fault><s:Code><s:Value>{'s:Sender' if fault.sender else 's:Receiver'}</s:Value>"
            f"<s:Subcode><s:Value>{fault.subcode}</s:Value></s:Subcode></s:Code>"
            f'<s:Reason><s:Text xml:lang="en-US">{text}</s:Text></s:Reason><s:Detail>{detail}{wsman}</s:Detail></s:Fault>'
        )
        return self.envelope("http://schemas.dmtf.org/wbem/wsman/1/wsman/fault", related, body)


def quota(limit):
    text = f"This user is allowed a maximum number of {limit} concurrent shells, which has been exceeded. "
    return WsmanFault(2150859173, "w:QuotaLimit", text)
