// SPDX-License-Identifier: Apache-2.0
// What a checkpoint cannot say, whoever wrote it and whatever its digests are.

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

#include "atnas/core/error.hpp"
#include "atnas/evo/individual_fields.hpp"

#include "checkpoint_layout.hpp"

namespace atnas::io {

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t largest_int = std::numeric_limits<int>::max();

class Ranges {
  public:
    explicit Ranges(const std::filesystem::path& path) : path_(path.string()) {}

    /// Not a number is in no range.
    template <class T>
    void expect(const std::string& object, T value, T low, T high) const {
        if (value >= low && value <= high) return;
        refuse(object, fmt::format("it holds {}, which is not in {} ... {}", value, low, high));
    }

    void expect_finite(const std::string& object, const std::vector<float>& values) const {
        const auto odd = std::ranges::find_if_not(values, [](float x) { return std::isfinite(x); });
        if (odd != values.end())
            refuse(object, fmt::format("element {} is {}, which is no finite number", odd - values.begin(), *odd));
    }

    [[noreturn]] void refuse(const std::string& object, const std::string& reason) const {
        throw Error(ExitCode::bad_data,
                    Problem{path_ + ": " + object + " is damaged", reason, "use another copy of it, or an older one"});
    }

  private:
    std::string path_;
};

void check_counters(const CheckpointState& state, const Ranges& ranges) {
    if (state.counters.count("iteration") == 0) ranges.refuse("/counters", "there is no iteration");
    for (const auto& [name, value] : state.counters) {
        const bool counts_far = name == "tasks" || name.ends_with("milliseconds");
        ranges.expect("/counters@" + name, value, std::int64_t{0}, counts_far ? largest : largest_int);
    }
    const std::int64_t iteration = state.counters.at("iteration");
    if (static_cast<std::int64_t>(state.iteration_loss.size()) != iteration)
        ranges.refuse("/history/iteration_loss",
                      fmt::format("it has {} elements after {} iterations", state.iteration_loss.size(), iteration));
    for (const std::int64_t steps : state.block_steps)
        ranges.expect("/optimizer/block_steps", steps, std::int64_t{0}, iteration);
    const auto tasks = state.counters.find("tasks");
    for (const std::int64_t count : state.path_counts)
        ranges.expect("/training/counts", count, std::int64_t{0},
                      tasks == state.counters.end() ? largest : tasks->second);
}

void check_data(const DataRecord& data, const Ranges& ranges) {
    if (data.images) ranges.expect("/data@brightness", data.images->brightness, 0.0, 1.0);
}

void check_weights(const CheckpointState& state, const Ranges& ranges) {
    ranges.expect_finite("/weights/values", state.weights);
    for (const auto& [name, moment] : state.optimizer) ranges.expect_finite("/optimizer/" + name, moment);
    std::uint64_t end = 0;
    for (const BlockRecord& block : state.manifest) {
        if (block.offset < end)
            ranges.refuse(
                "/weights/manifest/offsets",
                fmt::format("block {} starts at {}, the one before it ends at {}", block.name, block.offset, end));
        end = block.offset;
        std::uint64_t count = 1;
        for (const std::uint64_t length : block.shape) count *= length;  // of elements that are there
        end += count;
    }
}

template <class Field>
void check_field(const std::string& object, const evo::FieldValues<Field>& field, const evo::Population& population,
                 const Ranges& ranges) {
    for (const evo::Individual& member : population) {
        for (const auto value : evo::elements_of(member.*field.place)) {
            const bool not_evaluated = std::is_floating_point_v<decltype(value)> && value != value;
            if (!not_evaluated) ranges.expect(object, value, field.low, field.high);
        }
    }
}

void check_individuals(const std::string& group, const evo::Population& individuals, const Ranges& ranges) {
    evo::for_each_field([&](const evo::IndividualField& field, const auto& values) {
        check_field(group + "/" + std::string(field.name), values, individuals, ranges);
    });
}

void check_islands(const CheckpointState& state, const Ranges& ranges) {
    for (const evo::Population& population : state.populations) check_individuals("/islands", population, ranges);
}

void check_genealogy(const CheckpointState& state, const Ranges& ranges) {
    const std::string group(genealogy_group);
    const auto last_island = static_cast<std::int64_t>(state.populations.size()) - 1;
    std::int64_t last_birth = 0;
    for (const evo::GenealogyRecord& record : state.genealogy) {
        ranges.expect(group + "/island", record.island, std::int64_t{0}, last_island);
        ranges.expect(group + "/birth", record.individual.birth, last_birth, largest_int);
        check_individuals(group, {record.individual}, ranges);
        last_birth = record.individual.birth;
    }
}

void check_archive(const evo::FitnessRecord& archive, const Ranges& ranges) {
    // Differences of accuracies.
    for (const evo::Judged& judged : archive.judged) ranges.expect("/archive/fitness", judged.fitness, -1.0, 1.0);
    for (const double correlation : archive.correlations)
        if (!std::isnan(correlation)) ranges.expect("/archive/correlations", correlation, -1.0, 1.0);
}

void check_histories(const CheckpointState& state, const Ranges& ranges) {
    const std::int64_t iteration = state.counters.at("iteration");
    const auto last_island = static_cast<std::int64_t>(state.populations.size()) - 1;
    std::int64_t last_generation = 0;
    std::int64_t last_iteration = 0;
    for (const HistoryRecord& record : state.history) {
        // In the order of time.
        ranges.expect("/history/generation", record.generation, last_generation, largest_int);
        ranges.expect("/history/iteration", record.iteration, last_iteration, iteration);
        ranges.expect("/history/island", record.island, std::int64_t{0}, last_island);
        ranges.expect("/history/best", record.best, evo::worst_fitness, evo::best_fitness);
        ranges.expect("/history/mean", record.mean, evo::worst_fitness, evo::best_fitness);
        if (!std::isnan(record.spread))
            ranges.expect("/history/spread", record.spread, 0.0, evo::best_fitness - evo::worst_fitness);
        ranges.expect("/history/encodes", record.encodes, std::int64_t{0}, largest_int);
        last_generation = record.generation;
        last_iteration = record.iteration;
    }
    last_generation = 0;
    for (const FrontRecord& record : state.fronts) {
        ranges.expect("/history/front/generation", record.generation, last_generation, largest_int);
        ranges.expect("/history/front/hypervolume", record.hypervolume, 0.0, 1.0);
        ranges.expect("/history/front/fitness", record.fitness, 0.0, evo::best_fitness);
        ranges.expect("/history/front/parameters", record.parameters, std::int64_t{0}, largest);
        ranges.expect("/history/front/macs", record.macs, std::int64_t{0}, largest);
        ranges.expect("/history/front/memory", record.memory, std::int64_t{0}, largest);
        if (!std::isnan(record.latency))
            ranges.expect("/history/front/latency", record.latency, 0.0, std::numeric_limits<double>::max());
        last_generation = record.generation;
    }
    last_generation = 0;
    for (const evo::MigrationRecord& entry : state.migrations) {
        ranges.expect("/migrations/generation", entry.generation, last_generation, largest_int);
        ranges.expect("/migrations/from", entry.from, std::int64_t{0}, last_island);
        ranges.expect("/migrations/to", entry.to, std::int64_t{0}, last_island);
        ranges.expect("/migrations/admission", static_cast<std::int64_t>(entry.admission), std::int64_t{0},
                      static_cast<std::int64_t>(evo::Admission::worse));
        ranges.expect("/migrations/fitness", entry.fitness, evo::worst_fitness, evo::best_fitness);
        last_generation = entry.generation;
    }
}

}  // namespace

void expect_possible(const CheckpointState& state) {
    const Ranges ranges(state.path);
    check_counters(state, ranges);
    check_data(state.data, ranges);
    check_weights(state, ranges);
    check_islands(state, ranges);
    check_archive(state.archive, ranges);
    check_histories(state, ranges);
    check_genealogy(state, ranges);
}

}  // namespace atnas::io
