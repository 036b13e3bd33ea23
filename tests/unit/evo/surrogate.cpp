// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/surrogate.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace atnas::evo {
namespace {

TEST(Surrogate, IsOfItsKind) {
    const std::vector<Judged> data{{{{0}}, 1}, {{{1}}, 3}};
    EXPECT_NEAR(make_surrogate(SurrogateKind::ridge, data)->predict({{0}}), 1.5, 1e-12);
    EXPECT_NEAR(make_surrogate(SurrogateKind::knn, data)->predict({{0}}), 2, 1e-12);
}

}  // namespace
}  // namespace atnas::evo
