// SPDX-License-Identifier: Apache-2.0
#include "unit/backend/against_reference.hpp"

#include <cmath>

namespace atnas::test {
namespace {

using backend::BackendKind;

/// All that an operation wrote, by name.
using Results = std::vector<std::pair<std::string, std::vector<double>>>;

Results run(backend::Backend& device, const OpCase& op_case, Wanted wanted) {
    OpBench bench(device, wanted);
    const auto op = op_case.build(bench);
    op->forward(bench.context());
    op->backward(bench.context());
    Results results;
    for (const auto& [probe, values] : bench.unchanged)
        EXPECT_EQ(values, bench.read(probe.tensor)) << probe.name << " was changed";
    for (const auto* probes : {&bench.outputs, &bench.gradients})
        for (const Probe& probe : *probes) results.emplace_back(probe.name, bench.read(probe.tensor));
    return results;
}

void expect_close(const Results& expected, const Results& actual, double tolerance) {
    ASSERT_EQ(expected.size(), actual.size());
    for (std::size_t k = 0; k < expected.size(); ++k) {
        const auto& [name, values] = expected[k];
        double scale = 0;
        for (const double value : values) scale = std::max(scale, std::abs(value));
        for (std::size_t i = 0; i < values.size(); ++i)
            ASSERT_NEAR(values[i], actual[k].second[i], tolerance * scale) << name << "[" << i << "]";
    }
}

}  // namespace

std::map<std::string, std::unique_ptr<backend::Backend>> AgainstReference::devices_;

void AgainstReference::SetUp() {
    const Device& wanted = std::get<0>(GetParam());
    if (const std::string obstacle = wanted.obstacle(); !obstacle.empty()) GTEST_SKIP() << obstacle;
    auto& device = devices_[wanted.name];
    if (!device) device = wanted.make();
}

/// Gradients that are not wanted are not needed for the others, nor for the forward pass.
TEST_P(AgainstReference, ForwardAndBackward) {
    const OpCase& op_case = std::get<1>(GetParam());
    const auto reference = backend::make_backend(BackendKind::reference);
    for (const Wanted wanted : {Wanted::all, Wanted::inputs, Wanted::parameters, Wanted::none}) {
        SCOPED_TRACE("gradients wanted: " + std::string(name_of(wanted)));
        expect_close(run(*reference, op_case, wanted), run(device(), op_case, wanted),
                     std::get<0>(GetParam()).tolerance);
    }
}

}  // namespace atnas::test
