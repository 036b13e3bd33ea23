// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A classification of a few small images that a network learns within a second on the reference backend.

#include <cstdint>
#include <memory>
#include <vector>

#include "atnas/comm/mpi_reducer.hpp"
#include "atnas/core/random.hpp"
#include "atnas/data/image_list.hpp"
#include "atnas/engine/network_training.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::engine::test {

/// Three classes of noisy images, the left, the right or neither half of which is brighter.
inline data::ImageSet halves(int images = 24, std::uint64_t seed = 1) {
    data::ImageSet set;
    set.shape = {1, 8, 8};
    set.first_of_class.push_back(0);
    set.group_names.push_back("all");
    RandomStream noise({.seed = seed, .purpose = Purpose::bench});
    for (int c = 0; c < 3; ++c) {
        set.class_names.push_back("c" + std::to_string(c));
        set.group_of_class.push_back(0);
        for (int n = 0; n < 64 * images; ++n) {
            const bool bright = c == 0 ? n % 8 < 4 : c == 1 && n % 8 >= 4;
            set.pixels.push_back(static_cast<std::uint8_t>((bright ? 130 : 50) + noise.index(70)));
        }
        set.first_of_class.push_back(set.first_of_class.back() + images);
    }
    return set;
}

inline space::NetworkOptions small_network() {
    return {.channels = 4,
            .head = space::Head::linear,
            .image = {1, 8, 8},
            .way = 3,
            .cell = {.cells = 2, .reductions = {1}}};
}

inline NetworkTrainingOptions small_training(int steps) {
    NetworkTrainingOptions options{.batches = 3, .images = 6, .moment_batches = 4};
    options.outer.rate = 0.01;
    options.outer.iterations = steps;
    options.outer.schedule = meta::Schedule::cosine;
    return options;
}

inline space::Genotype some_genotype(std::uint32_t item = 0) {
    RandomStream random({.seed = 5, .item = item});
    return space::make_search_space(small_network())->sample(random);
}

/// One that is trained, and all it needs.
struct SmallTraining {
    explicit SmallTraining(const NetworkTrainingOptions& options, const comm::Communicator& world = alone())
        : communicator(world), training({network, *reducer, world}, some_genotype(), list, options) {}

    /// Returns the losses.
    std::vector<double> run(int from, int to) {
        std::vector<double> losses;
        for (int step = from; step < to; ++step) {
            training.learn(step);
            losses.push_back(training.step(step).loss);
        }
        return losses;
    }
    static const comm::Communicator& alone() {
        static const comm::Communicator one;
        return one;
    }

    const comm::Communicator& communicator;
    data::ImageSet set = halves();
    data::ImageList list{set, set.class_names};
    std::unique_ptr<backend::Backend> device = backend::make_backend(backend::BackendKind::reference);
    supernet::Supernet network = supernet::Supernet::of_one(*device, small_network(), some_genotype(), 1);
    std::unique_ptr<comm::GradientReducer> reducer =
        comm::make_mpi_reducer(communicator, *device, comm::Reduction::exact);
    NetworkTraining training;
};

}  // namespace atnas::engine::test
