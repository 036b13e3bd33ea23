# SPDX-License-Identifier: Apache-2.0
"""The console script ``atnas-analysis``.

Exit codes: 0 done, 1 different (``diff``), 2 bad arguments, 4 bad data or file.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .commands import compare, diff, export, genotype, report, scaling, tensorboard, watch
from .problem import BAD_ARGUMENTS, Problem

COMMANDS = (report, watch, compare, genotype, export, scaling, tensorboard, diff)
INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="atnas-analysis", description="Reads, compares and draws what ATNAS writes.",
                                  epilog="atnas-analysis COMMAND --help explains a command")
    parsers = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(parsers)
    return top


def extra_of(error: ImportError) -> str:
    """Which of the package's extras has what could not be imported.

    >>> extra_of(ImportError("halted", name="tensorboard.compat"))
    'tensorboard'
    >>> extra_of(ImportError("no such module", name="onnxruntime"))
    'onnx'
    """
    package = (error.name or "").split(".")[0]
    return {"onnx": "onnx", "onnxruntime": "onnx", "tensorboard": "tensorboard"}.get(package, "figures")


def main(words: Sequence[str] | None = None) -> int:
    """Runs a command; returns the exit code."""
    arguments = parser().parse_args(words)
    try:
        code = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except Problem as problem:
        print(f"error: {problem}", file=sys.stderr)
        return problem.code
    except ImportError as error:
        print(f"error: a Python package is missing ({error}), install it: "
              f"pip install 'atnas-analysis[{extra_of(error)}]'",
              file=sys.stderr)
        return BAD_ARGUMENTS
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
