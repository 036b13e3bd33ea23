// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Operations on small tensors with results worked out by hand, for test programs to instantiate with the devices they
/// are about. The oracle of all comparisons is itself checked against something here.

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/device.hpp"
#include "support/op_bench.hpp"

namespace atnas::test {

class KnownValues : public testing::TestWithParam<Device> {
  protected:
    using List = std::vector<double>;

    void SetUp() override {
        if (const std::string obstacle = GetParam().obstacle(); !obstacle.empty()) GTEST_SKIP() << obstacle;
        device_ = GetParam().make();
        bench_.emplace(*device_);
        image_ = tensor({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
    }

    backend::Tensor tensor(const backend::Shape& shape, const List& values) { return bench_->constant(shape, values); }
    backend::Tensor empty(const backend::Shape& shape) { return tensor(shape, List(shape.count(), garbage)); }
    List forward(const std::unique_ptr<backend::Op>& op, const backend::Tensor& y) {
        op->forward(bench_->context());
        return bench_->read(y);
    }
    List backward(const std::unique_ptr<backend::Op>& op, const backend::Tensor& gradient) {
        op->backward(bench_->context());
        return bench_->read(gradient);
    }
    static void expect_near(const List& actual, const List& expected, const std::string& why = {},
                            double tolerance = 2e-6) {
        ASSERT_EQ(actual.size(), expected.size());
        for (std::size_t i = 0; i < actual.size(); ++i)
            EXPECT_NEAR(actual[i], expected[i], tolerance * std::max(1.0, std::abs(expected[i]))) << i << ": " << why;
    }
    /// Whole numbers: exact in the plain loops, while the algorithms of a library may take a detour with roundings.
    static void expect_values(const List& actual, const List& expected, const std::string& why = {}) {
        if (GetParam().kind == backend::BackendKind::reference)
            EXPECT_EQ(actual, expected) << why;
        else
            expect_near(actual, expected, why);
    }

    std::unique_ptr<backend::Backend> device_;
    std::optional<OpBench> bench_;
    backend::Tensor image_;
};

inline std::string name_of_device(const testing::TestParamInfo<Device>& info) {
    return info.param.name;
}

}  // namespace atnas::test
