// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Kernels of the program, compiled for the host: found by the name nvcc registers, run over a grid.

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// Outside of everything: compilers leave out the namespaces that a name shares with the function that prints it.
namespace kernel_names {

/// The name of a function as it is written in the source, without its parameters.
template <auto Kernel>
std::string name_of() {
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find("Kernel = ") + 9);
    text.remove_prefix(text.find_first_not_of("(& "));
    return std::string(text.substr(0, text.find_first_of("(;])")));
}

}  // namespace kernel_names

namespace cuda_sim {

/// One argument of a launch, as the simulator checks it.
enum class ArgumentKind { value, pointer };
struct Argument {
    ArgumentKind kind;
    std::size_t bytes;
    std::size_t alignment;  ///< of what a pointer points to
};

template <class T>
constexpr std::size_t alignment_behind() {
    if constexpr (std::is_pointer_v<T>) {
        return alignof(std::remove_pointer_t<T>);
    } else {
        return 1;
    }
}

/// One kernel: what it takes and how to bind it to the arguments of a launch (copied, as cudaLaunchKernel does).
struct HostKernel {
    std::vector<Argument> arguments;
    std::function<std::function<void()>(void** arguments)> bind;
};

/// By qualified name, without parameters: "atnas::backend::cuda::axpy".
using KernelTable = std::map<std::string, HostKernel, std::less<>>;

/// All kernels of the program and of the self test; made by CMake from the kernels' headers.
KernelTable make_kernel_table();

template <class... Arguments>
HostKernel make_host_kernel(void (*kernel)(Arguments...)) {
    static_assert((std::is_trivially_copyable_v<Arguments> && ...), "a launch copies its arguments bytewise");
    HostKernel host;
    host.arguments = {Argument{std::is_pointer_v<Arguments> ? ArgumentKind::pointer : ArgumentKind::value,
                               sizeof(Arguments), alignment_behind<Arguments>()}...};
    host.bind = [kernel](void** arguments) -> std::function<void()> {
        return [&]<std::size_t... i>(std::index_sequence<i...>)->std::function<void()> {
            std::tuple<Arguments...> copies{*static_cast<Arguments*>(arguments[i])...};
            return [kernel, copies] { std::apply(kernel, copies); };
        }
        (std::index_sequence_for<Arguments...>{});
    };
    return host;
}

template <auto Kernel>
void add_kernel(KernelTable& table) {
    table.emplace(kernel_names::name_of<Kernel>(), make_host_kernel(Kernel));
}

}  // namespace cuda_sim
