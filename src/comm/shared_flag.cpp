// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/shared_flag.hpp"

#include "mpi_check.hpp"

namespace atnas::comm {

SharedFlag::SharedFlag(const Communicator& communicator) : communicator_(communicator.duplicate()) {}

void SharedFlag::raise() {
    if (raised_here_) return;
    raised_here_ = true;
    for (int rank = 0; rank < communicator_.size(); ++rank) {
        if (rank == communicator_.rank()) continue;
        check_mpi(MPI_Isend(nullptr, 0, MPI_BYTE, rank, 0, communicator_.handle(), &requests_.emplace_back()),
                  "MPI_Isend");
    }
}

bool SharedFlag::is_raised() {
    if (communicator_.size() > 1 && heard_ == 0) {
        int found = 0;
        check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, 0, communicator_.handle(), &found, MPI_STATUS_IGNORE), "MPI_Iprobe");
        if (found != 0) {
            check_mpi(MPI_Recv(nullptr, 0, MPI_BYTE, MPI_ANY_SOURCE, 0, communicator_.handle(), MPI_STATUS_IGNORE),
                      "MPI_Recv");
            ++heard_;
        }
    }
    return raised_here_ || heard_ > 0;
}

void SharedFlag::lower() {
    const auto others = static_cast<int>(communicator_.sum(raised_here_ ? 1 : 0)) - (raised_here_ ? 1 : 0);
    for (; heard_ < others; ++heard_)
        check_mpi(MPI_Recv(nullptr, 0, MPI_BYTE, MPI_ANY_SOURCE, 0, communicator_.handle(), MPI_STATUS_IGNORE),
                  "MPI_Recv");
    check_mpi(MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
    requests_.clear();
    raised_here_ = false;
    heard_ = 0;
}

}  // namespace atnas::comm
