// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/train.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "atnas/app/deck/engine_options.hpp"
#include "atnas/app/judged_network.hpp"
#include "atnas/core/log.hpp"
#include "atnas/engine/image_score.hpp"
#include "atnas/engine/replica_backend.hpp"
#include "atnas/engine/replica_check.hpp"
#include "atnas/engine/replica_reducer.hpp"
#include "atnas/engine/replica_tuning.hpp"

namespace atnas::app {
namespace {

constexpr int test_batch = 100;

/// Of the networks of a checkpoint.
std::string stored_kind(const io::CheckpointState& state) {
    const auto kind = std::ranges::find(state.deck, "space.kind", &std::pair<std::string, std::string>::first);
    return kind == state.deck.end() ? "" : kind->second;
}

}  // namespace

Train::Train(const TrainInputs& inputs, const TrainOptions& options, const std::optional<io::CheckpointState>& stored,
             const comm::Communicator& communicator)
    : inputs_(inputs),
      options_(options),
      communicator_(communicator),
      space_(space::make_search_space(inputs.network())),
      costs_(inputs.network()),
      elite_(elite_of(inputs.meta_network(), *space_, costs_, communicator)),
      sharing_(communicator, {.scope = inputs.deck().runtime.work}),
      progress_(communicator) {
    if (!options.encode.empty()) elite_ = {space_->canonical(space_->from_text(options.encode))};
    const bool of_other_kind = inputs.network().kind != stored_kind(inputs.meta_network());
    if (elite_.empty() && options.search == TrainSearch::none && !of_other_kind)
        throw Error(
            ExitCode::bad_data,
            {options.checkpoint.string() + " names no best encode", "it was written before its first generation",
             "search for evo.generation_every iterations at least, or give --encode=... or another --search"});
    if (stored) expect_continues(*stored);
    reproducibility_ = inputs.deck().reproducibility();
    reproducibility_.lose(inputs.meta_network().reproducibility);
    if (!stored && options_.search != TrainSearch::none && most_steps() < options_.trial_steps)
        world_log().warn(
            "training has {} steps, fewer than the {} of each encode that is tried: lower --batch or raise --epochs; "
            "for a few images there is atnas adapt",
            most_steps(), options_.trial_steps);
    backend_ = engine::make_replica_backend(replica_options(inputs.deck()), communicator);
    if (!stored) return;
    engine::tune(*backend_, stored->path.parent_path(), communicator);
    restore(*stored);
}

ExitCode Train::run(RunRequests& requests, const Provenance& provenance) {
    requests.note_checkpoint(1.0);
    progress_.start(inputs_.deck().run.folder, metrics_mode());
    phase_clock_ = Stopwatch();
    if (phase_ == Phase::search) {
        if (search(requests, provenance) == Outcome::stopped) {
            save(requests, provenance);
            return stopped(requests);
        }
        count_time();
        begin_training();
        phase_ = Phase::training;
    }
    if (train(requests, provenance) == Outcome::stopped) {
        save(requests, provenance);
        return stopped(requests);
    }
    count_time();
    test();
    return ExitCode::done;
}

void Train::count_time() {
    (phase_ == Phase::search ? figures_.search_seconds : figures_.training_seconds) += phase_clock_.seconds();
    phase_clock_ = Stopwatch();
}

ExitCode Train::stopped(const RunRequests& requests) const {
    world_log().warn("stopped in {} ({}); --restart=latest goes on",
                     phase_ == Phase::search ? fmt::format("the search after {} encodes", judged_.size())
                                             : fmt::format("training at step {}/{}", iteration_, steps_),
                     requests.reason());
    return ExitCode::stopped;
}

space::Genotype Train::winner() const {
    if (const evo::Judged* found = best()) return found->genotype;
    if (!elite_.empty()) return elite_.front();
    // A space that the meta-network is not of, for example of a single network.
    RandomStream random({.seed = inputs_.deck().run.seed, .purpose = Purpose::population});
    return space_->canonical(space_->sample(random));
}

void Train::begin_training() {
    const space::Genotype genotype = winner();
    const std::uint64_t seed = inputs_.deck().run.seed;
    engine::StartingNetwork start =
        engine::starting_network(*backend_, inputs_.network(), genotype, inputs_.start(options_.from), seed);
    network_.emplace(std::move(start.network));
    figures_.inherited = static_cast<double>(start.inherited) / static_cast<double>(network_->weights().size());
    reducer_ = engine::make_replica_reducer(reducer_options(inputs_.deck()), communicator_, *backend_,
                                            network_->weights().size());
    engine::NetworkTrainingOptions training = network_training(options_, inputs_.deck().data.augment, seed);
    training_ = std::make_unique<engine::NetworkTraining>(
        engine::NetworkTraining::Place{*network_, *reducer_, communicator_}, genotype, inputs_.train(), training);
    if (steps_ == 0) {
        steps_ = most_steps();
        if (options_.time > 0) steps_ = affordable_steps();
    }
    training_->set_steps(steps_);
    const space::Cost cost = costs_.subnet(genotype);
    figures_.encode = space_->to_text(genotype);
    figures_.parameters = static_cast<std::int64_t>(network_->weights().size());
    figures_.macs = cost.macs;
    if (options_.drop_path > 0 && training_->drops() == 0)
        world_log().warn("--drop-path does nothing: {} has no edges that can be lost", figures_.encode);
    if (communicator_.size() > training.batches)
        world_log().warn(
            "a step has {} mini-batch{}: {} of {} ranks have nothing to do in training (--batch, "
            "--micro-batch)",
            training.batches, training.batches == 1 ? "" : "es", communicator_.size() - training.batches,
            communicator_.size());
    world_log().info(
        "training {}: {} parameters, {:.0f} % of them from the meta-network, {} steps of {} images, changed by: {}",
        figures_.encode, figures_.parameters, 100 * figures_.inherited, steps_, options_.batch,
        text_of(inputs_.deck().data.augment));
}

int Train::affordable_steps() {
    const double of_step = training_->seconds_per_step();
    // A test has no way back, which is two thirds of a step.
    const double of_image = of_step / static_cast<double>(training_->options().images_per_step()) / 2;
    const double tests = of_image * static_cast<double>(inputs_.test().count() + inputs_.validation().count());
    constexpr double caution = 0.95;
    double steps = caution * (options_.time - seconds() - tests) / of_step;
    // Of rank 0 for all.
    communicator_.broadcast(std::as_writable_bytes(std::span(&steps, 1)), 0);
    const int affordable = static_cast<int>(std::clamp(steps, 1.0, static_cast<double>(steps_)));
    reproducibility_.lose("a clock chose the number of steps (--time)");
    constexpr int few = 100;
    if (affordable < few)
        world_log().warn("--time leaves {} step(s) of training: give it more time, or fewer --evaluations", affordable);
    world_log().info(
        "{:.3f} s per step: time for {} steps; their number follows from a clock, so another run may "
        "differ (--epochs without --time does not)",
        of_step, affordable);
    return affordable;
}

Train::Outcome Train::train(RunRequests& requests, const Provenance& provenance) {
    const int every = inputs_.deck().run.checkpoint_every;
    first_iteration_ = iteration_;
    const Stopwatch clock;
    while (iteration_ < steps_) {
        training_->learn(iteration_);
        requests.agree();
        const engine::NetworkTraining::Step step = training_->step(iteration_);
        skipped_in_a_row_ = step.made ? 0 : skipped_in_a_row_ + 1;
        const int limit = inputs_.deck().meta.skip_limit;
        if (limit > 0 && skipped_in_a_row_ >= limit)
            throw Error(ExitCode::failed, {fmt::format("{} steps in a row were skipped", skipped_in_a_row_),
                                           "the gradient was not finite, or too large for an exact sum",
                                           "lower --rate, or give --warmup more steps"});
        losses_.push_back(step.loss);
        ++iteration_;
        stepping_ = clock.seconds();
        report_progress();
        if (requests.stop() && iteration_ < steps_) return Outcome::stopped;
        if (requests.checkpoint() || (every > 0 && iteration_ % every == 0)) save(requests, provenance);
    }
    return Outcome::done;
}

io::OpenMode Train::metrics_mode() const noexcept {
    return judged_.empty() && iteration_ == 0 ? io::OpenMode::fresh : io::OpenMode::append;
}

void Train::report_progress() {
    const int stretch = stretch_ending(iteration_, steps_);
    if (stretch == 0) return;
    const double mean = std::accumulate(losses_.end() - stretch, losses_.end(), 0.0) / stretch;
    const double per_step = stepping_ / (iteration_ - first_iteration_);
    const double images = static_cast<double>(training_->options().images_per_step());
    progress_.report(StretchFigures{.step = iteration_,
                                    .steps = steps_,
                                    .epoch = iteration_ * images / static_cast<double>(inputs_.train().count()),
                                    .loss = mean,
                                    .rate = meta::rate_at(training_->options().outer, iteration_ - 1),
                                    .images_per_second = images / per_step,
                                    .left = per_step * (steps_ - iteration_),
                                    .seconds = seconds()});
}

void Train::test() {
    const Stopwatch clock;
    compare_replicas();
    engine::keep_tuning({*backend_, communicator_}, inputs_.deck().run.folder, reproducibility_);
    record_ = training_->record();
    engine::Predictor network(*backend_, inputs_.network(), record_, test_batch);
    figures_.validation = engine::score(network, inputs_.validation(), test_batch, communicator_);
    figures_.test = engine::score(network, inputs_.test(), test_batch, communicator_);
    figures_.test_seconds = clock.seconds();
    figures_.evaluations = static_cast<int>(judged_.size());
    if (const evo::Judged* found = best()) figures_.best_trial = found->fitness;
    figures_.steps = steps_;
    const double images = static_cast<double>(training_->options().images_per_step());
    figures_.epochs = steps_ * images / static_cast<double>(inputs_.train().count());
    if (stepping_ > 0) figures_.images_per_second = (iteration_ - first_iteration_) * images / stepping_;
}

int Train::most_steps() const {
    return network_training(options_, inputs_.deck().data.augment, inputs_.deck().run.seed)
        .steps_for(options_.epochs, inputs_.train().count());
}

TrainPlan Train::plan() const {
    const auto count = [](const data::ImageList& list) { return static_cast<std::int64_t>(list.count()); };
    const space::Cost cost = costs_.subnet(winner());
    return {.train = count(inputs_.train()),
            .validation = count(inputs_.validation()),
            .test = count(inputs_.test()),
            .classes = inputs_.network().way,
            .changes = text_of(inputs_.deck().data.augment),
            .kind = inputs_.network().kind,
            .channels = inputs_.network().channels,
            .parameters = cost.parameters,
            .macs = cost.macs,
            .steps = most_steps(),
            .folder = inputs_.deck().run.folder.string(),
            .options = options_};
}

io::NetworkFile Train::network_file(const Provenance& provenance) const {
    io::NetworkFile file;
    file.made_by = "train";
    file.deck_text = effective_text(inputs_.deck());
    file.deck = deck_pairs(inputs_.deck());
    file.provenance = provenance;
    file.reproducibility = reproducibility_;
    file.image = inputs_.network().image;
    file.classes = inputs_.images().class_names;
    file.origin = {{"checkpoint", options_.checkpoint.string()},
                   {"checkpoint_digest", inputs_.meta_network().digest},
                   {"data", inputs_.record().source},
                   {"data_digest", inputs_.record().digest}};
    file.figures = file_figures(figures_);
    file.members = {record_};
    return file;
}

}  // namespace atnas::app
