// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/query_copies.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

#include "atnas/core/contract.hpp"

namespace atnas::data {
namespace {

/// Tells the stream of the queries from that of the support images: no island has this number.
constexpr std::uint32_t queries_island = 0xffffff;

}  // namespace

QueryCopies::QueryCopies(const space::ImageShape& shape, const CopyOptions& options)
    : count_(options.count), augmenter_(shape, options.augment) {
    ATNAS_EXPECT(count_ >= 0);
}

LabelledImages QueryCopies::copy(const LabelledImages& queries, const RandomKey& key, int number) const {
    ATNAS_EXPECT(0 <= number && number < count_ && key.island == 0 && key.iteration == 0);
    LabelledImages copy = queries;
    Augmenter augmenter = augmenter_;
    RandomStream stream =
        augment_stream({key.seed, key.purpose, queries_island, static_cast<std::uint32_t>(number), key.item});
    for (std::size_t i = 0; i < copy.labels.size(); ++i) {
        const std::size_t size = copy.images.size() / copy.labels.size();
        augmenter.apply(std::span(copy.images).subspan(i * size, size), stream);
    }
    return copy;
}

}  // namespace atnas::data
