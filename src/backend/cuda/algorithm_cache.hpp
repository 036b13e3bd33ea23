// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which of cuDNN's convolution algorithms is used for which shape.

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace atnas::backend::cuda {

/// An algorithm of cuDNN, by its numbers, and the working memory that it needs.
struct Algorithm {
    int number{0};
    int math{0};  ///< cudnnMathType_t
    std::size_t workspace{0};
    bool operator==(const Algorithm&) const = default;
};

/// Choices by shape; no algorithm where a search found none that is allowed. They can be written down and read again,
/// so that a restart uses the same ones without a search.
class AlgorithmCache {
  public:
    /// The choice for \p shape, made by \p search the first time. One that was read is first shown to \p verify, once:
    /// what that returns is used from then on; nothing, and it is searched for.
    const std::optional<Algorithm>& choose(const std::string& shape,
                                           const std::function<std::optional<Algorithm>()>& search,
                                           const std::function<std::optional<Algorithm>(const Algorithm&)>& verify);

    /// One line per shape: "shape<TAB>number math workspace", or "shape<TAB>direct" where no algorithm was found.
    std::string text() const;
    /// Takes choices that text() wrote; what is known already stays. Lines that are none are left out, and so are those
    /// without an algorithm: the same search comes to the same end.
    void add(const std::string& text);

  private:
    enum class Origin { made, read };
    struct Choice {
        std::optional<Algorithm> algorithm;
        Origin origin;
    };
    std::map<std::string, Choice> choices_;
};

}  // namespace atnas::backend::cuda
