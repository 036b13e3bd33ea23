// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/weight_slice.hpp"

#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace atnas;

/// Blocks a (3 weights), b (20), c (2) and d (1), of which a slice takes c, a and, as the head's, d; and two of its
/// own.
class WeightSlice : public testing::Test {
  protected:
    WeightSlice() {
        nn::Manifest manifest;
        a_ = manifest.require("a", {1, 3, 1, 1}, nn::Initial::one);
        manifest.require("b", {1, 20, 1, 1}, nn::Initial::one);
        c_ = manifest.require("c", {1, 2, 1, 1}, nn::Initial::one);
        d_ = manifest.require("d", {1, 1, 1, 1}, nn::Initial::one);
        store_ = std::make_unique<nn::ParamStore>(*device_, *context_, manifest, 1);
        std::vector<float> values(store_->size());
        std::iota(values.begin(), values.end(), 1.0f);
        nn::upload(*device_, *context_, values, store_->values());
        total_ = store_->make_sum(8);
        begin_with_hundreds();
    }

    nn::WeightSlice make(nn::WeightSlice::Gradients gradients,
                         nn::InnerOptimizerKind optimizer = nn::InnerOptimizerKind::sgd) {
        const std::vector<nn::BlockId> network{c_, a_};
        const nn::HeadParameters head{{d_}, {{1, 2, 1, 1}}};
        return {*device_, arena_, *store_, {network, head, gradients, optimizer}};
    }
    void write(const backend::Tensor& tensor, float value) {
        const std::vector<float> values(tensor.shape.count(), value);
        device_->write(*context_, tensor, std::span<const float>(values));
    }
    std::vector<float> read(const backend::Tensor& tensor) {
        std::vector<float> values(tensor.shape.count());
        device_->read(*context_, tensor, std::span<float>(values));
        return values;
    }
    /// 100 but for the blocks.
    std::vector<float> expected(float a, float c, float d) const {
        std::vector<float> values(26, 100.0f);
        for (std::size_t i = 0; i < 3; ++i) values[i] = a;
        for (std::size_t i = 23; i < 25; ++i) values[i] = c;
        values[25] = d;
        return values;
    }
    void set_gradients(nn::WeightSlice& slice, float a, float c, float d) {
        write(slice.block(a_).gradient, a);
        write(slice.block(c_).gradient, c);
        write(slice.block(d_).gradient, d);
        write(slice.head(1).gradient, 50.0f);
    }
    void begin_with_hundreds() {
        const auto hundreds = store_->make_like();
        device_->fill(*context_, *hundreds, {0, hundreds->size()}, 100.0);
        device_->clear(*context_, *total_);
        device_->accumulate(*context_, *hundreds, 0, *total_, {0, hundreds->size()});
    }
    std::vector<float> total() {
        std::vector<std::int64_t> words(total_->size());
        device_->read_words(*context_, *total_, 0, words);
        std::vector<float> values;
        for (const std::int64_t word : words)
            values.push_back(static_cast<float>(std::ldexp(static_cast<double>(word), -backend::sum_fraction_bits)));
        return values;
    }

    std::unique_ptr<backend::Backend> device_ = backend::make_backend(backend::BackendKind::reference);
    std::unique_ptr<backend::Context> context_ = device_->make_context();
    nn::Arena arena_{*device_};
    nn::BlockId a_{}, c_{}, d_{};
    std::unique_ptr<nn::ParamStore> store_;
    std::unique_ptr<backend::ExactSum> total_;
};

TEST_F(WeightSlice, takes_its_blocks_and_leaves_what_is_its_own) {
    nn::WeightSlice slice = make(nn::WeightSlice::Gradients::one);
    EXPECT_EQ(std::vector(slice.blocks().begin(), slice.blocks().end()), (std::vector{c_, a_, d_}));
    EXPECT_EQ(std::vector(slice.head_blocks().begin(), slice.head_blocks().end()), std::vector{d_});
    write(slice.head(1).values, 5.0f);
    slice.load(*context_);
    EXPECT_EQ(read(slice.block(a_).values), (std::vector<float>{1, 2, 3}));
    EXPECT_EQ(read(slice.block(c_).values), (std::vector<float>{24, 25}));
    EXPECT_EQ(read(slice.head(0).values), std::vector<float>{26});
    EXPECT_EQ(read(slice.head(1).values), (std::vector<float>{5, 5}));
    slice.clear_own(*context_);
    EXPECT_EQ(read(slice.head(1).values), (std::vector<float>{0, 0}));
    EXPECT_EQ(read(slice.head(0).values), std::vector<float>{26});
}

TEST_F(WeightSlice, descends_and_gives_back_the_difference) {
    nn::WeightSlice slice = make(nn::WeightSlice::Gradients::one);
    slice.load(*context_);
    slice.clear_own(*context_);
    set_gradients(slice, 1, 2, 4);
    slice.descend(*context_, 0.5f);
    EXPECT_EQ(read(slice.block(a_).values), (std::vector<float>{0.5, 1.5, 2.5}));
    EXPECT_EQ(read(slice.head(1).values), (std::vector<float>{-25, -25}));
    slice.add_difference(*context_, *total_);
    EXPECT_EQ(total(), expected(100.5f, 101, 102));
}

TEST_F(WeightSlice, descends_by_its_optimizer_from_the_shared_weights_on) {
    nn::WeightSlice slice = make(nn::WeightSlice::Gradients::one, nn::InnerOptimizerKind::momentum);
    for (int task = 0; task < 2; ++task) {
        slice.load(*context_);
        set_gradients(slice, 1, 2, 4);
        slice.descend(*context_, 0.5f);
        EXPECT_EQ(read(slice.block(a_).values), (std::vector<float>{0.5, 1.5, 2.5})) << task;
        slice.descend(*context_, 0.5f);
        EXPECT_FLOAT_EQ(read(slice.head(0).values)[0], 26 - 0.5f * (4 + 1.9f * 4)) << task;
    }
}

