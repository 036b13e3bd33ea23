// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/split.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/core/random.hpp"

namespace atnas::data {
namespace {

using Roles = std::vector<std::optional<Role>>;  ///< per class or group; none = in no role (yet)

/// Gives the listed names their roles; what cannot be is added to \p problems.
Roles from_lists(const SplitOptions& options, const std::vector<std::string>& names, std::vector<Problem>& problems) {
    const std::string kind = options.by == SplitBy::groups ? "group" : "class";
    std::map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < names.size(); ++i) index.emplace(names[i], i);

    Roles roles(names.size());
    const std::array lists{std::pair{Role::train, &options.train}, std::pair{Role::validation, &options.validation},
                           std::pair{Role::test, &options.test}};
    for (const auto& [role, list] : lists) {
        for (const auto& name : *list) {
            const auto found = index.find(name);
            if (found == index.end()) {
                const auto near = nearest_word(name, names);
                problems.push_back({std::string("split: ") + name_of(role) + " lists " + name,
                                    "the data have no such " + kind, near.empty() ? "" : "did you mean " + near + "?"});
                continue;
            }
            auto& taken = roles[found->second];
            if (taken && *taken != role) {
                problems.push_back(
                    {"split: " + kind + " " + name + " is in both " + name_of(*taken) + " and " + name_of(role),
                     "what is tested must not have been trained on", "remove it from one list"});
                continue;
            }
            taken = role;
        }
    }
    return roles;
}

bool is_fraction(double value) noexcept {
    return value >= 0 && value < 1;
}

/// At least one of what is asked for at all.
std::size_t count_of(double fraction, std::size_t whole) noexcept {
    if (fraction == 0) return 0;
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(fraction * static_cast<double>(whole))));
}

Roles from_fractions(const SplitOptions& options, std::size_t count, std::vector<Problem>& problems) {
    Roles roles(count, Role::train);
    if (!is_fraction(options.validation_fraction) || !is_fraction(options.test_fraction)) {
        problems.push_back({"split: fractions for validation " + std::to_string(options.validation_fraction) +
                                " and test " + std::to_string(options.test_fraction),
                            "each must be at least 0 and less than 1",
                            {}});
        return roles;
    }
    const std::size_t validation = count_of(options.validation_fraction, count);
    const std::size_t test = count_of(options.test_fraction, count);
    if (validation + test >= count) {
        const bool groups = options.by == SplitBy::groups;
        problems.push_back({"split: " + std::to_string(validation) + " for validation and " + std::to_string(test) +
                                " for test leave nothing to train",
                            std::string("the data have ") + std::to_string(count) + (groups ? " groups" : " classes"),
                            groups ? "use smaller fractions, or split by classes" : "use smaller fractions"});
        return roles;
    }
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) order[i] = i;
    RandomStream stream({options.seed, Purpose::split});
    for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[stream.index(static_cast<std::uint32_t>(i))]);
    for (std::size_t i = 0; i < validation + test; ++i)
        roles[order[i]] = i < validation ? Role::validation : Role::test;
    return roles;
}

Split gather(const ImageSet& images, SplitBy by, const Roles& roles) {
    Split split;
    for (int c = 0; c < images.classes(); ++c) {
        const auto index = static_cast<std::size_t>(c);
        const auto role = roles[by == SplitBy::groups ? static_cast<std::size_t>(images.group_of_class[index]) : index];
        if (!role) continue;
        auto& classes = *role == Role::train ? split.train : *role == Role::test ? split.test : split.validation;
        classes.push_back(c);
    }
    return split;
}

}  // namespace

const char* name_of(Role role) noexcept {
    switch (role) {
        case Role::train:
            return "train";
        case Role::validation:
            return "validation";
        case Role::test:
            return "test";
    }
    return "";
}

const std::vector<int>& Split::classes(Role role) const {
    ATNAS_EXPECT(role == Role::train || role == Role::validation || role == Role::test);
    return role == Role::train ? train : role == Role::validation ? validation : test;
}

Split make_split(const ImageSet& images, const SplitOptions& options) {
    if (options.all_in) return gather(images, SplitBy::classes, Roles(images.class_names.size(), options.all_in));
    const auto& names = options.by == SplitBy::groups ? images.group_names : images.class_names;
    const bool listed = !options.train.empty() || !options.validation.empty() || !options.test.empty();
    std::vector<Problem> problems;
    Roles roles = listed ? from_lists(options, names, problems) : from_fractions(options, names.size(), problems);
    if (listed && options.train.empty()) {
        for (auto& role : roles) role = role.value_or(Role::train);
    }
    if (!problems.empty()) throw Error(ExitCode::bad_deck, std::move(problems));
    return gather(images, options.by, roles);
}

void expect_classes(const Split& split, Role role) {
    if (!split.classes(role).empty()) return;
    const std::string name = name_of(role);
    throw Error(ExitCode::bad_deck, {"split: no class is left for " + name, "tasks of such classes are asked for",
                                     "list names in data." + name + ", or take classes of another role"});
}

}  // namespace atnas::data
