// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/network_training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/data/smooth_targets.hpp"
#include "atnas/engine/stored_weights.hpp"
#include "atnas/nn/averaged_values.hpp"
#include "atnas/nn/drop_path.hpp"
#include "atnas/nn/norm_moments.hpp"

namespace atnas::engine {
namespace {

meta::BatchPlan plan_of(supernet::Supernet& network, const space::Genotype& genotype,
                        const NetworkTrainingOptions& options) {
    nn::Graph graph = network.graph(genotype, options.drop_path > 0 ? space::Drops::yes : space::Drops::no);
    nn::HeadParameters head = network.head_parameters(network.options().way, graph.features());
    return {meta::place_on(network, 0),
            {std::move(graph), network.head(), std::move(head)},
            {options.images, network.options().way, options.targets()}};
}

}  // namespace

int NetworkTrainingOptions::steps_for(double epochs, std::size_t whole) const noexcept {
    const double steps = epochs * static_cast<double>(whole) / static_cast<double>(images_per_step());
    constexpr double most = std::numeric_limits<int>::max();
    return static_cast<int>(std::clamp(std::round(steps), 1.0, most));
}

NetworkTraining::NetworkTraining(const Place& place, const space::Genotype& genotype, const data::ImageList& images,
                                 const NetworkTrainingOptions& options)
    : place_(place),
      genotype_(genotype),
      options_(options),
      epochs_(images, {options.images, options.augment, options.seed}),
      unchanged_(images, {.images = options.images, .seed = options.seed}),
      plan_(plan_of(place.network, genotype, options)),
      step_({place.network, place.reducer}, options.outer, options.batches) {
    ATNAS_EXPECT(options.batches > 0 && options.moment_batches > 0);
    ATNAS_EXPECT(space::Head::linear == place.network.options().head);
    if (options.mixup > 0) mixup_.emplace(data::MixupOptions{.alpha = options.mixup, .seed = options.seed});
}

void NetworkTraining::learn(int step) {
    step_.begin();
    // All cost the same.
    for (int item = place_.communicator.rank(); item < options_.batches; item += place_.communicator.size()) {
        const auto number = static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(options_.batches) +
                            static_cast<std::uint64_t>(item);
        write_batch(number, step);
        plan_.run();
        plan_.add_gradient(step_.gradient().sum());
        step_.gradient().count_task(plan_.blocks(), plan_.result());
    }
    step_.seal();
}

void NetworkTraining::write_batch(std::uint64_t number, int step) {
    epochs_.sample(number, batch_);
    if (options_.targets() == nn::Targets::soft) {
        data::smooth_targets(batch_.labels, place_.network.options().way, options_.label_smoothing, targets_);
        if (mixup_) {
            const data::Mixture mixture = mixup_->mixture(number, options_.images);
            mixup_->mix(mixture, batch_.images);
            mixup_->mix(mixture, targets_);
        }
        plan_.write_targets(targets_);
    }
    plan_.write(batch_);
    if (plan_.drops() == 0) return;
    factors_.resize(static_cast<std::size_t>(plan_.drops() * options_.images));
    nn::DropPath{.seed = options_.seed,
                 .number = number,
                 .images = options_.images,
                 .probability = options_.drop_path *
                                std::min(1.0, static_cast<double>(step) / std::max(1, options_.outer.iterations - 1))}
        .draw(factors_);
    plan_.write_factors(factors_);
}

NetworkTraining::Step NetworkTraining::step(int step) {
    const meta::MetaGradient::Summary summary = step_.reduce(times_);
    step_.make(summary, meta::rate_at(options_.outer, step), times_);
    return {summary.loss, summary.finite};
}

double NetworkTraining::seconds_per_step() {
    constexpr int warm_up = 2;
    constexpr int measured = 6;
    const auto run = [&](int steps) {
        const Stopwatch clock;
        for (int step = 0; step < steps; ++step) {
            learn(step);
            static_cast<void>(step_.reduce(times_));
        }
        return clock.seconds();
    };
    run(warm_up);
    return run(measured) / measured;
}

io::NetworkRecord NetworkTraining::record() {
    supernet::Supernet& network = place_.network;
    backend::Backend& backend = network.backend();
    backend::Context& context = network.context();
    const nn::AveragedValues judged(network.weights());
    nn::NormMoments mean(backend, plan_.graph());
    for (int number = 0; number < options_.moment_batches; ++number) {
        unchanged_.sample(static_cast<std::uint64_t>(number), batch_);
        plan_.write(batch_);
        plan_.measure();
        mean.add(backend, context, 1.0 / options_.moment_batches, plan_.moments());
    }
    return {.genotype = genotype_,
            .encode = network.space().to_text(genotype_),
            .manifest = block_records(network.manifest()),
            .weights = nn::download(backend, context, network.weights().values()),
            .moments = mean.values(backend, context)};
}

}  // namespace atnas::engine
