// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/averaged_values.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace atnas;

TEST(AveragedValues, are_those_of_the_store_while_they_live) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    const auto context = device->make_context();
    nn::Manifest manifest;
    manifest.require("weight", {3, 2, 1, 1}, nn::Initial::he_normal);
    nn::ParamStore store(*device, *context, manifest, 1);
    const auto values_of = [&] { return nn::download(*device, *context, store.values()); };
    const std::vector<float> values = values_of();
    EXPECT_EQ(store.average(), nullptr);
    {
        const nn::AveragedValues none(store);
        EXPECT_EQ(values_of(), values) << "none is kept";
    }
    store.keep_average(*context);
    EXPECT_EQ(nn::download(*device, *context, *store.average()), values);
    device->fill(*context, *store.average(), {0, values.size()}, 7.0);
    EXPECT_EQ(values_of(), values);
    {
        const nn::AveragedValues averaged(store);
        EXPECT_EQ(values_of(), std::vector<float>(values.size(), 7.0f));
    }
    EXPECT_EQ(values_of(), values);
}

}  // namespace
