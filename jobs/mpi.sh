# SPDX-License-Identifier: Apache-2.0
# What scripts tell Open MPI, as variables: other MPI libraries refuse its options and ignore these. To be read by them.
# shellcheck shell=bash

# Open MPI 5 does not start without HOME.
export HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}

# It refuses root otherwise.
mpi_as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    fi
}

# It must not count cores more strictly than we do (hyperthreads, containers).
mpi_may_oversubscribe() {
    export OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
}

# On a machine that a script has to itself, or in a container.
mpi_on_one_machine() {
    mpi_may_oversubscribe
    # Nor bind ranks to cores.
    export OMPI_MCA_hwloc_base_binding_policy=none PRTE_MCA_hwloc_default_binding_policy=none
    # Open MPI 5 finds no way by TCP from a machine's network interface to itself, and complains.
    export OMPI_MCA_btl_tcp_if_include=lo
    # Containers often forbid what its fastest path between processes needs.
    export OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_smsc=^cma
}

# Inside of a Slurm step mpirun and single processes take the step for their launcher, which has one task only.
mpi_outside_of_slurm() {
    unset "${!SLURM_@}" "${!PMIX_@}" "${!PMI_@}"
}
