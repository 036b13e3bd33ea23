# SPDX-License-Identifier: Apache-2.0
"""Running the program under test and looking at what it says. ATNAS_BIN names the program."""

import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

DONE, FAILED, BAD_DECK, RESTART_REFUSED, BAD_DATA, STOPPED = 0, 1, 2, 3, 4, 75

# For Open MPI.
AS_ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}

# What people must never see, whatever is wrong.
TRACES = ("terminate called", "Process received signal", "HDF5-DIAG", "Traceback", "core dumped", "precondition",
          "Segmentation", "AddressSanitizer", "runtime error")


def program():
    path = os.environ.get("ATNAS_BIN", "")
    if not os.access(path, os.X_OK):
        sys.exit("ATNAS_BIN must name the atnas program, it is '%s'" % path)
    return os.path.abspath(path)


class Outcome:
    """Exit code and output of one run."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err
        self.errors = [line for line in err.splitlines() if line.startswith("error: ")]

    def __str__(self):
        return "code %s\n--- stdout\n%s--- stderr\n%s" % (self.code, self.out, self.err)


def in_ci():
    """In continuous integration no test may be skipped for what the machine lacks."""
    return bool(os.environ.get("CI"))


class ProgramTest(unittest.TestCase):
    """A temporary working folder and the program."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atnas-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_program(self, *words, ranks=1, timeout=60, launcher=(), wrapper=()):
        """Runs it with the words in the temporary folder; a hang is a failure. launcher: what runs everything, wrapper:
        what each rank runs the program by."""
        command = [*wrapper, program(), *map(str, words)]
        if ranks > 1 or wrapper:
            command = [os.environ.get("ATNAS_MPIEXEC", "mpirun"), "-n", str(ranks), "--oversubscribe", *command]
        command = [*launcher, *command]
        env = dict(os.environ, **AS_ROOT, OMP_NUM_THREADS="1")
        process = subprocess.Popen(command, cwd=self.folder, env=env, text=True, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            out, err = process.communicate()
            self.fail("it hangs: %s\n%s\n%s" % (" ".join(command), out, err))
        return Outcome(process.returncode, out, err)

    def small_disk(self, kib):
        """A launcher that runs a command while ./disk is a file system of kib KiB, seen by that command alone; what
        is on it at the end is listed in disk.txt and copied to ./saved. Where the system does not let us mount the test is skipped,
        or fails in continuous integration."""
        (self.folder / "disk").mkdir(exist_ok=True)
        script = ('mount -t tmpfs -o size=%dk none disk || exit 99; "$@"; code=$?; ls -A disk > disk.txt; rm -rf saved; cp -a disk saved; exit $code' % kib)
        for unshare in (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]):
            launcher = [*unshare, "sh", "-c", script, "sh"]
            try:
                if subprocess.run([*launcher, "true"], cwd=self.folder, capture_output=True).returncode == 0:
                    return launcher
            except OSError:
                break
        reason = "no right to mount a small file system here"
        return self.fail(reason) if in_ci() else self.skipTest(reason)

    def file_size_limit(self, kib):
        """A wrapper for ranks whose files may have kib KiB at most. They talk over TCP: shared memory is a file, too."""
        return ["env", "OMPI_MCA_btl=self,tcp", "sh", "-c", 'ulimit -f %d; exec "$@"' % (2 * kib), "sh"]

    def on_small_disk(self):
        return (self.folder / "disk.txt").read_text().split()

    def assert_done(self, outcome):
        self.assertEqual(outcome.code, DONE, outcome)
        self.assertEqual(outcome.errors, [], outcome)

    def assert_refused(self, outcome, code, *problems):
        """Ends with the code and exactly one line per problem; a problem is the words that its line must contain."""
        self.assertEqual(outcome.code, code, outcome)
        self.assertEqual(len(outcome.errors), len(problems), outcome)
        for words in problems:
            words = (words,) if isinstance(words, str) else words
            found = [line for line in outcome.errors if all(word in line for word in words)]
            self.assertEqual(len(found), 1, "%s in %s" % (words, outcome))
        for trace in TRACES:
            self.assertNotIn(trace, outcome.err + outcome.out, outcome)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text)
        return path

    def names(self, folder="."):
        """Everything below a folder, for 'nothing was left behind'."""
        top = self.folder / folder
        return sorted(str(path.relative_to(top)) for path in top.rglob("*"))


def png(width, height, value):
    """A PNG; value(x, y) is 0 ... 255, or red, green and blue in a tuple."""
    pixels = [[value(x, y) for x in range(width)] for y in range(height)]
    coloured = isinstance(pixels[0][0], tuple)
    rows = b"".join(b"\0" + bytes(sum(row, ()) if coloured else row) for row in pixels)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2 if coloured else 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def image_tree(folder, groups=3, classes=4, images=5, size=14, paint=int):
    """groups x classes x images PNGs, each class with bars at a place of its own. paint(grey) is a pixel, see png()."""
    for g in range(groups):
        for c in range(classes):
            place = Path(folder) / ("group%d" % g) / ("class%d" % c)
            place.mkdir(parents=True)
            for i in range(images):
                (place / ("image%d.png" % i)).write_bytes(
                    png(size, size, lambda x, y: paint(255 * ((x + i + y * c + g) % 4 > 0))))


def deck_value(text, section, key):
    """The value of a key in INI text, None when it is not there."""
    found = re.search(r"^\[%s\]$(?:(?!^\[).)*?^%s =[ ]?([^\n]*)$" % (re.escape(section), re.escape(key)), text, re.M | re.S)
    return found.group(1) if found else None
