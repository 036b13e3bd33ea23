// SPDX-License-Identifier: Apache-2.0
/// \file
/// Loaded before the MPI library, flips one bit of what rank 1 gets from its third sum of gradients: a replica that
/// drifts.

#include <cstdint>

#include <mpi.h>

extern "C" int MPI_Allreduce(const void* sent, void* received, int count, MPI_Datatype type, MPI_Op operation,
                             MPI_Comm communicator) {
    const int status = PMPI_Allreduce(sent, received, count, type, operation, communicator);
    static int calls = 0;
    constexpr int longer_than_any_other = 100;
    int rank = 0;
    PMPI_Comm_rank(communicator, &rank);
    if (rank == 1 && type == MPI_INT64_T && count > longer_than_any_other && ++calls == 3) {
        auto* words = static_cast<std::int64_t*>(received);
        for (int i = 0; i < count; ++i) {
            if (words[i] == 0) continue;
            words[i] ^= std::int64_t{1} << 40;  // a sixteenth, of a gradient that is not zero: small and there
            break;
        }
    }
    return status;
}
