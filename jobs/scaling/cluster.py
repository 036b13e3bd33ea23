#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scaling studies under Slurm. As a program: the site's settings as shell commands, for scaling.sbatch."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from problem import BAD_ARGUMENTS, FAILED, Problem, run

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "slurm"))
import inputs  # it lies beside the templates


def site(root=ROOT):
    """Settings of slurm/site.conf, or of the file that ATNAS_SITE names; none is as good as an empty one."""
    path = os.environ.get("ATNAS_SITE") or root / "slurm" / "site.conf"
    if "ATNAS_SITE" not in os.environ and not path.exists():
        return {}
    try:
        parser = inputs.read_ini(path)
    except ValueError as error:
        raise Problem(BAD_ARGUMENTS, "%s cannot be read" % path, str(error), "correct it")
    return {key: value for section in parser.sections() for key, value in parser[section].items() if value}


def cores(settings):
    """Of a node; None where the site does not say."""
    text = settings.get("cores", "0")
    if not text.isdigit():
        raise Problem(BAD_ARGUMENTS, "cores = %s in the site's settings" % text, "a number is needed", "correct it")
    return int(text) or None


def binding(launcher):
    """Variables by which a rank keeps its cores: ranks that wander lose their caches. The launcher's own words win."""
    kind = os.path.basename(launcher.split()[0])
    if kind == "srun":
        # --hint is a way to bind as well.
        return {} if "--hint" in launcher else {"SLURM_CPU_BIND": "cores"}
    if kind in ("mpirun", "mpiexec"):
        # Of Open MPI 4 and 5; other MPI libraries do not know them, and would refuse its options. Overload: where Slurm
        # gives a hyperthread to each rank, two share a core.
        return dict.fromkeys(("OMPI_MCA_hwloc_base_binding_policy", "PRTE_MCA_hwloc_default_binding_policy"),
                             "core:overload-allowed")
    return {}


def shell(settings, root):
    """What a job begins with; the environment overrides the site. -n is understood by srun, mpirun and mpiexec."""
    program = os.environ.get("ATNAS_BIN") or os.path.join(root, settings.get("program", "build/release/bin/atnas"))
    launcher = os.environ.get("ATNAS_LAUNCHER") or settings.get("launcher", "srun") + " -n {ranks}"
    lines = settings.get("setup", "").strip().splitlines()
    lines += ["export %s=%s" % (name, shlex.quote(value))
              for name, value in (("ATNAS_BIN", program), ("ATNAS_LAUNCHER", launcher))]
    # Of the shell that runs this: what the site's set-up exports stays.
    lines += ['export %s="${%s:-%s}"' % (name, name, value) for name, value in binding(launcher).items()]
    return "\n".join(lines)


def sbatch_words(settings, options, ranks):
    words = ["sbatch", "--ntasks=%d" % ranks, "--array=0-%d" % (options.repeats - 1)]
    per_node = options.ranks_per_node or cores(settings)
    if per_node:
        words += ["--nodes=%d" % -(-ranks // per_node), "--ntasks-per-node=%d" % min(ranks, per_node)]
    queue = [key for key in ("partition", "account", "qos", "constraint") if key in settings]
    words += ["--%s=%s" % (key, settings[key]) for key in queue]
    words += [line.strip() for line in settings.get("options", "").splitlines() if line.strip()]
    return words + (["--time=%s" % options.time] if options.time else [])


def submit(options, points):
    """One job array per number of ranks; its tasks are the repeats."""
    settings = site()
    for ranks in options.ranks:
        words = ["--ranks=%d" % ranks, "--repeats=%d" % options.repeats, "--kinds=%s" % ",".join(options.kinds),
                 "--iterations=%d" % options.iterations, "--checkpoints=%d" % options.checkpoints,
                 "--folder=%s" % options.folder, "--timeout=%g" % options.timeout]
        for p in (p for p in points if p["ranks"] == ranks):
            if p["kind"] == "strong":
                words += ["--islands=%d" % p["islands"], "--batch=%d" % p["batch"]]
            else:
                words += ["--islands-per-rank=%d" % (p["islands"] // ranks),
                          "--batch-per-rank=%d" % (p["batch"] // ranks)]
        words = list(dict.fromkeys(words)) + (["--generations"] if options.generations else [])
        command = [*sbatch_words(settings, options, ranks), "jobs/scaling/scaling.sbatch",
                   os.path.abspath(options.deck), *words, *options.keys]
        print(shlex.join(command), flush=True)
        if options.dry_run:
            continue
        try:
            subprocess.run(command, cwd=ROOT, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Problem(FAILED, "the job was not submitted", str(error), "look at the lines with --dry-run")
    return 0


def main(words):
    root = Path(words[0]) if words else ROOT
    print(shell(site(root), root))
    return 0


if __name__ == "__main__":
    run(main)
