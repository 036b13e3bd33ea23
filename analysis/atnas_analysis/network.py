# SPDX-License-Identifier: Apache-2.0
"""Networks with weights of their own: what ``atnas adapt`` and ``atnas train`` leave behind."""

from __future__ import annotations

import functools

import numpy as np

from .deck_file import DeckFile
from .space import Genotype
from .stored_file import text_of
from .weights import Weights


class Member:
    """One of the networks whose mean probabilities count."""

    def __init__(self, file: Network, number: int) -> None:
        self._file, self._group = file, f"/members/{number}"
        self.number = number

    @property
    def encode(self) -> str:
        return text_of(self._file.attributes(self._group)["encode"])

    @property
    def genotype(self) -> Genotype:
        return self._file.space.decode(self._file.array(self._group + "/genotype"))

    @functools.cached_property
    def weights(self) -> Weights:
        return Weights(self._file, self._group + "/weights")

    @property
    def moments(self) -> np.ndarray:
        """For every norm the means of all channels, then their variances."""
        return self._file.array(self._group + "/moments")


class Network(DeckFile):
    """A file of ``atnas adapt --network`` or ``atnas train -o``."""

    KIND, VERSION, TITLE = "atnas-network", 1, "network"

    @property
    def made_by(self) -> str:
        return text_of(self.attributes().get("made_by", ""))

    @property
    def classes(self) -> list[str]:
        """Names by label."""
        return list(self.array("/classes/names"))

    @property
    def origin(self) -> dict[str, str]:
        """What it was made from."""
        return self.attributes("/origin")

    @property
    def figures(self) -> dict[str, float]:
        """How good it is and what it took."""
        return self.attributes("/figures")

    @property
    def image(self) -> dict[str, int]:
        """``channels``, ``height`` and ``width`` of the images that it takes, with values in [0, 1]."""
        return self.attributes("/image")

    @functools.cached_property
    def members(self) -> list[Member]:
        """Best first."""
        if not self.has("/members/0"):
            raise self.damaged("there is no /members/0")
        return [Member(self, number) for number in range(len(self.file["/members"]))]

    @property
    def genotype(self) -> Genotype:
        return self.members[0].genotype
