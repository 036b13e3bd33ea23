// SPDX-License-Identifier: Apache-2.0
// The text of a deck: whatever it says, there is a deck or a list of problems. A deck that has none reads back from the
// text that a checkpoint keeps of it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "atnas/app/deck/deck_reader.hpp"
#include "fuzz/expect_error.hpp"

namespace {

void read(const std::string& text) {
    using namespace atnas::app;
    DeckSources sources;
    sources.text = text;
    const Deck deck = make_deck(sources);
    DeckSources stored;
    stored.text = effective_text(deck);
    if (deck_pairs(make_deck(stored)) != deck_pairs(deck)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    atnas::fuzz::expect_error_or_success([&] { read(text); });
    return 0;
}
