#include "atnas/evo/migration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "atnas/core/error.hpp"

namespace atnas::evo {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Individual member(double fitness, std::int8_t gene) {
    Individual individual;
    individual.genotype.genes = {gene, 3};
    individual.fitness = fitness;
    individual.id = 100 + gene;
    return individual;
}

Population ranked(Population population) {
    rank(population);
    return population;
}

TEST(Migration, TheBestEmigrate) {
    const Population population = ranked({member(0.1, 1), member(0.9, 2), member(nan, 3), member(0.5, 4)});
    const auto sent = [&](int migrants) {
        std::vector<std::int64_t> ids;
        for (const Individual& each : emigrants(population, {.migrants = migrants})) ids.push_back(each.id);
        return ids;
    };
    EXPECT_EQ(sent(0), (std::vector<std::int64_t>{}));
    EXPECT_EQ(sent(1), (std::vector<std::int64_t>{102}));
    EXPECT_EQ(sent(2), (std::vector<std::int64_t>{102, 104}));
    EXPECT_EQ(sent(9), (std::vector<std::int64_t>{102, 104, 101})) << "nobody without fitness leaves";
}

TEST(Migration, ImmigrantsReplaceTheWorstUnlessKnownOrWorse) {
    Population population = ranked({member(0.3, 1), member(0.9, 2), member(0.5, 3)});
    const std::vector<Individual> immigrants{member(0.2, 4), member(0.9, 2), member(0.7, 5), member(0.4, 6),
                                             member(nan, 7)};
    std::vector<MigrationRecord> log(1);
    immigrate(population, immigrants, 12, 3, 4, log);

    ASSERT_EQ(population.size(), 3u);
    EXPECT_EQ(population[0].id, 102);
    EXPECT_EQ(population[1].id, 105);
    EXPECT_EQ(population[2].id, 103);
    EXPECT_TRUE(std::ranges::is_sorted(population, better));

    ASSERT_EQ(log.size(), 6u) << "records are appended";
    const Admission expected[] = {Admission::worse, Admission::duplicate, Admission::accepted, Admission::worse,
                                  Admission::worse};
    for (std::size_t i = 0; i < 5; ++i) {
        const MigrationRecord& record = log[i + 1];
        EXPECT_EQ(record.admission, expected[i]) << i;
        EXPECT_EQ(record.genotype, immigrants[i].genotype);
        EXPECT_EQ(record.generation, 12);
        EXPECT_EQ(record.from, 3);
        EXPECT_EQ(record.to, 4);
    }
    EXPECT_EQ(log[3].fitness, 0.7);
}

TEST(Migration, ImmigrantsDisplaceTheUnevaluated) {
    Population population = ranked({member(0.9, 2), member(nan, 3)});
    std::vector<MigrationRecord> log;
    immigrate(population, std::vector{member(-5.0, 4), member(nan, 5)}, 0, 0, 1, log);
    EXPECT_EQ(population[1].id, 104);
    EXPECT_EQ(log[1].admission, Admission::worse);
}

TEST(Migration, ImmigrantsWithoutFitnessAreRefusedEvenWhereNobodyHasAny) {
    Population population = ranked({member(nan, 2), member(nan, 3)});
    std::vector<MigrationRecord> log;
    immigrate(population, std::vector{member(nan, 1)}, 0, 0, 1, log);
    EXPECT_EQ(log[0].admission, Admission::worse);
    EXPECT_EQ(population[1].id, 103);
}

TEST(Migration, RepeatedImmigrantsEnterOnce) {
    Population population = ranked({member(0.1, 1), member(0.2, 2), member(0.3, 3)});
    std::vector<MigrationRecord> log;
    immigrate(population, std::vector{member(0.9, 4), member(0.9, 4)}, 0, 0, 1, log);
    EXPECT_EQ(log[0].admission, Admission::accepted);
    EXPECT_EQ(log[1].admission, Admission::duplicate);
    EXPECT_EQ(population[1].id, 103);
    EXPECT_EQ(population[2].id, 102);
}

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

TEST(Migration, BytesRoundTrip) {
    const auto sent = travellers();
    const auto received = unpack(pack(sent));
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
    EXPECT_TRUE(unpack(pack({})).empty());
}

TEST(Migration, BytesAreLittleEndian) {
    const auto bytes = pack(std::vector{member(1.0, 2)});
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), 4), "ATM1");
    EXPECT_EQ(bytes[4], std::byte{1});
    EXPECT_EQ(bytes[8], std::byte{2});
    EXPECT_EQ(bytes[12], std::byte{2});
    EXPECT_EQ(bytes[13], std::byte{3});
    EXPECT_EQ(bytes[21], std::byte{0x3f}) << "last byte of 1.0";
}

void expect_refused(const std::vector<std::byte>& bytes) {
    try {
        unpack(bytes);
        ADD_FAILURE() << "not refused, " << bytes.size() << " bytes";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::failed);
    }
}

TEST(Migration, DamagedBytesAreRefused) {
    const auto whole = pack(travellers());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        expect_refused({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    }
    auto longer = whole;
    longer.push_back(std::byte{0});
    expect_refused(longer);
    for (const std::size_t place : {0, 7, 11}) {  // magic, high bytes of the count and of a length
        auto damaged = whole;
        damaged[place] = std::byte{0xff};
        expect_refused(damaged);
    }
}

}  // namespace
}  // namespace atnas::evo
