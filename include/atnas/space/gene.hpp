// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a gene decides, for people.

#include <string>
#include <vector>

namespace atnas::space {

/// connection: where values come from; operation: what is computed on them.
enum class GeneKind { connection, operation };

/// One place of a genotype. In canonical encodes its values are 0 ... values.size() - 1; one value alone decides
/// nothing.
struct Gene {
    std::string name;  ///< e.g. "normal node 2 operation a"
    GeneKind kind;
    std::vector<std::string> values;  ///< e.g. "skip_connect", by value
};

}  // namespace atnas::space
