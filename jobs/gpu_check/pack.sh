#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/gpu_check/pack.sh DIR [--from BUILD], see README.md here: DIR/atnas_gpu_check.tar.xz, all of run.sh --prebuilt.
# Builds in DIR/build; with --from it takes the programs of a build that is there.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/jobs/cores.sh"
programs=(atnas test_cuda_backend test_cuda_subnets test_mpi_nccl gpu_probe)
limit=$((55 * 1000 * 1000)) # bytes
# What the other machine has: glibc, the driver, CUDA and what goes with it.
theirs='^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|util|anl|nsl|mvec|thread_db))\.so'
theirs+='|^lib(cuda|cudart|cublas|cublasLt|cudnn[a-z_]*|nccl|nvrtc.*|nvidia.*)\.so'
# Plugins for networks and for a part of Open MPI that is not used; they would bring many libraries.
unused='ucx|ofi|psm|openib|usnic|memheap|sshmem|spml|scoll|atomic|gridengine'

fail() {
    echo "pack.sh: $1" >&2
    exit "${2:-1}"
}

work=
build=
while [ $# -gt 0 ]; do
    case $1 in
    --from)
        [ $# -gt 1 ] || fail "--from needs a build folder" 2
        build=$(cd "$2" && pwd)
        shift
        ;;
    -*) fail "unknown option $1; use pack.sh DIR [--from BUILD]" 2 ;;
    *)
        [ -z "$work" ] || fail "one folder, please: pack.sh DIR [--from BUILD]" 2
        work=$1
        ;;
    esac
    shift
done
[ -n "$work" ] || fail "say where to: pack.sh DIR [--from BUILD]" 2
mkdir -p "$work"
work=$(cd "$work" && pwd)

if [ -z "$build" ]; then
    build=$work/build
    cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DATNAS_NATIVE=OFF -DATNAS_TESTS=ON \
        -DATNAS_CUDA=ON -DATNAS_NCCL=ON
    cmake --build "$build" --parallel "$(cores)" --target "${programs[@]}"
fi

# A fact about the Open MPI that is installed: where its plugins are, for example.
mpi_folder() { ompi_info --path "$1" --parsable | sed 's/^path:[^:]*://'; }

bundle=$work/atnas_gpu_check
rm -rf "$bundle"
mkdir -p "$bundle"/{bin,lib/openmpi,lib/pmix,share/openmpi,etc,jobs,inputs}
for name in "${programs[@]}"; do
    [ -x "$build/bin/$name" ] || fail "$build/bin/$name is not there"
    install -m 755 "$build/bin/$name" "$bundle/bin/$name"
done
# Links to one program that looks at its name; single processes start orted.
for name in mpirun orted; do install -m 755 "$(realpath "$(command -v $name)")" "$bundle/bin/$name"; done

plugins=$(mpi_folder pkglibdir)
for plugin in "$plugins"/*.so; do
    [[ ${plugin##*/} =~ $unused ]] || install -m 644 "$plugin" "$bundle/lib/openmpi/"
done
cp "$(mpi_folder pkgdatadir)"/*.txt "$bundle/share/openmpi/"
cp "$(mpi_folder sysconfdir)"/openmpi-mca-params.conf "$bundle/etc/"

# Every library that these load, by the name that they load it by. PMIx has plugins as well, beside its library.
libraries_of() { ldd "$@" 2>/dev/null | sed -n 's/^[[:space:]]*\([^ ]*\) => \(\/[^ ]*\) .*/\1 \2/p' | sort -u; }
copy_libraries() {
    local name path
    while read -r name path; do
        [[ $name =~ $theirs ]] || [ -e "$bundle/lib/$name" ] || install -m 644 "$(realpath "$path")" "$bundle/lib/$name"
    done < <(libraries_of "$@")
}
copy_libraries "$build"/bin/atnas "${programs[@]/#/$build/bin/}" "$bundle"/bin/{mpirun,orted} "$bundle"/lib/openmpi/*.so
pmix=$(libraries_of "$bundle"/lib/openmpi/*pmix*.so | sed -n 's/^libpmix[^ ]* //p' | head -1)
if [ -n "$pmix" ]; then
    for plugin in "$(dirname "$(realpath "$pmix")")"/pmix/*.so; do
        [ ! -e "$plugin" ] || install -m 644 "$plugin" "$bundle/lib/pmix/"
    done
    copy_libraries "$bundle"/lib/pmix/*.so
fi
strip --strip-unneeded "$bundle"/bin/* "$bundle"/lib/*.so* "$bundle"/lib/*/*.so

cp -r "$root/jobs/gpu_check" "$root"/jobs/{cores,mpi}.sh "$bundle/jobs/"
rm -rf "$bundle/jobs/gpu_check/results"
cp "$root/inputs/quickstart.ini" "$bundle/inputs/"
{
    echo "commit $(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)"
    grep -E '^(ATNAS_NATIVE|CMAKE_CUDA_ARCHITECTURES|CMAKE_BUILD_TYPE)[:=]' "$build/CMakeCache.txt" || true
    mpirun --version | head -1
} >"$bundle/PACKED"

archive=$work/atnas_gpu_check.tar.xz
tar -C "$work" --owner=0 --group=0 -cf - atnas_gpu_check | xz -T0 "${XZ_LEVEL:--6}" >"$archive.part"
mv "$archive.part" "$archive"
size=$(stat -c %s "$archive")
echo "$archive: $((size / 1000 / 1000)) MB, unpacked $(du -sm "$bundle" | cut -f1) MB"
[ "$size" -le "$limit" ] || fail "it is larger than $((limit / 1000 / 1000)) MB"
