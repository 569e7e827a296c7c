#!/bin/sh
# Ends jobs: cancel.sh JOB ...
# What a killed run of this folder left: profiles/generic/cancel.sh $(ls .snakemake/jobs)
for job; do
    kill -- "-$(cat ".snakemake/jobs/$job/session")" 2>/dev/null
done
exit 0
