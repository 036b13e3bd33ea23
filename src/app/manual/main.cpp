// SPDX-License-Identifier: Apache-2.0
/// \file
/// Part of the build: writes the manual pages and the completion that are installed beside the program.
///   atnas_manual FOLDER    FOLDER/man1/atnas*.1, FOLDER/completions/atnas

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "atnas/app/commands/command_registry.hpp"
#include "atnas/app/manual/completion.hpp"
#include "atnas/app/manual/man_page.hpp"

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path);
    if (!(file << text).flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 2) throw std::runtime_error("usage: atnas_manual FOLDER");
    const std::filesystem::path folder = argv[1];
    std::filesystem::remove_all(folder / "man1");  // pages of commands that are no more
    write(folder / "man1/atnas.1", atnas::app::program_page());
    for (const auto& row : atnas::app::command_registry()) {
        const auto command = row.make();
        write(folder / "man1" / ("atnas-" + row.name + ".1"),
              atnas::app::command_page(atnas::app::table_of(row, *command)));
    }
    write(folder / "completions/atnas", atnas::app::bash_completion());
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
}
