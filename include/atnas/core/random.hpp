// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Counter-based random numbers, addressed by what is simulated and never by the process or the order of calls.
/// Philox4x32-10: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

#include <array>
#include <cstdint>

namespace atnas {

/// What a stream of numbers is for. Values are part of every result: append, never renumber.
enum class Purpose : std::uint32_t {
    weights = 1,           ///< initial weights of the supernet
    population = 2,        ///< initial individuals of an island
    path = 3,              ///< which subnet trains on a task
    train_episode = 4,     ///< episodes of the meta-batch
    fitness_episode = 5,   ///< the fixed episodes of a generation
    test_episode = 6,      ///< episodes of `evaluate`
    variation = 7,         ///< crossover and mutation
    selection = 8,         ///< tournaments
    migration = 9,         ///< choice of migrants
    split = 10,            ///< division of classes or groups
    strokes = 11,          ///< the synthetic task set
    augment = 12,          ///< image jitter
    bench = 13,            ///< benchmark inputs
    moments_episode = 14,  ///< training episodes that running statistics are estimated on
    pretrain_batch = 15,   ///< mini-batches of pretraining
    fair_path = 16,        ///< paths that train all operations equally often
    fair_substitute = 17,  ///< what takes the place of those that cost too much
    epoch = 20,            ///< order of the images of a data set in an epoch of training
    task_folds = 18,       ///< how the images of a task are held out in turn
    mixup = 21,            ///< how a mini-batch is mixed with itself
    drop_path = 22,        ///< which images of a mini-batch lose the result of an edge
};

/// Address of a stream. Fields that do not apply stay 0.
struct RandomKey {
    std::uint64_t seed{0};
    Purpose purpose{};
    std::uint32_t island{0};
    std::uint32_t iteration{0};  ///< meta-iteration or generation
    std::uint32_t item{0};       ///< individual, task, class, parameter block, ...
};

/// The numbers at one address: cheap to make, equal wherever and whenever it is made. Not shared between threads.
class RandomStream {
  public:
    explicit RandomStream(RandomKey key) noexcept;

    std::uint32_t bits() noexcept;
    /// Uniform in [0, 1), 24 random bits.
    float uniform() noexcept;
    /// Uniform integer in [0, count), without modulo bias. \pre count > 0
    std::uint32_t index(std::uint32_t count) noexcept;
    /// Standard normal (Box-Muller).
    float normal() noexcept;
    bool chance(double probability) noexcept { return uniform() < probability; }

  private:
    void refill() noexcept;

    std::array<std::uint32_t, 4> counter_;
    std::array<std::uint32_t, 2> key_;
    std::array<std::uint32_t, 4> block_{};
    int used_{4};
};

}  // namespace atnas
