"""The faults that the pipeline survives, made against real processes: `make faults`, or a few in `make test`."""
