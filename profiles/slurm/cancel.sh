#!/bin/sh
# Ends the jobs in SLURM that a killed run of this folder left: profiles/slurm/cancel.sh
# They go on after the death of the snakemake that sent them, and the next run would send them again: two writers of one
# file. Call it in the folder of the project, then `snakemake --unlock`, then start the run again.
folder=$(pwd -P)
left() {
    squeue --noheader --me --format='%A %j %Z' |
        awk -v folder="$folder" '$2 ~ /^livedead_/ { job = $1; sub(/^[^ ]+ [^ ]+ /, ""); if ($0 == folder) print job }'
}
jobs=$(left) || exit 1
if [ -z "$jobs" ]; then
    echo "No job of $folder is in the queue"
    exit 0
fi
# One word per job.
# shellcheck disable=SC2086
scancel $jobs || exit 1
while [ -n "$(left)" ]; do
    sleep 1
done
echo "Ended: "$jobs
