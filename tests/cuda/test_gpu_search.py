# SPDX-License-Identifier: Apache-2.0
"""Searches on GPUs: on the simulated device where ATNAS_CUDA_SIM names its libraries, else on real ones."""

import json
import os
import re
import subprocess
import sys
import time
import unittest
from pathlib import Path

import h5py
import numpy

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "app"))

from cli import AS_ROOT, BAD_DECK, FAILED, program  # noqa: E402
from tiny_search import SearchTest  # noqa: E402

SIMULATED = os.environ.get("ATNAS_CUDA_SIM", "")
LIBRARIES = ":".join(filter(None, (SIMULATED, os.environ.get("LD_LIBRARY_PATH"))))  # the simulated ones first
LAUNCH_FAILURE = 719  # cudaErrorLaunchFailure


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


class Trajectories(GpuTest):
    def test_two_ranks_follow_the_processors_run(self):
        deck = self.smooth_deck()
        self.search("processor", "--runtime.backend=onednn", "--run.iterations=4", ranks=2, deck=deck)
        for reduction in ("exact", "fast"):
            self.write(reduction + "/deck.ini", deck)
            self.on_gpu(reduction, "--run.iterations=4", "--runtime.reduction=" + reduction, ranks=min(2, DEVICES))
            self.assert_trajectory(self.newest(reduction), self.newest("processor"))

    def test_other_heads_and_learners(self):
        for head, learner in (("linear", "reptile"), ("zero", "fomaml")):
            deck = self.smooth_deck(head, learner)
            self.search("processor_" + head, "--runtime.backend=onednn", "--run.iterations=4", deck=deck)
            self.write("gpu_%s/deck.ini" % head, deck)
            self.on_gpu("gpu_" + head, "--run.iterations=4")
            self.assert_trajectory(self.newest("gpu_" + head), self.newest("processor_" + head))

    def test_second_order_has_the_same_bits_whatever_is_in_flight(self):
        for place, streams in (("one", 1), ("three", 3)):
            self.write(place + "/deck.ini", self.smooth_deck("proto", "maml"))
            self.on_gpu(place, "--run.iterations=3", "--meta.batch=6", "--cuda.streams=%d" % streams)
        self.assert_same_bits(self.newest("three"), self.newest("one"))

    def test_bits_depend_neither_on_ranks_nor_on_tasks_in_flight(self):
        # Seven tasks and evaluations of each island: more than there are streams.
        words = ("--run.iterations=4", "--meta.batch=21", "--evo.fitness_tasks=5")
        self.on_gpu("one", *words)
        for place, ranks, streams, order in (("two", 2, 4, "lazy"), ("three", 3, 4, "reverse"), ("alone", 1, 1, "lazy"), ("many", 2, 7, "reverse")):
            if ranks <= DEVICES:
                self.on_gpu(place, *words, "--cuda.streams=%d" % streams, ranks=ranks, ATNAS_SIM_ORDER=order)
                self.assert_same_bits(self.newest(place), self.newest("one"))

    def test_goes_on_from_another_backends_checkpoint(self):
        deck = self.smooth_deck()
        for place in ("there", "back"):
            self.write(place + "/deck.ini", deck)
        self.search("processor", "--runtime.backend=onednn", "--run.iterations=4", deck=deck)
        self.on_gpu("there", "--run.iterations=2", "--runtime.backend=onednn", done=True)
        self.on_gpu("there", "--run.iterations=4", "--restart=latest", ranks=min(2, DEVICES))
        self.assert_trajectory(self.newest("there"), self.newest("processor"))
        self.on_gpu("back", "--run.iterations=2")
        self.on_gpu("back", "--run.iterations=4", "--restart=latest", "--runtime.backend=onednn")
        self.assert_trajectory(self.newest("back"), self.newest("processor"))

    def test_goes_on_from_its_own_checkpoint_bit_by_bit(self):
        self.on_gpu("straight", "--run.iterations=6")
        self.on_gpu("stopped", "--run.iterations=4", ranks=min(2, DEVICES))
        self.on_gpu("stopped", "--run.iterations=6", "--restart=latest")
        self.assert_same_bits(self.newest("stopped"), self.newest("straight"))


