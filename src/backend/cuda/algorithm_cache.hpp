#pragma once
/// \file
/// Which of cuDNN's convolution algorithms is used for which shape.

#include <cstddef>
#include <functional>
#include <map>
#include <string>

namespace atnas::backend::cuda {

/// An algorithm of cuDNN, by its numbers, and the working memory that it needs.
struct Algorithm {
    int number{0};
    int math{0};  ///< cudnnMathType_t
    std::size_t workspace{0};
    bool operator==(const Algorithm&) const = default;
};

/// Choices by shape. They can be written down and read again, so that a restart uses the same ones without a search.
class AlgorithmCache {
  public:
    /// The choice for \p shape, made by \p search the first time.
    const Algorithm& choose(const std::string& shape, const std::function<Algorithm()>& search);
    /// The next choose() searches again.
    void forget(const std::string& shape) { choices_.erase(shape); }

    /// One line per shape: "shape<TAB>number math workspace".
    std::string text() const;
    /// Takes choices that text() wrote; what is known already stays. Lines that are none are left out.
    void add(const std::string& text);

  private:
    std::map<std::string, Algorithm> choices_;
};

}  // namespace atnas::backend::cuda
