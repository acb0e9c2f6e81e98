"""Drives Debian's pywinrm: one JSON object with calls on standard input, one with results on standard output."""

import base64
import json
import sys

import winrm


def outcome(out, err, code):
    encode = lambda data: base64.b64encode(data).decode()
    return {"stdout": encode(out), "stderr": encode(err), "code": code}


def in_one_shell(protocol, call):
    shell = protocol.open_shell(
        working_directory=call.get("workingDirectory"),
        env_vars=call.get("environment"),
        idle_timeout=call.get("idleTimeout"),
        codepage=65001,
    )
    results = []
    for command, *arguments in call["shell"]:
        running = protocol.run_command(shell, command, arguments)
        results.append(outcome(*protocol.get_command_output(shell, running)))
        protocol.cleanup_command(shell, running)
    protocol.close_shell(shell)
    return results


def perform(session, call):
    if "cmd" in call:
        command, *arguments = call["cmd"]
        result = session.run_cmd(command, arguments)
    elif "ps" in call:
        result = session.run_ps(call["ps"])
    else:
        return in_one_shell(session.protocol, call)
    return outcome(result.std_out, result.std_err, result.status_code)


def main():
    asked = json.load(sys.stdin)
    session = winrm.Session(
        asked["target"],
        auth=(asked["user"], asked["password"]),
        transport="ntlm",
        message_encryption="always",
        operation_timeout_sec=asked.get("operationTimeout", 20),
        read_timeout_sec=60,
    )
    results = []
    for call in asked["calls"]:
        try:
            results.append(perform(session, call))
        except Exception as error:
            results.append({"error": type(error).__name__, "message": str(error)})
    json.dump(results, sys.stdout)


main()
