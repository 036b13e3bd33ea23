// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/manifest.hpp"

#include "atnas/core/contract.hpp"

namespace atnas::nn {

BlockId Manifest::require(const std::string& name, const backend::Shape& shape, Initial initial) {
    const auto [position, fresh] = ids_.try_emplace(name, static_cast<BlockId>(blocks_.size()));
    if (fresh) {
        blocks_.push_back({{name, shape, initial}, size_});
        size_ += shape.count();
    }
    ATNAS_ENSURE(block(position->second).shape == shape);
    return position->second;
}

}  // namespace atnas::nn
