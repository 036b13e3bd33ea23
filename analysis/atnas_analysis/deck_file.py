# SPDX-License-Identifier: Apache-2.0
"""Files that hold the effective deck of what wrote them."""

from __future__ import annotations

import functools

from .space import Space
from .stored_file import StoredFile, text_of


class DeckFile(StoredFile):
    @functools.cached_property
    def deck(self) -> dict[str, str]:
        """The effective deck by ``section.key``."""
        return self.attributes("/deck")

    @functools.cached_property
    def space(self) -> Space:
        return Space.of(self.deck)

    @property
    def digest(self) -> str:
        """Of all that it holds."""
        return text_of(self.attributes().get("digest", ""))