class Choice(GpuTest):
    def test_auto_takes_the_gpu(self):
        outcome = self.on_gpu("auto", "--run.iterations=2", "--runtime.backend=auto")
        self.assertRegex(outcome.err, "[0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}[.]0")

    @needs_simulation
    def test_auto_says_why_it_does_not(self):
        for devices, reason in ((0, "no CUDA-capable device"), ("nodriver", "driver")):
            outcome = self.on_gpu("auto%s" % devices, "--run.iterations=2", "--runtime.backend=auto", ATNAS_SIM_DEVICES=devices)
            self.assertIn("backend auto: not cuda", outcome.err)
            self.assertIn(reason, outcome.err)
            self.assertIn("oneDNN", outcome.err)
        outcome = self.on_gpu("prohibited", "--run.iterations=2", "--runtime.backend=auto", ATNAS_SIM_COMPUTE_MODE=2)
        self.assertIn("its compute mode lets no program use it", outcome.err)
        self.assert_refused(self.on_gpu("none", done=False, ATNAS_SIM_DEVICES=0), BAD_DECK, ("'cuda' cannot be used", "no CUDA-capable"))

    @needs_simulation
    def test_auto_goes_without_a_gpu_that_only_looks_usable(self):
        outcome = self.on_gpu("auto_busy", "--run.iterations=2", "--runtime.backend=auto", ranks=2, ATNAS_SIM_FAIL="cudnnCreate:1:1", ATNAS_SIM_RANK=1)
        self.assertIn("backend auto: not cuda, because a GPU only looks usable: cudnnCreate failed", outcome.err)
        self.assertIn("oneDNN", outcome.err)

    @needs_simulation
    def test_two_ranks_on_one_gpu_are_refused(self):
        outcome = self.on_gpu("shared", ranks=2, done=False, CUDA_VISIBLE_DEVICES=1)
        self.assert_refused(outcome, BAD_DECK, ("ranks 0, 1 on host", "1 usable GPU(s), 0000:02:00.0", "gpus-per-task"))

    @needs_simulation
    def test_more_ranks_than_gpus_are_refused(self):
        outcome = self.on_gpu("few", ranks=3, done=False, ATNAS_SIM_DEVICES=2)
        self.assert_refused(outcome, BAD_DECK, ("ranks 0, 1, 2 on host", "2 usable GPU(s), 0000:01:00.0, 0000:02:00.0", "gpus-per-task"))

    @needs_simulation
    def test_auto_with_fewer_gpus_than_ranks_takes_the_processor(self):
        outcome = self.on_gpu("auto_few", "--run.iterations=2", "--runtime.backend=auto", ranks=2, ATNAS_SIM_DEVICES=1)
        self.assertIn("backend auto: not cuda, because ranks 0, 1 on host", outcome.err)
        self.assertIn("1 usable GPU(s), 0000:01:00.0; GPUs stay idle", outcome.err)
        self.assertIn("oneDNN", outcome.err)

    def run_shown(self, place, shown):
        """Two ranks; shown: what the shell makes CUDA_VISIBLE_DEVICES of each."""
        return self.on_gpu(place, "--run.iterations=2", ranks=2, done=False, CUDA_VISIBLE_DEVICES=shown)

    @needs_simulation
    def test_each_rank_may_be_shown_gpus_of_its_own(self):
        one_each, two_each = "$((3 - OMPI_COMM_WORLD_RANK))", "$((2 * OMPI_COMM_WORLD_RANK)),$((2 * OMPI_COMM_WORLD_RANK + 1))"
        for place, shown, addresses in (("one_each", one_each, ("0000:04:00.0", "0000:03:00.0")),
                                        ("two_each", two_each, ("0000:01:00.0", "0000:03:00.0"))):
            outcome = self.run_shown(place, shown)
            self.assert_done(outcome)
            for rank, address in enumerate(addresses):
                row = [line for line in outcome.err.splitlines() if "rank %d (local" % rank in line]
                self.assertIn("Simulated GPU " + address, row[0])

    @needs_simulation
    def test_slices_of_one_gpu_are_told_apart(self):
        """NCCL takes them for one device, so that reductions go another way, to the same bits."""
        rank = "$OMPI_COMM_WORLD_RANK"
        outcome = self.on_gpu("slices", "--run.iterations=2", ranks=2, CUDA_VISIBLE_DEVICES=rank, ATNAS_SIM_SLICES=2)
        self.assertIn("slices of one GPU", outcome.err)
        self.on_gpu("whole", "--run.iterations=2", ranks=2, CUDA_VISIBLE_DEVICES=rank)
        self.assert_same_bits(self.newest("slices"), self.newest("whole"))
        outcome = self.on_gpu("few_slices", ranks=3, done=False, ATNAS_SIM_SLICES=2, ATNAS_SIM_DEVICES=2)
        slices = ", ".join("0000:01:00.0 51000000-0000-0000-0000-0000000000%02d" % n for n in range(2))
        self.assert_refused(outcome, BAD_DECK, ("2 usable GPU(s), " + slices,))

    @needs_simulation
    def test_some_in_common_are_refused(self):
        self.assert_refused(self.run_shown("common", "$OMPI_COMM_WORLD_RANK,$((OMPI_COMM_WORLD_RANK + 1))"), BAD_DECK,
                            ("rank 0 sees 0000:01:00.0 0000:02:00.0, rank 1 sees 0000:02:00.0 0000:03:00.0", "gpus-per-task"))

    @needs_simulation
    def test_devices_are_listed(self):
        listed = self.run_program("devices", "--json=devices.json",
                                  wrapper=["env", "LD_LIBRARY_PATH=" + LIBRARIES, "ATNAS_SIM_DEVICES=3", "CUDA_VISIBLE_DEVICES=2,0"])
        self.assert_done(listed)
        self.assertEqual(listed.out, "GPU 0: Simulated GPU, 0000:03:00.0, 4.0 GiB, usable\nGPU 1: Simulated GPU, 0000:01:00.0, 4.0 GiB, usable\n")
        gpus = json.loads((self.folder / "devices.json").read_text())["gpus"]
        self.assertEqual([(gpu["pci_address"], gpu["memory_bytes"], gpu["usable"]) for gpu in gpus],
                         [("0000:03:00.0", 4 << 30, True), ("0000:01:00.0", 4 << 30, True)])


