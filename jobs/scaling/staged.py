# SPDX-License-Identifier: Apache-2.0
"""Files that are there whole or not at all."""

import contextlib
import os
from pathlib import Path


@contextlib.contextmanager
def staged(path):
    """The name to write to: it becomes `path` at the end, and vanishes if that does not come."""
    path = Path(path)
    partial = path.with_name(".%s.partial" % path.name)
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
