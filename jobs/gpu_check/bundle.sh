# SPDX-License-Identifier: Apache-2.0
# What programs of an unpacked bundle need from the machine and from the bundle. To be read by run.sh.
# shellcheck shell=bash

# Folders that may hold NVIDIA's libraries, the best first: those that NVIDIA_LIBRARIES names, of Python's packages,
# of toolkits, of the environment, the system's.
library_folders() {
    local python folder
    tr ':' '\n' <<<"${NVIDIA_LIBRARIES:-}"
    for python in python3 python; do
        command -v "$python" >/dev/null && "$python" "$bundle/jobs/gpu_check/find_libraries.py" 2>/dev/null
    done
    for folder in "${CUDA_HOME:-}" "${CUDA_PATH:-}" /usr/local/cuda /usr/local/cuda-*; do
        [ -n "$folder" ] && printf '%s\n' "$folder/lib64" "$folder/lib" "$folder/targets/x86_64-linux/lib"
    done
    folder=$(command -v nvcc) && folder=$(dirname "$(realpath "$folder")")/.. &&
        printf '%s\n' "$folder/lib64" "$folder/lib"
    tr ':' '\n' <<<"${LD_LIBRARY_PATH:-}"
    PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null |
        sed -n 's|.* => \(/.*\)/lib\(cud\|cub\|nccl\)[^/]*$|\1|p' | sort -u
    printf '%s\n' /usr/lib/x86_64-linux-gnu /usr/lib64
}

# Sets nvidia_path, and found, what lies where, a line each. cuDNN's parts load each other by name from its folder.
# NVRTC is asked for by parts of cuDNN only.
find_nvidia_libraries() {
    local name folder folders
    nvidia_path=
    found=()
    mapfile -t folders <<<"$(library_folders)"
    for name in libcudart.so.13 libcublas.so.13 libcublasLt.so.13 libcudnn.so.9 libnccl.so.2 libnvrtc.so.13; do
        for folder in "${folders[@]}"; do
            [ -n "$folder" ] && [ -e "$folder/$name" ] || continue
            found+=("$name: $folder")
            [[ :$nvidia_path: == *:"$folder":* ]] || nvidia_path=${nvidia_path:+$nvidia_path:}$folder
            continue 2
        done
        found+=("$name: not found")
    done
}

# ours COMMAND...: one of our programs. Its libraries are nobody else's, Python's least of all. Open MPI looks for ssh
# even on one machine, unless it is told that there is no other.
ours() {
    LD_LIBRARY_PATH=$bundle/lib${nvidia_path:+:$nvidia_path}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} \
        PATH=$bundle/bin:$PATH \
        OPAL_PREFIX=$bundle OPAL_BINDIR=$bundle/bin OPAL_LIBDIR=$bundle/lib OPAL_PKGLIBDIR=$bundle/lib/openmpi \
        OPAL_DATADIR=$bundle/share OPAL_PKGDATADIR=$bundle/share/openmpi OPAL_SYSCONFDIR=$bundle/etc \
        OMPI_MCA_mca_base_component_path=$bundle/lib/openmpi \
        OMPI_MCA_plm=isolated \
        PMIX_PREFIX=$bundle PMIX_LIBDIR=$bundle/lib PMIX_PKGLIBDIR=$bundle/lib/pmix PMIX_SYSCONFDIR=$bundle/etc \
        PMIX_MCA_mca_base_component_path=$bundle/lib/pmix HWLOC_PLUGINS_PATH=$bundle/lib \
        HOME=${HOME:-/tmp} "$@"
}
