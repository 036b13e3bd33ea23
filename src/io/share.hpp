// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What rank 0 has read, for all ranks. Collective, as everything here; sizes come with it.

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "atnas/comm/communicator.hpp"

namespace atnas::io {

template <class T>
requires std::is_trivially_copyable_v<T>
void share(T& value, const comm::Communicator& communicator) {
    communicator.broadcast(std::as_writable_bytes(std::span(&value, 1)), 0);
}

inline void share(std::string& text, const comm::Communicator& communicator) {
    text = communicator.broadcast(std::move(text), 0);
}

template <class T>
requires std::is_trivially_copyable_v<T>
void share(std::vector<T>& values, const comm::Communicator& communicator) {
    std::uint64_t count = values.size();
    share(count, communicator);
    values.resize(count);
    communicator.broadcast(std::as_writable_bytes(std::span(values)), 0);
}

/// In two messages, however many texts there are.
inline void share(std::vector<std::string>& texts, const comm::Communicator& communicator) {
    std::vector<std::uint64_t> lengths;
    std::string joined;
    for (const std::string& text : texts) {
        lengths.push_back(text.size());
        joined += text;
    }
    share(lengths, communicator);
    share(joined, communicator);
    texts.clear();
    std::size_t place = 0;
    for (const std::uint64_t length : lengths) {
        texts.push_back(joined.substr(place, length));
        place += length;
    }
}

}  // namespace atnas::io
