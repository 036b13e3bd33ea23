// SPDX-License-Identifier: Apache-2.0
#include "staged_primitive.hpp"

#include <utility>

namespace atnas::backend {

StagedPrimitive::StagedPrimitive(const OnednnKit& kit, dnnl::primitive primitive, std::vector<StagedArgument> arguments,
                                 const dnnl::memory::desc& scratch_desc)
    : memory_(&kit.copies) {
    constexpr std::size_t line = 16;  // floats of a cache line: where each copy begins
    const auto floats = [](const dnnl::memory::desc& desc) {
        return (desc.get_size() / sizeof(float) + line - 1) / line * line;
    };
    const auto copied = [](const StagedArgument& a) { return a.tensor.get_desc() != a.wanted; };
    std::size_t all = 0;
    for (const StagedArgument& a : arguments)
        if (copied(a)) all += floats(a.wanted);
    memory_->reserve(all * sizeof(float));
    std::size_t offset = 0;
    std::vector<std::pair<int, dnnl::memory>> bound;
    for (const StagedArgument& a : arguments) {
        if (!copied(a)) {
            bound.emplace_back(a.index, a.tensor);
            continue;
        }
        const dnnl::memory copy = bind(kit, a.wanted, static_cast<float*>(memory_->data()) + offset);
        copies_.push_back({copy, offset});
        offset += floats(a.wanted);
        bound.emplace_back(a.index, copy);
        if (a.access == Access::read)
            before_.push_back(make_reorder(kit, a.tensor, copy));
        else
            after_.push_back(make_reorder(kit, copy, a.tensor));
    }
    primitive_ = {kit, std::move(primitive), std::move(bound), scratch_desc};
}

void StagedPrimitive::run(Context& context) {
    // Another operation may have made the shared memory grow since.
    for (Copy& copy : copies_) {
        float* place = static_cast<float*>(memory_->data()) + copy.offset;
        if (copy.memory.get_data_handle() != place) copy.memory.set_data_handle(place);
    }
    for (BoundPrimitive& reorder : before_) reorder.run(context);
    primitive_.run(context);
    for (BoundPrimitive& reorder : after_) reorder.run(context);
}

}  // namespace atnas::backend
