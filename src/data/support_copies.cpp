// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/support_copies.hpp"

#include <cstddef>
#include <span>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::data {

SupportCopies::SupportCopies(const space::ImageShape& shape, const CopyOptions& options)
    : count_(options.count), augmenter_(shape, options.augment) {
    ATNAS_EXPECT(count_ >= 0);
}

void SupportCopies::add(Task& task, const RandomKey& key) const {
    if (count_ == 0 || task.support.labels.empty()) return;
    Augmenter augmenter = augmenter_;
    RandomStream stream = augment_stream(key);
    const std::size_t size = task.support.images.size() / task.support.labels.size();
    const auto images = static_cast<std::size_t>(count_) + 1;
    LabelledImages more;
    more.images.reserve(task.support.images.size() * images);
    for (std::size_t i = 0; i < task.support.labels.size(); ++i) {
        const std::span<const float> image = std::span(task.support.images).subspan(i * size, size);
        for (std::size_t copy = 0; copy < images; ++copy) {
            more.images.insert(more.images.end(), image.begin(), image.end());
            if (copy > 0) augmenter.apply(std::span(more.images).last(size), stream);
        }
        more.labels.insert(more.labels.end(), images, task.support.labels[i]);
    }
    task.support = std::move(more);
}

}  // namespace atnas::data
