// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The options of a space as data: what whoever reads, writes or explains them needs to know of each.

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "atnas/space/network_options.hpp"

namespace atnas::space {

/// Where an option lives.
template <class T>
using OptionPlace = T& (*)(NetworkOptions&);

/// One option. Its default is the value it has in a NetworkOptions{}.
struct SpaceKey {
    /// low <= value <= high
    struct Integer {
        OptionPlace<int> place;
        int low;
        int high;
    };
    struct Integers {
        OptionPlace<std::vector<int>> place;
    };
    /// One of several names, by index.
    struct Choice {
        std::vector<std::string> names;
        std::function<void(NetworkOptions&, std::size_t)> set;
        std::function<std::size_t(const NetworkOptions&)> get;
    };

    std::string name;
    std::string unit;     ///< may be empty
    std::string meaning;  ///< one line
    std::variant<Integer, Integers, Choice> value;
};

/// Wider layers than this are typing errors, and would overflow counts of channels.
inline constexpr int widest = 16384;

/// NetworkOptions::channels, which every space gives a meaning of its own.
SpaceKey channels_key(std::string meaning);

/// Names that stand for values of an enumeration.
template <class Value>
SpaceKey::Choice choice_of(OptionPlace<Value> place, std::vector<std::pair<std::string, Value>> choices) {
    SpaceKey::Choice choice;
    for (const auto& [name, value] : choices) choice.names.push_back(name);
    choice.set = [place, choices](NetworkOptions& options, std::size_t index) {
        place(options) = choices[index].second;
    };
    choice.get = [place, choices](const NetworkOptions& options) {
        NetworkOptions copy = options;
        std::size_t index = 0;
        while (index + 1 < choices.size() && choices[index].second != place(copy)) ++index;
        return index;
    };
    return choice;
}

/// The names are "true" and "false".
template <class Value>
SpaceKey::Choice flag_of(OptionPlace<Value> place, Value no, Value yes) {
    return choice_of<Value>(place, {{"true", yes}, {"false", no}});
}

}  // namespace atnas::space