@needs_simulation
class Faults(GpuTest):
    """What goes wrong on one rank ends the job with a message (contract 3), and a restart ends as if nothing had happened."""

    def assert_ends(self, place, words, within=60.0, deck_words=(), **sim):
        start = time.monotonic()
        # Which call of a rank is which must not depend on who was quicker.
        outcome = self.on_gpu(place, "--run.iterations=6", "--run.checkpoint_every=2", "--runtime.work=static", *deck_words, ranks=2, done=False,
                              timeout=180, **sim)
        self.assertLess(time.monotonic() - start, within, outcome)
        self.assertEqual(outcome.code, FAILED, outcome)
        for word in words:
            self.assertIn(word, outcome.err)
        self.assertNotIn("cuda_sim:", outcome.err, "a violation, not an error")

    def test_lost_device(self):
        self.on_gpu("straight", "--run.iterations=6", "--run.checkpoint_every=2")
        log = self.folder / "rank1.log"
        self.on_gpu("first", "--run.iterations=2", "--runtime.work=static", ranks=2, ATNAS_SIM_LOG="%s/rank$OMPI_COMM_WORLD_RANK.log" % self.folder)
        to_first_checkpoint = log.read_text().split().count("cudaLaunchKernel")
        self.assert_ends("lost", ["cudaErrorLaunchFailure", "--restart=latest"],
                         ATNAS_SIM_FAIL="cudaLaunchKernel:%d:%d" % (to_first_checkpoint + 50, LAUNCH_FAILURE), ATNAS_SIM_RANK=1)
        self.assertTrue(self.newest("lost").exists(), "it was lost before the first checkpoint")
        self.on_gpu("lost", "--run.iterations=6", "--run.checkpoint_every=2", "--restart=latest")
        self.assert_same_bits(self.newest("lost"), self.newest("straight"))

    def test_library_failures_name_the_call(self):
        log = self.folder / "start.log"
        self.on_gpu("start", "--dry-run", ATNAS_SIM_LOG=log)
        at_the_start = log.read_text().split()
        for call, code in (("cudnnConvolutionForward", 5000), ("cublasSgemm", 13), ("cudaMemcpyAsync", 700)):
            # The first convolutions are trials of algorithms: those that fail are passed over.
            for number in ((1,) if call != "cudnnConvolutionForward" else ()) + (at_the_start.count(call) + 40,):
                self.assert_ends("%s%d" % (call, number), [call + " "], ATNAS_SIM_FAIL="%s:%d:%d" % (call, number, code), ATNAS_SIM_RANK=0)

    def test_failures_of_nccl_name_the_call(self):
        for reduction in ("exact", "fast"):
            self.assert_ends(reduction, ["ncclAllReduce failed"], deck_words=["--runtime.reduction=" + reduction],
                             ATNAS_SIM_FAIL="ncclAllReduce:3:2", ATNAS_SIM_RANK=1)

    def test_algorithms_reported_with_default_arithmetic(self):
        self.on_gpu("fma", "--run.iterations=2")
        self.on_gpu("default", "--run.iterations=2", ATNAS_SIM_CUDNN="default_math")
        self.assert_same_bits(self.newest("default"), self.newest("fma"))

    def test_out_of_memory(self):
        self.assert_ends("full", ["cudaMalloc failed", "out of memory", "cuda.streams"], ATNAS_SIM_MEMORY=24 << 20, ATNAS_SIM_RANK=1)

    def test_reduction_that_never_ends(self):
        self.assert_ends("hang", ["the reduction"], within=120.0, deck_words=["--runtime.stall_limit=30"], ATNAS_SIM_NCCL_HANG=4, ATNAS_SIM_RANK=1)

    def test_gpu_that_does_not_let_go(self):
        # By the limit of 10 s for what failed, before that of a step (75 s).
        self.assert_ends("held", ["the reduction waited", "made no progress for 10 s"], within=150.0, deck_words=["--runtime.stall_limit=75"],
                         ATNAS_SIM_NCCL_HANG=4, ATNAS_SIM_RANK=1, ATNAS_SIM_NCCL_ABORT="never")


