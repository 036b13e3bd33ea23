// SPDX-License-Identifier: Apache-2.0
// What tests do not look at and speed depends on: what it costs the host to queue operations, which algorithms of cuDNN
// are taken, and whether an inner step can be recorded as a CUDA graph. A program of its own, for jobs/gpu_check; code
// 77 where there is no GPU.

#include <algorithm>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <dlfcn.h>

#include <cuda_runtime_api.h>
#include <fmt/format.h>

#include "atnas/backend/device_services.hpp"
#include "atnas/backend/factories.hpp"
#include "atnas/core/error.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/meta/task_plans.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/supernet.hpp"
#include "support/device.hpp"

namespace {

using namespace atnas;

constexpr double micro = 1e6;

/// Seconds per call: until the host goes on, and until the device is done.
struct Cost {
    double host{0};
    double whole{0};
};

/// Medians over batches, each shorter than what a driver queues before it makes the host wait.
Cost cost_of(backend::Backend& device, backend::Context& context, int batches, int calls,
             const std::function<void()>& call) {
    std::vector<double> host;
    std::vector<double> whole;
    call();
    for (int batch = 0; batch < batches; ++batch) {
        device.finish(context);
        const Stopwatch watch;
        for (int i = 0; i < calls; ++i) call();
        host.push_back(watch.seconds() / calls);
        device.finish(context);
        whole.push_back(watch.seconds() / calls);
    }
    const auto median = [](std::vector<double>& values) {
        std::ranges::sort(values);
        return values[values.size() / 2];
    };
    return {median(host), median(whole)};
}

/// Tensors that live as long as this.
class Tensors {
  public:
    explicit Tensors(backend::Backend& device) : device_(device) {}
    backend::Tensor make(const backend::Shape& shape) {
        buffers_.push_back(device_.allocate(shape.count()));
        return {shape, backend::Layout::native, buffers_.back()->data()};
    }
    backend::Tensor make_plain(const backend::Shape& shape) {
        backend::Tensor tensor = make(shape);
        tensor.layout = backend::Layout::plain;
        return tensor;
    }