TEST_F(WeightSlice, descends_with_its_head_alone) {
    nn::WeightSlice slice = make(nn::WeightSlice::Gradients::one);
    slice.load(*context_);
    slice.clear_own(*context_);
    set_gradients(slice, 1, 2, 4);
    slice.descend(*context_, 0.5f, nn::WeightSlice::Part::head);
    EXPECT_EQ(read(slice.block(a_).values), (std::vector<float>{1, 2, 3}));
    EXPECT_EQ(read(slice.block(c_).values), (std::vector<float>{24, 25}));
    EXPECT_EQ(read(slice.head(0).values), std::vector<float>{24});
    EXPECT_EQ(read(slice.head(1).values), (std::vector<float>{-25, -25}));
}

TEST_F(WeightSlice, adds_both_parts_of_a_gradient) {
    nn::WeightSlice slice = make(nn::WeightSlice::Gradients::two);
    set_gradients(slice, 1, 2, 4);
    slice.set_aside(*context_);
    set_gradients(slice, 10, 20, 40);
    slice.add_gradient(*context_, *total_);
    EXPECT_EQ(total(), expected(111, 122, 144));
}

TEST_F(WeightSlice, says_from_where_on_a_sum_by_blocks_is_final) {
    nn::WeightSlice slice = make(nn::WeightSlice::Gradients::two);
    set_gradients(slice, 1, 2, 4);
    slice.set_aside(*context_);
    set_gradients(slice, 10, 20, 40);
    for (int gradient = 0; gradient < 2; ++gradient) {
        begin_with_hundreds();
        slice.begin_adding();
        EXPECT_EQ(slice.add_blocks(*context_, {}, *total_), 26u) << "the end of d";
        EXPECT_EQ(slice.add_blocks(*context_, std::vector{a_}, *total_), 26u) << "d is still to come";
        EXPECT_EQ(total(), expected(111, 100, 100));
        EXPECT_EQ(slice.add_blocks(*context_, std::vector{d_}, *total_), 25u) << "the end of c";
        EXPECT_EQ(slice.add_blocks(*context_, std::vector{c_}, *total_), 0u);
        EXPECT_EQ(total(), expected(111, 122, 144));
    }
}

/// Blocks x (2 weights) and, of the head, y (1); one more of the head's own; a rate for each in each of two steps.
TEST(WeightSliceWithRates, learns_them_as_blocks_like_others) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    const auto context = device->make_context();
    nn::Manifest manifest;
    const std::vector x{manifest.require("x", {1, 2, 1, 1}, nn::Initial::one)};
    const nn::HeadParameters head{{manifest.require("y", {1, 1, 1, 1}, nn::Initial::one)}, {{1, 1, 1, 1}}};
    std::vector<nn::BlockId> rates;
    for (const char* name : {"rates/x", "rates/y", "rates/own"})
        rates.push_back(manifest.require(name, {1, 2, 1, 1}, nn::Initial::zero));
    nn::ParamStore store(*device, *context, manifest, 1);
    nn::upload(*device, *context, std::vector<float>{10, 20, 30, 0.5, 0.25, 1, 2, 3, 4}, store.values());
    nn::Arena arena(*device);
    const auto read = [&](const backend::Tensor& tensor) {
        std::vector<float> values(tensor.shape.count());
        device->read(*context, tensor, std::span<float>(values));
        return values;
    };
    const auto write = [&](const backend::Tensor& tensor, float value) {
        device->write(*context, tensor, std::span<const float>(std::vector<float>(tensor.shape.count(), value)));
    };
    for (const int kept : {0, 2}) {
        nn::WeightSlice slice(*device, arena, store,
                              {x, head, nn::WeightSlice::Gradients::two, nn::InnerOptimizerKind::sgd, kept, rates});
        EXPECT_EQ(slice.blocks().size(), 5u);
        EXPECT_EQ(slice.head_blocks().size(), 4u);
        EXPECT_EQ(slice.learns_rates(), kept > 0);
        slice.load(*context);
        slice.clear_own(*context);
        const auto set_gradients = [&](float of_x, float of_y, float of_own) {
            write(slice.block(x[0]).gradient, of_x);
            write(slice.head(0).gradient, of_y);
            write(slice.head(1).gradient, of_own);
        };
        set_gradients(2, 4, 6);
        slice.descend(*context, 100.0f);
        EXPECT_EQ(read(slice.block(x[0]).values), (std::vector<float>{9, 19})) << "by its rate, not by that one";
        EXPECT_EQ(read(slice.head(0).values), std::vector<float>{26});
        EXPECT_EQ(read(slice.head(1).values), std::vector<float>{-18});
        if (kept == 0) continue;
        slice.begin_gradient(*context);
        set_gradients(1, 10, 100);
        slice.backward_to_rates(*context);
        slice.set_aside(*context);
        set_gradients(0, 0, 0);
        const auto total = store.make_sum(2);
        slice.add_gradient(*context, *total);
        std::vector<std::int64_t> words(total->size());
        device->read_words(*context, *total, 0, words);
        std::vector<double> sum;
        for (const std::int64_t word : words) sum.push_back(std::ldexp(word, -backend::sum_fraction_bits));
        EXPECT_EQ(sum, (std::vector<double>{1, 1, 10, -4, 0, -40, 0, -600, 0}));
    }
}

}  // namespace
