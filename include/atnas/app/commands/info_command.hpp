// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas info: what is in a file.

#include <filesystem>

#include "atnas/app/commands/command.hpp"

namespace atnas::app {

struct InfoOptions {
    std::filesystem::path file;
    std::filesystem::path json;  ///< empty = none
};

class InfoCommand final : public Command {
  public:
    const InfoOptions& options() const noexcept { return options_; }
    OptionTable table() override;
    CommandFiles files() const override;
    ExitCode run(const Invocation& invocation) override;

  private:
    InfoOptions options_;
};

}  // namespace atnas::app
