#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what building, testing and running ATNAS needs and this machine lacks (Debian 12 and 13, Ubuntu 24.04).
# Needs no privileges when everything is there. ATNAS_SKIP_SETUP=1 skips it, e.g. on clusters with modules.
#   jobs/setup.sh          for building and running
#   jobs/setup.sh python   and build/python, a Python with analysis/ and what its tests need
#   jobs/setup.sh tests    the same where that needs no download, or where CI is set
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
for_whom=${1:-}
if [ "$for_whom" = tests ] && [ -n "${CI:-}" ]; then for_whom=python; fi

required=(
    g++ cmake ninja-build pkg-config git
    openmpi-bin libopenmpi-dev libhdf5-openmpi-dev libboost-program-options-dev libdnnl-dev librandom123-dev
    libspdlog-dev libfmt-dev nlohmann-json3-dev libarchive-dev libstb-dev libxxhash-dev libgtest-dev
    python3 python3-h5py python3-numpy python3-xxhash hdf5-tools
)
# Nice to have: faster rebuilds, the style test, the tests across simulated hosts and with a real Slurm.
optional=(ccache clang-format-14 iproute2 slurm-wlm munge)
# In continuous integration no test is to be skipped: a fresh machine, fuzz targets, a browser, pages of the manual,
# networks in PyTorch.
if [ -n "${CI:-}" ]; then
    optional+=(debootstrap clang-19 libclang-rt-19-dev chromium fonts-dejavu-core groff-base tcl python3-torch)
fi
# What analysis/ and its tests need; where they are not there, build/python has them from PyPI.
for_python=(python3-pandas python3-matplotlib python3-pytest python3-setuptools python3-wheel)
# Without ensurepip there is no virtual environment, wherever the rest comes from.
if [ "$for_whom" = python ]; then required+=(python3-venv) optional+=("${for_python[@]}"); fi

say() { echo "setup: $*"; }

# Prints those of the packages that are not installed.
missing_of() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done
}

# Prints those of the packages that this distribution has; after apt-get update.
known_of() {
    local package policy
    for package in "$@"; do
        # Not piped into `grep -q`, which leaves before the last line: apt-cache then fails, and the pipe with it.
        policy=$(LC_ALL=C apt-cache policy "$package")
        if [[ $policy == *"  Candidate: "[^\(]* ]]; then echo "$package"; fi
    done
}

# apt_get PACKAGES WORDS...: does what the words say, to install the packages.
apt_get() {
    local packages=$1 as_root=()
    shift
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "error: installing packages needs root, and there is no sudo here. As root, type:" >&2
            say "  apt-get install $packages" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -q "$@"
}

# A virtual environment, so that nothing is put into the system's Python.
python_environment() {
    local place=$root/build/python python=/usr/bin/python3  # that of the packages, whichever is first in PATH
    [ -x "$python" ] || python=python3
    # venv is always there; on Debian it is ensurepip that comes with python3-venv.
    local modules="import ensurepip, h5py, matplotlib, numpy, pandas, pytest, setuptools, wheel"
    if [ -x "$place/bin/atnas-analysis" ] && "$place/bin/python" -c "$modules, atnas_analysis" 2>/dev/null; then
        say "build/python is there"
    elif "$python" -c "$modules" 2>/dev/null; then
        "$python" -m venv --clear --system-site-packages "$place" &&
            "$place/bin/python" -m pip install -q --no-deps --no-build-isolation --no-index -e "$root/analysis" &&
            say "build/python has analysis/, and the rest from the system's packages"
    elif [ "$for_whom" = python ]; then
        "$python" -m venv --clear "$place" &&
            "$place/bin/python" -m pip install -q -e "$root/analysis[tests]" setuptools wheel &&
            say "build/python has analysis/, and the rest from PyPI"
    else
        say "no build/python, so the tests of analysis/ will be skipped: jobs/setup.sh python makes it"
    fi
}

# What some tests of analysis/ need beside, from PyPI; without it they are skipped. numpy stays what the system's
# packages were compiled for. Not PyTorch, which is large: the system's packages have it (above).
more_for_analysis() {
    local python=$root/build/python/bin/python numpy
    [ "$for_whom" = python ] || return 0
    "$python" -c "import ipykernel, nbclient, nbformat, onnx, onnxruntime, tensorboard, xxhash" 2>/dev/null && return
    numpy=$("$python" -c "import numpy; print(numpy.__version__)")
    if "$python" -m pip install -q --no-build-isolation -e "$root/analysis[tests]" "numpy==$numpy"; then
        say "build/python has TensorBoard, ONNX Runtime, xxhash and a kernel for notebooks, from PyPI"
    else
        say "without PyPI the tests of TensorBoard's files, of ONNX, of digests and of the notebook are skipped"
        [ -z "${CI:-}" ]
    fi
}

check_cmake() {
    local version
    version=$(cmake --version | sed -n '1s/[^0-9]*//p')
    if [ "$(printf '%s\n' 3.25 "$version" | sort -V | head -n 1)" != 3.25 ]; then
        say "error: CMake 3.25 or newer is needed, $(command -v cmake) is $version." \
            "This distribution is too old; a newer CMake comes with: pip install cmake" >&2
        return 1
    fi
}

main() {
    if [ "${ATNAS_SKIP_SETUP:-0}" = 1 ]; then
        say "skipped (ATNAS_SKIP_SETUP=1)"
    elif ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "this is neither Debian nor Ubuntu: install the requirements of INSTALL.md yourself;" \
            "configure will say what is missing"
    else
        local needed wanted
        mapfile -t needed < <(missing_of "${required[@]}")
        mapfile -t wanted < <(missing_of "${optional[@]}")
        if [ ${#needed[@]} -gt 0 ] || { [ -n "${CI:-}" ] && [ ${#wanted[@]} -gt 0 ]; }; then
            apt_get "${needed[*]} ${wanted[*]}" update
            mapfile -t wanted < <(known_of "${wanted[@]}")
            say "installing ${needed[*]} ${wanted[*]}"
            apt_get "${needed[*]} ${wanted[*]}" install -y --no-install-recommends "${needed[@]}" "${wanted[@]}"
        elif [ ${#wanted[@]} -gt 0 ]; then
            say "not installed, and not needed: ${wanted[*]}"
        else
            say "everything is installed"
        fi
    fi
    check_cmake
    if [ -n "$for_whom" ] && [ "${ATNAS_SKIP_SETUP:-0}" != 1 ] && ! { python_environment && more_for_analysis; }; then
        rm -rf "$root/build/python"  # a half of it would be taken for the whole
        say "error: build/python could not be made: the tests of analysis/ cannot run" >&2
        [ "$for_whom" = tests ] || return 1
    fi
}

main
