#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where the program writes: what is refused before any work, links, permissions, standard output, one writer at a time,
and a dry run that sees what the run would see."""

import json
import os
import shutil
import signal
import socket
import unittest

from cli import BAD_DATA, BAD_DECK, RESTART_REFUSED, STOPPED, image_tree
from job import Job, command_on
from tiny_search import SearchTest


class OutputTest(SearchTest):
    """One checkpoint and one data set for all tests; each gets copies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls("setUp")
        maker.setUp()
        cls.addClassCleanup(maker.doCleanups)
        image_tree(maker.folder / "images", groups=8, classes=5, images=4)
        maker.assert_done(maker.run_program("import", "images", "-o", "set.h5", "--size=12"))
        maker.search("s", "--run.keep=1")
        cls.made = maker.folder

    def setUp(self):
        super().setUp()
        if not hasattr(self, "made"):
            return
        shutil.copytree(self.made / "images", self.folder / "images")
        shutil.copy(self.made / "set.h5", self.folder / "set.h5")
        shutil.copy(self.made / "s/run/checkpoint-00000012.h5", self.folder / "c.h5")
        self.write("deck.ini", self.deck())

    def state(self):
        """Names, kinds and contents of everything in the folder."""
        found = {}
        for path in self.folder.rglob("*"):
            status = path.lstat()
            content = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None
            found[str(path.relative_to(self.folder))] = (status.st_mode, content)
        return found

    def refuse(self, code, problems, *words, **how):
        """Refused with one line per problem, and nothing has changed."""
        before = self.state()
        outcome = self.run_program(*words, **how)
        self.assert_refused(outcome, code, *problems)
        self.assertEqual(self.state(), before)


