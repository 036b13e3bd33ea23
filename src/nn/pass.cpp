// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/pass.hpp"

#include <map>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::nn {

using backend::Layout;
using backend::Op;
using backend::Shape;
using backend::Tensor;

namespace {

std::size_t index(ValueId value) {
    return static_cast<std::size_t>(value);
}

/// Memory of gradients. A gradient lives from the operation that writes it to the last that reads it; then its memory
/// serves the next one of that size, which also keeps it in the cache.
class GradientMemory {
  public:
    GradientMemory(backend::Backend& backend, Arena& arena) : backend_(backend), arena_(arena) {}

    Tensor take(const Shape& shape, Layout layout) {
        auto& free = free_[backend_.storage(shape, layout)];
        Tensor tensor{shape, layout, nullptr};
        if (free.empty()) {
            tensor.data = arena_.take(shape, layout).data;
        } else {
            tensor.data = free.back();
            free.pop_back();
        }
        readers_[tensor.data] = 1;
        return tensor;
    }
    /// Another reader of the same memory.
    Tensor share(const Tensor& tensor) {
        ++readers_[tensor.data];
        return tensor;
    }
    void release(const Tensor& tensor) {
        if (--readers_[tensor.data] == 0) free_[backend_.storage(tensor.shape, tensor.layout)].push_back(tensor.data);
    }

  private:
    backend::Backend& backend_;
    Arena& arena_;
    std::map<std::size_t, std::vector<void*>> free_;
    std::map<void*, int> readers_;
};

}  // namespace

/// Makes the operations in backward order, because that order decides which gradients share memory.
class Pass::Compiler {
  public:
    Compiler(Pass& pass, backend::Backend& backend, Arena& arena, const Network& network, const Options& options)
        : pass_(pass),
          backend_(backend),
          arena_(arena),
          graph_(network.graph),
          blocks_(network.blocks),
          moments_(network.moments),
          options_(options),
          memory_(backend, arena),
          direct_(graph_.values().size()),
          rectified_(graph_.values().size()) {}

    void run() {
        for (const Value& value : graph_.values()) {
            Shape shape = value.shape;
            shape.n = options_.batch;
            values_.push_back(arena_.take(shape, value.layout));
        }
        pass_.images_ = values_.front();
        pass_.features_ = values_.back();
        pass_.dfeatures_memory_ = arena_.take_buffer(pass_.features_.shape.count());
        pass_.dfeatures_ = backend::view(*pass_.dfeatures_memory_, 0, pass_.features_.shape);
        if (const int drops = graph_.drops(); drops > 0)
            pass_.factors_ = arena_.take({drops * options_.batch, 1, 1, 1}, Layout::plain);
        std::vector<std::vector<Op*>> forward;  // of each node, in backward order
        for (std::size_t n = graph_.nodes().size(); n-- > 0;) {
            const Node& node = graph_.nodes()[n];
            std::vector<Op*> ops;
            const Tensor dy = output_gradient(node.output, ops);
            std::vector<Tensor> dx;
            for (const ValueId input : node.inputs) dx.push_back(input_gradient(node, input, dy));
            Op* op = keep(make(node, n, dx, dy));
            ops.insert(ops.begin(), op);
            pass_.backward_.push_back({op, node.blocks});
            if (dy.data != pass_.dfeatures_.data) memory_.release(dy);
            forward.push_back(std::move(ops));
        }
        for (std::size_t i = forward.size(); i-- > 0;)
            pass_.forward_.insert(pass_.forward_.end(), forward[i].begin(), forward[i].end());
    }

  private:
    /// The gradient of a node's output: that of its only reader, or the sum over its readers by an operation of its
    /// own.
    Tensor output_gradient(ValueId value, std::vector<Op*>& forward) {
        const Tensor& y = values_[index(value)];
        if (value == static_cast<ValueId>(values_.size()) - 1) return pass_.dfeatures_;
        const auto& direct = direct_[index(value)];
        const auto& rectified = rectified_[index(value)];
        if (rectified.empty() && direct.size() == 1) return direct.front();
        backend::FanOutTensors tensors{y, memory_.take(y.shape, y.layout), {}, direct, rectified};
        for (std::size_t v = 0; v < values_.size(); ++v)
            if (graph_.values()[v].relu_of == value) tensors.relu = values_[v];
        Op* op = keep(backend_.fan_out(tensors));
        if (tensors.relu) forward.push_back(op);
        pass_.backward_.push_back({op});
        for (const Tensor& gradient : direct) memory_.release(gradient);
        for (const Tensor& gradient : rectified) memory_.release(gradient);
        return tensors.dx;
    }

