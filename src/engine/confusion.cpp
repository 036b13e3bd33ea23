// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/confusion.hpp"

#include <algorithm>
#include <functional>

#include "atnas/core/contract.hpp"

namespace atnas::engine {

Confusion::Confusion(std::span<const int> classes) : queries_(classes.size()), table_(classes.size() * classes.size()) {
    for (int place = 0; place < static_cast<int>(classes.size()); ++place) {
        const auto number = static_cast<std::size_t>(classes[static_cast<std::size_t>(place)]);
        if (place_of_class_.size() <= number) place_of_class_.resize(number + 1, -1);
        place_of_class_[number] = place;
    }
}

void Confusion::add(const Answers& answers) {
    ATNAS_EXPECT(answers.predicted.empty() || answers.predicted.size() == answers.labels.size());
    const auto place_of = [&](int label) {
        const auto number = static_cast<std::size_t>(answers.classes[static_cast<std::size_t>(label)]);
        ATNAS_EXPECT(number < place_of_class_.size() && place_of_class_[number] >= 0);
        return place_of_class_[number];
    };
    for (const int label : answers.labels) ++queries_[static_cast<std::size_t>(place_of(label))];
    for (std::size_t i = 0; i < answers.predicted.size(); ++i)
        ++table_[place(place_of(answers.labels[i]), place_of(answers.predicted[i]))];
}

void Confusion::sum(const comm::Communicator& communicator) {
    communicator.sum(std::span(queries_));
    communicator.sum(std::span(table_));
}

std::vector<Confusion::Mistake> Confusion::mistakes(std::size_t most) const {
    std::vector<Mistake> found;
    for (int of = 0; of < classes(); ++of)
        for (int taken_for = 0; taken_for < classes(); ++taken_for)
            if (of != taken_for && count(of, taken_for) > 0) found.push_back({of, taken_for, count(of, taken_for)});
    std::ranges::stable_sort(found, std::ranges::greater(), &Mistake::times);
    found.resize(std::min(found.size(), most));
    return found;
}

}  // namespace atnas::engine