class Refused(OutputTest):
    # Every option that names an output, with work behind it that would take minutes.
    COMMANDS = (("import", "images", "--size=2048", "-o"), ("import", "images", "-o", "new.h5", "--size=2048", "--json"),
                ("search", "deck.ini", "--run.iterations=1000000", "--json"),
                ("search", "deck.ini", "--run.iterations=1000000", "--dry-run", "--json"),
                ("evaluate", "c.h5", "--tasks=1000000", "--output"), ("evaluate", "c.h5", "--tasks=1000000", "--json"),
                ("predict", "c.h5", "--data=images", "-o"), ("predict", "c.h5", "--data=images", "--json"),
                ("bench", "--seconds=1000", "--json"), ("info", "c.h5", "--json"), ("devices", "--json"))

    def test_what_is_no_file(self):
        os.mkfifo(self.folder / "fifo")
        (self.folder / "folder").mkdir()
        os.symlink("fifo", self.folder / "link")
        os.symlink("circle", self.folder / "circle")
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        here = os.open(".", os.O_RDONLY)
        os.chdir(self.folder)
        listener.bind("socket")
        os.chdir(here)
        os.close(here)
        self.write("read-only", "old")
        (self.folder / "read-only").chmod(0o444)
        # A device of this test: a terminal.
        terminal, other = os.openpty()
        self.addCleanup(os.close, terminal)
        self.addCleanup(os.close, other)
        kinds = (("fifo", "FIFO"), ("link", "FIFO"), ("folder", "a folder"), ("socket", "a socket"),
                 (os.ttyname(other), "a device"), ("read-only", "read-only"), ("circle", "symbolic links"),
                 ("no/such/x", "does not exist"), ("c.h5/x", "Not a directory"))
        for number, words in enumerate(self.COMMANDS):
            # All options look by the same eyes: after the first one, each meets some of the kinds.
            for name, reason in kinds if number == 0 else kinds[number % 3::3]:
                with self.subTest(words=words, name=name):
                    self.refuse(BAD_DATA, [(name, reason)], *words, name)

    def test_what_is_read(self):
        os.symlink("c.h5", self.folder / "link.h5")
        os.link(self.folder / "c.h5", self.folder / "hard.h5")
        for name in ("c.h5", "./c.h5", "images/../c.h5", "link.h5", "hard.h5", str(self.folder / "c.h5")):
            for option in ("--output", "--json"):
                with self.subTest(name=name, option=option):
                    self.refuse(BAD_DATA, [(option, name, "the checkpoint")], "evaluate", "c.h5", "--tasks=1000000", option,
                                name)
        archive = shutil.make_archive(str(self.folder / "all"), "zip", self.folder, "images")
        image = next((self.folder / "images").rglob("*.png"))
        os.link(image, self.folder / "picture.png")
        for words, reason in ((("import", archive, "-o", "all.zip"), "the source"),
                              (("import", archive, "-o", "x.h5", "--json", "all.zip"), "the source"),
                              (("import", "images", "-o", image), "a file of the source"),
                              (("import", ".", "-o", image.relative_to(self.folder)), "a file of the source"),
                              (("import", "images", "-o", "picture.png"), "a file of the source"),
                              (("search", "deck.ini", "--json=deck.ini"), "the deck"),
                              (("search", "deck.ini", "--data.source=set.h5", "--json=set.h5"), "the data set"),
                              (("search", "deck.ini", "--restart=c.h5", "--json=c.h5"), "the checkpoint"),
                              (("search", "deck.ini", "--run.folder=.", "--json=metrics.jsonl"), "a file of this run"),
                              (("evaluate", "c.h5", "--data=set.h5", "--json=set.h5"), "the data set"),
                              (("info", "set.h5", "--json=set.h5"), "the file"),
                              (("import", "images", "-o", "new", "--json=new"), "--output names it"),
                              (("evaluate", "c.h5", "--output=new", "--json=./new"), "--output names it")):
            with self.subTest(words=words):
                self.refuse(BAD_DATA, [reason], *words)

    def test_the_data_set_of_a_checkpoint(self):
        self.assert_done(self.run_program("search", "deck.ini", "--data.source=set.h5", "--run.iterations=2", timeout=180))
        self.refuse(BAD_DATA, ["the data set"], "evaluate", "run/latest.h5", "--tasks=1000000", "--json=set.h5", ranks=2)
        self.refuse(BAD_DATA, ["a file of this run"], "search", "deck.ini", "--data.source=set.h5", "--restart=latest",
                    "--json=run/latest.h5")

    def test_standard_output(self):
        before = (self.folder / "set.h5").read_bytes()
        script = ["sh", "-c", 'exec "$@" > printed', "sh"]
        outcome = self.run_program("info", "set.h5", "--json=printed", launcher=script)
        self.assert_refused(outcome, BAD_DATA, ("printed", "what the program prints"))
        self.assertEqual((self.folder / "set.h5").read_bytes(), before)

    def test_all_problems_together(self):
        self.refuse(BAD_DECK, [("--output", "no/such"), ("--json", "no/such"), ("--tasks=0", ">= 1")], "evaluate", "c.h5",
                    "--tasks=0", "--output=no/such/e.h5", "--json=no/such/e.json", ranks=2)
        self.refuse(BAD_DATA, [("--json", "no/such"), ("run.folder", "deck.ini")], "search", "deck.ini",
                    "--json=no/such/s.json", "--run.folder=deck.ini/run", ranks=2)
        # Where a search writes is in its deck, and that is not sound.
        self.refuse(BAD_DECK, ["run.iterations"], "search", "deck.ini", "--run.iterations=-1", "--run.folder=deck.ini/run")
        self.refuse(BAD_DATA, ["--folder"], "bench", "--seconds=1000", "--case=conv4-32", "--case=checkpoint",
                    "--folder=deck.ini/x")


class Written(OutputTest):
    def test_from_within_the_image_tree(self):
        # As people do: cd into the folder of the images, twice.
        for _ in range(2):
            outcome = self.run_program("import", "images", "-o", "images/new.h5", "--json=images/new.json")
            self.assert_done(outcome)
        self.assert_done(self.run_program("info", "images/new.h5"))

    def test_links_and_permissions(self):
        (self.folder / "there").mkdir()
        self.write("there/old.h5", "old")
        (self.folder / "there/old.h5").chmod(0o640)
        os.symlink("there/old.h5", self.folder / "link.h5")
        os.symlink("there/new.json", self.folder / "dangling.json")
        for words in (("import", "images", "-o"), ("evaluate", "c.h5", "--tasks=2", "--output")):
            self.assert_done(self.run_program(*words, "link.h5", "--json=dangling.json"))
            self.assertEqual(os.readlink(self.folder / "link.h5"), "there/old.h5")
            self.assertEqual((self.folder / "there/old.h5").stat().st_mode & 0o7777, 0o640)
            self.assert_done(self.run_program("info", "there/old.h5"))
            self.assertEqual(os.readlink(self.folder / "dangling.json"), "there/new.json")
            self.assertTrue(json.loads((self.folder / "there/new.json").read_text()))
            self.assertEqual(self.names("there"), ["new.json", "old.h5"])

    def test_into_a_run_folder_that_is_yet_to_be_made(self):
        self.assert_done(self.run_program("search", "deck.ini", "--json=run/figures.json", timeout=180))
        self.assertIn("figures.json", self.names("run"))
        self.assertEqual([name for name in self.names() if "lock" in name or "partial" in name], [])


