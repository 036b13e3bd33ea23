// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// From text and overrides to a checked deck.

#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "atnas/app/deck/deck.hpp"
#include "atnas/app/deck/deck_text.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/io/network_file.hpp"

namespace atnas::app {

/// Whose the text of a deck is: in that of a checkpoint, settings that went are passed over (deck/former_settings.hpp).
enum class TextOf { user, checkpoint };

/// What a deck is made of. Precedence: overrides, text, default.
struct DeckSources {
    std::string name{"default"};  ///< file name without folder and ending; names the default run.folder
    std::string origin{"deck"};   ///< how messages call the text
    std::string text{};           ///< INI; empty = defaults
    TextOf text_of{TextOf::user};
    std::vector<Assignment> overrides{};  ///< from the command line
};

/// The deck, with everything that is wrong appended to \p problems: lines, unknown and repeated keys, types, ranges,
/// choices, and combinations of them as far as they need no data.
Deck collect_deck(const DeckSources& sources, std::vector<Problem>& problems);

/// What is wrong with each of \p overrides by itself, and so over any deck.
std::vector<Problem> problems_alone(std::span<const Assignment> overrides);

/// The same as collect_deck(), throwing Error(bad_deck) with all problems.
Deck make_deck(const DeckSources& sources);

/// The deck of a checkpoint under \p overrides. Throws Error(bad_deck) as make_deck() does.
Deck stored_deck(const io::CheckpointState& stored, const std::vector<Assignment>& overrides = {});
/// That of a network, alike.
Deck stored_deck(const io::NetworkFile& stored, const std::vector<Assignment>& overrides = {});

/// "key: old -> new" for every key that may change and does, of those that results depend on: what the run is for from
/// here on is not what the stored deck says. Not data.source: the content counts, engine::data_problems() compares it.
std::vector<std::string> changed_keys(const Deck& deck, const std::vector<std::pair<std::string, std::string>>& stored);

/// What forbids to go on from a checkpoint made with \p stored (pairs as from deck_pairs) under \p deck: one problem
/// per frozen key that differs. Keys unknown to either side are passed over.
std::vector<Problem> restart_problems(const Deck& deck, const std::vector<std::pair<std::string, std::string>>& stored);

}  // namespace atnas::app
