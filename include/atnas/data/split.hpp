// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which classes are for training, validation and test.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "atnas/data/image_set.hpp"

namespace atnas::data {

enum class SplitBy { classes, groups };
enum class Role { train, validation, test };

/// "train", "validation", "test".
const char* name_of(Role role) noexcept;

/// Either lists of names or seeded fractions. A listed name wins; what is listed nowhere goes to train when any list
/// is given, and by fraction otherwise. A train list is complete: with one, what is listed nowhere stays unused (the
/// minimal sets of the Omniglot challenge train on five alphabets and on nothing else). Lists may leave a role without
/// classes: who needs it says so (expect_classes).
struct SplitOptions {
    SplitBy by{SplitBy::groups};
    std::vector<std::string> train, validation, test;  ///< class or group names; empty train = the rest
    double validation_fraction{0.2};  ///< of classes or groups, rounded to nearest, at least one; 0 = none; [0, 1)
    double test_fraction{0.2};
    std::uint64_t seed{1};
    std::optional<Role> all_in{};  ///< the role of all classes, whatever is said above; none = as said above
};

/// Disjoint, ascending class indices.
struct Split {
    std::vector<int> train, validation, test;

    const std::vector<int>& classes(Role role) const;
};

/// Throws Error(bad_deck) for unknown names (with the nearest known one), a name in two lists, or fractions that leave
/// nothing to train; all at once.
Split make_split(const ImageSet& images, const SplitOptions& options);

/// Throws Error(bad_deck) where no class has this role.
void expect_classes(const Split& split, Role role);

}  // namespace atnas::data
