"""A short soak, so that the program that plays the long one is itself played."""

import os
import subprocess
import sys

from reliability.base import HERE, Skip, is_ours, trial

SECTION = "Soak, in short"


@trial(SECTION, "random operations against a model, checked after every step", 10, 60, "seconds")
def soak(side, seconds):
    if not is_ours(side):
        raise Skip("the model knows what is better on purpose")
    done = subprocess.run([sys.executable, os.path.join(HERE, "soak.py"), "--candidate", os.path.dirname(side.supervisord), "--seconds", str(seconds),
                           "--seed", "7"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds + 200)
    text = done.stdout.decode("utf-8", "replace").strip()
    assert done.returncode == 0, text[-2000:]
    return text.splitlines()[-1]
