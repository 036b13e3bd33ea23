// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/stop_signals.hpp"

namespace atnas::app {
namespace {

// A handler may touch nothing but such a variable.
volatile std::sig_atomic_t last_signal = 0;

extern "C" void note_signal(int number) {
    last_signal = number;
}

}  // namespace

StopSignals::StopSignals() {
    last_signal = 0;
    struct sigaction action {};
    action.sa_handler = note_signal;
    // Reads and writes of files go on where they were.
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &action, &former_[i]);
}

StopSignals::~StopSignals() {
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &former_[i], nullptr);
}

std::string StopSignals::arrived() const {
    switch (last_signal) {
        case SIGTERM:
            return "SIGTERM";
        case SIGINT:
            return "SIGINT";
        case SIGUSR1:
            return "SIGUSR1";
        default:
            return "";
    }
}

}  // namespace atnas::app
