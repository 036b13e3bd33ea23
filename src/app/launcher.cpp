// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/launcher.hpp"

#include <fmt/format.h>

#include "atnas/app/deck/number_text.hpp"

namespace atnas::app {
namespace {

std::optional<int> count_in(const Environment& environment, const char* name) {
    int count = 0;
    const char* text = environment(name);
    if (text == nullptr || read_number(text, count)) return {};
    return count;
}

}  // namespace

std::optional<Problem> launcher_problem(int ranks, const Environment& environment) {
    // Of the step under srun; of the job under mpirun.
    const auto step = count_in(environment, "SLURM_STEP_NUM_TASKS");
    const auto job = count_in(environment, "SLURM_NTASKS");
    if ((!step && !job) || step == ranks || job == ranks) return {};
    return Problem{fmt::format("Slurm started {} task(s), MPI sees {} rank(s)", step ? *step : *job, ranks),
                   "the launcher and MPI do not work together, or not all tasks of the job are used",
                   "try srun --mpi=pmix, mpirun -n $SLURM_NTASKS, or unset SLURM_NTASKS and SLURM_STEP_NUM_TASKS to go "
                   "on all the same"};
}

}  // namespace atnas::app
