#include "atnas/meta/meta_learner.hpp"

namespace atnas::meta {
namespace {

class Fomaml final : public MetaLearner {
  public:
    explicit Fomaml(const InnerLoop& loop) : loop_(loop) {}
    nn::PassResult learn(nn::Plan& plan, const data::Episode& episode, backend::Buffer& gradient) override {
        const nn::PassResult result = adapt(plan, episode, loop_);
        plan.query_backward();
        plan.add_query_gradient(gradient);
        return result;
    }

  private:
    InnerLoop loop_;
};

class Reptile final : public MetaLearner {
  public:
    explicit Reptile(const InnerLoop& loop) : loop_(loop) {}
    nn::PassResult learn(nn::Plan& plan, const data::Episode& episode, backend::Buffer& gradient) override {
        const nn::PassResult result = adapt(plan, episode, loop_);
        plan.add_weight_difference(gradient);
        return result;
    }

  private:
    InnerLoop loop_;
};

}  // namespace

nn::PassResult adapt(nn::Plan& plan, const data::Episode& episode, const InnerLoop& loop) {
    plan.write_task(episode.support, episode.query);
    plan.start();
    for (int step = 0; step < loop.steps; ++step) plan.step(loop.rate);
    plan.query_forward();
    return plan.query_result();
}

std::unique_ptr<MetaLearner> make_meta_learner(Learner learner, const InnerLoop& loop) {
    if (learner == Learner::reptile) return std::make_unique<Reptile>(loop);
    return std::make_unique<Fomaml>(loop);
}

}  // namespace atnas::meta
