// SPDX-License-Identifier: Apache-2.0
#include "unit/backend/against_reference.hpp"

namespace atnas::test {

using backend::Layout;
using backend::PoolKind;
using enum Bias;

std::vector<OpCase> convolutions() {
    std::vector<OpCase> cases;
    // Channel counts around the blocks of 8 and 16, as input and as output.
    for (const int c : {1, 3, 5, 7, 8, 12, 16, 17, 28, 48}) {
        cases.push_back(convolution_case({2, c, 7, 6}, 8, same(3)));
        cases.push_back(convolution_case({2, 8, 5, 7}, c, same(3), yes));
        cases.push_back(convolution_case({1, c, 5, 5}, c, same(1)));
        cases.push_back(convolution_case({2, c, 9, 7}, c, same(3, 1, 1, c)));
        cases.push_back(convolution_case({3, c, 8, 9}, c, same(3, 2, 1, c)));
        cases.push_back(convolution_case({2, c, 9, 9}, c, same(3, 1, 2, c)));
    }
    // First layer, from images as they come.
    for (const int c : {1, 3}) {
        cases.push_back(convolution_case({5, c, 28, 28}, 16, same(3), Bias::no, Layout::plain));
        cases.push_back(convolution_case({1, c, 13, 11}, 48, same(3), yes, Layout::plain));
        cases.push_back(convolution_case({2, c, 15, 15}, 28, same(3, 2), yes, Layout::plain));
    }
    for (const int stride : {1, 2}) {
        const backend::Extent both{stride, stride};
        cases.push_back(convolution_case({2, 16, 7, 9}, 16, {.kernel = {1, 5}, .stride = both, .pad = {0, 2}}));
        cases.push_back(convolution_case({1, 12, 9, 7}, 20, {.kernel = {5, 1}, .stride = both, .pad = {2, 0}}));
        cases.push_back(convolution_case({2, 17, 8, 7}, 17, {.kernel = {1, 5}, .stride = {1, stride}, .pad = {0, 2}}));
        cases.push_back(convolution_case({2, 24, 7, 7}, 12, same(1, stride), yes));
        cases.push_back(convolution_case({2, 12, 11, 9}, 8, same(3, stride, 2)));
    }
    cases.push_back(convolution_case({2, 16, 6, 6}, 24, same(3, 1, 1, 2), yes));
    cases.push_back(convolution_case({1, 12, 5, 5}, 8, {.kernel = {3, 2}}, yes));
    cases.push_back(convolution_case({1, 16, 1, 1}, 16, same(3)));
    cases.push_back(convolution_case({40, 8, 7, 7}, 16, same(3)));
    return cases;
}

std::vector<OpCase> pools() {
    std::vector<OpCase> cases;
    for (const int c : {1, 5, 8, 17, 28}) {
        const backend::Shape odd{2, c, 9, 7};
        for (const auto kind : {PoolKind::max, PoolKind::average}) {
            cases.push_back(pool_case(odd, window(kind, 3, 1, 1)));
            cases.push_back(pool_case(odd, window(kind, 3, 2, 1)));
            cases.push_back(pool_case(odd, window(kind, 2, 2, 0)));
            cases.push_back(pool_case({1, c, 8, 6}, window(kind, 3, 2, 1)));
        }
        cases.push_back(global_average_case(odd));
        cases.push_back(global_average_case({1, c, 1, 1}));
    }
    cases.push_back(pool_case({30, 16, 14, 14}, window(PoolKind::max, 2, 2, 0)));
    return cases;
}

std::vector<OpCase> norms() {
    std::vector<OpCase> cases;
    for (const backend::Shape& x :
         {backend::Shape{2, 8, 5, 7}, {1, 3, 9, 9}, {3, 17, 4, 5}, {1, 28, 3, 3}, {30, 48, 7, 7}})
        for (const OpCase& op_case : norm_cases(x)) cases.push_back(op_case);
    return cases;
}

std::vector<OpCase> wiring() {
    std::vector<OpCase> cases;
    for (const int c : {1, 3, 8, 12, 16, 17, 28}) {
        const backend::Shape x{2, c, 5, 7};
        for (const auto& [direct, rectified] : {std::pair{2, 0}, {0, 2}, {1, 3}})
            cases.push_back(fan_out_case(x, direct, rectified));
        cases.push_back(fan_out_case(x, 1, 1, Layout::plain));
        for (const int inputs : {1, 2, 4}) cases.push_back(sum_case(x, inputs));
        for (const int offset : {0, 1}) {
            cases.push_back(subsample_case(x, offset));
            cases.push_back(subsample_case({1, c, 8, 6}, offset));
        }
        cases.push_back(concat_case(x, {c, c}));
        cases.push_back(concat_case({1, 1, 4, 3}, {c, 5, 8}));
        cases.push_back(image_scale_case(x));
        cases.push_back(image_scale_case({7, c, 3, 2}));
        cases.push_back(flatten_case(x));
        cases.push_back(flatten_case({3, c, 1, 1}));
    }
    cases.push_back(concat_case({3, 1, 7, 7}, {16, 16, 16}));
    // Longer lists than one kernel takes.
    const backend::Shape x{2, 8, 5, 7};
    for (const auto& [direct, rectified] : {std::pair{9, 0}, {2, 10}, {17, 9}})
        cases.push_back(fan_out_case(x, direct, rectified));
    for (const int inputs : {0, 8, 9, 17}) cases.push_back(sum_case(x, inputs));
    return cases;
}

std::vector<OpCase> heads() {
    std::vector<OpCase> cases;
    for (const int images : {1, 25, 75})
        for (const int classes : {2, 5, 20}) {
            cases.push_back(linear_case(images, 64, classes));
            cases.push_back(linear_case(images, 37, classes));
            cases.push_back(loss_case(images, classes));
            cases.push_back(loss_case(images, classes, Targets::soft));
            if (images < classes) continue;
            for (const auto similarity : {backend::Similarity::distance, backend::Similarity::cosine})
                cases.push_back(prototype_case(images, 37, classes, {.similarity = similarity, .length = 3}));
        }
    for (const auto length : {backend::RowLength::kept, backend::RowLength::one})
        // More features and more rows than a block of threads has.
        for (const auto& [images, features] : {std::pair{1, 1}, {25, 64}, {75, 37}, {3, 800}, {300, 5}})
            cases.push_back(feature_scale_case(images, features, {.length = length, .gain = 0.4}));
    cases.push_back(linear_case(3, 1, 5));
    cases.push_back(prototype_case(5, 64, 5));
    // More features than a block of threads has.
    cases.push_back(prototype_case(6, 800, 3));
    cases.push_back(prototype_case(6, 800, 3, {.similarity = backend::Similarity::cosine, .length = 3}));
    return cases;
}

}  // namespace atnas::test
