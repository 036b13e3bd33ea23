// SPDX-License-Identifier: Apache-2.0
// In place of a profiler: writes the names of NVTX ranges to the file that ATNAS_NVTX_LOG names, one per line, and "."
// for the end of one. Programs load it where NVTX_INJECTION64_PATH names it (nvtx3/nvtxDetail/nvtxInit.h).
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include <nvtx3/nvToolsExt.h>

namespace {

void write_line(const std::string& text) {
    static const int file = open(std::getenv("ATNAS_NVTX_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const std::string line = text + "\n";
    // A line that is missing fails the test.
    if (write(file, line.data(), line.size()) < 0) return;
}

int push(const char* name) {
    write_line(name);
    return 0;
}

int pop() {
    write_line(".");
    return 0;
}

}  // namespace

extern "C" int InitializeInjectionNvtx2(NvtxGetExportTableFunc_t get_table) {
    const auto* callbacks = static_cast<const NvtxExportTableCallbacks*>(get_table(NVTX_ETID_CALLBACKS));
    NvtxFunctionTable table = nullptr;
    unsigned size = 0;
    if (callbacks == nullptr || callbacks->GetModuleFunctionTable(NVTX_CB_MODULE_CORE, &table, &size) == 0) return 0;
    *table[NVTX_CBID_CORE_RangePushA] = reinterpret_cast<NvtxFunctionPointer>(&push);
    *table[NVTX_CBID_CORE_RangePop] = reinterpret_cast<NvtxFunctionPointer>(&pop);
    return 1;
}
