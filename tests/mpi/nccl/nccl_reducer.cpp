#include "atnas/comm/nccl_reducer.hpp"

#include <optional>
#include <regex>
#include <string_view>

#include <gtest/gtest.h>

#include "atnas/backend/factories.hpp"
#include "atnas/comm/staged_reducer.hpp"
#include "atnas/core/error.hpp"
#include "atnas/core/provenance.hpp"

#include "replicas.hpp"
#include "support/device.hpp"

namespace atnas::comm {
namespace {

using test::DeviceIslands;
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

    NcclOptions options(int islands, std::size_t weights, std::size_t bucket) const {
        return {.islands = islands,
                .order = ReductionOrder::ordered,
                .weights = weights,
                .bucket = bucket,
                .timeout_seconds = 60,
                .shared_gpus = test::shared_gpu()};
    }

    const Communicator world = Communicator::world();
    std::unique_ptr<Gpu> gpu;
};

TEST_F(NcclReducer, OrderedHasTheBitsOfTheTree) {
    struct Case {
        std::size_t size;
        std::size_t bucket;
        int islands;
    };
    // 1 and 33: some ranks own no element at all, or only a part of a slice.
    for (const auto& [size, bucket, islands] : {Case{1, 100, 3}, Case{33, 100, 5}, Case{3001, 1000, 3},
                                                Case{3001, 1000, 4}, Case{3001, 100, 5}, Case{3001, 100000, 7}}) {
        DeviceIslands inputs(*gpu, world, islands, size);
        const auto reducer = make_nccl_reducer(world, *gpu->backend, options(islands, size - size / 10, bucket));
        for (int repeat = 0; repeat < 2; ++repeat) {
            gpu->backend->fill(*gpu->context, *inputs.total, {0, size}, -1.0);
            reducer->sum(*gpu->context, inputs.mine, *inputs.total);
            EXPECT_EQ(test::bits_of(gpu->download(*inputs.total)), test::bits_of(test::tree_sum(islands, size)))
                << islands << " islands, " << size << " elements in buckets of " << bucket;
        }
    }
}

TEST_F(NcclReducer, OrderedLeavesTheIslandsAlone) {
    const std::size_t size = 500;
    DeviceIslands inputs(*gpu, world, 5, size);
    make_nccl_reducer(world, *gpu->backend, options(5, size, 128))->sum(*gpu->context, inputs.mine, *inputs.total);
    for (int i = 0; i < inputs.block.count; ++i)
        EXPECT_EQ(gpu->download(*inputs.owned[static_cast<std::size_t>(i)]),
                  test::island_values(inputs.block.first + i, size));
}

TEST_F(NcclReducer, FastAgreesToRounding) {
    const std::size_t size = 3001;
    for (int islands = 3; islands <= 5; islands += 2) {
        DeviceIslands inputs(*gpu, world, islands, size);
        NcclOptions fast = options(islands, size - 7, 1000);
        fast.order = ReductionOrder::fast;
        make_nccl_reducer(world, *gpu->backend, fast)->sum(*gpu->context, inputs.mine, *inputs.total);
        const std::vector<float> total = gpu->download(*inputs.total);
        const std::vector<float> expected = test::tree_sum(islands, size);
        for (std::size_t i = 0; i < size; ++i) ASSERT_NEAR(total[i], expected[i], 1e-3) << islands;
    }
}

/// Ranks announce what is ready at different places, and write what is not ready only afterwards.
TEST_F(NcclReducer, TakesNothingBeforeItIsReady) {
    const std::size_t size = 2010;
    const std::size_t weights = 2000;
    const int islands = 4;
    DeviceIslands inputs(*gpu, world, islands, size);
    const auto reducer = make_nccl_reducer(world, *gpu->backend, options(islands, weights, 256));
    const std::vector<float> expected = test::tree_sum(islands, size);
    for (int repeat = 0; repeat < 3; ++repeat) {
        for (const auto& island : inputs.owned) gpu->backend->fill(*gpu->context, *island, {0, size}, 1e30);
        reducer->begin(inputs.mine, *inputs.total);
        std::size_t end = weights;
        const auto write_down_to = [&](std::size_t first) {
            for (int i = 0; i < inputs.block.count; ++i) {
                const std::vector<float> values = test::island_values(inputs.block.first + i, size);
                gpu->write(*inputs.owned[static_cast<std::size_t>(i)], first,
                           std::span(values).subspan(first, end - first));
            }
            end = first;
        };
        // Rank 0 never says anything, rank 1 twice, rank 2 four times.
        for (int part = 0; part < 2 * world.rank(); ++part) {
            write_down_to(end - 400 / static_cast<std::size_t>(world.rank()) - 1);
            reducer->ready(*gpu->context, end);
        }
        write_down_to(0);
        end = size;
        write_down_to(weights);
        reducer->finish(*gpu->context);
        EXPECT_EQ(test::bits_of(gpu->download(*inputs.total)), test::bits_of(expected)) << "reduction " << repeat;
    }
    const ReductionFigures figures = reducer->figures();
    EXPECT_EQ(figures.bytes, 3 * size * sizeof(float));
    EXPECT_GT(figures.device_seconds, 0.0);
    EXPECT_GT(figures.waited_seconds, 0.0);
}

TEST_F(NcclReducer, OneThatIsGivenUpKeepsNobody) {
    DeviceIslands inputs(*gpu, world, 4, 1000);
    const auto lost = [&] {
        const auto reducer = make_nccl_reducer(world, *gpu->backend, options(4, 1000, 100));
        reducer->sum(*gpu->context, inputs.mine, *inputs.total);
        reducer->begin(inputs.mine, *inputs.total);
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
        NcclOptions strict = options(4, 10, 10);
        strict.shared_gpus = false;
        static_cast<void>(make_nccl_reducer(world, *one->backend, strict));
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
        const std::string ranks = "ranks " + std::to_string(shared) + " and " + std::to_string(shared + 1);
        for (const std::string& part : {ranks, host_name()})
            EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
        if (world.rank() >= shared) {
            EXPECT_NE(std::string(error.what()).find(one->backend->device_id().pci_address), std::string::npos)
                << error.what();
        }
    }
}

/// The communication of one rank hangs, and all end: the first by its limit, the others alike or because NCCL tells
/// them that the first is gone.
TEST_F(NcclReducer, WaitsNoLongerThanTheLimit) {
    if (world.size() == 1) return;
    if (!test::is_simulated(*gpu->backend)) GTEST_SKIP() << "only the simulated device can be made to hang";
    for (const ReductionOrder order : {ReductionOrder::ordered, ReductionOrder::fast}) {
        DeviceIslands inputs(*gpu, world, 4, 1000);
        NcclOptions limited = options(4, 1000, 300);
        limited.order = order;
        limited.timeout_seconds = 0.5;
        const auto reducer = make_nccl_reducer(world, *gpu->backend, limited);
        bool timed_out = false;
        if (world.is_root()) ::setenv("ATNAS_SIM_NCCL_HANG", "2", 1);
        try {
            reducer->sum(*gpu->context, inputs.mine, *inputs.total);
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

TEST_F(NcclReducer, StagedHasTheSameBits) {
    const std::size_t size = 3001;
    for (int islands = world.size(); islands <= 5; ++islands) {
        DeviceIslands inputs(*gpu, world, islands, size);
        const auto reducer = make_staged_reducer(world, *gpu->backend, islands, ReductionOrder::ordered);
        for (int repeat = 0; repeat < 2; ++repeat) {
            gpu->backend->fill(*gpu->context, *inputs.total, {0, size}, -1.0);
            reducer->sum(*gpu->context, inputs.mine, *inputs.total);
            EXPECT_EQ(test::bits_of(gpu->download(*inputs.total)), test::bits_of(test::tree_sum(islands, size)));
        }
    }
}

}  // namespace
}  // namespace atnas::comm
