"""Runs a command. Prints its wall time, peak memory and output as JSON. Usage: run_measured.py COMMAND ARGUMENT…"""

import json
import resource
import subprocess
import sys
import time

started = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
seconds = time.monotonic() - started
peak = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"status": done.returncode, "seconds": seconds, "peakBytes": peak, "output": done.stdout}))
