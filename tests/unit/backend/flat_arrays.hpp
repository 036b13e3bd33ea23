// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Flat arrays (weights, gradients, moments) with results worked out by hand, for test programs to instantiate with the
/// devices they are about.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/device.hpp"

namespace atnas::test {

class FlatArrays : public testing::TestWithParam<Device> {
  protected:
    void SetUp() override {
        if (const std::string obstacle = GetParam().obstacle(); !obstacle.empty()) GTEST_SKIP() << obstacle;
        device_ = GetParam().make();
        context_ = device_->make_context();
    }

    std::unique_ptr<backend::Buffer> buffer(const std::vector<double>& values) {
        auto made = device_->allocate(values.size());
        device_->write(*context_, whole(*made), std::span<const double>(values));
        return made;
    }
    std::vector<double> values(backend::Buffer& from) {
        std::vector<double> result(from.size());
        device_->read(*context_, whole(from), std::span<double>(result));
        return result;
    }
    static backend::Tensor whole(backend::Buffer& of) {
        return {{1, static_cast<int>(of.size()), 1, 1}, backend::Layout::plain, of.data()};
    }
    double squared_norm(const backend::Buffer& x, backend::Range range) {
        return device_->squared_norm(*context_, x, std::span(&range, 1));
    }

    /// Whole numbers are exact in both; anything else up to a few units in the last place.
    double near() const { return GetParam().precision == backend::Precision::f32 ? 1e-6 : 1e-14; }

    std::unique_ptr<backend::Backend> device_;
    std::unique_ptr<backend::Context> context_;
};

}  // namespace atnas::test
