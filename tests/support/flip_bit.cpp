// SPDX-License-Identifier: Apache-2.0
/// \file
/// Loaded before the MPI library, flips one bit of what rank 1 gets from its third large all-gather: a replica that
/// drifts.

#include <cstring>

#include <mpi.h>

extern "C" int MPI_Allgatherv(const void* sent, int send_count, MPI_Datatype send_type, void* received,
                              const int counts[], const int places[], MPI_Datatype type, MPI_Comm communicator) {
    const int status = PMPI_Allgatherv(sent, send_count, send_type, received, counts, places, type, communicator);
    static int calls = 0;
    int rank = 0;
    PMPI_Comm_rank(communicator, &rank);
    if (rank == 1 && type == MPI_FLOAT && ++calls == 3) {
        // In a mantissa, of a gradient that is not zero: small, finite, and there.
        float* values = static_cast<float*>(received);
        for (int i = places[0]; i < places[0] + counts[0]; ++i) {
            if (values[i] == 0.0F) continue;
            unsigned bits = 0;
            std::memcpy(&bits, &values[i], sizeof bits);
            bits ^= 1U << 22;
            std::memcpy(&values[i], &bits, sizeof bits);
            break;
        }
    }
    return status;
}
