# SPDX-License-Identifier: Apache-2.0
"""jobs/gpu_check/run.sh --prebuilt: its limits and verdict with stand-ins for the programs, and a real bundle on the
simulated device, in a root that has glibc, a shell and Python, and nothing else."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JOBS = ROOT / "jobs"
PROGRAMS = ("atnas", "test_cuda_backend", "test_cuda_subnets", "test_mpi_nccl", "gpu_probe")
GPU = "GPU 0: NVIDIA H100, 0000:17:00.0, 79.1 GiB, usable"
STEPS = ("versions", "what atnas loads", "devices", "operations", "subnets", "probe", "bench", "peer, conv4-64",
         "peer, conv4-64, vmap 16", "bench, fastest algorithms", "bench, TF32", "search", "restart, the same bits",
         "memcheck", "NCCL, two ranks on one GPU", "racecheck")
# A search that leaves digests of a state as the real file has them; another one every time where OTHER is set.
ATNAS = r"""case $1 in
devices) echo '%s' ;;
search)
    for word; do case $word in --run.folder=*) folder=${word#*=} ;; esac; done
    mkdir -p "$folder"
    for i in $(seq 20); do printf 'islands/x%%s <f4 [2, 4] %%016x\n' "$(printf "\\$(printf %%o $((96 + i)))")" "${OTHER:+$$}"; done >"$folder/latest.h5" ;;
esac
echo "atnas was called $*" """ % GPU


def outcomes(report):
    """What the table at the end says of every step."""
    return {name.strip(): word for word, name in re.findall(r"^(PASS|FAIL|SKIP|TIMEOUT|CUT) +(.{28}) ", report, re.M)}


class PrebuiltTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atnas-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.report = self.folder / "report.txt"
        self.bundle = self.folder / "a bundle"
        (self.folder / "dev").mkdir()
        (self.folder / "dev" / "nvidiactl").touch()

    def make(self, **tools):
        """A bundle of stand-ins: what each does, in shell."""
        shutil.copytree(JOBS / "gpu_check", self.bundle / "jobs" / "gpu_check")
        shutil.copy(JOBS / "mpi.sh", self.bundle / "jobs")
        (self.bundle / "PACKED").write_text("commit 0\n")
        (self.bundle / "bin").mkdir()
        tools = {"atnas": ATNAS, **tools}
        for name in (*PROGRAMS, "mpirun", "compute-sanitizer", "nvidia-smi", "nvcc", "ldd", "python3"):
            path = self.bundle / "bin" / name
            path.write_text("#!/bin/bash\n%s\necho '%s was called' \"$@\"\n" % (tools.get(name.replace("-", "_"), ""), name))
            path.chmod(0o755)

    def start(self, *words, **environment):
        own = {name: value for name, value in os.environ.items() if not name.startswith(("OMPI_", "SLURM_", "PMI"))}
        return subprocess.Popen(["bash", self.bundle / "jobs/gpu_check/run.sh", "--prebuilt", self.bundle, *words, self.report],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                env=dict(own, DEVICE_FILES=str(self.folder / "dev"), **environment))

    def run_bundle(self, *words, **environment):
        running = self.start(*words, **environment)
        said, _ = running.communicate(timeout=100)
        return running.returncode, said, self.report.read_text() if self.report.exists() else ""

    def test_all_steps_in_order(self):
        self.make()
        code, said, report = self.run_bundle()
        self.assertEqual(code, 0, said + report)
        self.assertEqual(list(outcomes(report)), list(STEPS))
        self.assertEqual(set(outcomes(report).values()), {"PASS"})
        self.assertEqual(report.splitlines()[-1], "VERDICT: passed on 1 GPU(s), 0 step(s) not tried")
        for words in ("bench --backend=cuda --case=conv4-64 --case=og_v2-16 --seconds=2 --cuda.tf32=true",
                      "bench --backend=cuda --case=conv4-64 --case=og_v2-16 --seconds=2 --cuda.deterministic=false"):
            self.assertIn("atnas was called " + words, report)
        self.assertIn("compute-sanitizer was called --tool racecheck", report)

    def test_what_fails_is_named_and_the_rest_goes_on(self):
        self.make(gpu_probe="exit 3", test_cuda_subnets="echo '[  SKIPPED ] X'", compute_sanitizer="exit 77", ldd="echo 'libx.so => not found'")
        code, said, report = self.run_bundle(OTHER="yes")
        self.assertEqual(code, 1, said)
        failed = {name for name, word in outcomes(report).items() if word == "FAIL"}
        self.assertEqual(failed, {"what atnas loads", "subnets", "probe", "restart, the same bits"})
        self.assertEqual({name for name, word in outcomes(report).items() if word == "SKIP"}, {"memcheck", "racecheck"})
        self.assertEqual(report.splitlines()[-1], "VERDICT: FAILED: what atnas loads (FAIL); subnets (FAIL); probe (FAIL); restart, the same bits (FAIL); ")

    def test_the_budget_is_kept(self):
        self.make(gpu_probe="sleep 60")
        begun = time.time()
        code, said, report = self.run_bundle("--budget", "14")
        self.assertLess(time.time() - begun, 20)
        self.assertEqual(code, 1, said)
        found = outcomes(report)
        self.assertEqual((found["probe"], found["bench"], found["racecheck"]), ("TIMEOUT", "SKIP", "SKIP"), report)
        self.assertIn("VERDICT: FAILED: probe (TIMEOUT)", report.splitlines()[-1])

    def test_a_signal_gets_the_verdict_so_far(self):
        self.make(gpu_probe="echo half of it; sleep 60; echo never")
        running = self.start()
        until = time.time() + 30
        while time.time() < until and not (self.report.exists() and "half of it" in self.report.read_text()):
            time.sleep(0.1)
        begun = time.time()
        running.send_signal(signal.SIGTERM)
        said, _ = running.communicate(timeout=30)
        self.assertLess(time.time() - begun, 10)
        report = self.report.read_text()
        self.assertEqual(running.returncode, 1, said)
        self.assertIn("half of it", report)
        self.assertEqual(outcomes(report)["probe"], "CUT")
        self.assertEqual(outcomes(report)["subnets"], "PASS")
        self.assertIn("VERDICT: cut by a signal", report.splitlines()[-1])

    def test_without_a_gpu(self):
        self.make(atnas="echo 'no GPU: no driver'; exit")
        code, said, report = self.run_bundle()
        self.assertEqual(code, 77, said)
        self.assertIn("VERDICT: skipped, no GPU", report.splitlines()[-1])

    def test_words_that_mean_nothing(self):
        self.make()
        for words in (["--budget", "soon"], ["--nonsense"], ["--prebuilt", "/nowhere"]):
            code, said, report = self.run_bundle(*words)
            self.assertEqual((code, report), (2, ""), said)


def libraries_of(*programs):
    """Paths that the loader takes for these programs."""
    said = subprocess.run(["ldd", *map(str, programs)], capture_output=True, text=True).stdout
    return set(re.findall(r"(/\S+\.so\S*) \(", said))


class BareRoot:
    """A root with glibc, a shell and its tools, and this Python without packages; what else they load, but for the shell,
    lies apart from where the loader looks, so that nothing of the bundle finds it."""

    TOOLS = ("cat", "chmod", "cmp", "date", "dirname", "env", "false", "grep", "head", "hostname", "id", "ls", "mkdir", "mktemp", "nproc",
             "realpath", "rm", "sed", "seq", "sort", "sync", "tail", "tee", "timeout", "touch", "tr", "true", "uname", "wc", "ldd", "tar", "xz")
    GLIBC = re.compile(r"^(ld-linux|lib(c|m|dl|rt|pthread|resolv|util|nss_files|nss_dns)\.so)")

    def __init__(self, path):
        self.path = path
        for folder in ("tmp", "dev/shm", "proc", "sys", "etc", "usr/bin"):
            (path / folder).mkdir(parents=True)
        for name in ("bin", "lib", "lib64"):
            (path / name).symlink_to("usr/" + name)
            (path / "usr" / name).mkdir(exist_ok=True)
        (path / "etc/passwd").write_text("root:x:0:0::/tmp:/bin/bash\n")
        self.copy("/bin/bash", "usr/bin/bash")
        for library in libraries_of("/bin/bash"):
            self.copy(library)
        (self.path / "usr/bin/sh").symlink_to("bash")
        for name in self.TOOLS:
            self.add_program(shutil.which(name), "usr/bin/" + name)
        libc = next(p for p in libraries_of("/bin/bash") if Path(p).name == "libc.so.6")
        for library in Path(libc).parent.iterdir():
            if self.GLIBC.match(library.name):
                self.copy(library)
        self.add_python()

    def copy(self, path, to=None):
        target = self.path / str(to or path).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copy(os.path.realpath(path), target)

    def add_program(self, program, to):
        self.copy(program, to + (".real" if libraries_of(program) else ""))
        if not libraries_of(program):
            return
        own = []
        for library in libraries_of(program):
            if self.GLIBC.match(Path(library).name):
                self.copy(library)
            else:
                self.copy(library, "tools/" + Path(library).name)
                own.append(library)
        real = self.path / (to + ".real")
        if own:
            # The loader is told where, for this one program only: nothing is inherited.
            (self.path / to).write_text('#!/bin/bash\nexec /lib64/ld-linux-x86-64.so.2 --library-path /tools --argv0 "$0" /%s.real "$@"\n' % to)
            (self.path / to).chmod(0o755)
        else:
            real.rename(self.path / to)

    def add_python(self):
        python = os.path.realpath(sys.executable)
        said = subprocess.run([python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('stdlib')); print(sysconfig.get_path('purelib'))"],
                              capture_output=True, text=True, check=True).stdout.split()
        shutil.copytree(said[0], self.path / said[0].lstrip("/"), dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("site-packages", "dist-packages", "test", "tests", "idlelib", "ensurepip", "config-*", "__pycache__",
                                                      "lib2to3", "tkinter", "*.a", "turtledemo", "pydoc_data"))
        self.copy(python)
        for library in libraries_of(python):
            self.copy(library, None if self.GLIBC.match(Path(library).name) else "tools/" + Path(library).name)
        (self.path / "usr/bin/python3").write_text('#!/bin/bash\nLD_LIBRARY_PATH=/tools exec %s "$@"\n' % python)
        (self.path / "usr/bin/python3").chmod(0o755)
        self.packages = said[1]

    def run(self, *words, environment, timeout):
        script = 'mount --bind /proc "$0/proc" && mount --bind /sys "$0/sys" && mount -t tmpfs none "$0/dev/shm" && exec chroot "$0" "$@"'
        return subprocess.run(["unshare", "--mount", "sh", "-c", script, str(self.path), *words], capture_output=True, text=True,
                              timeout=timeout, env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/tmp", **environment})


def no_root_of_its_own():
    """Why this cannot be tried here; empty if it can."""
    if not os.environ.get("ATNAS_BUILD"):
        return "no build with CUDA and NCCL is named in ATNAS_BUILD"
    if os.geteuid() != 0:
        return "only root can have a root folder of its own"
    tried = subprocess.run(["unshare", "--mount", "sh", "-c", "mount -t tmpfs none /mnt && mount --bind /proc /mnt"], capture_output=True, text=True)
    return tried.stderr if tried.returncode else ""


DECK = """[run]
checkpoint_every = 10
[data]
source = strokes
strokes_classes = 20
strokes_per_group = 5
strokes_images = 3
strokes_size = 16
[task]
way = 2
shot = 1
query = 1
[space]
kind = conv4
channels = 1
head = proto
[meta]
inner_steps = 1
batch = 1
[evo]
islands = 1
population = 1
tournament = 1
elite = 1
offspring = 0
generation_every = 60
fitness_tasks = 1
"""


class RehearsalTest(unittest.TestCase):
    def test_in_a_root_with_nothing_but_glibc(self):
        if why := no_root_of_its_own():
            self.skipTest(why)
        build = Path(os.environ["ATNAS_BUILD"])
        with tempfile.TemporaryDirectory(prefix="atnas-test-") as name:
            folder = Path(name)
            packed = subprocess.run([JOBS / "gpu_check/pack.sh", folder / "packed", "--from", build], capture_output=True, text=True,
                                    env=dict(os.environ, XZ_LEVEL="-0"))
            self.assertEqual(packed.returncode, 0, packed.stdout + packed.stderr)
            bare = BareRoot(folder / "root")
            # Where pip puts them, under their versioned names.
            for library, place in (("cudart.so.13", "cu13"), ("cublas.so.13", "cu13"), ("cudnn.so.9", "cudnn"), ("nccl.so.2", "nccl")):
                bare.copy(Path(os.environ["ATNAS_CUDA_SIM"]) / ("lib" + library), "%s/nvidia/%s/lib/lib%s" % (bare.packages, place, library))
            for device, number in (("null", (1, 3)), ("zero", (1, 5)), ("urandom", (1, 9)), ("random", (1, 8))):
                os.mknod(bare.path / "dev" / device, 0o20666, os.makedev(*number))
                os.chmod(bare.path / "dev" / device, 0o666)
            (bare.path / "dev/nvidiactl").touch()
            subprocess.run(["tar", "-C", bare.path / "tmp", "-xf", folder / "packed/atnas_gpu_check.tar.xz"], check=True)
            (bare.path / "tmp/deck.ini").write_text(DECK)
            done = bare.run("/bin/bash", "/tmp/atnas_gpu_check/jobs/gpu_check/run.sh", "--prebuilt", "/tmp/atnas_gpu_check", "/tmp/report.txt",
                            timeout=250, environment={
                                "ATNAS_SIM_DEVICES": "1", "ATNAS_SIM_NCCL_ABORT": "collective", "GPU_CHECK_DECK": "/tmp/deck.ini",
                                "GTEST_FILTER": "*Norm*:CudaSubnets.repeat*:NcclReducer.HasTheSameBits*",
                                # Of a network it would take minutes.
                                "GPU_CHECK_BENCH": "--case=checkpoint --bytes=1e6 --folder=/tmp"})
            report = (bare.path / "tmp/report.txt").read_text(errors="replace") if (bare.path / "tmp/report.txt").exists() else ""
        found = outcomes(report)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr + report)
        tried = {name for name, word in found.items() if word == "PASS"}
        self.assertEqual(tried, set(STEPS) - {"peer, conv4-64", "peer, conv4-64, vmap 16", "memcheck", "racecheck"}, report)
        for library, place in (("libcudart.so.13", "cu13"), ("libcudnn.so.9", "cudnn"), ("libnccl.so.2", "nccl")):
            self.assertIn("%s: %s/nvidia/%s/lib" % (library, bare.packages, place), report)
        # The machine's own are glibc's alone.
        for path in re.findall(r"=> (/\S+) \(", report):
            self.assertRegex(path, r"^/tmp/atnas_gpu_check/lib/|/nvidia/\w+/lib/|/(libc|libm|libdl|librt|libpthread|libresolv|libutil)\.so")
        self.assertIn("the same bits", report)


if __name__ == "__main__":
    unittest.main(verbosity=2)
