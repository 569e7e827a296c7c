#!/bin/sh
# Prints running, success or failed for the number of a job: status.sh JOB
# A job that the scheduler no longer knows must not be called running for ever.
job=.snakemake/jobs/$1
if [ -s "$job/exit" ]; then
    [ "$(cat "$job/exit")" = 0 ] && echo success || echo failed
elif kill -0 "$(cat "$job/session")" 2>/dev/null; then
    echo running
else
    # Killed before it could say how it ended; or it ended since the first question.
    [ "$(cat "$job/exit" 2>/dev/null)" = 0 ] && echo success || echo failed
fi
