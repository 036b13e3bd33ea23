// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_schema.hpp"

#include <algorithm>
#include <unordered_map>

#include "atnas/app/deck/deck_key.hpp"
#include "atnas/core/problem_list.hpp"

namespace atnas::app {
namespace {

std::vector<DeckKey> make_schema() {
    std::vector<DeckKey> keys;
    add_run_keys(keys);
    add_cuda_keys(keys);
    add_data_keys(keys);
    add_task_keys(keys);
    add_network_keys(keys);
    add_meta_keys(keys);
    add_evo_keys(keys);
    add_migration_keys(keys);
    return keys;
}

/// The key of the same last name in another section, or the one with the fewest typing errors.
std::string nearest_key(const std::string& name) {
    std::vector<std::string> names;
    std::vector<std::string> last_names;
    const std::string last = name.substr(name.find('.') + 1);
    for (const auto& key : deck_schema()) {
        if (key.key == last) return key.name();
        names.push_back(key.name());
        last_names.push_back(key.key);
    }
    const std::string nearest = nearest_word(name, names);
    if (!nearest.empty()) return nearest;
    const std::string nearest_last = nearest_word(last, last_names);
    const auto found = std::ranges::find(last_names, nearest_last);
    return found == last_names.end() ? "" : names[static_cast<std::size_t>(found - last_names.begin())];
}

bool is_section(const std::string& section) {
    return std::ranges::any_of(deck_schema(), [&](const DeckKey& key) { return key.section == section; });
}

}  // namespace

std::span<const DeckKey> deck_schema() {
    static const std::vector<DeckKey> schema = make_schema();
    return schema;
}

const DeckKey* find_key(const std::string& name) {
    static const auto by_name = [] {
        std::unordered_map<std::string, const DeckKey*> keys;
        for (const auto& key : deck_schema()) keys.emplace(key.name(), &key);
        return keys;
    }();
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : found->second;
}

std::vector<std::string> augmentation_keys() {
    std::vector<DeckKey> keys;
    add_augmentation_keys(keys);
    std::vector<std::string> names;
    for (const DeckKey& key : keys) names.push_back(key.name());
    return names;
}

Problem unknown_key(const std::string& name, const std::string& value, const std::string& where) {
    const std::string section = name.substr(0, name.find('.'));
    Problem problem;
    problem.problem = where + ": " + excerpt(name) + " = " + excerpt(value);
    problem.reason = is_section(section) ? "there is no such key" : "there is no section [" + excerpt(section) + "]";
    const std::string nearest = nearest_key(name);
    problem.suggestion =
        nearest.empty() ? "`atnas search --dump-deck` lists all keys" : "did you mean " + nearest + "?";
    return problem;
}

}  // namespace atnas::app
