// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Exact sums, for test programs to instantiate with the devices they are about: all have the same bits.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "support/device.hpp"

namespace atnas::test {

class ExactSums : public testing::TestWithParam<Device> {
  protected:
    void SetUp() override {
        if (const std::string obstacle = GetParam().obstacle(); !obstacle.empty()) GTEST_SKIP() << obstacle;
        device_ = GetParam().make();
        context_ = device_->make_context();
    }

    std::unique_ptr<backend::Buffer> buffer(const std::vector<float>& values) {
        auto made = device_->allocate(values.size());
        device_->write(*context_, whole(*made), std::span<const float>(values));
        return made;
    }
    std::vector<float> values(backend::Buffer& from) {
        std::vector<float> result(from.size());
        device_->read(*context_, whole(from), std::span<float>(result));
        return result;
    }
    std::vector<std::int64_t> words(const backend::ExactSum& sum) {
        std::vector<std::int64_t> result(sum.words());
        device_->read_words(*context_, sum, 0, result);
        return result;
    }
    void add(const std::vector<float>& values, backend::ExactSum& sum) {
        device_->accumulate(*context_, *buffer(values), 0, sum, {0, values.size()});
        device_->finish(*context_);
    }
    static backend::Tensor whole(backend::Buffer& of) {
        return backend::view(of, 0, {1, 1, 1, static_cast<int>(of.size())});
    }

    std::unique_ptr<backend::Backend> device_;
    std::unique_ptr<backend::Context> context_;
};

}  // namespace atnas::test
