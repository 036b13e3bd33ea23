"""jobs/gpu_check/run.sh with stand-ins for what it calls."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "jobs" / "gpu_check" / "run.sh"
TOOLS = ("nvidia-smi", "nvcc", "cmake", "ctest", "mpirun")


class GpuCheckTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atnas-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_script(self, **tools):
        """tools: what each says and its exit code. The program itself is a stand-in, too, in a copy of the tree's frame."""
        root = self.folder / "tree"
        (root / "jobs/gpu_check").mkdir(parents=True, exist_ok=True)
        (root / "jobs/gpu_check/run.sh").write_bytes(SCRIPT.read_bytes())
        (root / "build/release/bin").mkdir(parents=True, exist_ok=True)
        (root / "bin").mkdir(exist_ok=True)
        for name in (*TOOLS, "atnas"):
            said, code = tools.get(name.replace("-", "_"), (name + " was called", 0))
            path = root / ("build/release/bin" if name == "atnas" else "bin") / name
            path.write_text("#!/bin/sh\necho '%s' \"$@\"\nexit %d\n" % (said, code))
            path.chmod(0o755)
        done = subprocess.run(["bash", root / "jobs/gpu_check/run.sh", self.folder / "report.txt"], capture_output=True, text=True, timeout=60,
                              env=dict(os.environ, PATH="%s:%s" % (root / "bin", os.environ["PATH"])))
        report = self.folder / "report.txt"
        return done, report.read_text() if report.exists() else ""

    def test_without_a_gpu_it_says_so(self):
        done, report = self.run_script(nvidia_smi=("no devices were found", 9))
        self.assertEqual(done.returncode, 77)
        self.assertIn("no GPU here (no devices were found", done.stderr)
        self.assertEqual(report, "")

    def test_one_gpu(self):
        done, report = self.run_script()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertTrue(report.rstrip().endswith("VERDICT: passed on 1 GPU(s), nothing between GPUs was tried"), report)
        self.assertIn("ctest was called --test-dir build/release -L gpu", report)
        self.assertIn("atnas was called bench --backend=cuda", report)

    def test_what_fails_is_named(self):
        for tool, step in (("cmake", "configure"), ("ctest", "tests"), ("atnas", "gpu"), ("mpirun", "search")):
            done, report = self.run_script(**{tool: ("broken", 3)})
            self.assertEqual(done.returncode, 1, report)
            self.assertIn("VERDICT: FAILED", report.splitlines()[-1])
            self.assertIn(step, report.splitlines()[-1])

    def test_skipped_tests_prove_nothing(self):
        done, report = self.run_script(ctest=("1/2 Test #7: gpu.search ...***Skipped", 0))
        self.assertEqual(done.returncode, 1)
        self.assertIn("tests were skipped", report.splitlines()[-1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
