"""Small C programs of the bench, built when first needed."""

import atexit
import os
import shutil
import subprocess
import tempfile

from .registry import Missing

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_built = {}


def build(name):
    """Path of the program made from bench/native/NAME.c."""
    if name not in _built:
        if not shutil.which("cc"):
            raise Missing("cc")
        folder = tempfile.mkdtemp(prefix="bench-cc-")
        atexit.register(shutil.rmtree, folder, True)
        target = os.path.join(folder, name)
        subprocess.run(["cc", "-O2", "-o", target, os.path.join(HERE, "native", name + ".c")], check=True)
        _built[name] = target
    return _built[name]
