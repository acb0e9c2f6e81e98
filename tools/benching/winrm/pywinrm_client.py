"""Does jobs with Debian's pywinrm and measures itself: one JSON job a line in, one JSON report a line out."""

import gc
import json
import resource
import sys
import time

import winrm

SETTINGS = json.loads(sys.argv[1])


def new_session(port, sealed=True):
    return winrm.Session(
        "http://127.0.0.1:%d/wsman" % port,
        auth=(SETTINGS["user"], SETTINGS["password"]),
        transport="ntlm" if sealed else "plaintext",
        message_encryption="always" if sealed else "never",
    )


def cold(job):
    return timed(job["count"], lambda: new_session(job["port"]).run_ps(SETTINGS["think"]))


def warm(job):
    session = new_session(job["port"])
    check(session.run_ps(SETTINGS["think"]))
    return timed(job["count"], lambda: session.run_ps(SETTINGS["think"]))


def timed(count, act):
    walls = []
    cpu = cpu_ms()
    for _ in range(count):
        start = time.perf_counter()
        check(act())
        walls.append((time.perf_counter() - start) * 1000)
    return {"wallMs": walls, "cpuMs": cpu_ms() - cpu}


def download(job):
    session = new_session(job["port"], job["sealed"])
    check(session.run_cmd("Write-Download", ["1"]))
    results = []

    def run():
        results.append(session.run_cmd("Write-Download", [str(job["megabytes"])]))
        return results[-1]

    report = timed(1, run)
    if len(results[0].std_out) < job["megabytes"] * 0.99e6:
        raise RuntimeError("%d bytes" % len(results[0].std_out))
    return report


def idle(job):
    sessions = []
    before = 0
    for port in job["ports"]:
        sessions.append(new_session(port))
        check(sessions[-1].run_ps(SETTINGS["think"]))
        if len(sessions) == 1:
            before = resident_bytes()
    return {"wallMs": [], "cpuMs": cpu_ms(), "residentBytes": {"before": before, "after": resident_bytes(), "needed": resident_bytes()}}


def check(result):
    if result.status_code != 0:
        raise RuntimeError(result.std_err)


def resident_bytes():
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


def cpu_ms():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1000


JOBS = {"cold": cold, "warm": warm, "download": download, "idle": idle}

for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(JOBS[asked["kind"]](asked)), flush=True)
