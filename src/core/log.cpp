// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/log.hpp"

#include <memory>
#include <string>
#include <utility>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>

namespace atnas {
namespace {

/// "warning: " and so on; nothing for information, which is most of what people read.
class LevelPrefix : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
                spdlog::memory_buf_t& destination) override {
        if (message.level == spdlog::level::info) return;
        const auto name = spdlog::level::to_string_view(message.level);
        destination.append(name.data(), name.data() + name.size());
        destination.append(separator.data(), separator.data() + separator.size());
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<LevelPrefix>(); }

  private:
    static constexpr std::string_view separator = ": ";
};

/// Prints to standard error: standard output is for results. Colours only on a terminal.
spdlog::sink_ptr make_sink(const std::string& prefix) {
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<LevelPrefix>('*').set_pattern("[%H:%M:%S] " + prefix + "%^%*%$%v");
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    sink->set_formatter(std::move(formatter));
    return sink;
}

}  // namespace

spdlog::logger& world_log() {
    static spdlog::logger logger("world", make_sink(""));
    return logger;
}

spdlog::logger& local_log() {
    static spdlog::logger logger("local", make_sink(""));
    return logger;
}

void set_log_role(LogRole role, int rank) {
    auto& world_sinks = world_log().sinks();
    world_sinks.clear();
    if (role == LogRole::speaker) world_sinks.push_back(make_sink(""));
    local_log().sinks().assign(1, make_sink("rank " + std::to_string(rank) + ": "));
}

}  // namespace atnas
