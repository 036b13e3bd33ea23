// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/adaptation.hpp"

namespace atnas::meta {

void Adaptation::queue(TaskPlan& plan, const data::Task& task) const {
    plan.write_task(task);
    plan.start();
    for (int step = 0; step < options_.steps; ++step) {
        if (options_.kept == Kept::way) plan.keep_step(options_.rate);
        plan.step(options_.rate, options_.adapted);
        if (options_.early_loss > 0 && step + 1 < options_.steps) plan.count_query_loss(options_.early_loss);
    }
    plan.query_forward();
}

nn::PassResult Adaptation::run(TaskPlan& plan, const data::Task& task) const {
    queue(plan, task);
    return plan.query_result();
}

}  // namespace atnas::meta
