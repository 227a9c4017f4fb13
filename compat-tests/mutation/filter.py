#!/usr/bin/env python3
"""Runs an event listener and changes what it hears: filter.py [[text, text]] COMMAND [ARGUMENT ...]"""

import json
import os
import subprocess
import sys

rules = json.loads(sys.argv[1])
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE)
while True:
    data = os.read(0, 65536)
    if not data:
        break
    for old, new in rules:
        data = data.replace(old.encode(), new.encode())
    os.write(child.stdin.fileno(), data)
