// SPDX-License-Identifier: Apache-2.0
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

TEST(Arena, holds_what_was_taken_at_most_in_one_piece) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    nn::Arena arena(*device);
    // More than half of a chunk each: two chunks, with a gap at the end of the first.
    const backend::Shape large{1, 1, 800, 800};
    static_cast<void>(arena.take(large, Layout::plain));
    static_cast<void>(arena.take(large, Layout::plain));
    static_cast<void>(arena.take_buffer(17));
    arena.reset();
    static_cast<void>(arena.take({}, Layout::plain));
    const std::size_t most = 2 * large.count() + 32;
    EXPECT_EQ(arena.most_taken(), most);
    arena.hold(most);
    EXPECT_EQ(arena.capacity(), most * sizeof(float));
    const auto* const first = static_cast<const float*>(arena.take(large, Layout::plain).data);
    EXPECT_EQ(arena.take(large, Layout::plain).data, first + large.count());
    EXPECT_EQ(arena.take_buffer(17)->data(), first + 2 * large.count());
    EXPECT_EQ(arena.capacity(), most * sizeof(float)) << "nothing more was asked for";
}

}  // namespace