class StandardOutput(OutputTest):
    def test_full(self):
        commands = (("info", "c.h5"), ("import", "images", "-o", "new.h5"), ("evaluate", "c.h5", "--tasks=2"), ("devices",),
                    ("bench", "--case=conv4-32", "--seconds=0.01"), ("search", "deck.ini", "--dry-run"),
                    ("search", "deck.ini", "--dump-deck"), ("--help",), ("--version",))
        for words in commands:
            for kind, script in (("full", 'exec "$@" > /dev/full'), ("closed", 'exec "$@" >&-')):
                with self.subTest(words=words, kind=kind):
                    outcome = self.run_program(*words, launcher=["sh", "-c", script, "sh"])
                    self.assert_refused(outcome, BAD_DATA, "standard output")

    def test_files_are_not_mistaken_for_a_closed_one(self):
        outcome = self.run_program("import", "images", "-o", "new.h5", launcher=["sh", "-c", 'exec "$@" >&- 2>&-', "sh"])
        self.assertEqual(outcome.code, BAD_DATA)
        self.assert_done(self.run_program("info", "new.h5"))


class OneWriter(OutputTest):
    def start(self, *words, ranks=1):
        job = Job(command_on(ranks, *words), self.folder)
        self.addCleanup(job.end)
        return job

    def stopped_once(self, happened, *words, ranks=1):
        """A job that is frozen as soon as something has happened."""
        job = self.start(*words, ranks=ranks)
        job.wait_for(happened, 60, "the beginning")
        pid = job.pid_of_rank(0)
        os.kill(pid, signal.SIGSTOP)
        self.addCleanup(lambda: job.process.poll() is None and os.kill(pid, signal.SIGCONT))
        return job, pid

    def test_two_imports(self):
        lock = self.folder / ".new.h5.lock"
        import_ = ("import", "images", "-o", "new.h5", "--size=512", "--resample=lanczos")
        job, pid = self.stopped_once(lambda: lock.exists() and lock.read_text(), *import_)
        os.symlink("new.h5", self.folder / "link.h5")
        for name in ("new.h5", "link.h5"):
            self.refuse(BAD_DATA, [(name, "in use", "process %d of " % pid, " on " + socket.gethostname(), " since 2")],
                        "import", "images", "-o", name)
        self.assert_done(self.run_program("import", "images", "-o", "other.h5"))
        os.kill(pid, signal.SIGKILL)
        job.wait(20)
        self.assertTrue(lock.exists())
        self.write(".new.h5.ab12cd.partial", "left by a killed import")
        self.assert_done(self.run_program("import", "images", "-o", "new.h5"))
        self.assertEqual([name for name in self.names() if name.startswith(".")], [])

    def test_two_searches(self):
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                shutil.rmtree(self.folder / "run", ignore_errors=True)
                run = self.folder / "run"
                job, pid = self.stopped_once(lambda: (run / "checkpoint-00000004.h5").exists(), "search", "deck.ini",
                                             "--run.iterations=100000", ranks=ranks)
                (run / "stop_now").touch()
                who = ("run.folder", "in use", "process %d of " % pid, " since 2")
                self.refuse(STOPPED, [who], "search", "deck.ini", ranks=ranks)
                (run / "stop_now").unlink()
                before = self.state()
                outcome = self.run_program("search", "deck.ini", "--restart=latest", "--dry-run", ranks=ranks)
                self.assert_done(outcome)
                self.assertIn("in use by process %d of " % pid, outcome.err)
                self.assertEqual(self.state(), before)
                newest = max(int(path.stem[-8:]) for path in run.glob("checkpoint-*.h5"))
                restart = ("search", "deck.ini", "--restart=latest", "--run.iterations=%d" % (newest + 1))
                # A restart waits for the end; somebody who does not want to can stop it.
                impatient = self.start(*restart, ranks=ranks)
                impatient.wait_for_words("waiting for its end")
                os.kill(impatient.pid_of_rank(0), signal.SIGTERM)
                self.assertEqual(impatient.wait(30), STOPPED)
                next_ = self.start(*restart, ranks=ranks)
                next_.wait_for_words("waiting for its end")
                self.assertIn("in use by process %d of " % pid, next_.text())
                os.kill(pid, signal.SIGKILL)
                job.wait(20)
                self.assertEqual(job.left_behind(15), [])
                self.assertEqual(next_.wait(60), 0, next_)
                self.assertEqual(next_.text().count("waiting for its end"), 1)
                self.assertFalse((run / ".lock").exists())

    def test_before_the_first_checkpoint(self):
        lock = self.folder / "run/.lock"
        self.stopped_once(lambda: lock.exists() and lock.read_text(), "search", "deck.ini", "--run.iterations=100000")
        self.refuse(STOPPED, [("run.folder", "in use")], "search", "deck.ini")

    def test_a_search_that_is_refused_leaves_no_folder(self):
        self.refuse(BAD_DECK, ["50"], "search", "deck.ini", "--task.way=50", "--run.folder=a/b", ranks=2)


