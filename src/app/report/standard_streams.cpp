// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/standard_streams.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include <fcntl.h>
#include <unistd.h>

#include "atnas/core/error.hpp"

namespace atnas::app {

void fill_closed_streams() noexcept {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
        // The lowest free number is the one that was closed. The wrong direction: its use must fail.
        if (::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
    }
}

void expect_printed(const comm::Communicator& communicator) {
    on_root(communicator, [] {
        errno = 0;
        std::cout.flush();
        const bool flushed = std::fflush(stdout) == 0;
        const int error = errno;
        if (std::cout && flushed && std::ferror(stdout) == 0) return;
        throw Error(ExitCode::bad_data,
                    {"standard output cannot be written to", error != 0 ? std::strerror(error) : "a part of it is lost",
                     "check where it goes"});
    });
}

}  // namespace atnas::app
