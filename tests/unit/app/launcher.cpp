// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/launcher.hpp"

#include <map>

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

std::optional<Problem> problem(int ranks, std::map<std::string, std::string> variables) {
    return launcher_problem(ranks, [&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
}

TEST(Launcher, outside_of_slurm_anything_goes) {
    EXPECT_FALSE(problem(1, {}));
    EXPECT_FALSE(problem(7, {}));
}

TEST(Launcher, world_size_and_task_count_agree) {
    EXPECT_FALSE(problem(4, {{"SLURM_NTASKS", "4"}}));
    EXPECT_FALSE(problem(4, {{"SLURM_STEP_NUM_TASKS", "4"}, {"SLURM_NTASKS", "8"}})) << "a step of half the job";
    EXPECT_FALSE(problem(4, {{"SLURM_STEP_NUM_TASKS", "1"}, {"SLURM_NTASKS", "4"}})) << "mpirun in the batch step";
    EXPECT_FALSE(problem(4, {{"SLURM_NTASKS", "nonsense"}}));
}

TEST(Launcher, worlds_of_one_rank_are_a_problem) {
    const auto found = problem(1, {{"SLURM_STEP_NUM_TASKS", "4"}, {"SLURM_NTASKS", "4"}});
    ASSERT_TRUE(found);
    EXPECT_NE(found->problem.find("4 task(s)"), std::string::npos) << found->problem;
    EXPECT_NE(found->problem.find("1 rank(s)"), std::string::npos) << found->problem;
    EXPECT_NE(found->suggestion.find("srun --mpi=pmix"), std::string::npos);
    EXPECT_TRUE(problem(2, {{"SLURM_NTASKS", "4"}}));
}

}  // namespace
}  // namespace atnas::app
