// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which operations of a space were trained least and most.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "atnas/space/gene.hpp"

namespace atnas::app {

struct OperationUse {
    struct Operation {
        std::string name;       ///< of gene and value, e.g. "normal node 2 operation a: skip_connect"
        std::int64_t tasks{0};  ///< that trained it, mini-batches of pretraining included
    };
    Operation least, most;  ///< the first ones in the order of the genes
    int operations{0};      ///< of all genes that have a choice
    int as_rare{0};         ///< of these as rare as the least
};

/// \p counts: /training/counts of a checkpoint (analysis/FORMAT.md). None where there is no choice of operations, or
/// the counts are not of these genes.
std::optional<OperationUse> operation_use(std::span<const space::Gene> genes, std::span<const std::int64_t> counts);

/// One line.
std::string text_of(const OperationUse& use);

/// {"count": .., "least": {"operation": .., "tasks": .., "alike": ..}, "most": {"operation": .., "tasks": ..}}
nlohmann::json json_of(const OperationUse& use);

}  // namespace atnas::app
