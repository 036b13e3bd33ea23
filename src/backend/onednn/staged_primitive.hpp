// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A primitive in whatever layouts suit it, between tensors in the layouts of a plan.

#include <cstddef>
#include <vector>

#include "primitive.hpp"

namespace atnas::backend {

/// What a StagedPrimitive does with an argument.
enum class Access { read, write };

/// An argument of a StagedPrimitive: where the tensor lies, and the layout that the primitive works in.
struct StagedArgument {
    int index;
    dnnl::memory tensor;
    dnnl::memory::desc wanted;
    Access access;
};

/// A primitive that may want its arguments in other layouts: it then works on copies, in the shared kit.copies.
class StagedPrimitive {
  public:
    StagedPrimitive() = default;
    StagedPrimitive(const OnednnKit& kit, dnnl::primitive primitive, std::vector<StagedArgument> arguments,
                    const dnnl::memory::desc& scratch_desc);
    explicit operator bool() const noexcept { return static_cast<bool>(primitive_); }
    void run(Context& context);

  private:
    struct Copy {
        dnnl::memory memory;
        std::size_t offset;  ///< in floats
    };

    BoundPrimitive primitive_;
    std::vector<Copy> copies_;
    std::vector<BoundPrimitive> before_, after_;
    Scratch* memory_{nullptr};
};

}  // namespace atnas::backend
