// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "atnas/app/deck/deck_key.hpp"
#include "atnas/space/space_registry.hpp"

namespace atnas::app {
namespace {

using space::SpaceKey;

DeckKey deck_key(const SpaceKey& key) {
    KeyText text{"space", key.name, key.unit, key.meaning, OnRestart::frozen};
    if (const auto* integer = std::get_if<SpaceKey::Integer>(&key.value)) {
        return integer_key(
            std::move(text), [place = integer->place](Deck & deck) -> auto& { return place(deck.space); },
            between(integer->low, integer->high));
    }
    if (const auto* integers = std::get_if<SpaceKey::Integers>(&key.value)) {
        return integers_key(
            std::move(text), [place = integers->place](Deck & deck) -> auto& { return place(deck.space); });
    }
    const auto& choice = std::get<SpaceKey::Choice>(key.value);
    std::string type;
    for (const std::string& name : choice.names) type += (type.empty() ? "" : "|") + name;
    return indexed_key(
        std::move(text), choice.names, std::move(type),
        [set = choice.set](Deck& deck, std::size_t index) { set(deck.space, index); },
        [get = choice.get](const Deck& deck) { return get(deck.space); });
}

DeckKey kind_key() {
    std::string meaning;
    std::vector<std::pair<std::string, std::string>> choices;
    for (const auto& entry : space::space_registry()) {
        meaning += (meaning.empty() ? "" : "; ") + entry.name + " = " + entry.summary;
        choices.emplace_back(entry.name, entry.name);
    }
    return choice_key<std::string>(
        {"space", "kind", "", std::move(meaning), OnRestart::frozen}, [](Deck & d) -> auto& { return d.space.kind; },
        std::move(choices));
}

/// A key that another space has as well is one key of the deck, which says what it means to each.
void add_space_key(const SpaceKey& key, std::vector<DeckKey>& keys) {
    const auto known = std::ranges::find_if(
        keys, [&](const DeckKey& other) { return other.section == "space" && other.key == key.name; });
    if (known == keys.end()) {
        keys.push_back(deck_key(key));
    } else {
        known->meaning += "; " + key.meaning;
    }
}

}  // namespace

void add_network_keys(std::vector<DeckKey>& keys) {
    using space::Head;
    keys.push_back(kind_key());
    for (const auto& entry : space::space_registry()) {
        for (const SpaceKey& key : entry.keys) add_space_key(key, keys);
    }
    keys.push_back(real_key(
        {"space", "max_macs", "multiply-adds",
         "of an image before the head; encodes with more are not members of the space; 0 = any", OnRestart::frozen},
        [](Deck & d) -> auto& { return d.space.max_macs; }, at_least(0)));
    keys.push_back(real_key(
        {"space", "max_parameters", "weights",
         "of a network before the head; encodes with more are not members of the space; 0 = any", OnRestart::frozen},
        [](Deck & d) -> auto& { return d.space.max_parameters; }, at_least(0)));
    keys.push_back(choice_key<Head>(
        {"space", "head", "",
         "proto = starts from class prototypes, by distance; cosine = by angle; zero = starts at zero; "
         "linear = meta-learned",
         OnRestart::frozen},
        [](Deck & d) -> auto& { return d.space.head; },
        {{"proto", Head::proto}, {"cosine", Head::cosine}, {"zero", Head::zero}, {"linear", Head::linear}}));
}

}  // namespace atnas::app
