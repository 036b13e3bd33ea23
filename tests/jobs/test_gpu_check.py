# SPDX-License-Identifier: Apache-2.0
"""jobs/gpu_check/run.sh with stand-ins for what it calls."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

JOBS = Path(__file__).resolve().parents[2] / "jobs"
TOOLS = ("nvidia-smi", "nvcc", "cmake", "ctest", "mpirun", "compute-sanitizer", "id")
# What a stand-in does when called as `NAME WORDS`, unless a test says otherwise.
DEVICES = "GPU 0: NVIDIA H100, 0000:17:00.0, 79.1 GiB, usable"
TWO = DEVICES + "\nGPU 1: NVIDIA H100, 0000:2A:00.0, 79.1 GiB, usable"
# Of an environment in which Open MPI 4 refuses to work, or does not start anything.
REFUSALS = """
env | grep -E '^(SLURM_|PMIX_|PMI_)' && { echo 'not enough slots'; exit 1; }
[ "$OMPI_ALLOW_RUN_AS_ROOT$OMPI_ALLOW_RUN_AS_ROOT_CONFIRM" = 11 ] || { echo 'refuses root'; exit 1; }
[ "$OMPI_MCA_rmaps_base_oversubscribe" = 1 ] || { echo 'not enough slots'; exit 1; }
[ "$OMPI_MCA_hwloc_base_binding_policy" = none ] || { echo 'binds'; exit 1; }
[ "$CUDA_VISIBLE_DEVICES" = 3,5 ] || { echo 'hides other GPUs'; exit 1; }
"""


def says(text, code=0):
    return "cat <<'END'\n%s\nEND\nexit %d\n" % (text, code)


class GpuCheckTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atnas-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_script(self, devices=DEVICES, without=(), environment=None, files=("nvidiactl",), **tools):
        """tools: what each does, in shell; those without are not there. The program is a stand-in, too, in a copy of the
        tree's frame, whose device files are these."""
        root = self.folder / "tree"
        shutil.rmtree(root, ignore_errors=True)
        for folder in ("jobs/gpu_check", "build/release/bin", "build/release/Testing/Temporary", "bin", "dev"):
            (root / folder).mkdir(parents=True)
        for name in ("gpu_check/run.sh", "mpi.sh"):
            shutil.copy(JOBS / name, root / "jobs" / name)
        for name in files:
            (root / "dev" / name).touch()
        tools = {"atnas": '[ "$1" != devices ] || { cat <<"END"\n%s\nEND\nexit; }' % devices, "id": "echo 1000; exit", **tools}
        for name in (*TOOLS, "atnas"):
            if name not in without:
                path = root / ("build/release/bin" if name == "atnas" else "bin") / name
                path.write_text("#!/bin/bash\n%s\necho '%s was called' \"$@\"\n" % (tools.get(name.replace("-", "_"), ""), name))
                path.chmod(0o755)
        report = self.folder / "report.txt"
        report.unlink(missing_ok=True)
        own = {name: value for name, value in os.environ.items() if not name.startswith(("OMPI_", "PRTE_", "SLURM_", "PMI", "MPIRUN"))}
        done = subprocess.run(["bash", root / "jobs/gpu_check/run.sh", report], capture_output=True, text=True, timeout=60,
                              env=dict(own, **(environment or {}), DEVICE_FILES=str(root / "dev"),
                                       PATH="%s:/usr/bin:/bin" % (root / "bin")))
        return done, report.read_text() if report.exists() else ""

    def assert_passed(self, done, report, verdict):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(report.splitlines()[-1], "VERDICT: passed on " + verdict)

    def test_without_a_gpu_nothing_is_built(self):
        done, report = self.run_script(nvidia_smi=says("no devices were found", 9), files=())
        self.assertEqual(done.returncode, 77)
        self.assertIn("nvidia-smi: no devices were found", done.stderr)
        self.assertEqual(report, "")

    def test_any_sign_of_a_gpu_is_looked_into(self):
        for files, tool in (((), ""), (("dxg",), "exit 9"), (("nvidiactl",), "exit 9")):
            done, report = self.run_script(files=files, nvidia_smi=tool)
            self.assert_passed(done, report, "1 GPU(s), nothing between GPUs was tried")

    def test_the_program_decides_what_can_be_used(self):
        for devices in ("no GPU: CUDA driver version is insufficient", "GPU 0: NVIDIA V100, 0000:17:00.0, 16.0 GiB, not usable: it is too old"):
            done, report = self.run_script(devices=devices)
            self.assertEqual(done.returncode, 77, report)
            self.assertIn("VERDICT: skipped", report.splitlines()[-1])
            self.assertIn(devices, report.splitlines()[-1])
            self.assertNotIn("ctest was called", report)

    def test_one_gpu(self):
        done, report = self.run_script(without=["nvidia-smi", "nvcc"])
        self.assert_passed(done, report, "1 GPU(s), nothing between GPUs was tried")
        self.assertIn("ctest was called --test-dir build/release -L gpu", report)
        for words in ("--seconds=3 --json=build/gpu_check.json", "--seconds=3 --cuda.tf32=true", "--seconds=3 --cuda.deterministic=false"):
            self.assertIn("atnas was called bench --backend=cuda " + words, report)
        self.assertIn("mpirun was called -n 1 build/release/bin/atnas search", report)

    def test_two_gpus(self):
        done, report = self.run_script(devices=TWO)
        self.assert_passed(done, report, "2 GPU(s)")
        for command in ("bench --backend=cuda", "search inputs/quickstart.ini"):
            self.assertIn("mpirun was called -n 2 build/release/bin/atnas " + command, report)

    def test_as_root_in_a_step_of_slurm(self):
        step = {"SLURM_NTASKS": "1", "SLURM_STEP_NUM_TASKS": "1", "PMIX_RANK": "0", "PMI_RANK": "0", "CUDA_VISIBLE_DEVICES": "3,5"}
        done, report = self.run_script(devices=TWO, environment=step, id="echo 0; exit", mpirun=REFUSALS)
        self.assert_passed(done, report, "2 GPU(s)")
        done, report = self.run_script(devices=TWO, environment=step, mpirun=REFUSALS)
        self.assertIn("refuses root", report, "the stand-in must be able to refuse")

    def test_what_fails_is_named(self):
        for tool, step in (("cmake", "configure"), ("ctest", "tests"), ("mpirun", "search"), ("compute-sanitizer", "racecheck")):
            done, report = self.run_script(**{tool.replace("-", "_"): "exit 3"})
            self.assertEqual(done.returncode, 1, report)
            self.assertIn("VERDICT: FAILED", report.splitlines()[-1])
            self.assertIn(step, report.splitlines()[-1])
        done, report = self.run_script(atnas='[ "$1" = devices ] && { echo "%s"; exit; }; exit 3' % DEVICES)
        self.assertIn("gpu, TF32", report.splitlines()[-1])

    def test_skipped_tests_prove_nothing(self):
        done, report = self.run_script(ctest=says("1/2 Test #7: gpu.search ...***Skipped 0.1 sec"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("gpu.search was skipped", report.splitlines()[-1])

    def test_tests_between_more_gpus_than_there_are_may_be_skipped(self):
        skipped = ["%d/9 Test  #%d: gpu.nccl.n%d ......***Skipped   0.10 sec" % (n, n, n) for n in (2, 3)]
        self.assert_passed(*self.run_script(ctest=says("\n".join(skipped))), "1 GPU(s), nothing between GPUs was tried")
        self.assert_passed(*self.run_script(devices=TWO, ctest=says(skipped[1])), "2 GPU(s)")
        done, report = self.run_script(devices=TWO, ctest=says("\n".join(skipped)))
        self.assertEqual(report.splitlines()[-1], "VERDICT: FAILED: gpu.nccl.n2 was skipped; ")

    def test_kernels_under_the_checkers(self):
        done, report = self.run_script()
        for tool in ("memcheck", "racecheck", "initcheck", "synccheck"):
            self.assertIn("compute-sanitizer was called --tool %s --error-exitcode 9 --kernel-regex kns=_ZN5atnas build/release/bin/test_cuda_backend" % tool, report)
        done, report = self.run_script(without=["compute-sanitizer"])
        self.assert_passed(done, report, "1 GPU(s), nothing between GPUs was tried")
        self.assertIn("note: compute-sanitizer is not installed", report)

    def test_assumptions_are_collected(self):
        log = "ASSUMPTION cuBLAS takes no memory: holds\nnot an ASSUMPTION\nASSUMPTION deterministic maxima: DOES NOT HOLD"
        done, report = self.run_script(ctest="cat >build/release/Testing/Temporary/LastTest.log <<'END'\n%s\nEND" % log)
        self.assert_passed(done, report, "1 GPU(s), nothing between GPUs was tried")
        section = report[report.index("== assumptions"):]
        self.assertIn("ASSUMPTION cuBLAS takes no memory: holds", section)
        self.assertEqual(report.splitlines()[-3:-1], ["note: assumptions that do not hold here:", "ASSUMPTION deterministic maxima: DOES NOT HOLD"])
        self.assertNotIn("not an ASSUMPTION", section)


if __name__ == "__main__":
    unittest.main(verbosity=2)
