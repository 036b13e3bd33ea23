// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/task_folds.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/data/pixel_values.hpp"

#include "shuffle.hpp"

namespace atnas::data {
namespace {

/// Places of the images of every class, in random order.
std::vector<std::vector<std::size_t>> shuffled_classes(const LabelledImages& images, int way, RandomStream& random) {
    std::vector<std::vector<std::size_t>> classes(static_cast<std::size_t>(way));
    for (std::size_t i = 0; i < images.labels.size(); ++i)
        classes[static_cast<std::size_t>(images.labels[i])].push_back(i);
    for (std::vector<std::size_t>& of_class : classes) {
        ATNAS_EXPECT(!of_class.empty());
        shuffle(of_class, random);
    }
    return classes;
}

/// Appends an image; returns its place in memory.
std::span<float> add(LabelledImages& to, std::span<const float> image, int label) {
    to.images.insert(to.images.end(), image.begin(), image.end());
    to.labels.push_back(label);
    return std::span(to.images).last(image.size());
}

}  // namespace

AugmentOptions mild_changes(const space::ImageShape& shape) noexcept {
    AugmentOptions changes;
    changes.jitter = {.rotation = 10,
                      .shear = 0.1F,
                      .scale = 0.1F,
                      .translation = static_cast<float>(std::min(shape.height, shape.width)) / 14};
    return changes;
}

AugmentOptions changes_or_mild(const AugmentOptions& changes, const space::ImageShape& shape) noexcept {
    return changes == AugmentOptions{} ? mild_changes(shape) : changes;
}

LabelledImages labelled(const ImageSet& images) {
    LabelledImages all;
    all.images.reserve(images.pixels.size());
    append_values(images.pixels, all.images);
    for (int c = 0; c < images.classes(); ++c) {
        const auto first = images.first_of_class.begin() + c;
        all.labels.insert(all.labels.end(), static_cast<std::size_t>(first[1] - first[0]), c);
    }
    return all;
}

std::vector<Task> task_folds(const space::ImageShape& shape, const LabelledImages& images, int way,
                             const FoldOptions& options, const RandomKey& key) {
    ATNAS_EXPECT(options.most > 1 && options.copies > 0);
    RandomStream random({.seed = key.seed, .purpose = Purpose::task_folds, .item = key.item});
    const auto classes = shuffled_classes(images, way, random);
    const auto largest = std::ranges::max(classes, {}, &std::vector<std::size_t>::size).size();
    const std::size_t folds = std::min(largest, static_cast<std::size_t>(options.most));
    const std::size_t copies = (static_cast<std::size_t>(options.copies) + folds - 1) / folds;
    const std::size_t size = images.images.size() / images.labels.size();
    Augmenter augmenter(shape, options.changes);
    const SupportCopies support_copies(shape, options.support_copies);

    std::vector<Task> tasks(folds);
    for (std::size_t fold = 0; fold < folds; ++fold) {
        Task& task = tasks[fold];
        task.way = way;
        for (int label = 0; label < way; ++label) {
            const std::vector<std::size_t>& of_class = classes[static_cast<std::size_t>(label)];
            const std::size_t parts = std::min(of_class.size(), folds);
            for (std::size_t i = 0; i < of_class.size(); ++i) {
                const std::span<const float> image = std::span(images.images).subspan(of_class[i] * size, size);
                const bool held_out = of_class.size() > 1 && i % parts == fold % parts;
                add(held_out ? task.query : task.support, image, label);
                if (of_class.size() > 1) continue;
                for (std::size_t copy = 0; copy < copies; ++copy)
                    augmenter.apply(add(task.query, image, label), random);
            }
        }
        // The copies of the whole task have iteration 0.
        support_copies.add(task,
                           {.seed = key.seed, .iteration = static_cast<std::uint32_t>(fold) + 1, .item = key.item});
    }
    return tasks;
}

}  // namespace atnas::data
