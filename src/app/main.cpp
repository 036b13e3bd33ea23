// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <string>
#include <vector>

#include "atnas/app/application.hpp"
#include "atnas/app/report/standard_streams.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/comm/mpi_session.hpp"
#include "atnas/core/log.hpp"

int main(int argc, char** argv) {
    atnas::app::fill_closed_streams();
    std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error with a message, not the end of the process
    const atnas::comm::MpiSession session(argc, argv);
    const auto world = atnas::comm::Communicator::world();
    atnas::set_log_role(world.is_root() ? atnas::LogRole::speaker : atnas::LogRole::silent, world.rank());
    const std::vector<std::string> words(argv, argv + argc);
    return static_cast<int>(atnas::app::run_application(words, world));
}
