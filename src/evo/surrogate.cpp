// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/surrogate.hpp"

#include "atnas/core/contract.hpp"
#include "atnas/evo/nearest_neighbours.hpp"
#include "atnas/evo/ridge_regression.hpp"

namespace atnas::evo {

std::unique_ptr<Surrogate> make_surrogate(SurrogateKind kind, std::span<const Judged> data) {
    ATNAS_EXPECT(kind != SurrogateKind::none);
    if (kind == SurrogateKind::knn) return std::make_unique<NearestNeighbours>(data);
    return std::make_unique<RidgeRegression>(data);
}

}  // namespace atnas::evo
