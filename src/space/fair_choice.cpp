// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/fair_choice.hpp"

#include <numeric>
#include <utility>
#include <vector>

#include "atnas/core/contract.hpp"
#include "atnas/core/random.hpp"

namespace atnas::space {

std::uint32_t fair_choice(const FairList& list, std::uint64_t number, std::uint32_t count) {
    ATNAS_EXPECT(count > 0);
    RandomStream random({.seed = list.seed,
                         .purpose = Purpose::fair_path,
                         .iteration = static_cast<std::uint32_t>(number / count),
                         .item = list.locus});
    std::vector<std::uint32_t> values(count);
    std::iota(values.begin(), values.end(), 0u);
    // Fisher & Yates, as far as the entry that is asked for.
    const auto place = static_cast<std::uint32_t>(number % count);
    for (std::uint32_t i = 0; i <= place; ++i) std::swap(values[i], values[i + random.index(count - i)]);
    return values[place];
}

}  // namespace atnas::space
