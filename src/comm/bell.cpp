#include "atnas/comm/bell.hpp"

#include "mpi_check.hpp"

namespace atnas::comm {

Bell::Bell(const Communicator& communicator) : communicator_(communicator.duplicate()) {}

void Bell::ring() {
    if (rung_) return;
    rung_ = true;
    for (int rank = 0; rank < communicator_.size(); ++rank) {
        if (rank == communicator_.rank()) continue;
        check_mpi(MPI_Isend(nullptr, 0, MPI_BYTE, rank, 0, communicator_.handle(), &requests_.emplace_back()),
                  "MPI_Isend");
    }
}

bool Bell::heard() {
    if (communicator_.size() > 1 && heard_ == 0) {
        int found = 0;
        check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, 0, communicator_.handle(), &found, MPI_STATUS_IGNORE), "MPI_Iprobe");
        if (found != 0) {
            check_mpi(MPI_Recv(nullptr, 0, MPI_BYTE, MPI_ANY_SOURCE, 0, communicator_.handle(), MPI_STATUS_IGNORE),
                      "MPI_Recv");
            ++heard_;
        }
    }
    return rung_ || heard_ > 0;
}

void Bell::settle() {
    const auto others = static_cast<int>(communicator_.sum(rung_ ? 1 : 0)) - (rung_ ? 1 : 0);
    for (; heard_ < others; ++heard_)
        check_mpi(MPI_Recv(nullptr, 0, MPI_BYTE, MPI_ANY_SOURCE, 0, communicator_.handle(), MPI_STATUS_IGNORE),
                  "MPI_Recv");
    check_mpi(MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
    requests_.clear();
    rung_ = false;
    heard_ = 0;
}

}  // namespace atnas::comm
