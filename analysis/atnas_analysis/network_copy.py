# SPDX-License-Identifier: Apache-2.0
"""A copy of a network file with other numbers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import h5py
import numpy as np

from .digest import expect_whole, write_contents, write_text
from .network import Member, Network
from .output import staged
from .problem import BAD_ARGUMENTS, Problem
from .stored_file import text_of

#: Why a network is not reproducible then.
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
    changed = [(member, _values(network, member, new), new.moments) for member, new in zip(network.members, members)]
    with staged(output) as partial:
        shutil.copyfile(network.path, partial)
        with h5py.File(partial, "r+") as file:
            expect_whole(file, network.damaged)
            if text_of(file.attrs["digest"]) != network.digest:
                raise Problem(f"{network.path} was replaced meanwhile", "it is another network now", "try again")
            for member, values, moments in changed:
                file[f"/members/{member.number}/weights/values"][...] = values
                file[f"/members/{member.number}/moments"][...] = moments
            for name in network.figures:
                del file["figures"].attrs[name]
            file.attrs.modify("reproducible", np.int64(0))
            reasons = [reason for reason in network.why_not_reproducible.split("; ") if reason not in ("", CHANGED)]
            write_text(file, "why_not_reproducible", "; ".join([*reasons, CHANGED]))
            write_text(file["origin"], "changed_by", "atnas_analysis")
            write_text(file["origin"], "changed_from", network.digest)
            write_contents(file)


def _values(network: Network, member: Member, new: StoredMember) -> np.ndarray:
    """All weights of a member."""
    values = network.array(f"/members/{member.number}/weights/values")
    for name, block in new.weights.items():
        if name not in member.weights or block.size != values[member.weights.place(name)].size:
            raise _other(network, name)
        values[member.weights.place(name)] = block.ravel()
    if new.moments.shape != member.moments.shape:
        raise _other(network, "statistics")
    if not (np.isfinite(values).all() and np.isfinite(new.moments).all()):
        raise Problem(f"cannot write the weights of {member.encode}", "some are not finite",
                      "train it again with smaller steps")
    return values


def _other(network: Network, what: str) -> Problem:
    return Problem(f"the module is not of {network.path}", f"its {what} are of another size",
                   "name the file that it was made of", BAD_ARGUMENTS)
