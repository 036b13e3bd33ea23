#include "atnas/meta/meta_learner.hpp"

namespace atnas::meta {
namespace {

class Fomaml final : public MetaLearner {
  public:
    explicit Fomaml(const InnerLoop& loop) : loop_(loop) {}
    void run(nn::Plan& plan, const data::Task& task) override {
        queue_adaptation(plan, task, loop_);
        plan.query_backward();
    }
    void contribute(nn::Plan& plan, backend::Buffer& gradient) override { plan.add_query_gradient(gradient); }
    void run_last(nn::Plan& plan, const data::Task& task, backend::Buffer& gradient,
                  const std::function<void()>& adding, const nn::Plan::Ready& ready) override {
        queue_adaptation(plan, task, loop_);
        plan.query_backward(gradient, adding, ready);
    }

  private:
    InnerLoop loop_;
};

class Reptile final : public MetaLearner {
  public:
    explicit Reptile(const InnerLoop& loop) : loop_(loop) {}
    void run(nn::Plan& plan, const data::Task& task) override { queue_adaptation(plan, task, loop_); }
    void contribute(nn::Plan& plan, backend::Buffer& gradient) override { plan.add_weight_difference(gradient); }

  private:
    InnerLoop loop_;
};

}  // namespace

void queue_adaptation(nn::Plan& plan, const data::Task& task, const InnerLoop& loop) {
    plan.write_task(task.support.images, task.query.images);
    plan.start();
    for (int step = 0; step < loop.steps; ++step) plan.step(loop.rate);
    plan.query_forward();
}

nn::PassResult adapt(nn::Plan& plan, const data::Task& task, const InnerLoop& loop) {
    queue_adaptation(plan, task, loop);
    return plan.query_result();
}

void MetaLearner::run_last(nn::Plan& plan, const data::Task& task, backend::Buffer& gradient,
                           const std::function<void()>& adding, const nn::Plan::Ready&) {
    run(plan, task);
    adding();
    contribute(plan, gradient);
}

nn::PassResult MetaLearner::learn(nn::Plan& plan, const data::Task& task, backend::Buffer& gradient) {
    run(plan, task);
    contribute(plan, gradient);
    return plan.query_result();
}

std::unique_ptr<MetaLearner> make_meta_learner(Learner learner, const InnerLoop& loop) {
    if (learner == Learner::reptile) return std::make_unique<Reptile>(loop);
    return std::make_unique<Fomaml>(loop);
}

}  // namespace atnas::meta
