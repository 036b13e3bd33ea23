# SPDX-License-Identifier: Apache-2.0
"""Tables of the page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def html_table(head: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "") -> str:
    """Texts are escaped.

    >>> html_table(["a"], [["<"]])
    '<div class="wide"><table class=""><thead><tr><th>a</th></tr></thead><tbody><tr><td>&lt;</td></tr></tbody></table></div>'
    """
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (f'<div class="wide"><table class="{kind}"><thead><tr>{top}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>")


def facts(rows: Sequence[tuple[str, str]]) -> str:
    """Names and values."""
    body = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows if value)
    return f'<div class="wide"><table class="facts"><tbody>{body}</tbody></table></div>'
