// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/individual_fields.hpp"

namespace atnas::evo {

namespace {

using Real = FieldValues<double>;
using Integer = FieldValues<std::int64_t>;

/// Generations are counted in an int.
constexpr std::int64_t last_generation = std::numeric_limits<int>::max();

/// Two accuracies differ by no more than 1, so that no standard error of theirs is larger than this.
constexpr double largest_error = 2.0;

constexpr std::array fields{
    IndividualField{"fitness", "",
                    "accuracy in the last evaluation, 0 to 1; -1: its loss was not finite; NaN: not evaluated yet",
                    Real{&Individual::fitness, worst_fitness, best_fitness}},
    IndividualField{"fitness_error", "",
                    "standard error of its fitness, how hard the tasks were for all taken out; NaN: not evaluated yet",
                    Real{&Individual::fitness_error, 0, largest_error}},
    IndividualField{"difference_error", "",
                    "of one judged for the first time: standard error of the difference of its fitness from that of "
                    "its island's best elder; 0: of others, or there was none",
                    Real{&Individual::difference_error, 0, largest_error}},
    IndividualField{"tasks", "tasks", "behind its fitness; with evo.memory, those of former generations count less",
                    Real{&Individual::tasks, 0, std::numeric_limits<double>::max()}},
    IndividualField{"rounds", "rounds",
                    "of racing in the last evaluation, after which it went on, on its island; 0 without evo.racing",
                    Integer{&Individual::rounds, 0, last_generation}},
    IndividualField{"age", "generations", "survived", Integer{&Individual::age, 0, last_generation}},
    IndividualField{"birth", "generation", "in which it was made", Integer{&Individual::birth, 0, last_generation}},
    IndividualField{"id", "", "unique over the run", Integer{&Individual::id}},
    IndividualField{"parents", "", "their ids; -1: none", FieldValues<Parents>{&Individual::parents, -1}},
    IndividualField{"parameters", "weights", "of its subnet", Integer{&Individual::parameters}},
    IndividualField{"macs", "multiply-accumulates", "of its subnet, for one image", Integer{&Individual::macs}},
    IndividualField{"memory", "bytes", "of all that its subnet computes for one image", Integer{&Individual::memory}},
    IndividualField{
        "latency", "microseconds",
        "that its subnet takes for one image of a batch, with evo.objectives or evo.max_latency that ask for it; "
        "NaN: not measured",
        Real{&Individual::latency, 0, std::numeric_limits<double>::max()}},
};

}  // namespace

std::span<const IndividualField> individual_fields() noexcept {
    return fields;
}

}  // namespace atnas::evo
