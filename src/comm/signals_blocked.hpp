// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Signals are for the thread that runs the job.

#include <csignal>

namespace atnas::comm {

/// Threads started while it lives get no signals.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  private:
    sigset_t before_;
};

}  // namespace atnas::comm
