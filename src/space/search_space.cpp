// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/search_space.hpp"

#include <utility>

#include "atnas/core/error.hpp"
#include "atnas/space/space_registry.hpp"

namespace atnas::space {

std::unique_ptr<SearchSpace> make_search_space(const NetworkOptions& options) {
    auto problems = problems_of(options);
    if (!problems.empty()) throw Error(ExitCode::bad_deck, std::move(problems));
    return find_space(options.kind)->make(options);
}

}  // namespace atnas::space
