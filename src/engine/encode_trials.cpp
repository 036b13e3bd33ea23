// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/encode_trials.hpp"

#include <cmath>
#include <memory>

#include "atnas/engine/image_score.hpp"
#include "atnas/engine/predictor.hpp"
#include "atnas/engine/replica_reducer.hpp"
#include "atnas/evo/individual.hpp"

namespace atnas::engine {

StartingNetwork starting_network(backend::Backend& backend, const space::NetworkOptions& network,
                                 const space::Genotype& genotype, const StartingWeights& start, std::uint64_t seed) {
    StartingNetwork one{supernet::Supernet::of_one(backend, network, genotype, seed)};
    if (start.stored != nullptr) one.inherited = copy_blocks(*start.stored, start.which, one.network);
    return one;
}

EncodeTrials::EncodeTrials(const Place& place, const space::NetworkOptions& network, const Images& images,
                           const TrialOptions& options)
    : place_(place), network_(network), images_(images), options_(options) {}

std::vector<double> EncodeTrials::run(std::span<const space::Genotype> encodes,
                                      const std::function<bool()>& interrupted) {
    std::vector<WorkItem> items;
    for (const space::Genotype& encode : encodes)
        items.push_back({static_cast<double>(place_.costs.subnet(encode).macs), {0, place_.communicator.size()}});
    WorkList work = place_.sharing.begin(items);
    std::vector<double> mine;  // number and fitness, by turns
    for (auto item = work.take(); item; item = work.take()) {
        mine.insert(mine.end(), {static_cast<double>(*item), try_one(encodes[*item])});
        // Not before the first one: whoever has little time at a time gets on all the same.
        if (interrupted()) break;
    }
    place_.sharing.end(work);
    std::vector<double> all(encodes.size(), not_tried);
    const std::vector<double> gathered = place_.communicator.all_gather(mine);
    for (std::size_t i = 0; i < gathered.size(); i += 2) all[static_cast<std::size_t>(gathered[i])] = gathered[i + 1];
    return all;
}

double EncodeTrials::try_one(const space::Genotype& encode) {
    const comm::Communicator alone;
    const NetworkTrainingOptions& training = options_.training;
    auto [network, inherited] = starting_network(place_.backend, network_, encode, options_.start, training.seed);
    const auto reducer = make_replica_reducer({}, alone, place_.backend, network.weights().size());
    NetworkTraining trial({network, *reducer, alone}, encode, images_.train, training);
    for (int step = 0; step < training.outer.iterations; ++step) {
        trial.learn(step);
        static_cast<void>(trial.step(step));
    }
    Predictor judged(place_.backend, network_, trial.record(), training.images);
    const double loss = score(judged, images_.held_out, training.images, alone).loss;
    return std::isfinite(loss) ? std::exp(-loss) : evo::worst_fitness;
}

}  // namespace atnas::engine
