// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/task_folds.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::data {
namespace {

constexpr space::ImageShape shape{1, 8, 8};
constexpr std::size_t size = 64;

/// Image i is a bar in a row of its own, of a brightness of its own: it can be told by its largest value.
LabelledImages images_of(const std::vector<int>& per_class) {
    LabelledImages images;
    for (int label = 0; label < static_cast<int>(per_class.size()); ++label)
        for (int i = 0; i < per_class[static_cast<std::size_t>(label)]; ++i) {
            std::vector<float> image(size);
            for (std::size_t x = 1; x < 7; ++x)
                image[8 * (2 + images.labels.size() % 4) + x] = static_cast<float>(images.labels.size() + 1) / 64;
            images.images.insert(images.images.end(), image.begin(), image.end());
            images.labels.push_back(label);
        }
    return images;
}

/// Numbers of the images that are there unchanged, 1, 2, ...
std::vector<int> numbers(const LabelledImages& images) {
    std::vector<int> found;
    for (std::size_t i = 0; i < images.labels.size(); ++i) {
        const auto first = images.images.begin() + static_cast<std::ptrdiff_t>(i * size);
        found.push_back(static_cast<int>(64 * *std::max_element(first, first + size)));
    }
    return found;
}

std::vector<int> per_class(const LabelledImages& images, int way) {
    std::vector<int> counts(static_cast<std::size_t>(way));
    for (const int label : images.labels) ++counts[static_cast<std::size_t>(label)];
    return counts;
}

TEST(TaskFolds, HoldEveryImageOutOnceWhereClassesAreLargeEnough) {
    const LabelledImages images = images_of({5, 5, 7});
    const auto folds = task_folds(shape, images, 3, {.most = 5}, {.seed = 1});
    ASSERT_EQ(folds.size(), 5u);
    std::map<int, int> times;
    for (const Task& fold : folds) {
        EXPECT_TRUE(labels_fit(fold));
        EXPECT_EQ(fold.support.count() + fold.query.count(), images.count());
        std::vector<int> all = numbers(fold.support);
        for (const int number : numbers(fold.query)) {
            ++times[number];
            all.push_back(number);
        }
        std::ranges::sort(all);
        for (int i = 0; i < images.count(); ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)], i + 1);
    }
    for (int number = 1; number <= images.count(); ++number) EXPECT_EQ(times[number], 1) << number;
}

TEST(TaskFolds, KeepTheLabelsOfTheImages) {
    const LabelledImages images = images_of({3, 4});
    for (const Task& fold : task_folds(shape, images, 2, {}, {.seed = 1}))
        for (const LabelledImages* set : {&fold.support, &fold.query}) {
            const std::vector<int> found = numbers(*set);
            for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(set->labels[i], found[i] <= 3 ? 0 : 1);
        }
}

TEST(TaskFolds, EveryFoldAsksForEveryClass) {
    const auto folds = task_folds(shape, images_of({2, 4, 1}), 3, {.most = 5, .copies = 8}, {.seed = 1});
    ASSERT_EQ(folds.size(), 4u);
    for (const Task& fold : folds) {
        EXPECT_EQ(per_class(fold.support, 3), (std::vector{1, 3, 1}));
        EXPECT_EQ(per_class(fold.query, 3), (std::vector{1, 1, 2})) << "the copies of the last one, dealt to the folds";
    }
}

TEST(TaskFolds, OneImagePerClassIsAskedForByChangedCopies) {
    const LabelledImages images = images_of({1, 1});
    const auto folds = task_folds(shape, images, 2, {.copies = 3, .changes = mild_changes(shape)}, {.seed = 1});
    ASSERT_EQ(folds.size(), 1u);
    EXPECT_EQ(folds[0].support.images, images.images);
    EXPECT_EQ(folds[0].query.labels, (std::vector{0, 0, 0, 1, 1, 1}));
    const auto image = [&](std::size_t i) {
        const auto first = folds[0].query.images.begin() + static_cast<std::ptrdiff_t>(i * size);
        return std::vector<float>(first, first + size);
    };
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_NE(image(i), std::vector<float>(images.images.begin(), images.images.begin() + size));
    EXPECT_NE(image(0), image(1));
}

TEST(TaskFolds, AreAFunctionOfTheKey) {
    const LabelledImages images = images_of({6, 6});
    const auto queries = [&](const RandomKey& key) {
        std::vector<std::vector<int>> found;
        for (const Task& fold : task_folds(shape, images, 2, {.most = 3}, key)) found.push_back(numbers(fold.query));
        return found;
    };
    EXPECT_EQ(queries({.seed = 1}), queries({.seed = 1, .purpose = Purpose::test_episode}));
    EXPECT_NE(queries({.seed = 1}), queries({.seed = 2}));
    EXPECT_NE(queries({.seed = 1}), queries({.seed = 1, .item = 1}));
}

TEST(TaskFolds, SupportImagesHaveTheCopiesOfATaskThatJudges) {
    const FoldOptions options{.support_copies = {2, mild_changes(shape)}};
    const auto folds = task_folds(shape, images_of({2, 2}), 2, options, {.seed = 1});
    EXPECT_EQ(per_class(folds[0].support, 2), (std::vector{3, 3}));
    EXPECT_NE(folds[0].support.images, folds[1].support.images);
}

TEST(TaskFolds, ChangesOfTheDeckAreTakenWhereThereAreSome) {
    const AugmentOptions of_deck{.crop = 2};
    EXPECT_EQ(changes_or_mild(of_deck, shape), of_deck);
    EXPECT_EQ(changes_or_mild({}, shape), mild_changes(shape));
    EXPECT_TRUE(problems_of(mild_changes(shape), shape).empty());
}

TEST(TaskFolds, ImagesOfASetGoByClass) {
    ImageSet set;
    set.shape = {1, 1, 2};
    set.pixels = {0, 255, 51, 0, 255, 255};
    set.first_of_class = {0, 1, 3};
    set.class_names = {"a", "b"};
    const LabelledImages all = labelled(set);
    EXPECT_EQ(all.labels, (std::vector{0, 1, 1}));
    EXPECT_EQ(all.images, (std::vector{0.0F, 1.0F, 0.2F, 0.0F, 1.0F, 1.0F}));
}

}  // namespace
}  // namespace atnas::data
