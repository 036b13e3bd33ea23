#include "atnas/space/search_space.hpp"

#include <utility>

#include "atnas/core/error.hpp"
#include "atnas/space/cell_space.hpp"
#include "atnas/space/conv4_space.hpp"

namespace atnas::space {

std::unique_ptr<SearchSpace> make_search_space(const NetworkOptions& options) {
    auto problems = problems_of(options);
    if (!problems.empty()) throw Error(ExitCode::bad_deck, std::move(problems));
    if (options.kind == SpaceKind::conv4) return std::make_unique<Conv4Space>(options);
    return std::make_unique<CellSpace>(options);
}

}  // namespace atnas::space
