// SPDX-License-Identifier: Apache-2.0
// `atnas train` as a checkpoint and back.

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include <fmt/format.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/stored_run.hpp"
#include "atnas/app/train.hpp"
#include "atnas/core/log.hpp"
#include "atnas/engine/replica_check.hpp"
#include "atnas/engine/replica_tuning.hpp"
#include "atnas/engine/stored_weights.hpp"

namespace atnas::app {
namespace {

std::int64_t milliseconds(double seconds) {
    return static_cast<std::int64_t>(1000 * seconds);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> Train::settings() const {
    auto settings = settings_of(options_);
    settings.emplace_back("train.meta_network", inputs_.meta_network().digest);
    return settings;
}

io::CheckpointState Train::state(const Provenance& provenance) {
    // A checkpoint is the same on all ranks, whose clocks are not.
    std::array<double, 3> times{seconds(), figures_.search_seconds, figures_.training_seconds};
    communicator_.broadcast(std::as_writable_bytes(std::span(times)), 0);
    io::CheckpointState state;
    state.deck_text = effective_text(inputs_.deck());
    state.deck = deck_pairs(inputs_.deck());
    std::ranges::move(settings(), std::back_inserter(state.deck));
    state.provenance = provenance;
    state.data = inputs_.record();
    state.reproducibility = reproducibility_;
    state.counters = {{"iteration", iteration_},
                      {"train_phase", phase_ == Phase::search ? 0 : 1},
                      {"train_steps", steps_},
                      {"skipped_in_a_row", skipped_in_a_row_},
                      {"milliseconds", milliseconds(times[0])},
                      {"search_milliseconds", milliseconds(times[1])},
                      {"training_milliseconds", milliseconds(times[2])}};
    state.archive.judged = judged_;
    state.iteration_loss = losses_;
    if (!training_) return state;
    state.manifest = engine::block_records(network_->manifest());
    state.weights = nn::download(*backend_, network_->context(), network_->weights().values());
    for (const auto& [name, moment] : training_->optimizer().moments())
        state.optimizer[name] = nn::download(*backend_, network_->context(), *moment);
    state.block_steps = training_->optimizer().block_steps();
    return state;
}

void Train::save(RunRequests& requests, const Provenance& provenance) {
    const Stopwatch watch;
    count_time();
    if (training_) compare_replicas();
    engine::keep_tuning({*backend_, communicator_}, inputs_.deck().run.folder, reproducibility_);
    io::write_checkpoint(inputs_.deck().run.folder, state(provenance), inputs_.deck().run.keep, communicator_);
    requests.note_checkpoint(watch.seconds());
}

void Train::compare_replicas() {
    if (engine::expect_equal_replicas(*network_, training_->optimizer(), communicator_)) return;
    throw Error(ExitCode::failed, {"the weights, or the optimizer's moments of them, are not finite any more",
                                   "the steps were too large", "lower --rate, and go on with --restart=latest"});
}

void Train::expect_continues(const io::CheckpointState& stored) const {
    if (!stored.counters.contains("train_phase"))
        throw Error(ExitCode::restart_refused,
                    {stored.path.string() + " is a checkpoint of `atnas search`", "a training cannot go on from it",
                     "name it first, as the meta-network, and leave out --restart"});
    std::vector<Problem> problems = restart_problems(inputs_.deck(), stored.deck);
    for (const auto& [name, value] : settings()) {
        const auto before = std::ranges::find(stored.deck, name, &std::pair<std::string, std::string>::first);
        if (before != stored.deck.end() && before->second == value) continue;
        problems.push_back(
            {fmt::format("{} = {}", name, value),
             before == stored.deck.end() ? "the checkpoint does not have it" : "the checkpoint has " + before->second,
             "go on with the same, or begin in another run folder"});
    }
    if (stored.data.digest != inputs_.record().digest)
        problems.push_back({inputs_.record().source + " holds other images than those learned so far",
                            "the checkpoint was made with " + stored.data.source,
                            "name the same data sets, or begin in another run folder"});
    if (!problems.empty()) throw Error(ExitCode::restart_refused, std::move(problems));
}

void Train::restore(const io::CheckpointState& stored) {
    reproducibility_.lose(reproducibility_after(stored, inputs_.deck()));
    const auto counter = [&](const char* name) {
        const auto found = stored.counters.find(name);
        if (found != stored.counters.end()) return found->second;
        throw Error(ExitCode::bad_data, {stored.path.string() + " has no counter '" + name + "'", "it is damaged", ""});
    };
    const auto seconds_of = [&](const char* name) { return static_cast<double>(counter(name)) / 1000; };
    judged_ = stored.archive.judged;
    for (const evo::Judged& judged : judged_)
        if (!space_->is_legal(judged.genotype))
            throw Error(ExitCode::bad_data, {stored.path.string() + ": /archive is damaged",
                                             "an encode is not one of the space", "use an older checkpoint"});
    seconds_before_ = seconds_of("milliseconds");
    figures_.search_seconds = seconds_of("search_milliseconds");
    figures_.training_seconds = seconds_of("training_milliseconds");
    steps_ = static_cast<int>(counter("train_steps"));
    iteration_ = static_cast<int>(counter("iteration"));
    skipped_in_a_row_ = static_cast<int>(counter("skipped_in_a_row"));
    losses_ = stored.iteration_loss;
    // Rank 0 alone has read them.
    losses_.resize(static_cast<std::size_t>(iteration_));
    if (counter("train_phase") == 0) {
        world_log().info("going on from {} after {} encodes", stored.path.string(), judged_.size());
        return;
    }
    phase_ = Phase::training;
    begin_training();
    engine::load_weights(stored, *network_);
    for (auto& [name, moment] : training_->optimizer().moments()) {
        const auto found = stored.optimizer.find(name);
        if (found == stored.optimizer.end())
            throw Error(ExitCode::bad_data, {fmt::format("{} has no optimizer state '{}'", stored.path.string(), name),
                                             "it is damaged", "use an older checkpoint"});
        nn::upload(*backend_, network_->context(), found->second, *moment);
    }
    training_->optimizer().block_steps() = stored.block_steps;
    world_log().info("going on from {} at step {}/{}", stored.path.string(), iteration_, steps_);
}

void Train::remove_checkpoints() const {
    const std::filesystem::path& folder = inputs_.deck().run.folder;
    std::error_code ignored;
    std::vector<std::filesystem::path> files{folder / "latest.h5"};
    for (std::filesystem::directory_iterator entry(folder, ignored), end; entry != end; entry.increment(ignored))
        if (entry->path().filename().string().starts_with("checkpoint-")) files.push_back(entry->path());
    for (const std::filesystem::path& file : files) std::filesystem::remove(file, ignored);
}

}  // namespace atnas::app