  private:
    backend::Backend& device_;
    std::vector<std::unique_ptr<backend::Buffer>> buffers_;
};

void print_costs(backend::Backend& device, int batches, int calls) {
    const auto context = device.make_context();
    fmt::print("microseconds per call: host, until the host goes on; whole, until the device is done\n");
    const auto line = [&](const std::string& name, const std::function<void()>& call) {
        const Cost cost = cost_of(device, *context, batches, calls, call);
        fmt::print("  {:44} host {:8.2f}  whole {:8.2f}\n", name, micro * cost.host, micro * cost.whole);
    };
    for (const int images : {5, 75}) {
        Tensors tensors(device);
        const backend::Shape shape{images, 64, 14, 14};
        const backend::Shape vector{1, 64, 1, 1};
        const auto x = tensors.make(shape), dx = tensors.make(shape), y = tensors.make(shape), dy = tensors.make(shape);
        const auto convolution = [&](int groups) {
            const backend::Shape filters{64, 64 / groups, 3, 3};
            return device.convolution({{3, 3}, {1, 1}, {1, 1}, {1, 1}, groups},
                                      {x, dx, tensors.make_plain(filters), tensors.make_plain(filters), {}, {}, y, dy});
        };
        const auto norm = device.norm(
            {}, {x, dx, tensors.make_plain(vector), tensors.make_plain(vector), tensors.make_plain(vector),
                 tensors.make_plain(vector), tensors.make_plain(vector), tensors.make_plain(vector), y, dy});
        const auto dense = convolution(1);
        const auto depthwise = convolution(64);
        device.services()->prepare(*context);
        const auto both = [&](const std::string& name, backend::Op& op) {
            line(fmt::format("{}, {} x 64 x 14 x 14, forward", name, images), [&] { op.forward(*context); });
            line(fmt::format("{}, {} x 64 x 14 x 14, backward", name, images), [&] { op.backward(*context); });
        };
        both("convolution 3x3", *dense);
        both("depthwise 3x3", *depthwise);
        both("batch norm", *norm);
        device.finish(*context);
    }
    const auto values = device.allocate(1024);
    line("own kernel, axpy of 512", [&] { device.axpy(*context, 1.0, *values, 0, *values, {0, 512}); });
    device.finish(*context);
}

void print_algorithms(const std::string& tuning) {
    std::istringstream lines(tuning);
    int all = 0;
    int direct = 0;
    for (std::string line; std::getline(lines, line); ++all)
        if (line.ends_with("\tdirect")) ++direct;
    fmt::print("algorithms of cuDNN (shape, then number, math and working memory): {} shapes, {} of them direct\n{}",
               all, direct, tuning);
}

/// A function of the runtime that is there; CUDA graphs are not part of every stand-in for it.
template <class Function>
Function* runtime(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

/// Ordered by class.
std::vector<int> labels(int way, int per_class) {
    std::vector<int> values;
    for (int i = 0; i < way * per_class; ++i) values.push_back(i / per_class);
    return values;
}

/// Inner steps of one subnet, queued one by one and as a graph that was recorded once.
class StepGraph {
  public:
    StepGraph(backend::Backend& device, const space::NetworkOptions& network, const std::string& encode, int query)
        : device_(device),
          supernet_(device, network, 1),
          plans_(supernet_),
          plan_(plans_.plan(space::make_search_space(network)->from_text(encode),
                            {network.way, network.way, network.way * query, {}})),
          stream_(static_cast<cudaStream_t>(device.services()->stream(supernet_.context()))) {
        const auto& image = network.image;
        const auto pixels = static_cast<std::size_t>(network.way * image.channels * image.height * image.width);
        std::vector<float> support(pixels);
        std::vector<float> queries(pixels * static_cast<std::size_t>(query));
        float value = 0.0f;
        for (auto* images : {&support, &queries})
            for (float& x : *images) x = value = value > 1.0f ? value - 1.9f : value + 0.37f;
        plan_.write_task({.way = network.way,
                          .support = {std::move(support), labels(network.way, 1)},
                          .query = {std::move(queries), labels(network.way, query)}});
    }

    void print(int batches, int calls) {
        const nn::PassResult eager = learned([this] { step(); });
        const Cost one_by_one = cost_of(device_, supernet_.context(), batches, calls, [this] { step(); });
        fmt::print("    one by one: host {:.1f}, whole {:.1f} microseconds a step\n", micro * one_by_one.host,
                   micro * one_by_one.whole);
        const std::string obstacle = record();
        if (!obstacle.empty()) return fmt::print("    as a CUDA graph: DOES NOT WORK: {}\n", obstacle);
        const nn::PassResult replayed = learned([this] { launch(); });
        const Cost graph = cost_of(device_, supernet_.context(), batches, calls, [this] { launch(); });
        fmt::print("    as a CUDA graph: works, host {:.1f}, whole {:.1f} microseconds a step, {} (loss {} and {})\n",
                   micro * graph.host, micro * graph.whole,
                   eager.loss == replayed.loss ? "the same result" : "ANOTHER RESULT", eager.loss, replayed.loss);
    }

  private:
    void step() { plan_.step(0.01f); }
    void launch() {
        const auto launch_graph = runtime<decltype(cudaGraphLaunch)>("cudaGraphLaunch");
        if (launch_graph(executable_, stream_) != cudaSuccess)
            throw Error(ExitCode::failed, Problem{"a recorded graph cannot be launched", "", ""});
    }
    nn::PassResult learned(const std::function<void()>& one_step) {
        plan_.start();
        for (int i = 0; i < 5; ++i) one_step();
        plan_.query_forward();
        return plan_.query_result();
    }

    /// Why a step cannot be recorded; empty when it was.
    std::string record() {
        const auto begin = runtime<decltype(cudaStreamBeginCapture)>("cudaStreamBeginCapture");
        const auto end = runtime<decltype(cudaStreamEndCapture)>("cudaStreamEndCapture");
        const auto instantiate = runtime<decltype(cudaGraphInstantiateWithFlags)>("cudaGraphInstantiateWithFlags");
        if (begin == nullptr || end == nullptr || instantiate == nullptr) return "this runtime has no graphs";
        device_.finish(supernet_.context());
        std::string obstacle;
        const auto tell = [&](cudaError_t code, const char* call) {
            if (code != cudaSuccess && obstacle.empty()) obstacle = fmt::format("{}: {}", call, cudaGetErrorName(code));
        };
        tell(begin(stream_, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
        if (!obstacle.empty()) return obstacle;
        try {
            step();
        } catch (const Error& error) {
            obstacle = error.what();
        }
        cudaGraph_t graph{};
        tell(end(stream_, &graph), "cudaStreamEndCapture");
        if (obstacle.empty()) tell(instantiate(&executable_, graph, 0), "cudaGraphInstantiateWithFlags");
        return obstacle;
    }

    backend::Backend& device_;
    supernet::Supernet supernet_;
    meta::TaskPlans plans_;
    meta::TaskPlan& plan_;
    cudaStream_t stream_;
    cudaGraphExec_t executable_{};
};

int probe() {
    if (const std::string obstacle = backend::cuda_obstacle(); !obstacle.empty()) {
        fmt::print("no GPU: {}\n", obstacle);
        return 77;
    }
    const auto device = backend::make_backend(backend::BackendKind::cuda);
    fmt::print("{}\n", device->description());
    const bool simulated = test::is_simulated(*device);
    const int batches = simulated ? 1 : 15;
    const int calls = simulated ? 1 : 40;
    print_costs(*device, batches, calls);
    for (const auto& [kind, encode, channels] : {std::tuple{"conv4", "conv4", 64}, std::tuple{"cell", "og_v2", 16}}) {
        space::NetworkOptions network;
        network.kind = kind;
        network.channels = simulated ? 8 : channels;
        network.head = space::Head::linear;
        network.way = 5;
        fmt::print("an inner step of {}-{}:\n", encode, network.channels);
        StepGraph(*device, network, encode, simulated ? 1 : 15).print(batches, simulated ? 1 : 5);
    }
    print_algorithms(device->services()->tuning());
    return 0;
}

}  // namespace

int main() {
    try {
        return probe();
    } catch (const Error& error) {
        fmt::print("{}\n", error.what());
        return 1;
    }
}
