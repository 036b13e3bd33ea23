// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How rows of the deck schema are made: one function per type of value, each with reading, writing and range.

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "atnas/app/deck/deck_schema.hpp"

namespace atnas::app {

/// What a row says besides its place and range.
struct KeyText {
    std::string section;
    std::string key;
    std::string unit;
    std::string meaning;
    OnRestart on_restart;
};

/// low <= value <= high, with either end open on request.
struct Bounds {
    enum class End { closed, open };
    double low{-std::numeric_limits<double>::infinity()};
    double high{std::numeric_limits<double>::infinity()};
    End low_end{End::closed};
    End high_end{End::closed};

    bool contain(double value) const noexcept;
    std::string text() const;  ///< ">= 1", "0 ... 1", "> 0", ""
};

constexpr Bounds at_least(double low) noexcept {
    return {.low = low};
}
constexpr Bounds above(double low) noexcept {
    return {.low = low, .low_end = Bounds::End::open};
}
constexpr Bounds between(double low, double high) noexcept {
    return {.low = low, .high = high};
}
/// low <= value < high
constexpr Bounds below(double low, double high) noexcept {
    return {.low = low, .high = high, .high_end = Bounds::End::open};
}

/// Where a value lives: a function from a deck to a reference into it, for reading and for writing.
template <class T>
using Place = std::function<T&(Deck&)>;

DeckKey integer_key(KeyText text, Place<int> place, Bounds bounds);
DeckKey seed_key(KeyText text, Place<std::uint64_t> place);
DeckKey real_key(KeyText text, Place<double> place, Bounds bounds);
DeckKey real_key(KeyText text, Place<float> place, Bounds bounds);
/// Seconds, also written as HH:MM:SS or D-HH:MM:SS.
DeckKey duration_key(KeyText text, Place<double> place);
DeckKey text_key(KeyText text, Place<std::string> place);
DeckKey path_key(KeyText text, Place<std::filesystem::path> place);
DeckKey names_key(KeyText text, Place<std::vector<std::string>> place);
DeckKey integers_key(KeyText text, Place<std::vector<int>> place);

/// A choice by index; enumerations come through choice_key.
DeckKey indexed_key(KeyText text, std::vector<std::string> names, std::string type,
                    std::function<void(Deck&, std::size_t)> set, std::function<std::size_t(const Deck&)> get);

/// One of several names, each standing for a value.
template <class Value>
DeckKey choice_key(KeyText text, Place<Value> place, std::vector<std::pair<std::string, Value>> choices) {
    std::vector<std::string> names;
    std::string type;
    for (const auto& [name, value] : choices) {
        names.push_back(name);
        type += (type.empty() ? "" : "|") + name;
    }
    const auto set = [place, choices](Deck& deck, std::size_t index) { place(deck) = choices[index].second; };
    const auto get = [place, choices](const Deck& deck) {
        Deck copy = deck;
        std::size_t index = 0;
        while (index + 1 < choices.size() && !(choices[index].second == place(copy))) ++index;
        return index;
    };
    return indexed_key(std::move(text), std::move(names), std::move(type), set, get);
}

/// Some of several names, separated by commas: at least one, none twice.
DeckKey indices_key(KeyText text, std::vector<std::string> names,
                    std::function<void(Deck&, const std::vector<std::size_t>&)> set,
                    std::function<std::vector<std::size_t>(const Deck&)> get);

template <class Value>
DeckKey choices_key(KeyText text, Place<std::vector<Value>> place, std::vector<std::pair<std::string, Value>> choices) {
    std::vector<std::string> names;
    for (const auto& [name, value] : choices) names.push_back(name);
    const auto set = [place, choices](Deck& deck, const std::vector<std::size_t>& indices) {
        place(deck).clear();
        for (const std::size_t index : indices) place(deck).push_back(choices[index].second);
    };
    const auto get = [place, choices](const Deck& deck) {
        Deck copy = deck;
        std::vector<std::size_t> indices;
        for (const Value& value : place(copy)) {
            std::size_t index = 0;
            while (index + 1 < choices.size() && !(choices[index].second == value)) ++index;
            indices.push_back(index);
        }
        return indices;
    };
    return indices_key(std::move(text), std::move(names), set, get);
}

/// true or false, standing for the two values of an enumeration (or of bool).
template <class Value>
DeckKey flag_key(KeyText text, Place<Value> place, Value no, Value yes) {
    return choice_key<Value>(std::move(text), place, {{"true", yes}, {"false", no}});
}

// --- The sections, one source file for each group of them
// ---------------------------------------------------------------
void add_run_keys(std::vector<DeckKey>& keys);           ///< [run], [runtime]
void add_cuda_keys(std::vector<DeckKey>& keys);          ///< [cuda]
void add_data_keys(std::vector<DeckKey>& keys);          ///< [data]
void add_augmentation_keys(std::vector<DeckKey>& keys);  ///< of these, how training images are changed at random
void add_task_keys(std::vector<DeckKey>& keys);          ///< [task]
void add_network_keys(std::vector<DeckKey>& keys);       ///< [space]
void add_meta_keys(std::vector<DeckKey>& keys);          ///< [meta]
void add_evo_keys(std::vector<DeckKey>& keys);           ///< [evo]
void add_migration_keys(std::vector<DeckKey>& keys);

}  // namespace atnas::app