@needs_simulation
class Economy(GpuTest):
    """Counts of calls, from the simulated device's log."""

    def calls(self, iterations):
        place = "run%d" % iterations
        log = self.folder / ("%d.log" % iterations)
        self.on_gpu(place, "--run.iterations=%d" % iterations, "--run.checkpoint_every=0", "--space.kind=conv4", "--evo.islands=1", "--meta.batch=6",
                    "--run.compare_every=0", "--evo.generation_every=1000", "--evo.population=1", "--evo.offspring=0", "--evo.tournament=1", "--data.strokes_size=16", "--meta.inner_steps=3", ATNAS_SIM_LOG=log)
        names = log.read_text().split()
        return {name: names.count(name) for name in set(names)}

    def test_the_device_is_asked_for_memory_at_the_start_only_and_waited_for_once_per_task(self):
        short, long = self.calls(4), self.calls(12)
        more = {name: long.get(name, 0) - short.get(name, 0) for name in long}
        for name in ("cudaMalloc", "cudaHostAlloc", "cudaFree", "cudaStreamCreateWithFlags", "cudaDeviceSynchronize"):
            self.assertEqual(more.get(name, 0), 0, more)
        iterations, tasks = 8, 8 * 6
        self.assertGreater(more["cudaLaunchKernel"], 100 * iterations)
        # Per task its result; per iteration the counts, the norm of the gradient and the end of the reduction.
        waits = sum(count for name, count in more.items() if name.endswith(":waits"))
        self.assertGreaterEqual(waits, tasks, more)
        self.assertLessEqual(waits, tasks + 3 * iterations, more)

    def test_every_operation_has_run_before_the_first_task(self):
        """The driver loads a kernel when it first runs."""
        log = self.folder / "start.log"
        self.on_gpu("start", "--dry-run", ATNAS_SIM_LOG=log)
        start = set(log.read_text().split())
        self.on_gpu("run", "--run.iterations=2", ATNAS_SIM_LOG=self.folder / "run.log")
        later = set((self.folder / "run.log").read_text().split()) - start
        self.assertEqual({name for name in later if name.startswith(("cudnn", "cublas"))}, set())
        self.assertIn("cudnnConvolutionBackwardFilter", start)

    def test_sums_begin_before_the_last_backward_pass_is_queued(self):
        self.on_gpu("overlap", "--run.iterations=3", "--run.checkpoint_every=0", "--run.compare_every=0", "--evo.generation_every=1000",
                    "--evo.islands=2", "--meta.batch=2", "--space.channels=16", "--runtime.reduction=fast", "--runtime.work=static", ranks=2,
                    ATNAS_SIM_LOG="%s/rank$OMPI_COMM_WORLD_RANK.log" % self.folder)
        for rank in range(2):
            names = (self.folder / ("rank%d.log" % rank)).read_text().split()
            sums = [place for place, name in enumerate(names) if name == "ncclAllReduce"]
            self.assertEqual(len(sums) % 3, 0)
            buckets = len(sums) // 3
            self.assertGreater(buckets, 2)
            last_gradient = max(place for place, name in enumerate(names) if name == "cudnnConvolutionBackwardFilter")
            self.assertLess(sums[2 * buckets], last_gradient)


