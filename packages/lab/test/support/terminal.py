"""Runs a command in a pseudo-terminal and acts once it has printed a word; prints JSON with all output and the exit status.

usage: terminal.py '{"command": [...], "after": "%", "key": "\\u0003" or "signal": 15}'
"""
import json
import os
import pty
import select
import sys

task = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(task["command"][0], task["command"])

output, has_acted = b"", False
while True:
    select.select([terminal], [], [], 60)
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # the command has ended
        break
    if not chunk:
        break
    output += chunk
    if not has_acted and task["after"].encode() in output:
        has_acted = True
        if "key" in task:
            os.write(terminal, task["key"].encode())
        else:
            os.kill(pid, task["signal"])
_, status = os.waitpid(pid, 0)
signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
print(json.dumps({"output": output.decode(errors="replace"), "code": code, "signal": signal}))
