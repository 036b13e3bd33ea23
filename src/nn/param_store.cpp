// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/param_store.hpp"

#include <cmath>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/core/random.hpp"

namespace atnas::nn {
namespace {

backend::Tensor whole(backend::Buffer& buffer) {
    return backend::view(buffer, 0, {1, 1, 1, static_cast<int>(buffer.size())});
}

float scale_of(const Block& block) {
    const auto fan_in = static_cast<float>(block.shape.c * block.shape.h * block.shape.w);
    return std::sqrt((block.initial == Initial::he_normal ? 2.0f : 1.0f) / fan_in);
}

}  // namespace

ParamStore::ParamStore(backend::Backend& backend, backend::Context& context, Manifest manifest, std::uint64_t seed)
    : backend_(backend), manifest_(std::move(manifest)), values_(backend.allocate(manifest_.size())) {
    std::vector<float> values;
    values.reserve(manifest_.size());
    for (std::size_t b = 0; b < manifest_.blocks().size(); ++b) {
        const Block& block = manifest_.blocks()[b];
        RandomStream random({.seed = seed, .purpose = Purpose::weights, .item = static_cast<std::uint32_t>(b)});
        const float scale = scale_of(block);
        for (std::size_t i = 0; i < block.shape.count(); ++i) {
            switch (block.initial) {
                case Initial::one:
                    values.push_back(1.0f);
                    break;
                case Initial::zero:
                    values.push_back(0.0f);
                    break;
                default:
                    values.push_back(scale * random.normal());
            }
        }
    }
    upload(backend_, context, values, *values_);
}

void ParamStore::keep_average(backend::Context& context) {
    if (!average_) average_ = make_like();
    backend_.copy(context, *values_, 0, *average_, {0, size()});
}

std::vector<float> download(backend::Backend& backend, backend::Context& context, backend::Buffer& buffer) {
    std::vector<float> values(buffer.size());
    if (!values.empty()) backend.read(context, whole(buffer), values);
    return values;
}

void upload(backend::Backend& backend, backend::Context& context, std::span<const float> values,
            backend::Buffer& buffer) {
    ATNAS_EXPECT(values.size() == buffer.size());
    if (!values.empty()) backend.write(context, whole(buffer), values);
}

}  // namespace atnas::nn