@needs_simulation
class Memory(GpuTest):
    """More genotypes than plans are kept: 160 per lane."""

    def run_of(self, place, iterations, streams, *words):
        log = self.folder / (place + ".log")
        self.on_gpu(place, "--run.iterations=%d" % iterations, "--run.checkpoint_every=0", "--evo.islands=1", "--meta.batch=8",
                    "--evo.explore=uniform", "--evo.sample_population=0", "--evo.sample_population_start=0", "--evo.generation_every=10",
                    "--evo.population=8", "--evo.offspring=6", "--space.cells=1", "--space.reductions=0", "--cuda.streams=%d" % streams,
                    *words, ATNAS_SIM_LOG=log)
        names = log.read_text().split()
        return {name: names.count(name) for name in set(names)}

    def test_evolution_asks_the_device_for_nothing_after_the_start(self):
        start, run = self.run_of("start", 1, 2), self.run_of("run", 40, 2)
        for name in ("cudaMalloc", "cudaFree"):
            self.assertEqual(run[name], start[name], name)
        # Shapes are met once, and their algorithms chosen at the start.
        for name in run:
            if "Algorithm" in name or "WorkspaceSize" in name:
                self.assertEqual(run[name], start[name], name)
        self.run_of("one", 40, 1)
        self.assert_same_bits(self.newest("run"), self.newest("one"))

    def test_measured_algorithms_are_chosen_at_the_start(self):
        fastest = "--cuda.deterministic=false"
        start, run = self.run_of("start", 1, 2, fastest), self.run_of("run", 6, 2, fastest)
        for name in run:
            if name in ("cudaMalloc", "cudaFree") or "Algorithm" in name or "WorkspaceSize" in name:
                self.assertEqual(run[name], start[name], name)
        # Working memory for measurements is not multiplied by the plans that are kept.
        held = int(re.search(r"([0-9]+)[.][0-9] MB of the device", self.on_gpu("plan", "--dry-run", fastest).out).group(1))
        plain = int(re.search(r"([0-9]+)[.][0-9] MB of the device", self.on_gpu("plan", "--dry-run").out).group(1))
        self.assertLess(held, plain + 50)


