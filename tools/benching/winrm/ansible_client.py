"""Runs a command and prints its wall time and the CPU time of it and all its children as JSON."""

import json
import resource
import subprocess
import sys
import time

start = time.perf_counter()
ended = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
wall = (time.perf_counter() - start) * 1000
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = (usage.ru_utime + usage.ru_stime) * 1000
print(json.dumps({"wallMs": wall, "cpuMs": cpu, "code": ended.returncode, "said": ended.stdout.decode(errors="replace")}))
