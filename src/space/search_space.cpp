// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/search_space.hpp"

#include <utility>

#include "atnas/core/error.hpp"
#include "atnas/space/bounded_space.hpp"
#include "atnas/space/space_registry.hpp"

namespace atnas::space {

std::unique_ptr<SearchSpace> make_search_space(const NetworkOptions& options) {
    auto problems = problems_of(options);
    if (!problems.empty()) throw Error(ExitCode::bad_deck, std::move(problems));
    auto space = find_space(options.kind)->make(options);
    if (!options.has_bounds()) return space;
    return std::make_unique<BoundedSpace>(options, std::move(space));
}

}  // namespace atnas::space