@needs_simulation
class Keys(GpuTest):
    """Every key of [cuda] acts, and so does the file of choices."""

    def calls_of(self, place, *words):
        log = self.folder / "calls.log"
        log.unlink(missing_ok=True)
        self.on_gpu(place, *words, ATNAS_SIM_LOG=log)
        return log.read_text().split()

    def test_streams(self):
        for streams in (1, 6):
            calls = self.calls_of("streams%d" % streams, "--run.iterations=1", "--cuda.streams=%d" % streams)
            # Beside those of tasks there is one for new memory and choices, and one for reductions, which needs no libraries.
            self.assertEqual(calls.count("cudaStreamCreateWithFlags"), streams + 2)
            self.assertEqual(calls.count("cudnnCreate"), streams + 1)
            self.assertEqual(calls.count("cublasCreate"), streams + 1)

    def test_tf32(self):
        self.on_gpu("exact", "--run.iterations=1")
        self.on_gpu("rounded", "--run.iterations=1", "--cuda.tf32=true")
        with h5py.File(self.newest("exact")) as x, h5py.File(self.newest("rounded")) as y:
            self.assertFalse(equal(x["weights/values"], y["weights/values"]))

    def test_measured_choices_are_kept_for_the_restart(self):
        fastest = "--cuda.deterministic=false"
        searches = lambda calls: sum(name.startswith("cudnnFind") for name in calls)  # noqa: E731
        self.assertEqual(searches(self.calls_of("plain", "--run.iterations=1")), 0)
        self.assertGreater(searches(self.calls_of("run", "--run.iterations=1", fastest)), 0)
        self.assertEqual(searches(self.calls_of("run", "--run.iterations=2", "--restart=latest", fastest)), 0)
        (self.folder / "run/run/tuning.json").unlink()
        self.assertGreater(searches(self.calls_of("run", "--run.iterations=3", "--restart=latest", fastest)), 0)


@needs_simulation
class DirectConvolutions(GpuTest):
    """Our own kernels where cuDNN has no algorithm that is allowed."""

    def choices(self, place):
        """{shape: numbers of an algorithm of cuDNN, or "direct"}"""
        lines = json.loads((self.folder / place / "run/tuning.json").read_text())["choices"]
        return dict(line.split("\t") for line in lines)

    def test_only_where_cudnn_has_none(self):
        loose = {"ATNAS_SIM_CUDNN": "no_deterministic_groups"}
        self.on_gpu("straight", "--run.iterations=4", "--run.checkpoint_every=2", ranks=2, **loose)
        direct = {shape for shape, choice in self.choices("straight").items() if choice == "direct"}
        self.assertEqual(direct, {shape for shape in self.choices("straight") if " groups 1 " not in shape})
        self.assertEqual({shape.split(" x ")[0] for shape in direct}, {"forward", "backward data", "backward filter"})
        self.on_gpu("stopped", "--run.iterations=2", "--run.checkpoint_every=2", **loose)
        self.on_gpu("stopped", "--run.iterations=4", "--run.checkpoint_every=2", "--restart=latest", **loose)
        self.assert_same_bits(self.newest("stopped"), self.newest("straight"))
        self.on_gpu("cudnn", "--run.iterations=4", "--run.checkpoint_every=2")
        self.assertNotIn("direct", self.choices("cudnn").values())

    def test_an_algorithm_that_fails_when_run_gives_way_to_the_next(self):
        execution_failed = 5000
        for place, words in (("listed", ()), ("measured", ("--cuda.deterministic=false",))):
            self.on_gpu(place, "--run.iterations=2", *words)
            usual, failed = self.choices(place), place + "_failed"
            for number, more in enumerate(((), ("--restart=latest",)), 1):
                # The first of these calls is the first trial, also where it is of a choice that was stored.
                outcome = self.on_gpu(failed, "--run.iterations=%d" % number, *words, *more,
                                      ATNAS_SIM_FAIL="cudnnConvolutionBackwardFilter:1:%d" % execution_failed)
                self.assertEqual(len(re.findall("cuDNN offers algorithm [0-9]+ for backward filter .* but it failed [(]CUDNN_STATUS_EXECUTION_FAILED", outcome.err)), 1, outcome.err)
                choices = self.choices(failed)
                self.assertEqual(choices.keys(), usual.keys())
                self.assertNotIn("direct", choices.values())
                if number == 1 and not words:
                    other = [shape for shape in usual if choices[shape] != usual[shape]]
                    self.assertEqual([shape.split(" x ")[0] for shape in other], ["backward filter"])

    def test_what_fails_on_one_rank_alone_is_not_reproducible(self):
        failure = {"ATNAS_SIM_FAIL": "cudnnConvolutionForward:1:5000"}
        for place, words, reproducible in (("all", failure, True), ("one", dict(failure, ATNAS_SIM_RANK=1), False)):
            outcome = self.on_gpu(place, "--run.iterations=2", "--run.checkpoint_every=1", ranks=2, **words)
            self.assertEqual(outcome.err.count("not reproducible"), 0 if reproducible else 1, outcome.err)
            with h5py.File(self.newest(place)) as checkpoint:
                self.assertEqual(checkpoint.attrs["reproducible"], int(reproducible), place)

    def test_where_all_algorithms_fail_our_own_kernels_serve(self):
        failures = ",".join("cudnnConvolutionBackwardData:%d:5000" % number for number in range(1, 1000))
        self.on_gpu("failing", "--run.iterations=2", ATNAS_SIM_FAIL=failures)
        ways = {shape: choice == "direct" for shape, choice in self.choices("failing").items()}
        self.assertEqual(ways, {shape: shape.startswith("backward data") for shape in ways})

    def test_searches_that_find_nothing(self):
        not_supported = 3000
        for place, call, words in (("listed", "cudnnGetConvolutionBackwardFilterAlgorithm_v7", ()),
                                   ("measured", "cudnnFindConvolutionForwardAlgorithmEx", ("--cuda.deterministic=false",))):
            self.on_gpu(place, "--run.iterations=1", *words, ATNAS_SIM_FAIL="%s:2:%d" % (call, not_supported))
            self.assertEqual(list(self.choices(place).values()).count("direct"), 1, place)


