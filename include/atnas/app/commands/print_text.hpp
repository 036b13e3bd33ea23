// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// --help and --version: text for standard output and nothing else to do.

#include <string>
#include <utility>

#include "atnas/app/commands/command.hpp"

namespace atnas::app {

class PrintText final : public Command {
  public:
    explicit PrintText(std::string text) : text_(std::move(text)) {}

    const std::string& text() const noexcept { return text_; }
    OptionTable table() override { return {}; }
    CommandFiles files() const override { return {}; }
    ExitCode run(const Invocation& invocation) override;

  private:
    std::string text_;
};

}  // namespace atnas::app