class DryRun(OutputTest):
    def rehearse(self, *words, **how):
        before = self.state()
        outcome = self.run_program("search", "deck.ini", "--dry-run", *words, **how)
        self.assert_done(outcome)
        self.assertEqual(self.state(), before)
        return outcome.out

    def test_says_where_it_goes_on(self):
        self.assertRegex(self.rehearse(ranks=2), r"(?m)^start +anew$")
        self.assertRegex(self.rehearse("--restart=c.h5"), r"(?m)^start +at iteration 12 from c.h5$")
        shutil.copytree(self.made / "s/run", self.folder / "run", symlinks=True)
        self.assertRegex(self.rehearse("--restart=latest", ranks=2), r"(?m)^start +at iteration 12 from run/checkpoint-00000012.h5$")

    def test_says_who_evolves_and_how_long(self):
        self.assertRegex(self.rehearse(), r"(?m)^evolution +\d+ individuals on each of \d+ islands?, judged by \d+ tasks every "
                                          r"\d+ iterations$")
        self.assertIn("; from iteration 6 the best 2 alone\n", self.rehearse("--evo.until=0.5", "--evo.finalists=2"))
        self.assertRegex(self.rehearse("--evo.fitness_tasks=4", "--evo.racing=2", "--evo.objectives=fitness,macs,parameters"),
                         r"judged by 4 tasks in 2 rounds every \d+ iterations, by 3 objectives\n")
        self.assertRegex(self.rehearse("--evo.until=0.5", "--evo.kind=fixed"),
                         r"(?m)^evolution +1 individual on each of \d+ islands?, judged by \d+ tasks every \d+ iterations$")

    def test_refuses_what_the_run_refuses(self):
        shutil.copytree(self.made / "s/run", self.folder / "run", symlinks=True)
        whole = (self.folder / "c.h5").read_bytes()
        self.write("cut.h5", whole[:len(whole) // 2])
        for code, problems, words in (
                (BAD_DECK, [("run.folder", "another run")], ()),
                (BAD_DECK, [("run.folder", "another run")], ("--restart=c.h5",)),
                (RESTART_REFUSED, ["none.h5"], ("--restart=none.h5", "--run.folder=other")),
                (RESTART_REFUSED, ["other"], ("--restart=latest", "--run.folder=other")),
                (RESTART_REFUSED, ["run.seed = 2", "space.channels = 5"],
                 ("--restart=latest", "--run.seed=2", "--space.channels=5")),
                (BAD_DATA, ["cut.h5"], ("--restart=cut.h5", "--run.folder=other")),
                (BAD_DATA, ["/proc/run"], ("--run.folder=/proc/run",)),
                (BAD_DATA, ["deck.ini/run"], ("--run.folder=deck.ini/run",))):
            for ranks, dry in ((1, ()), (2, ("--dry-run",))):
                with self.subTest(words=words, ranks=ranks, dry=dry):
                    self.refuse(code, problems, "search", "deck.ini", *words, *dry, ranks=ranks)
        self.refuse(BAD_DECK, ["4 ranks for 3 tasks"], "search", "deck.ini", "--run.folder=new", "--dry-run", "--meta.batch=3",
                    "--evo.population=1", "--evo.offspring=0", "--evo.elite=1", "--evo.tournament=1",
                    "--evo.fitness_tasks=1", ranks=4)
        self.refuse(BAD_DECK, ["4 ranks for 3 tasks"], "search", "deck.ini", "--run.folder=new", "--dry-run", "--meta.batch=3",
                    "--evo.kind=fixed", "--evo.fitness_tasks=1", ranks=4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
