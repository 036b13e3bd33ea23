# SPDX-License-Identifier: Apache-2.0
# What all batch scripts do. jobs/submit writes a script that sets PROGRAM, LAUNCHER, CHAIN (how many times of a job the
# search may take), CHAIN_BY (requeue or dependency) and THREADS, reads this file and calls
#   search DECK FOLDER [--section.key=value ...]
# with the deck's run.folder: it goes on from the newest checkpoint there, or starts when there is none.
# shellcheck shell=bash

# Without $(): traps say something, and Bash 5.2 can abort where a signal meets such a substitution in a trap.
say() { printf '[%(%T)T] job %s: %s\n' -1 "$SLURM_JOB_ID" "$*"; }

# Elements of an array have a number that only this name is unique for.
job_name() { echo "${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}" | grep . || echo "$SLURM_JOB_ID"; }

# SLURM_JOB_END_TIME, a UNIX time, for the search to stop by itself: Slurm before 23.02 does not set it, and one that
# was inherited from the shell of the submission belongs to another job.
set_end_time() {
    local end
    # The user's own SLURM_TIME_FORMAT must not reach squeue, and of no answer date makes midnight.
    end=$(SLURM_TIME_FORMAT=standard squeue --noheader --jobs="$(job_name)" --format=%e 2>/dev/null) || end=
    if [ -n "$end" ]; then end=$(date -d "$end" +%s 2>/dev/null) || end=; fi
    unset SLURM_JOB_END_TIME
    if [ -n "$end" ]; then export SLURM_JOB_END_TIME=$end; else say "does not know when its time is over, and relies on the signal"; fi
}

# The launcher's words, one per line. A rank that fails must end the others; but ranks that stop in time leave one
# after another, and --kill-on-bad-exit would kill the later ones and lose the exit code: hence the seconds of --wait.
launch_words() {
    local words
    read -ra words <<<"$LAUNCHER"
    case ${words[0]##*/} in
        srun)
            words+=(--kill-on-bad-exit=0 --wait=10)
            # A rank keeps its cores, unless the site says otherwise: ranks that wander lose their caches.
            [[ -n ${SLURM_CPU_BIND:-} || $LAUNCHER == *--cpu[-_]bind* || $LAUNCHER == *--hint* ]] || words+=(--cpu-bind=cores)
            ;;
        mpirun | mpiexec) words+=(-n "$SLURM_NTASKS") ;;
    esac
    printf '%s\n' "${words[@]}"
}

# Of Open MPI, as variables: the mpirun of other MPI libraries refuses its options. OMPI_ for Open MPI 4, PRTE_ for 5,
# whose launcher is a program of its own.
# Open MPI 4 passes SIGTERM on and kills a second later, in the middle of a checkpoint, unless told to wait; it then waits
# as long after every end with a code, and orte_abort_on_non_zero_status=0, which would avoid that, loses the code.
# Keepalive: a host that is gone is noticed after 90 s instead of 8 min (jobs/README.md, section "Failures").
set_mpi() {
    export OMPI_MCA_odls_base_sigkill_timeout=${OMPI_MCA_odls_base_sigkill_timeout:-10}
    export OMPI_MCA_oob_tcp_keepalive_time=${OMPI_MCA_oob_tcp_keepalive_time:-60}
    export OMPI_MCA_oob_tcp_keepalive_intvl=${OMPI_MCA_oob_tcp_keepalive_intvl:-5}
    export OMPI_MCA_oob_tcp_keepalive_probes=${OMPI_MCA_oob_tcp_keepalive_probes:-6}
    export PRTE_MCA_oob_tcp_keepalive_time=${PRTE_MCA_oob_tcp_keepalive_time:-60}
    export PRTE_MCA_oob_tcp_keepalive_intvl=${PRTE_MCA_oob_tcp_keepalive_intvl:-5}
    export PRTE_MCA_oob_tcp_keepalive_probes=${PRTE_MCA_oob_tcp_keepalive_probes:-6}
}