class Profiles(GpuTest):
    def test_every_phase_is_a_range(self):
        log = self.folder / "ranges.log"
        self.on_gpu("ranges", "--run.iterations=4", NVTX_INJECTION64_PATH=os.environ["ATNAS_NVTX_LOG_LIBRARY"], ATNAS_NVTX_LOG=log)
        within, seen = [], set()
        for line in log.read_text().split():
            if line == ".":
                within.pop()
                continue
            # The passes of an evaluation are inside of it, nothing else is inside of anything.
            self.assertIn(within, ([], ["evaluation"]), line)
            within.append(line)
            seen.add(line)
        self.assertEqual(within, [])
        self.assertEqual(seen, {"forward", "backward", "optimizer", "reduction", "evaluation", "migration", "checkpoint", "waiting"})


class Bench(GpuTest):
    def test_figures_of_the_device(self):
        ranks = min(2, DEVICES)
        wrapper = ["env", "LD_LIBRARY_PATH=" + LIBRARIES, "ATNAS_SIM_DEVICES=%d" % DEVICES] if SIMULATED else []
        # Two measurements are compared: a machine that is busy elsewhere during one of them has another go.
        for _ in range(3):
            outcome = self.run_program("bench", "--backend=cuda", "--case=conv4-32", "--way=2", "--shot=1", "--query=1", "--steps=1",
                                       "--seconds=0.1", "--json=bench.json", ranks=ranks, wrapper=wrapper, timeout=180)
            self.assert_done(outcome)
            figures = json.loads((self.folder / "bench.json").read_text())["cases"]["conv4-32"]
            if figures["kernel_ms_per_task"] < 1.5 * figures["ms_per_task"]:
                break
        for name in ("tasks_per_s", "tasks_per_s_in_flight", "kernel_ms_per_task", "reduction_bytes_per_s"):
            self.assertGreater(figures[name], 0, name)
        for name in ("busy_share", "busy_share_in_flight"):
            self.assertTrue(0 < figures[name] <= 1, figures)
        self.assertTrue(0 <= figures["reduction_hidden_share"] <= 1, figures)
        # One forward and one backward pass of 4 blocks are more than nothing and less than all the time of a task.
        self.assertLess(figures["kernel_ms_per_task"], 1.5 * figures["ms_per_task"])
        self.assertIn("GPU busy", outcome.out)


if __name__ == "__main__":
    unittest.main(verbosity=2)
