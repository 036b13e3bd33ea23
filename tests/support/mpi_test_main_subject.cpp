// SPDX-License-Identifier: Apache-2.0
/// \file
/// Tests with every possible outcome, for test_mpi_test_main.py to run one at a time.

#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <mpi.h>

namespace {

int rank() {
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

TEST(Subject, passes) {
    EXPECT_GE(rank(), 0);
}

TEST(Subject, fails_on_rank_one) {
    EXPECT_NE(rank(), 1) << "as asked for";
}

TEST(Subject, hangs) {
    if (rank() == 1) return;  // the other rank waits for a message that never comes
    int message = 0;
    MPI_Recv(&message, 1, MPI_INT, MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

}  // namespace
