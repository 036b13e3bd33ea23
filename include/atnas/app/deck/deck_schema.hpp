// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The one table of deck keys: reading, writing, help, checking and restart all follow it.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "atnas/app/deck/deck.hpp"

namespace atnas::app {

/// Whether a restarted search may differ from the checkpoint in this key. Frozen is what the stored state depends on.
enum class OnRestart { frozen, may_change };

/// One key. Its default is the value it has in a Deck{}.
struct DeckKey {
    std::string section;
    std::string key;
    std::string type;     ///< "integer", "number", "true|false", "text", "names", "integers", or the choices "a|b|c"
    std::string unit;     ///< may be empty
    std::string range;    ///< e.g. ">= 1"; may be empty
    std::string meaning;  ///< one line
    OnRestart on_restart;

    /// Reads \p text into its place; says why it cannot otherwise ("not an integer", "must be >= 1", ...).
    std::function<std::optional<std::string>(Deck& deck, const std::string& text)> set;
    /// Canonical text of the value; set() reads it back exactly.
    std::function<std::string(const Deck& deck)> get;

    std::string name() const { return section + "." + key; }
};

/// All keys in the order they are printed in; keys of a section are neighbours.
std::span<const DeckKey> deck_schema();

/// Names of the keys that say how training images are changed at random.
std::vector<std::string> augmentation_keys();

/// Null when there is no such key. \p name is "section.key".
const DeckKey* find_key(const std::string& name);

/// What is wrong with a key that does not exist, with the nearest that does. \p where says who names it.
Problem unknown_key(const std::string& name, const std::string& value, const std::string& where);

}  // namespace atnas::app