    /// Where a node leaves the gradient of one of its inputs; nowhere for the image.
    Tensor input_gradient(const Node& node, ValueId input, const Tensor& dy) {
        const ValueId source = graph_.values()[index(input)].relu_of;
        if (input == 0 || source == 0) return {};
        const Tensor& x = values_[index(input)];
        const Tensor dx = node.kind == NodeKind::sum ? memory_.share(dy) : memory_.take(x.shape, x.layout);
        (source < 0 ? direct_[index(input)] : rectified_[index(source)]).push_back(dx);
        return dx;
    }

    std::unique_ptr<Op> make(const Node& node, std::size_t n, const std::vector<Tensor>& dx, const Tensor& dy) {
        std::vector<Tensor> x;
        for (const ValueId input : node.inputs) x.push_back(values_[index(input)]);
        const Tensor& y = values_[index(node.output)];
        std::vector<BlockTensors> blocks;
        for (const BlockId id : node.blocks) blocks.push_back(blocks_(id));
        blocks.resize(2);
        switch (node.kind) {
            case NodeKind::convolution:
                return backend_.convolution(node.convolution, {x[0], dx[0], blocks[0].values, blocks[0].gradient,
                                                               blocks[1].values, blocks[1].gradient, y, dy});
            case NodeKind::norm:
                return make_norm(node, n, x[0], dx[0], blocks, y, dy);
            case NodeKind::pool:
                return backend_.pool(node.pool, {x[0], dx[0], y, dy});
            case NodeKind::sum:
                return backend_.sum({x, y});
            case NodeKind::subsample:
                return backend_.subsample(node.subsample, {x[0], dx[0], y, dy});
            case NodeKind::drop:
                return backend_.image_scale({x[0], dx[0],
                                             backend::rows(pass_.factors_, backend_.precision(),
                                                           graph_.count_drops(n) * options_.batch, options_.batch),
                                             y, dy});
            case NodeKind::concat:
                return backend_.concat({x, dx, y, dy});
            case NodeKind::flatten:
                break;
        }
        return backend_.flatten({x[0], dx[0], y, dy});
    }

    std::unique_ptr<Op> make_norm(const Node& node, std::size_t n, const Tensor& x, const Tensor& dx,
                                  const std::vector<BlockTensors>& blocks, const Tensor& y, const Tensor& dy) {
        backend::NormSpec spec = node.norm;
        spec.statistics = options_.statistics;
        return backend_.norm(spec, {x, dx, blocks[0].values, blocks[0].gradient, blocks[1].values, blocks[1].gradient,
                                    moments_.of(n).mean, moments_.of(n).variance, y, dy});
    }

    Op* keep(std::unique_ptr<Op> op) {
        pass_.ops_.push_back(std::move(op));
        return pass_.ops_.back().get();
    }

    Pass& pass_;
    backend::Backend& backend_;
    Arena& arena_;
    const Graph& graph_;
    const std::function<BlockTensors(BlockId)>& blocks_;
    const NormMoments& moments_;
    Options options_;
    GradientMemory memory_;
    std::vector<Tensor> values_;
    std::vector<std::vector<Tensor>> direct_, rectified_;  ///< gradients from the readers of a value
};

Pass::Pass(backend::Backend& backend, Arena& arena, const Network& network, const Options& options) {
    ATNAS_EXPECT(network.moments.nodes() == network.graph.nodes().size());
    Compiler(*this, backend, arena, network, options).run();
}

void Pass::forward(backend::Context& context) {
    for (Op* op : forward_) op->forward(context);
}

void Pass::backward(backend::Context& context, const Finished& finished) {
    for (const BackwardStep& step : backward_) {
        step.op->backward(context);
        if (finished && !step.blocks.empty()) finished(step.blocks);
    }
}

}  // namespace atnas::nn
