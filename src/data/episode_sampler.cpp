// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/episode_sampler.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "image_writer.hpp"

namespace atnas::data {
namespace {

/// \p count distinct numbers of 0 .. total-1 in random order into \p chosen: Floyd's algorithm (Bentley and Floyd, "A
/// sample of brilliance", CACM 30, 1987), which touches nothing of size total, then a shuffle.
void draw_distinct(RandomStream& stream, int total, int count, std::vector<int>& chosen) {
    ATNAS_EXPECT(0 <= count && count <= total);
    chosen.clear();
    for (int last = total - count; last < total; ++last) {
        const int candidate = static_cast<int>(stream.index(static_cast<std::uint32_t>(last) + 1));
        const bool taken = std::find(chosen.begin(), chosen.end(), candidate) != chosen.end();
        chosen.push_back(taken ? last : candidate);
    }
    for (std::size_t i = chosen.size(); i > 1; --i) {
        std::swap(chosen[i - 1], chosen[stream.index(static_cast<std::uint32_t>(i))]);
    }
}

void check_figures(const ImageSet& images, const EpisodeOptions& options, std::vector<Problem>& problems) {
    const auto expect = [&](bool holds, const std::string& problem, const char* reason) {
        if (!holds) problems.push_back({"task: " + problem, reason, {}});
    };
    expect(options.way >= 2, "way = " + std::to_string(options.way), "a task needs at least 2 classes");
    expect(options.shot >= 1, "shot = " + std::to_string(options.shot), "a class needs at least 1 support image");
    expect(options.query >= 1, "query = " + std::to_string(options.query), "a class needs at least 1 query image");
    expect(options.rotations == Rotations::none || images.shape.height == images.shape.width,
           "rotations of images of " + std::to_string(images.shape.height) + " x " + std::to_string(images.shape.width),
           "a quarter turn needs square images");
}

void check_images(const ImageSet& images, std::span<const int> classes, const EpisodeOptions& options,
                  std::vector<Problem>& problems) {
    const auto count = [&](int c) {
        const auto index = static_cast<std::size_t>(c);
        return images.first_of_class[index + 1] - images.first_of_class[index];
    };
    const std::int64_t needed = std::int64_t{options.shot} + options.query;
    const auto poor = std::count_if(classes.begin(), classes.end(), [&](int c) { return count(c) < needed; });
    if (poor == 0) return;
    const int first = *std::find_if(classes.begin(), classes.end(), [&](int c) { return count(c) < needed; });
    problems.push_back({"task: shot + query = " + std::to_string(needed) + " images per class, but class " +
                            images.class_names[static_cast<std::size_t>(first)] + " has " +
                            std::to_string(count(first)),
                        std::to_string(poor) + " of " + std::to_string(classes.size()) + " classes have too few",
                        "lower shot or query"});
}

/// The classes that a task may choose from: one pool, or one for each group that is large enough. Throws
/// Error(bad_deck) with all that forbids such tasks.
std::vector<std::vector<int>> make_pools(const ImageSet& images, std::span<const int> classes,
                                         const EpisodeOptions& options) {
    ATNAS_EXPECT(std::all_of(classes.begin(), classes.end(), [&](int c) { return c >= 0 && c < images.classes(); }));
    std::vector<Problem> problems = problems_of(options.augment, images.shape);
    check_figures(images, options, problems);
    check_images(images, classes, options, problems);

    const bool within = options.within_group == WithinGroup::yes;
    std::map<int, std::vector<int>> groups;
    for (const int c : classes) groups[within ? images.group_of_class[static_cast<std::size_t>(c)] : 0].push_back(c);
    const auto turns = static_cast<std::size_t>(turns_of(options.rotations));
    std::size_t most = 0;
    std::vector<std::vector<int>> pools;
    for (auto& [group, pool] : groups) {
        most = std::max(most, pool.size() * turns);
        if (options.way > 0 && pool.size() * turns >= static_cast<std::size_t>(options.way))
            pools.push_back(std::move(pool));
    }
    if (pools.empty() && options.way > 0) {
        problems.push_back({"task: way = " + std::to_string(options.way),
                            std::string(within ? "the largest group has " : "there are only ") + std::to_string(most) +
                                (turns > 1 ? " classes, rotations counted" : " classes"),
                            within ? "lower way, or allow classes of several groups" : "lower way"});
    }
    if (!problems.empty()) throw Error(ExitCode::bad_deck, std::move(problems));
    return pools;
}

}  // namespace

EpisodeSampler::EpisodeSampler(const ImageSet& images, std::span<const int> classes, const EpisodeOptions& options)
    : images_(images),
      options_(options),
      pools_(make_pools(images, classes, options)),
      augmenter_(images.shape, options.augment),
      copies_(images.shape, options.copies) {}

void EpisodeSampler::sample(const RandomKey& key, Task& task) const {
    RandomStream stream(key);
    ImageWriter writer(images_, augmenter_, key);
    const auto& pool = pools_[stream.index(static_cast<std::uint32_t>(pools_.size()))];
    const int turns = turns_of(options_.rotations);
    const auto way = static_cast<std::size_t>(options_.way);
    const auto shot = static_cast<std::size_t>(options_.shot);
    const auto query = static_cast<std::size_t>(options_.query);
    const std::size_t size = images_.image_size();

    draw_distinct(stream, static_cast<int>(pool.size()) * turns, options_.way, task.classes);
    task.way = options_.way;
    task.rotations.resize(way);
    const auto make_room = [&](LabelledImages& samples, std::size_t per_class) {
        samples.images.resize(way * per_class * size);
        samples.labels.resize(way * per_class);
        for (std::size_t i = 0; i < samples.labels.size(); ++i) samples.labels[i] = static_cast<int>(i / per_class);
    };
    make_room(task.support, shot);
    make_room(task.query, query);

    std::vector<int> chosen;
    chosen.reserve(shot + query);
    float* support = task.support.images.data();
    float* queries = task.query.images.data();
    for (std::size_t label = 0; label < way; ++label) {
        const int drawn = task.classes[label];
        const int turn = task.rotations[label] = drawn % turns;
        const auto c = static_cast<std::size_t>(task.classes[label] = pool[static_cast<std::size_t>(drawn / turns)]);
        const std::int64_t first = images_.first_of_class[c];
        draw_distinct(stream, static_cast<int>(images_.first_of_class[c + 1] - first), options_.shot + options_.query,
                      chosen);
        for (std::size_t i = 0; i < shot; ++i, support += size) writer.write(first + chosen[i], turn, support);
        for (std::size_t i = shot; i < shot + query; ++i, queries += size)
            writer.write(first + chosen[i], turn, queries);
    }
    copies_.add(task, key);
}

}  // namespace atnas::data
