# SPDX-License-Identifier: Apache-2.0
"""What tests of searches on GPUs share: simulated ones where ATNAS_CUDA_SIM names the libraries, else real ones."""

import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import h5py
import numpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "app"))

from cli import AS_ROOT, program  # noqa: E402
from tiny_search import SearchTest  # noqa: E402

SIMULATED = os.environ.get("ATNAS_CUDA_SIM", "")
LIBRARIES = ":".join(filter(None, (SIMULATED, os.environ.get("LD_LIBRARY_PATH"))))  # the simulated ones first


def real_devices():
    """As the program counts them: those that it can use."""
    said = subprocess.run([program(), "devices"], capture_output=True, text=True, env=dict(os.environ, **AS_ROOT)).stdout
    return len(re.findall(r"^GPU .*, usable$", said, re.M)), said.strip()


DEVICES, SAID = (4, "") if SIMULATED else real_devices()
needs_simulation = unittest.skipUnless(SIMULATED, "only where faults can be put in")


def setUpModule():
    if DEVICES == 0:
        print("skipped: %s" % SAID)
        sys.exit(77)


def equal(a, b):
    """Of two data sets; individuals that nobody has judged yet have NaN for fitness."""
    return numpy.array_equal(a[()], b[()], equal_nan=a.dtype.kind == "f")


class GpuTest(SearchTest):
    def on_gpu(self, place, *words, ranks=1, done=True, timeout=180, **environment):
        """A search with backend cuda in a folder of its own; variables of its environment as keywords, which the shell of each rank expands."""
        if ranks > DEVICES:
            self.skipTest("%d ranks need as many GPUs, here is %d" % (ranks, DEVICES))
        if not (self.folder / place / "deck.ini").exists():
            self.write(place + "/deck.ini", self.deck())
        settings = {key: str(value) for key, value in environment.items()}
        if SIMULATED:
            settings = {"LD_LIBRARY_PATH": LIBRARIES, "ATNAS_SIM_DEVICES": str(DEVICES), "ATNAS_SIM_NCCL_ABORT": "collective", **settings}
        wrapper = ["sh", "-c", "%s exec \"$@\"" % " ".join('%s="%s"' % pair for pair in settings.items()), "sh"]
        top, self.folder = self.folder, self.folder / place
        try:
            backend = [] if any(word.startswith("--runtime.backend") for word in words) else ["--runtime.backend=cuda"]
            outcome = self.run_program("search", "deck.ini", *backend, *words, ranks=ranks, timeout=timeout,
                                       wrapper=wrapper)
        finally:
            self.folder = top
        if done:
            self.assert_done(outcome)
        return outcome

    def newest(self, place):
        return self.folder / place / "run" / "latest.h5"

    def smooth_deck(self, head="proto", learner="fomaml"):
        """Small steps of SGD: those of Adam follow the sign of a gradient also where it is nothing but rounding."""
        return self.deck(head, learner, "sgd").replace("optimizer = sgd", "optimizer = sgd\nrate = 0.01").replace(
            "checkpoint_every = 4", "checkpoint_every = 2")

    def assert_trajectory(self, a, b):
        """
        The same individuals, and weights that differ by rounding beside the way from iteration 2 to the newest.

        Rounding may put a value near the bend of a ReLU on its other side, or another value before its neighbours in a
        maximum. A gradient then differs by that value's part in it: by up to 1.4 % of that way in 18 runs by two
        backends of the processor. One task more or fewer in a batch is a third of the way and more.
        """
        with h5py.File(a) as x, h5py.File(b) as y, h5py.File(b.with_name("checkpoint-00000002.h5")) as before:
            for name in ("genotypes", "parents", "fitness"):
                self.assertTrue(equal(x["islands"][name], y["islands"][name]), name)
            left, right, start = (file["weights/values"][:].astype(float) for file in (x, y, before))
            self.assertLess(numpy.linalg.norm(left - right), 0.05 * numpy.linalg.norm(right - start))

    def assert_same_bits(self, a, b):
        """Of all that is a result; the decks may differ."""
        with h5py.File(a) as x, h5py.File(b) as y:
            self.assertTrue(equal(x["weights/values"], y["weights/values"]), "weights")
            for group in ("islands", "optimizer"):
                for name in x[group]:
                    if isinstance(x[group][name], h5py.Dataset):
                        self.assertTrue(equal(x[group][name], y[group][name]), name)
