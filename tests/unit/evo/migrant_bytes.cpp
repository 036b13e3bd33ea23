#include "atnas/evo/migrant_bytes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "atnas/core/error.hpp"

#include "members.hpp"

namespace atnas::evo {
namespace {

using test::member;
using test::nan;

std::vector<Individual> travellers() {
    Individual first = member(-0.1, -7);
    first.birth = 77;
    first.age = 3;
    first.id = (std::int64_t{1} << 40) + 5;
    first.parents[0] = 12;
    first.parameters = 123456789012;
    first.macs = 9400000;
    Individual second;
    return {first, second, member(nan, 127)};
}

TEST(MigrantBytes, BytesRoundTrip) {
    const auto sent = travellers();
    const Migrants back = unpack(pack({41, sent}));
    const auto& received = back.individuals;
    EXPECT_EQ(back.departure, 41);
    ASSERT_EQ(received.size(), sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) {
        EXPECT_EQ(received[i].genotype, sent[i].genotype);
        EXPECT_EQ(std::isnan(received[i].fitness), std::isnan(sent[i].fitness));
        EXPECT_EQ(received[i].birth, sent[i].birth);
        EXPECT_EQ(received[i].age, sent[i].age);
        EXPECT_EQ(received[i].id, sent[i].id);
        EXPECT_EQ(received[i].parents[0], sent[i].parents[0]);
        EXPECT_EQ(received[i].parents[1], sent[i].parents[1]);
        EXPECT_EQ(received[i].parameters, sent[i].parameters);
        EXPECT_EQ(received[i].macs, sent[i].macs);
    }
    EXPECT_EQ(received[0].fitness, -0.1);
    EXPECT_TRUE(unpack(pack({})).individuals.empty());
}

TEST(MigrantBytes, BytesAreLittleEndian) {
    const auto bytes = pack({513, {member(1.0, 2)}});
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), 4), "ATM3");
    EXPECT_EQ(bytes[4], std::byte{1}) << "generation";
    EXPECT_EQ(bytes[5], std::byte{2});
    EXPECT_EQ(bytes[8], std::byte{1}) << "individuals";
    EXPECT_EQ(bytes[12], std::byte{2}) << "genes";
    EXPECT_EQ(bytes[16], std::byte{2});
    EXPECT_EQ(bytes[17], std::byte{3});
    EXPECT_EQ(bytes[25], std::byte{0x3f}) << "last byte of 1.0";
}

void expect_refused(const std::vector<std::byte>& bytes) {
    try {
        unpack(bytes);
        ADD_FAILURE() << "not refused, " << bytes.size() << " bytes";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::failed);
    }
}

TEST(MigrantBytes, DamagedBytesAreRefused) {
    const auto whole = pack({3, travellers()});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        expect_refused({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    }
    auto longer = whole;
    longer.push_back(std::byte{0});
    expect_refused(longer);
    for (const std::size_t place : {0, 11, 15}) {  // magic, high bytes of the count and of a length
        auto damaged = whole;
        damaged[place] = std::byte{0xff};
        expect_refused(damaged);
    }
}

}  // namespace
}  // namespace atnas::evo
