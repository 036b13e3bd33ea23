// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Who works where: one row per rank, and whether the machines have cores for all of them.

#include <string>
#include <vector>

#include "atnas/comm/communicator.hpp"

namespace atnas::app {

struct RankRow {
    std::string host;
    int process{0};  ///< its id on the host
    int rank{0};
    int local_rank{0};  ///< among the ranks of the host
    int first_island{0};
    int islands{0};
    std::string backend;
    std::vector<int> cores;  ///< that the process may run on
    int threads{1};
};

/// This rank's row but for local_rank, which takes the other rows to know.
RankRow own_row(int rank, int first_island, int islands, std::string backend, int threads);

/// The rows of all ranks in rank order, local ranks filled in. Collective.
std::vector<RankRow> all_rows(const RankRow& own, const comm::Communicator& communicator);

/// For people, e.g. "rank 3 (local 1) on node7, process 4711: islands 6-7, onednn on cores 4-7, 1 thread".
std::string text_of(const RankRow& row);

/// One line for every host whose ranks have more threads than cores, and for cores to which too many are bound.
std::vector<std::string> oversubscribed(const std::vector<RankRow>& rows);

}  // namespace atnas::app
