# SPDX-License-Identifier: Apache-2.0
"""Files that commands write."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .problem import Problem


@contextmanager
def staged(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Gives another name to write it by, and renames it at the end: what is there is whole."""
    path = Path(path)
    try:
        handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
        os.close(handle)
        try:
            yield Path(partial)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(partial, 0o666 & ~mask)
            os.replace(partial, path)
        except BaseException:
            os.unlink(partial)
            raise
    except OSError as error:
        raise Problem(f"cannot write {path}", error.strerror or str(error),
                      "check that the folder exists, may be written to and has room") from None


def write_whole(path: str | os.PathLike[str], text: str | bytes) -> None:
    with staged(path) as partial:
        partial.write_bytes(text.encode() if isinstance(text, str) else text)
