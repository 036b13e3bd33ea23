# SPDX-License-Identifier: Apache-2.0
"""Files that commands write."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .problem import Problem


def write_whole(path: str | os.PathLike[str], text: str | bytes) -> None:
    """Under another name first: what is there is whole."""
    path = Path(path)
    try:
        handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode() if isinstance(text, str) else text)
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
