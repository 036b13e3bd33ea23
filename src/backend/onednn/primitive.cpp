// SPDX-License-Identifier: Apache-2.0
#include "primitive.hpp"

#include <stdexcept>
#include <utility>

#include "atnas/backend/host_backend.hpp"
#include "atnas/core/contract.hpp"

namespace atnas::backend {

void Scratch::reserve(std::size_t bytes) {
    const std::size_t count = (bytes + sizeof(float) - 1) / sizeof(float);
    if (count > 0 && (!buffer_ || buffer_->size() < count)) buffer_ = backend_.allocate(count);
}

dnnl::memory::desc describe(const OnednnKit& kit, const Shape& shape, Layout layout) {
    using tag = dnnl::memory::format_tag;
    const tag native = kit.block == 16 ? tag::nChw16c : tag::nChw8c;
    return {{shape.n, shape.c, shape.h, shape.w},
            dnnl::memory::data_type::f32,
            layout == Layout::native ? native : tag::nchw};
}

dnnl::memory bind(const OnednnKit& kit, const dnnl::memory::desc& desc, void* data) {
    return dnnl::memory(desc, kit.engine, data);
}

dnnl::memory bind(const OnednnKit& kit, const Tensor& tensor) {
    return bind(kit, describe(kit, tensor.shape, tensor.layout), tensor.data);
}

BoundPrimitive::BoundPrimitive(const OnednnKit& kit, dnnl::primitive primitive,
                               std::vector<std::pair<int, dnnl::memory>> arguments,
                               const dnnl::memory::desc& scratch_desc)
    : primitive_(std::move(primitive)), scratch_(&kit.scratch) {
    const std::size_t scratch_bytes = scratch_desc.get_size();
    if (scratch_bytes > 0) {
        kit.scratch.reserve(scratch_bytes);
        arguments.emplace_back(DNNL_ARG_SCRATCHPAD, bind(kit, scratch_desc, kit.scratch.data()));
        scratch_memory_ = arguments.size() - 1;
    } else {
        scratch_ = nullptr;
    }
    for (auto& [index, memory] : arguments) {
        memories_.push_back(memory);
        arguments_.push_back({index, memory.get()});
    }
}

void BoundPrimitive::run(Context& context) {
    ATNAS_EXPECT(primitive_);
    // Another operation may have made the shared scratchpad grow since.
    if (scratch_) memories_[scratch_memory_].set_data_handle(scratch_->data());
    // The C function because the C++ one builds a map and a vector on every call.
    const dnnl_status_t status =
        dnnl_primitive_execute(primitive_.get(), static_cast<OnednnContext&>(context).stream().get(),
                               static_cast<int>(arguments_.size()), arguments_.data());
    if (status != dnnl_success) throw std::runtime_error("oneDNN: a primitive failed to execute");
}

BoundPrimitive make_reorder(const OnednnKit& kit, const dnnl::memory& from, const dnnl::memory& to) {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    const dnnl::reorder::primitive_desc desc(from, to, attributes);
    return BoundPrimitive(kit, dnnl::reorder(desc), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}}, desc.scratchpad_desc());
}

OwnedMemory::OwnedMemory(const OnednnKit& kit, const dnnl::memory::desc& desc)
    : buffer_(kit.backend.allocate((desc.get_size() + sizeof(float) - 1) / sizeof(float))),
      memory_(bind(kit, desc, buffer_->data())) {}

}  // namespace atnas::backend
