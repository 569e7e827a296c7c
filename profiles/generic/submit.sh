#!/bin/sh
# Hands one job to the scheduler and prints its number: submit.sh THREADS MEMORY_MB MINUTES JOBSCRIPT
# As it stands the job starts at once on this machine, so that the three scripts can be tried without a scheduler.
# Put your scheduler's command in place of what follows; docs/cluster.md has the lines for LSF, PBS and Grid Engine.
set -e
threads=$1 memory_mb=$2 minutes=$3 script=$4
mkdir -p .snakemake/jobs
job=$(mktemp -d .snakemake/jobs/XXXXXXXX)
echo "$threads threads, $memory_mb MB, $minutes minutes: $script" >"$job/asked"
# The script goes when the run ends, the job may outlive it.
cp "$script" "$job/script"
# A session of its own: whoever cancels the job reaches all that it started.
setsid sh -c 'echo $$ >"$1/session"; "$1/script" >"$1/screen" 2>&1; echo $? >"$1/exit"' job "$job" >/dev/null 2>&1 &
while [ ! -s "$job/session" ]; do
    sleep 0.1
done
basename "$job"
