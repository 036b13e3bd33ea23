# SPDX-License-Identifier: Apache-2.0
"""A copy of a file with other weights."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import h5py
import numpy as np

from .checkpoint import Checkpoint
from .deck_file import DeckFile
from .digest import expect_whole, write_contents, write_text
from .network import Member, Network
from .output import staged
from .problem import BAD_ARGUMENTS, Problem
from .stored_file import text_of
from .weights import Weights

#: Why what is in the copy is not reproducible.
CHANGED = "another program changed the weights"


@dataclass(frozen=True)
class StoredMember:
    """What is stored of a network."""

    #: By the names of blocks.
    weights: Mapping[str, np.ndarray]
    #: Of each norm the means of all channels, then their variances.
    moments: np.ndarray


def write_copy(network: Network, members: Sequence[StoredMember], output: str | os.PathLike[str]) -> None:
    """What is true of the original alone is left out: its figures and that it is reproducible.

    Raises Problem where numbers are not finite, or do not fit the file.
    """
    changed = [(member, _member_values(network, member, new), new.moments)
               for member, new in zip(network.members, members)]
    with _changed_copy(network, output) as file:
        for member, values, moments in changed:
            file[f"/members/{member.number}/weights/values"][...] = values
            file[f"/members/{member.number}/moments"][...] = moments
        for name in network.figures:
            del file["figures"].attrs[name]
        write_text(file["origin"], "changed_by", "atnas_analysis")
        write_text(file["origin"], "changed_from", network.digest)


def write_checkpoint_copy(checkpoint: Checkpoint, blocks: Mapping[str, np.ndarray],
                          output: str | os.PathLike[str]) -> None:
    """With other blocks of weights, by name; averaged ones too where there are any. The rest stays.

    Raises as ``write_copy``.
    """
    values = {name: _values(checkpoint, checkpoint.weights, name, blocks)
              for name in ("/weights/values", "/optimizer/average") if checkpoint.has(name)}
    with _changed_copy(checkpoint, output) as file:
        for name, array in values.items():
            file[name][...] = array


@contextlib.contextmanager
def _changed_copy(original: DeckFile, output: str | os.PathLike[str]) -> Iterator[h5py.File]:
    """To be changed; what it says of itself is made to fit at the end."""
    with staged(output) as partial:
        shutil.copyfile(original.path, partial)
        with h5py.File(partial, "r+") as file:
            expect_whole(file, original.damaged)
            if text_of(file.attrs["digest"]) != original.digest:
                raise Problem(f"{original.path} was replaced meanwhile", "it is another file now", "try again")
            yield file
            file.attrs.modify("reproducible", np.int64(0))
            reasons = [reason for reason in original.why_not_reproducible.split("; ") if reason not in ("", CHANGED)]
            write_text(file, "why_not_reproducible", "; ".join([*reasons, CHANGED]))
            write_contents(file)


def _member_values(network: Network, member: Member, new: StoredMember) -> np.ndarray:
    """All weights of a member."""
    if new.moments.shape != member.moments.shape:
        raise _other(network, "statistics")
    if not np.isfinite(new.moments).all():
        raise _not_finite("statistics")
    return _values(network, member.weights, f"/members/{member.number}/weights/values", new.weights)


def _values(file: DeckFile, weights: Weights, array: str, blocks: Mapping[str, np.ndarray]) -> np.ndarray:
    """An array of the file with other blocks."""
    values = file.array(array)
    for name, block in blocks.items():
        if name not in weights or block.size != values[weights.place(name)].size:
            raise _other(file, name)
        values[weights.place(name)] = block.ravel()
    if not np.isfinite(values).all():
        raise _not_finite("weights")
    return values


def _not_finite(what: str) -> Problem:
    return Problem(f"cannot write the {what} of the module", "some are not finite", "train it again with smaller steps")


def _other(file: DeckFile, what: str) -> Problem:
    return Problem(f"the module is not of {file.path}", f"its {what} are of another size",
                   "name the file that it was made of", BAD_ARGUMENTS)
