#include "atnas/app/task_source.hpp"

#include "atnas/io/data_set_file.hpp"

namespace atnas::app {
namespace {

data::ImageSet load(const DataOptions& options, const comm::Communicator& communicator) {
    return options.built_in() ? data::make_strokes(options.strokes) : io::read_data_set(options.source, communicator);
}

}  // namespace

TaskSource::TaskSource(const DataOptions& options, const comm::Communicator& communicator)
    : options_(options), images_(load(options, communicator)), split_(data::make_split(images_, options.split)) {}

data::EpisodeSampler TaskSource::training(const TaskOptions& task) const {
    data::EpisodeOptions options;
    options.way = task.way_in_training();
    options.shot = task.shot_in_training();
    options.query = task.query;
    options.within_group = task.within_group;
    options.rotations = options_.rotations;
    options.jitter = options_.jitter;
    return {images_, split_.classes(data::Role::train), options};
}

data::EpisodeSampler TaskSource::held_out(const TaskOptions& task, data::Role role) const {
    data::EpisodeOptions options;
    options.way = task.way;
    options.shot = task.shot;
    options.query = task.query;
    options.within_group = task.within_group;
    return {images_, split_.classes(role), options};
}

space::NetworkOptions TaskSource::network(const Deck& deck) const {
    space::NetworkOptions options = deck.space;
    options.image = images_.shape;
    options.way = deck.task.way;
    return options;
}

}  // namespace atnas::app
