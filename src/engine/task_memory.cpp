// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/task_memory.hpp"

#include "atnas/nn/graph.hpp"

namespace atnas::engine {

double memory_of(supernet::Supernet& supernet, const space::Genotype& genotype, const meta::TaskShape& shape) {
    const nn::Graph graph = supernet.graph(genotype);
    double values = 0;  // of an image
    for (const nn::Value& value : graph.values()) values += static_cast<double>(value.shape.count());
    values += shape.way;  // logits
    const double images = static_cast<double>(shape.support) + shape.queries;
    constexpr int with_gradient = 2;
    return with_gradient * sizeof(float) * images * values;
}

}  // namespace atnas::engine
