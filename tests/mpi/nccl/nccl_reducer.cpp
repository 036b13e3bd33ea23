// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/nccl_reducer.hpp"

#include <optional>
#include <regex>
#include <string_view>

#include <gtest/gtest.h>

#include "atnas/backend/device_services.hpp"
#include "atnas/backend/factories.hpp"
#include "atnas/comm/mpi_reducer.hpp"
#include "atnas/comm/own_devices.hpp"
#include "atnas/core/error.hpp"
#include "atnas/core/provenance.hpp"

#include "replicas.hpp"
#include "support/device.hpp"

namespace atnas::comm {
namespace {

using test::Gpu;

class NcclReducer : public testing::Test {
  protected:
    void SetUp() override {
        // All ranks skip, or none.
        for (const std::string& reason : world.all_gather_line(backend::cuda_obstacle(own_device())))
            if (!reason.empty()) GTEST_SKIP() << "no GPU for every rank: " << reason;
        gpu = std::make_unique<Gpu>(own_device());
    }

    int own_device() const { return test::shared_gpu() ? 0 : world.rank(); }

    NcclOptions options(std::size_t weights, std::size_t bucket) const {
        return {.reduction = Reduction::exact, .weights = weights, .bucket = bucket, .timeout_seconds = 60};
    }

    const Communicator world = Communicator::world();
    std::unique_ptr<Gpu> gpu;
};

TEST_F(NcclReducer, HasTheSameBitsHoweverItemsAreShared) {
    struct Case {
        std::size_t size;
        std::size_t bucket;
    };
    for (const auto& [size, bucket] : {Case{1, 100}, Case{33, 100}, Case{3001, 1000}, Case{3001, 100000}}) {
        const auto reducer = make_nccl_reducer(world, *gpu->backend, options(size - size / 10, bucket));
        for (const test::Shares& shares : test::ways_to_share(world.size())) {
            const auto sum = gpu->sum_of(shares, world.rank(), size);
            reducer->sum(*gpu->context, *sum);
            EXPECT_EQ(gpu->words(*sum), test::words_of_all(size)) << size << " elements in buckets of " << bucket;
        }
    }
}

TEST_F(NcclReducer, FastAgreesToRounding) {
    const std::size_t size = 3001;
    NcclOptions fast = options(size - 7, 1000);
    fast.reduction = Reduction::fast;
    const auto reducer = make_nccl_reducer(world, *gpu->backend, fast);
    for (const test::Shares& shares : test::ways_to_share(world.size())) {
        const auto sum = gpu->sum_of(shares, world.rank(), size);
        if (world.is_root()) gpu->raise_flag(*sum);
        reducer->sum(*gpu->context, *sum);
        const auto words = gpu->words(*sum);
        EXPECT_TRUE(test::near(words, test::words_of_all(size)));
        EXPECT_EQ(words.back(), 1);
    }
}

/// Ranks announce what is ready at different places, and write what is not ready only afterwards.
TEST_F(NcclReducer, TakesNothingBeforeItIsReady) {
    const std::size_t size = 2010;
    const std::size_t weights = 2000;
    const auto reducer = make_nccl_reducer(world, *gpu->backend, options(weights, 256));
    const test::Shares shares = test::ways_to_share(world.size()).front();
    const std::vector<std::int64_t> mine = gpu->words(*gpu->sum_of(shares, world.rank(), size));
    const auto sum = gpu->backend->allocate_sum(size, test::items);
    for (int repeat = 0; repeat < 3; ++repeat) {
        gpu->backend->write_words(*gpu->context, *sum, 0, std::vector<std::int64_t>(sum->words(), 1 << 30));
        reducer->begin(*sum);
        std::size_t end = weights;
        const auto write_down_to = [&](std::size_t first) {
            gpu->backend->write_words(*gpu->context, *sum, first, std::span(mine).subspan(first, end - first));
            end = first;
        };
        // Rank 0 never says anything, rank 1 twice, rank 2 four times.
        for (int part = 0; part < 2 * world.rank(); ++part) {
            write_down_to(end - 400 / static_cast<std::size_t>(world.rank()) - 1);
            reducer->ready(*gpu->context, end);
        }
        write_down_to(0);
        end = sum->words();
        write_down_to(weights);
        reducer->finish(*gpu->context);
        EXPECT_EQ(gpu->words(*sum), test::words_of_all(size)) << "reduction " << repeat;
    }
    if (world.size() == 1) return;
    const ReductionFigures figures = reducer->figures();
    EXPECT_EQ(figures.bytes, 3 * sum->words() * sizeof(std::int64_t));
    EXPECT_GT(figures.device_seconds, 0.0);
    EXPECT_GT(figures.waited_seconds, 0.0);
}

TEST_F(NcclReducer, OneThatIsGivenUpKeepsNobody) {
    const auto sum = gpu->backend->allocate_sum(1000, 1);
    const auto lost = [&] {
        const auto reducer = make_nccl_reducer(world, *gpu->backend, options(1000, 100));
        reducer->sum(*gpu->context, *sum);
        reducer->begin(*sum);
        if (world.is_root()) reducer->ready(*gpu->context, 500);
        throw Error(ExitCode::failed, Problem{"something else", "", ""});
    };
    EXPECT_THROW(lost(), Error);
    gpu->backend->finish(*gpu->context);
}

TEST_F(NcclReducer, TwoRanksOnOneGpuAreRefused) {
    if (world.size() == 1) return;
    // The last two ranks.
    const int shared = world.size() - 2;
    std::optional<Gpu> one;
    try {
        one.emplace(std::min(own_device(), shared));
    } catch (const Error& error) {
        if (std::string_view(error.what()).find("cudaErrorDevicesUnavailable") == std::string_view::npos) throw;
    }
    if (world.any(!one)) GTEST_SKIP() << "these GPUs let one process in only";
    try {
        expect_own_devices(world, one->backend->services()->id());
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
        const std::string ranks = "ranks " + std::to_string(shared) + " and " + std::to_string(shared + 1);
        for (const std::string& part : {ranks, host_name()})
            EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
        if (world.rank() >= shared) {
            EXPECT_NE(std::string(error.what()).find(one->backend->services()->id().pci_address), std::string::npos)
                << error.what();
        }
    }
}

/// The communication of one rank hangs, and all end: the first by its limit, the others alike or because NCCL tells
/// them that the first is gone.
TEST_F(NcclReducer, WaitsNoLongerThanTheLimit) {
    if (world.size() == 1) return;
    if (!test::is_simulated(*gpu->backend)) GTEST_SKIP() << "only the simulated device can be made to hang";
    for (const Reduction reduction : {Reduction::exact, Reduction::fast}) {
        const auto sum = gpu->backend->allocate_sum(1000, 1);
        NcclOptions limited = options(1000, 300);
        limited.reduction = reduction;
        limited.timeout_seconds = 0.5;
        const auto reducer = make_nccl_reducer(world, *gpu->backend, limited);
        bool timed_out = false;
        if (world.is_root()) ::setenv("ATNAS_SIM_NCCL_HANG", "2", 1);
        try {
            reducer->sum(*gpu->context, *sum);
            ADD_FAILURE() << "ended";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::failed);
            const std::string text = error.what();
            // In words for people, with how long it waited: the other limits here are a minute.
            timed_out = std::regex_search(text, std::regex("waited [12]?[0-9]([.][0-9]+)? s for"));
            EXPECT_TRUE(timed_out || text.find("remote process exited") != std::string::npos) << text;
        }
        ::unsetenv("ATNAS_SIM_NCCL_HANG");
        // The device is free again.
        gpu->backend->finish(*gpu->context);
        EXPECT_TRUE(world.any(timed_out));
    }
}

TEST_F(NcclReducer, MpiHasTheSameBits) {
    const std::size_t size = 3001;
    const auto reducer = make_mpi_reducer(world, *gpu->backend, Reduction::exact);
    for (const test::Shares& shares : test::ways_to_share(world.size())) {
        const auto sum = gpu->sum_of(shares, world.rank(), size);
        reducer->sum(*gpu->context, *sum);
        EXPECT_EQ(gpu->words(*sum), test::words_of_all(size));
    }
    const auto sum = gpu->sum_of(test::ways_to_share(world.size()).front(), world.rank(), size);
    make_mpi_reducer(world, *gpu->backend, Reduction::fast)->sum(*gpu->context, *sum);
    EXPECT_TRUE(test::near(gpu->words(*sum), test::words_of_all(size)));
}

}  // namespace
}  // namespace atnas::comm