# Runs the ranks and returns their code, whatever signals come. SIGUSR1 is passed on; on SIGTERM (scancel, preemption) Slurm
# tells the ranks itself. The code comes through a pipe, from a shell that waits in the foreground: bash's wait, if a
# signal meets it, can answer 128 and the signal after its trap was run, or lose the code.
run_ranks() {
    local ranks='' code early=0
    cancelled=0
    trap 'say "SIGUSR1: the time is nearly over, the search stops in time"
          if [ -n "$ranks" ]; then kill -USR1 "$ranks" 2>/dev/null; else early=1; fi' USR1
    trap 'cancelled=1; say "SIGTERM: cancelled, preempted or out of time"' TERM
    exec 3>&1 4< <(
        trap : USR1 TERM
        # shellcheck disable=SC2016  # for the inner shell, which becomes the launcher
        sh -c 'echo $$; exec "$@" >&3 3>&-' sh "$@"
        echo $?
    )
    exec 3>&-
    read -r ranks <&4
    # A signal that came before anybody knew whom to tell.
    [ $early -eq 0 ] || kill -USR1 "$ranks" 2>/dev/null
    read -r code <&4
    exec 4<&-
    # A late SIGUSR1 must not end the script before it has gone on.
    trap : USR1
    trap - TERM
    return "${code:-137}"
}

search() {
    local deck=$1 folder=$2 restart=() found words code
    shift 2
    local stop=$folder/stop_now
    mkdir -p "$folder"
    if [ -e "$stop" ]; then
        say "there is $stop: somebody asked for an end. jobs/submit again to go on, or remove it"
        exit 75
    fi
    found=("$folder"/checkpoint-*.h5)
    if [ -e "${found[0]}" ]; then restart=(--restart=latest); fi
    export OMP_NUM_THREADS=$THREADS
    # Since 22.05 srun does not take it from the job.
    export SRUN_CPUS_PER_TASK=${SLURM_CPUS_PER_TASK:-1}
    set_mpi
    set_end_time
    mapfile -t words < <(launch_words)

    say "${SLURM_NTASKS} rank(s) on ${SLURM_JOB_NODELIST}, run ${SLURM_RESTART_COUNT:-0} of this job, in $folder"
    run_ranks "${words[@]}" "$PROGRAM" search "$deck" --run.folder="$folder" "${restart[@]}" "$@"
    code=$?
    if [ $code -ne 75 ]; then
        say "the search ended with code $code"
        end_dependent_chain
    elif [ $cancelled -eq 1 ]; then
        say "stopped in time; jobs/submit again to go on"
    elif [ -e "$stop" ]; then
        say "stopped because of $stop; jobs/submit again to go on"
    else
        go_on
    fi
    exit $code
}

# The jobs that wait with afternotok start after every failure; where the program itself refused to go on (codes 1 to 4)
# they would all fail alike. After a crash or the loss of a node (other codes) the next one is to try again.
end_dependent_chain() {
    if [ "$CHAIN_BY" = dependency ] && [ "$CHAIN" -gt 1 ] && [ "$code" -ge 1 ] && [ "$code" -le 4 ]; then
        touch "$stop"
        say "what is left of the chain would fail alike: $stop ends it, jobs/submit removes it"
    fi
}

# After a stop in time: the next of the chain. A requeue ends this script.
go_on() {
    if [ "$CHAIN" -le 1 ]; then
        say "stopped in time; jobs/submit again to go on"
    elif [ "$CHAIN_BY" = dependency ]; then
        say "stopped in time; the next job of the chain goes on, if there is one left"
    elif [ $((${SLURM_RESTART_COUNT:-0} + 1)) -ge "$CHAIN" ]; then
        say "stopped in time at the end of the chain of $CHAIN; jobs/submit again to go on"
    elif scontrol requeue "$(job_name)"; then
        say "stopped in time; requeued"
        sleep 60
    else
        say "stopped in time, but Slurm refused to requeue this job; jobs/submit again to go on, or set chain_by = dependency"
    fi
}
