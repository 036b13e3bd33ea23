#include "atnas/supernet/supernet.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "atnas/core/contract.hpp"

namespace atnas::supernet {
namespace {

/// Compiling a plan costs milliseconds, keeping one costs its operations: enough for the members of a few islands.
constexpr std::size_t plans_kept = 64;

nn::Plan::HeadBlocks require_head(nn::Manifest& manifest, int way, int features) {
    return {manifest.require("head/weight", {way, features, 1, 1}, nn::Initial::fan_in_normal),
            manifest.require("head/bias", {1, way, 1, 1}, nn::Initial::zero)};
}

nn::Manifest lay_out(const space::SearchSpace& space, const space::NetworkOptions& options) {
    nn::Manifest manifest;
    nn::Graph all(manifest, shape_of(options.image));
    space.build_supernet(all);
    if (options.head == space::Head::linear) require_head(manifest, options.way, all.features());
    return manifest;
}

}  // namespace

Supernet::Supernet(backend::Backend& backend, const space::NetworkOptions& options, std::uint64_t seed, int lanes)
    : backend_(backend),
      options_(options),
      space_(space::make_search_space(options)),
      manifest_(lay_out(*space_, options)) {
    ATNAS_EXPECT(lanes >= 1);
    for (int lane = 0; lane < lanes; ++lane)
        lanes_.push_back({backend.make_context(), std::make_unique<nn::Arena>(backend)});
    weights_ = std::make_unique<nn::ParamStore>(backend, context(), manifest_, seed);
}

std::size_t Supernet::working_memory() const noexcept {
    std::size_t bytes = 0;
    for (const Lane& lane : lanes_) bytes += lane.arena->capacity();
    return bytes;
}

void Supernet::run_once(nn::Plan& plan, backend::ExactSum& gradient) {
    const nn::TaskShape& shape = plan.shape();
    const auto pixels =
        static_cast<std::size_t>(options_.image.channels * options_.image.height * options_.image.width);
    const auto images = [&](int per_class) {
        return std::vector<float>(static_cast<std::size_t>(shape.way * per_class) * pixels, 1.0f);
    };
    plan.write_task(images(shape.shot), images(shape.query));
    plan.start();
    plan.step(0.0f);
    plan.query_forward();
    plan.query_backward(
        gradient, [] {}, [](std::size_t) {});
    plan.add_weight_difference(gradient);
    static_cast<void>(plan.query_result());
}

void Supernet::warm_up(std::span<const nn::TaskShape> shapes) {
    Lane& first = lanes_.front();
    std::size_t largest = 0;  // what a plan holds beside the arena
    const auto compile_all = [&](const std::function<void(nn::Plan&)>& use) {
        first.plans.clear();
        largest = 0;
        for (const nn::TaskShape& shape : shapes) {
            for (const space::Genotype& genotype : space_->extremes()) {
                const std::size_t before = backend_.memory_use().in_use;
                nn::Plan& compiled = plan(genotype, shape);
                largest = std::max(largest, backend_.memory_use().in_use - before);
                use(compiled);
                // What it was made with is still on its way into memory that others get next.
                backend_.finish(*first.context);
                first.plans.clear();
            }
        }
    };
    // Once to find out what is needed, which takes memory itself, and once to see what a plan takes then.
    compile_all([](nn::Plan&) {});
    for (Lane& lane : lanes_) {
        lane.plans.clear();
        lane.arena->hold(first.arena->most_taken());
        backend_.prepare(*lane.context);
    }
    const auto gradient = weights_->make_sum(1);
    backend_.clear(*first.context, *gradient);
    compile_all([&](nn::Plan& plan) { run_once(plan, *gradient); });
    const std::size_t kept = space_->gene_count() > 0 ? plans_kept : shapes.size();
    // A quarter more for gaps between plans of different sizes.
    backend_.reserve(lanes_.size() * kept * largest / 4 * 5);
}

nn::Graph Supernet::graph(const space::Genotype& genotype) {
    nn::Graph graph(manifest_, shape_of(options_.image));
    space_->build(genotype, graph);
    return graph;
}

nn::Plan& Supernet::plan(const space::Genotype& genotype, const nn::TaskShape& shape, int lane) {
    ATNAS_EXPECT(options_.head != space::Head::linear || shape.way == options_.way);
    auto& [context, arena, plans] = lanes_[static_cast<std::size_t>(lane)];
    const auto known = std::find_if(plans.begin(), plans.end(), [&](const CachedPlan& cached) {
        return cached.genotype == genotype && cached.shape == shape;
    });
    if (known != plans.end()) {
        plans.splice(plans.begin(), plans, known);
        return *plans.front().plan;
    }
    if (plans.size() == plans_kept) plans.pop_back();
    nn::Graph subnet = graph(genotype);
    std::optional<nn::Plan::HeadBlocks> head;
    if (options_.head == space::Head::linear) head = require_head(manifest_, options_.way, subnet.features());
    ATNAS_ENSURE(manifest_.size() == weights_->size());
    plans.push_front({genotype, shape,
                      std::make_unique<nn::Plan>(backend_, *context, *arena, *weights_, std::move(subnet),
                                                 options_.head, head, shape)});
    return *plans.front().plan;
}

}  // namespace atnas::supernet
