# SPDX-License-Identifier: Apache-2.0
"""Files that hold the effective deck of what wrote them."""

from __future__ import annotations

import functools

from .space import Space, number_of
from .stored_file import StoredFile, text_of


class DeckFile(StoredFile):
    @functools.cached_property
    def deck(self) -> dict[str, str]:
        """The effective deck by ``section.key``."""
        return self.attributes("/deck")

    @functools.cached_property
    def deck_changes(self) -> list[tuple[str, str, str]]:
        """Keys whose values are not the defaults of the program that wrote the file: ``(section.key, value,
        default)``. Empty for a file of an older program, which did not say."""
        section, changes = "", []
        for line in "\n".join(str(part) for part in self.array("/deck/text")).split("\n"):
            if line.startswith("["):
                section = line.strip("[] ")
            assignment, remark, default = line.rpartition("  # default ")
            name = f"{section}.{assignment.split('=')[0].strip()}"
            inside_quotes = assignment.count('"') % 2 == 1  # a value of an older program that holds the words
            if remark and name in self.deck and not inside_quotes:
                changes.append((name, self.deck.get(name, ""), "" if default == "empty" else default))
        return changes

    @functools.cached_property
    def space(self) -> Space:
        return Space.of(self.deck)

    @property
    def wanted_iterations(self) -> int:
        """Meta-iterations that the deck asks for; 0 where it does not say."""
        return number_of(self.deck, "run.iterations")

    @property
    def reproducible(self) -> bool:
        """Whether it depends on deck, seed and command line alone."""
        return bool(self.attributes().get("reproducible", 0))

    @property
    def why_not_reproducible(self) -> str:
        """What else it depends on; empty where there is nothing."""
        if self.reproducible:
            return ""
        return text_of(self.attributes().get("why_not_reproducible", "an older program wrote it, which kept no reason"))

    @property
    def digest(self) -> str:
        """Of all that it holds."""
        return text_of(self.attributes().get("digest", ""))
