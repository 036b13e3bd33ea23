#include "atnas/nn/arena.hpp"

#include <cstdint>

#include <gtest/gtest.h>

namespace {

using namespace atnas;
using backend::Layout;

TEST(Arena, hands_out_aligned_pieces_that_do_not_overlap) {
    const auto device = backend::make_backend(backend::BackendKind::onednn);
    nn::Arena arena(*device);
    const char* end = nullptr;
    for (const int channels : {1, 3, 17}) {
        const backend::Shape shape{2, channels, 5, 3};
        const auto tensor = arena.take(shape, Layout::native);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.data) % 64, 0u);
        if (end) {
            EXPECT_GE(static_cast<const char*>(tensor.data), end);
        }
        end = static_cast<const char*>(tensor.data) + device->storage(shape, Layout::native) * sizeof(float);
    }
}

TEST(Arena, starts_over_on_the_same_memory) {
    const auto device = backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    nn::Arena arena(*device);
    const backend::Shape large{1, 1, 4100, 4100};  // more than a chunk
    void* first = arena.take({}, Layout::plain).data;
    void* second = arena.take(large, Layout::plain).data;
    const std::size_t capacity = arena.capacity();
    EXPECT_GE(capacity, (large.count() + 1) * sizeof(double));
    arena.reset();
    EXPECT_EQ(arena.take({}, Layout::plain).data, first);
    EXPECT_EQ(arena.take(large, Layout::plain).data, second);
    EXPECT_EQ(arena.capacity(), capacity);
}

}  // namespace
