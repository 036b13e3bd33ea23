// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/drop_path.hpp"

#include <cstddef>

#include "atnas/core/contract.hpp"
#include "atnas/core/random.hpp"

namespace atnas::nn {

void DropPath::draw(std::span<float> factors) const {
    const auto width = static_cast<std::size_t>(images);
    ATNAS_EXPECT(images > 0 && factors.size() % width == 0);
    ATNAS_EXPECT(0 <= probability && probability < 1);
    const auto kept = static_cast<float>(1 / (1 - probability));
    for (std::size_t edge = 0; edge < factors.size() / width; ++edge) {
        RandomStream random({.seed = seed,
                             .purpose = Purpose::drop_path,
                             .island = static_cast<std::uint32_t>(edge),
                             .iteration = static_cast<std::uint32_t>(number >> 32),
                             .item = static_cast<std::uint32_t>(number)});
        for (float& factor : factors.subspan(edge * width, width)) factor = random.chance(probability) ? 0.0F : kept;
    }
}

}  // namespace atnas::nn
