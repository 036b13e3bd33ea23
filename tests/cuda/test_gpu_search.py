# SPDX-License-Identifier: Apache-2.0
"""Searches on GPUs: what they compute, how often they ask the device, and the keys of [cuda]."""

import json
import os
import re
import unittest

import h5py

from gpu_test import DEVICES, GpuTest, LIBRARIES, SIMULATED, equal, needs_simulation, setUpModule  # noqa: F401


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

    @needs_simulation
    def test_algorithms_reported_with_default_arithmetic(self):
        self.on_gpu("fma", "--run.iterations=2")
        self.on_gpu("default", "--run.iterations=2", ATNAS_SIM_CUDNN="default_math")
        self.assert_same_bits(self.newest("default"), self.newest("fma"))


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
