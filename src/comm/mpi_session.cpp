// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/mpi_session.hpp"

#include <cstdlib>

#include <pwd.h>
#include <unistd.h>

#include "mpi_check.hpp"

namespace atnas::comm {
namespace {

/// Open MPI 5 does not start without HOME, which services and bare environments lack.
void give_home() noexcept {
    const passwd* const user = std::getenv("HOME") == nullptr ? ::getpwuid(::getuid()) : nullptr;
    ::setenv("HOME", user != nullptr ? user->pw_dir : "/", 0);
}

}  // namespace

MpiSession::MpiSession(int& argc, char**& argv) {
    give_home();
    // Open MPI's shared file pointers, which nobody here uses, are kept by a semaphore with the file's name: one that a
    // killed job left locked would stop every later job of the machine that opens a file of that name.
    ::setenv("OMPI_MCA_sharedfp", "^sm", 0);
    // PMIx lets ranks read what the launcher knows in shared memory under locks: a rank that is killed while it holds
    // one leaves mpirun waiting for ever. Asking for it by messages needs no lock.
    ::setenv("PMIX_MCA_gds", "hash", 0);
    int provided = MPI_THREAD_SINGLE;
    check_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
    if (provided < MPI_THREAD_FUNNELED) fail_job("MPI_Init_thread", "this MPI does not support threads (FUNNELED)");
}

MpiSession::~MpiSession() {
    if (mpi_runs()) MPI_Finalize();
}

}  // namespace atnas::comm
