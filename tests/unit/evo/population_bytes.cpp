// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/population_bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/evo/individual_fields.hpp"

#include "members.hpp"

namespace atnas::evo {
namespace {

using test::member;
using test::nan;

Population sample() {
    Individual first = member(-0.1, -7);
    first.birth = 77;
    first.age = 3;
    first.id = (std::int64_t{1} << 40) + 5;
    first.parents = {12, 13};
    first.parameters = 123456789012;
    first.macs = 9400000;
    return {first, Individual{}, member(nan, 127)};
}

std::vector<std::byte> message_of(const std::vector<Population>& populations) {
    std::vector<std::byte> message;
    for (const Population& population : populations) append_bytes(population, message);
    return message;
}

TEST(PopulationBytes, EveryFieldRoundTrips) {
    const std::vector<Population> sent{sample(), {}, {member(0.5, 1)}};
    const auto received = read_populations(message_of(sent));
    ASSERT_EQ(received.size(), sent.size());
    for (std::size_t p = 0; p < sent.size(); ++p) {
        ASSERT_EQ(received[p].size(), sent[p].size());
        for (std::size_t i = 0; i < sent[p].size(); ++i) {
            const Individual& before = sent[p][i];
            const Individual& after = received[p][i];
            EXPECT_EQ(after.genotype, before.genotype);
            for_each_field([&](const auto& field, const auto& values) {
                for (std::size_t e = 0; e < values.count; ++e) {
                    const auto x = elements_of(after.*values.place)[e];
                    const auto y = elements_of(before.*values.place)[e];
                    EXPECT_TRUE(x == y || (x != x && y != y)) << field.name;
                }
            });
        }
    }
    EXPECT_EQ(received[0][0].parents, (Parents{12, 13}));
    EXPECT_TRUE(read_populations({}).empty());
}

void expect_refused(std::span<const std::byte> message) {
    try {
        read_populations(message);
        ADD_FAILURE() << "not refused, " << message.size() << " bytes";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::failed);
    }
}

TEST(PopulationBytes, DamagedMessagesAreRefused) {
    const auto whole = message_of({sample()});
    for (std::size_t size = 1; size < whole.size(); ++size) expect_refused(std::span(whole).first(size));
    std::vector<std::byte> longer(whole.size() + 1);
    std::ranges::copy(whole, longer.begin());
    expect_refused(longer);
    for (const std::size_t place : {7, 15}) {  // high bytes of the members and of the first one's genes
        auto damaged = whole;
        damaged[place] = std::byte{0xff};
        expect_refused(damaged);
    }
}

}  // namespace
}  // namespace atnas::evo
