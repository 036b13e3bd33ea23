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
#include "atnas/io/checkpoint.hpp"

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

inline void share(Reproducibility& reproducibility, const comm::Communicator& communicator) {
    std::vector<std::string> reasons = reproducibility.reasons();
    share(reasons, communicator);
    for (const std::string& reason : reasons) reproducibility.lose(reason);
}

/// In the order of the pairs: vectors as well as maps.
template <class Pairs>
void share_pairs(Pairs& pairs, const comm::Communicator& communicator) {
    std::vector<std::string> names;
    std::vector<typename Pairs::value_type::second_type> values;
    for (const auto& [name, value] : pairs) {
        names.push_back(name);
        values.push_back(value);
    }
    share(names, communicator);
    share(values, communicator);
    pairs.clear();
    for (std::size_t i = 0; i < names.size(); ++i)
        pairs.insert(pairs.end(), typename Pairs::value_type(names[i], values[i]));
}

inline void share(std::vector<BlockRecord>& manifest, const comm::Communicator& communicator) {
    std::vector<std::string> names;
    std::vector<std::uint64_t> offsets, axes, extents;
    for (const BlockRecord& block : manifest) {
        names.push_back(block.name);
        offsets.push_back(block.offset);
        axes.push_back(block.shape.size());
        extents.insert(extents.end(), block.shape.begin(), block.shape.end());
    }
    share(names, communicator);
    for (auto* numbers : {&offsets, &axes, &extents}) share(*numbers, communicator);
    manifest.clear();
    auto next = extents.begin();
    for (std::size_t b = 0; b < names.size(); ++b) {
        const auto end = next + static_cast<std::ptrdiff_t>(axes[b]);
        manifest.push_back({names[b], offsets[b], {next, end}});
        next = end;
    }
}

}  // namespace atnas::io
