"""The shared corpus of real configuration files, where it is at hand; the repository's own cases do not depend on it."""

import os
import subprocess

from harness import Skip, candidate_only

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def _check(side, variants):
    shared = os.environ.get("SUPERVISOR_SHARED") or os.path.join(os.path.dirname(_ROOT), "shared")
    tool = os.path.join(shared, "corpus", "check.py")
    if not os.path.exists(tool):
        raise Skip("the corpus is not here (SUPERVISOR_SHARED)")
    done = subprocess.run(["python3", tool, "--jobs", "2", *variants,
                           "--candidate", side.supervisord + " -c {conf} --dump-config={mode}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout.decode()[-3000:]


@candidate_only
def every_file_means_the_same(side):
    _check(side, [])
