// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Every operation of a backend against `reference`, for test programs to instantiate with the devices they are about.

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "support/device.hpp"
#include "unit/backend/op_cases.hpp"

namespace atnas::test {

/// (device, operation). A device that cannot be used is skipped with the reason. Backends live as long as the suite:
/// making one takes long on a GPU, and memory that is used again is not clean.
class AgainstReference : public testing::TestWithParam<std::tuple<Device, OpCase>> {
  protected:
    void SetUp() override;
    static void TearDownTestSuite() { devices_.clear(); }

    /// \pre SetUp() did not skip
    backend::Backend& device() const { return *devices_.at(std::get<0>(GetParam()).name); }

  private:
    static std::map<std::string, std::unique_ptr<backend::Backend>> devices_;
};

std::vector<OpCase> convolutions();
std::vector<OpCase> pools();
std::vector<OpCase> norms();
/// Operations that only move values.
std::vector<OpCase> wiring();
std::vector<OpCase> heads();

inline std::string name_of_case(const testing::TestParamInfo<AgainstReference::ParamType>& info) {
    return std::get<0>(info.param).name + "_" + std::get<1>(info.param).name;
}

}  // namespace atnas::test
