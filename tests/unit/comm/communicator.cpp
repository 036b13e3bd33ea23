// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/communicator.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::comm {
namespace {

TEST(Communicator, WorksWithoutMpi) {
    const Communicator alone = Communicator::world();
    EXPECT_EQ(alone.rank(), 0);
    EXPECT_EQ(alone.size(), 1);
    EXPECT_TRUE(alone.is_root());
    EXPECT_EQ(alone.handle(), MPI_COMM_NULL);
    alone.barrier();
    EXPECT_EQ(alone.broadcast(std::string("word"), 0), "word");
    const std::vector<double> part{1.5, -2.5};
    EXPECT_EQ(alone.all_gather(std::span<const double>(part)), part);
    EXPECT_EQ(alone.sum(7), 7);
    EXPECT_EQ(alone.max(-3.5), -3.5);
    EXPECT_FALSE(alone.any(false));
    EXPECT_TRUE(alone.any(true));
}

TEST(Together, LetsErrorsThroughAlone) {
    const Communicator alone;
    int runs = 0;
    together(alone, [&] { ++runs; });
    EXPECT_EQ(runs, 1);
    try {
        together(alone, [] { throw Error(ExitCode::bad_data, Problem{"file x", "it is torn", "mend it"}); });
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_data);
        EXPECT_EQ(error.problems().at(0).reason, "it is torn");
    }
    EXPECT_THROW(together(alone, [] { throw std::runtime_error("other"); }), std::runtime_error);
}

}  // namespace
}  // namespace atnas::comm
