# SPDX-License-Identifier: Apache-2.0
"""One line for a person: what is wrong, why, and what to do about it."""

from __future__ import annotations

DONE, DIFFERENT, BAD_ARGUMENTS, BAD_DATA = 0, 1, 2, 4


class Problem(Exception):
    """An error that a user or a file caused; ``code`` is the exit code of the console script.

    >>> print(Problem("cannot read run.h5", "there is no such file", "check the name"))
    cannot read run.h5 (there is no such file), check the name
    """

    def __init__(self, problem: str, reason: str = "", suggestion: str = "", code: int = BAD_DATA) -> None:
        self.problem, self.reason, self.suggestion, self.code = problem, reason, suggestion, code
        super().__init__(problem)

    def __str__(self) -> str:
        text = self.problem + (f" ({self.reason})" if self.reason else "")
        text += f", {self.suggestion}" if self.suggestion else ""
        return " ".join(text.split())
