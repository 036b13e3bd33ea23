// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// All search spaces. A new one is a folder of files, its options as a member of NetworkOptions and a row here.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/space/network_options.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/space/space_key.hpp"

namespace atnas::space {

/// A row: what is known of a space before there is one.
struct SpaceEntry {
    std::string name;            ///< NetworkOptions::kind
    std::string summary;         ///< a few words for people
    std::vector<SpaceKey> keys;  ///< the options it reads. Spaces that share a name share the place
    /// What keeps options from describing a network of this space. \pre what spaces have in common is fine
    std::vector<Problem> (*problems)(const NetworkOptions& options);
    /// \pre problems(options) is empty
    std::unique_ptr<SearchSpace> (*make)(const NetworkOptions& options);
};

std::span<const SpaceEntry> space_registry();

/// Null when there is no such space.
const SpaceEntry* find_space(std::string_view name);

}  // namespace atnas::space
