# SPDX-License-Identifier: Apache-2.0
"""Which GPUs a search takes, and what it says of those that fail."""

import json
import time
import unittest

from gpu_test import GpuTest, LIBRARIES, needs_simulation, setUpModule  # noqa: F401

from cli import BAD_DECK, FAILED  # of the tests of the program, where gpu_test looks

LAUNCH_FAILURE = 719  # cudaErrorLaunchFailure


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

    def test_out_of_memory(self):
        self.assert_ends("full", ["cudaMalloc failed", "out of memory", "cuda.streams"], ATNAS_SIM_MEMORY=24 << 20, ATNAS_SIM_RANK=1)

    def test_reduction_that_never_ends(self):
        self.assert_ends("hang", ["the reduction"], within=120.0, deck_words=["--runtime.stall_limit=30"], ATNAS_SIM_NCCL_HANG=4, ATNAS_SIM_RANK=1)

    def test_gpu_that_does_not_let_go(self):
        # By the limit of 10 s for what failed, before that of a step (75 s).
        self.assert_ends("held", ["the reduction waited", "made no progress for 10 s"], within=150.0, deck_words=["--runtime.stall_limit=75"],
                         ATNAS_SIM_NCCL_HANG=4, ATNAS_SIM_RANK=1, ATNAS_SIM_NCCL_ABORT="never")


if __name__ == "__main__":
    unittest.main(verbosity=2)
