# SPDX-License-Identifier: Apache-2.0
"""Tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Texts to the left, what begins with a digit or a sign to the right.

    >>> print(table(["run", "accuracy"], [["a", "9.50 %"], ["bcde", "10.00 %"]]))
    run   accuracy
    a       9.50 %
    bcde   10.00 %
    """
    widths = [max(len(line[i]) for line in [head, *rows]) for i in range(len(head))]
    right = [bool(rows) and all(row[i][:1] in "+-0123456789" for row in rows) for i in range(len(head))]
    lines = []
    for line in [head, *rows]:
        cells = [cell.rjust(width) if to_right else cell.ljust(width)
                 for cell, width, to_right in zip(line, widths, right)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def si(value: float) -> str:
    """A count for people.

    >>> si(10815776), si(111236), si(12)
    ('10.8 M', '111 k', '12')
    """
    for factor, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= factor:
            return f"{value / factor:.3g}{unit}"
    return f"{value:.3g}" if value != int(value) else str(int(value))


def duration(seconds: float) -> str:
    """
    >>> duration(42.3), duration(754), duration(90061)
    ('42 s', '12 min 34 s', '25 h 1 min')
    """
    whole = int(round(max(seconds, 0)))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
