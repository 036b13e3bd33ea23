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

std::vector<LabelledImages> QueryCopies::of(const LabelledImages& queries, const RandomKey& key) const {
    ATNAS_EXPECT(key.island == 0);
    if (queries.labels.empty()) return {};
    std::vector<LabelledImages> copies(static_cast<std::size_t>(count_), queries);
    Augmenter augmenter = augmenter_;
    RandomStream stream = augment_stream({key.seed, key.purpose, queries_island, key.iteration, key.item});
    const std::size_t size = queries.images.size() / queries.labels.size();
    for (LabelledImages& copy : copies)
        for (std::size_t i = 0; i < copy.labels.size(); ++i)
            augmenter.apply(std::span(copy.images).subspan(i * size, size), stream);
    return copies;
}

}  // namespace atnas::data
