# SPDX-License-Identifier: Apache-2.0
"""Files that commands write."""

from __future__ import annotations

import os
import secrets
import stat
import string
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .problem import Problem

LETTERS = string.ascii_lowercase + string.digits
TRIES = 100  # names to draw before giving up


@contextmanager
def staged(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Gives another name to write it by, and renames it at the end: what is there is whole.

    The target of a symbolic link is written, not the link; what is replaced keeps its permissions.
    """
    try:
        target, permissions = Path(os.path.realpath(path)), _permissions_of(path)
        partial = _empty_file_beside(target)
        try:
            if permissions is None:
                permissions = stat.S_IMODE(partial.stat().st_mode)
            else:  # nobody reads in it what is not to be read afterwards
                _set_permissions(partial, permissions | stat.S_IRUSR | stat.S_IWUSR)
            yield partial
            _flush_to_disk(partial)
            _set_permissions(partial, permissions)
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)
        with suppress(OSError):  # folders of some network file systems cannot be flushed
            _flush_to_disk(target.parent)
    except OSError as error:
        raise Problem(f"cannot write {path}", error.strerror or str(error),
                      "check that the folder exists, may be written to and has room") from None


def _permissions_of(path: str | os.PathLike[str]) -> int | None:
    """Of the file that is there, None where there is none. What is no file is not replaced by one."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise Problem(f"cannot write {path}", "it is a folder" if stat.S_ISDIR(mode) else "it is no plain file",
                      "name another file")
    return stat.S_IMODE(mode)


def _empty_file_beside(path: Path) -> Path:
    """Of the name that ``atnas`` gives to such files: it clears away what a process that was killed has left."""
    for attempt in range(TRIES):
        draw = "".join(secrets.choice(LETTERS) for _ in range(6))
        partial = path.with_name(f".{path.name}.{draw}.partial")
        try:
            os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
            return partial
        except FileExistsError:
            if attempt + 1 == TRIES:
                raise
    raise AssertionError("not reached")


def _set_permissions(path: Path, permissions: int) -> None:
    with suppress(OSError):  # some network file systems refuse it: no reason to lose the result
        path.chmod(permissions)


def _flush_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: str | os.PathLike[str], text: str | bytes) -> None:
    with staged(path) as partial:
        partial.write_bytes(text.encode() if isinstance(text, str) else text)
