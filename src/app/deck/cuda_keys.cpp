// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_key.hpp"

namespace atnas::app {

void add_cuda_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    keys.push_back(choice_key<backend::Tf32>(
        {"cuda", "tf32", "", "faster products of 10-bit factors in convolutions and heads; cuda backend only",
         may_change},
        [](Deck & d) -> auto& { return d.cuda.tf32; }, {{"false", backend::Tf32::no}, {"true", backend::Tf32::yes}}));
    keys.push_back(choice_key<backend::CudaAlgorithms>(
        {"cuda", "deterministic", "",
         "true = algorithms with the same bits every time, chosen by rule; false = the fastest, measured once per "
         "shape",
         may_change},
        [](Deck & d) -> auto& { return d.cuda.algorithms; },
        {{"true", backend::CudaAlgorithms::deterministic}, {"false", backend::CudaAlgorithms::fastest}}));
    keys.push_back(integer_key(
        {"cuda", "streams", "tasks", "of a rank in flight on its GPU; changes no result", may_change},
        [](Deck & d) -> auto& { return d.cuda.streams; }, between(1, 64)));
}

}  // namespace atnas::app
