# SPDX-License-Identifier: Apache-2.0
"""An HDF5 file of ATNAS: its kind, its version, and safe access to what it holds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

import h5py
import numpy as np

from .problem import Problem

SIGNATURE = b"\x89HDF\r\n\x1a\n"
ANOTHER_COPY = "use another copy of it, or an older one"


def text_of(value: Any) -> str:
    """Text as h5py gives it, as str; what is no UTF-8 is replaced.

    >>> text_of(np.bytes_(b"proto"))
    'proto'
    """
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def plain(value: Any) -> Any:
    """An attribute as a plain Python value.

    >>> plain(np.int64(3)), plain(b"a")
    (3, 'a')
    """
    if isinstance(value, (bytes, str)):
        return text_of(value)
    return value.item() if isinstance(value, (np.generic, np.ndarray)) and np.size(value) == 1 else value


def open_hdf5(path: Path) -> h5py.File:
    """Opens it for reading, without a lock where the file system has none: files appear whole, under their names."""
    try:
        with path.open("rb") as file:
            start = file.read(len(SIGNATURE))
    except OSError as error:
        raise Problem(f"cannot read {path}", error.strerror or str(error), "check the name") from None
    if start != SIGNATURE:
        raise Problem(f"cannot read {path}", "it is empty" if not start else "it is no HDF5 file",
                      "name a file or a run folder that atnas wrote")
    try:
        try:
            return h5py.File(path, "r")
        except OSError as error:
            if "lock" not in str(error):
                raise
            return h5py.File(path, "r", locking=False)
    except OSError as error:
        reason = "it is shorter than it was written" if "truncated" in str(error) else "HDF5 cannot open it"
        raise Problem(f"{path} is damaged", reason, ANOTHER_COPY) from None


class StoredFile:
    """What all kinds of files have in common. Nothing but attributes of ``/`` is read before it is asked for.

    A file that is open stays readable when the search replaces or removes it. It can be used in a ``with`` statement.
    """

    KIND: ClassVar[str] = ""
    VERSION: ClassVar[int] = 0
    #: What it is called in sentences.
    TITLE: ClassVar[str] = ""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.file = open_hdf5(self.path)
        try:
            check_type(self.path, self.file, self.KIND, self.VERSION)
        except Problem:
            self.file.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path}>"

    def close(self) -> None:
        self.file.close()

    def has(self, name: str) -> bool:
        return name in self.file

    def array(self, name: str) -> np.ndarray:
        """A whole array; texts come as str."""
        try:
            data = self.file[name]
            if data.dtype.kind == "S":
                return np.array([text_of(value) for value in data[()].ravel()], dtype=object).reshape(data.shape)
            return data[()]
        except KeyError:
            raise self.damaged(f"there is no {name}") from None
        except (OSError, AttributeError, TypeError, ValueError, RuntimeError, MemoryError):
            raise self.damaged(f"{name} cannot be read") from None

    def attributes(self, group: str = "/") -> dict[str, Any]:
        """All attributes of a group as plain values."""
        try:
            return {name: plain(value) for name, value in self.file[group].attrs.items()}
        except KeyError:
            raise self.damaged(f"there is no {group}") from None
        except (OSError, TypeError, ValueError, RuntimeError):
            raise self.damaged(f"the attributes of {group} cannot be read") from None

    def damaged(self, reason: str) -> Problem:
        return Problem(f"{self.path} is damaged", reason, ANOTHER_COPY)

    @property
    def provenance(self) -> dict[str, str]:
        """Who wrote it, when, where and with which program."""
        return {name: text for name, text in self.attributes("/provenance").items() if name != "digest"}


def attribute_of(path: Path, file: h5py.File, name: str, default: Any = None) -> Any:
    """Of the file as a whole."""
    try:
        return file.attrs.get(name, default)
    except (OSError, KeyError, TypeError, ValueError, RuntimeError):
        raise Problem(f"{path} is damaged", f"its attribute {name} cannot be read", ANOTHER_COPY) from None


def kind_of(path: Path, file: h5py.File) -> str:
    """Its kind; refuses files that ATNAS did not write."""
    kind = attribute_of(path, file, "atnas.filetype")
    if kind is None:
        raise Problem(f"cannot read {path}", "ATNAS did not write it: it has no attribute atnas.filetype",
                      "name a file or a run folder that atnas wrote")
    return text_of(kind)


def check_type(path: Path, file: h5py.File, kind: str, version: int) -> None:
    """Refuses another kind, another version and what was not finished."""
    found = kind_of(path, file)
    if found != kind:
        raise Problem(f"{path} is of the kind {found}", f"{kind} is wanted", "check the name")
    number = plain(attribute_of(path, file, "atnas.version", -1))
    if number != version:
        age = "older" if isinstance(number, int) and number < version else "newer"
        raise Problem(f"{path} is of version {number} of {kind}", f"this package reads version {version}",
                      f"an {age} program wrote it: use the package that came with it".replace("an newer", "a newer"))
    if attribute_of(path, file, "complete") is None:
        raise Problem(f"{path} was not finished", "it has no attribute complete", ANOTHER_COPY)
