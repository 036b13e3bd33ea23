#include "backend/cuda/device_pool.hpp"

#include <gtest/gtest.h>

namespace atnas::backend::cuda {
namespace {

TEST(DevicePool, SmallSizesAreOneUnit) {
    for (const std::size_t bytes : {0, 1, 4, 255, 256}) EXPECT_EQ(256u, DevicePool::rounded(bytes)) << bytes;
    EXPECT_EQ(512u, DevicePool::rounded(257));
}

TEST(DevicePool, SizesAreAlignedAndLoseAQuarterAtMost) {
    for (std::size_t bytes = 1; bytes < (std::size_t{1} << 40); bytes += bytes / 7 + 1) {
        const std::size_t rounded = DevicePool::rounded(bytes);
        ASSERT_GE(rounded, bytes);
        ASSERT_EQ(0u, rounded % 256) << bytes;
        if (bytes >= 1024) {
            ASSERT_LE(rounded, bytes + bytes / 4) << bytes;
        }
        // A block that is asked for by its own size is the same again.
        ASSERT_EQ(rounded, DevicePool::rounded(rounded)) << bytes;
    }
}

TEST(DevicePool, FourSizesPerPowerOfTwo) {
    EXPECT_EQ(std::size_t{5} << 20, DevicePool::rounded((std::size_t{4} << 20) + 1));
    EXPECT_EQ(std::size_t{6} << 20, DevicePool::rounded((std::size_t{5} << 20) + 1));
    EXPECT_EQ(std::size_t{7} << 20, DevicePool::rounded((std::size_t{6} << 20) + 1));
    EXPECT_EQ(std::size_t{8} << 20, DevicePool::rounded((std::size_t{7} << 20) + 1));
}

}  // namespace
}  // namespace atnas::backend::cuda
