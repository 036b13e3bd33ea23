// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/standard_streams.hpp"

#include <cstdlib>
#include <iostream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "atnas/core/error.hpp"

namespace atnas::app {
namespace {

TEST(StandardStreams, WhatDoesNotArriveIsAnError) {
    const comm::Communicator alone;
    EXPECT_NO_THROW(expect_printed(alone));
    std::cout.setstate(std::ios::badbit);
    EXPECT_THROW(expect_printed(alone), Error);
    std::cout.clear();
    EXPECT_NO_THROW(expect_printed(alone));
}

TEST(StandardStreams, NoFileIsOpenedInThePlaceOfAClosedOne) {
    const auto opens = [] {
        ::close(STDIN_FILENO);
        ::close(STDOUT_FILENO);
        fill_closed_streams();
        const bool silent = ::write(STDOUT_FILENO, "x", 1) < 0;
        const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        std::_Exit(silent && next > STDERR_FILENO ? 0 : 1);
    };
    EXPECT_EXIT(opens(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace atnas::app
