// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/task_source.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "atnas/core/contract.hpp"
#include "atnas/data/pixel_values.hpp"
#include "atnas/io/data_set_file.hpp"

namespace atnas::engine {
namespace {

data::ImageSet load(const DataOptions& options, const comm::Communicator& communicator) {
    return options.built_in() ? data::make_strokes(options.strokes) : io::read_data_set(options.source, communicator);
}

std::vector<std::string> names_of(const std::vector<int>& classes, const data::ImageSet& images) {
    std::vector<std::string> names;
    names.reserve(classes.size());
    for (const int c : classes) names.push_back(images.class_names[static_cast<std::size_t>(c)]);
    return names;
}

/// The first name of one list that is not in the other; "" when there is none.
std::string first_missing(const std::vector<std::string>& names, const std::vector<std::string>& in) {
    const std::set<std::string> known(in.begin(), in.end());
    const auto missing = std::ranges::find_if(names, [&](const std::string& name) { return !known.contains(name); });
    return missing == names.end() ? "" : *missing;
}

}  // namespace

TaskSource::TaskSource(const DataOptions& options, const comm::Communicator& communicator)
    : options_(options),
      images_(load(options, communicator)),
      split_(data::make_split(images_, options.split)),
      record_{options.source,
              io::content_digest(images_).text(),
              names_of(split_.train, images_),
              names_of(split_.validation, images_),
              names_of(split_.test, images_),
              io::ImageFigures{images_.shape, data::brightness(images_.pixels)}} {}

TaskSource::TaskSource(const io::DataRecord& learned) : record_(learned) {
    ATNAS_EXPECT(learned.images.has_value());
    options_.source = learned.source;
    images_.shape = learned.images->shape;
}

data::EpisodeSampler TaskSource::training(const TaskOptions& task) const {
    data::EpisodeOptions options;
    options.way = task.way_in_training();
    options.shot = task.shot_in_training();
    options.query = task.query_in_training();
    options.within_group = task.within_group;
    options.rotations = options_.rotations;
    options.augment = options_.augment;
    return sampler(data::Role::train, options);
}

TaskSource::Training TaskSource::to_learn(const TaskOptions& task, int batch) const {
    Training to_learn{training(task)};
    if (batch > 0)
        to_learn.batches.emplace(images_, split_.classes(data::Role::train),
                                 data::BatchOptions{batch, options_.rotations, options_.augment});
    return to_learn;
}

int TaskSource::pretrain_classes() const {
    return data::BatchSampler::classes_of(static_cast<int>(split_.classes(data::Role::train).size()),
                                          options_.rotations);
}

data::EpisodeSampler TaskSource::held_out(const TaskOptions& task, data::Role role) const {
    data::EpisodeOptions options;
    options.way = task.way;
    options.shot = task.shot;
    options.query = task.query;
    options.within_group = task.within_group;
    options.copies = support_copies(task);
    return sampler(role, options);
}

data::EpisodeSampler TaskSource::sampler(data::Role role, const data::EpisodeOptions& options) const {
    expect_classes(split_, role);
    return {images_, split_.classes(role), options};
}

data::CopyOptions TaskSource::support_copies(const TaskOptions& task) const noexcept {
    return {task.support_copies, options_.augment};
}

data::CopyOptions TaskSource::query_copies(const TaskOptions& task) const noexcept {
    return {task.query_copies, options_.augment};
}

std::vector<data::Task> TaskSource::to_average(const TaskOptions& task, std::uint64_t seed) const {
    if (task.statistics != meta::Statistics::running) return {};
    const data::EpisodeSampler episodes = training(task);
    std::vector<data::Task> tasks(static_cast<std::size_t>(task.statistics_tasks));
    for (std::size_t t = 0; t < tasks.size(); ++t)
        episodes.sample({.seed = seed, .purpose = Purpose::moments_episode, .item = static_cast<std::uint32_t>(t)},
                        tasks[t]);
    return tasks;
}

space::NetworkOptions TaskSource::fitted(space::NetworkOptions network) const {
    network.image = images_.shape;
    return network;
}

std::vector<Problem> data_problems(const io::DataRecord& now, const io::DataRecord& stored) {
    if (now.digest != stored.digest)
        return {{fmt::format("data.source = {} holds other data (digest {}) than the search was made with", now.source,
                             now.digest),
                 fmt::format("the checkpoint was made with {}, digest {}", stored.source, stored.digest),
                 "name the file that has them by --data.source=..., or start a new search in another run.folder"}};
    std::vector<Problem> problems;
    const auto compare = [&](const char* role, const std::vector<std::string>& mine,
                             const std::vector<std::string>& its) {
        if (mine == its) return;
        const std::string more = first_missing(mine, its);
        const std::string less = first_missing(its, mine);
        problems.push_back(
            {fmt::format("the classes for {} are not those of the checkpoint", role),
             fmt::format("{} of them, the checkpoint has {}{}{}", mine.size(), its.size(),
                         more.empty() ? "" : "; " + more + " is new", less.empty() ? "" : "; " + less + " is missing"),
             "restore the split or start a new search in another run.folder"});
    };
    compare("training", now.train, stored.train);
    compare("validation", now.validation, stored.validation);
    compare("test", now.test, stored.test);
    return problems;
}

}  // namespace atnas::engine
