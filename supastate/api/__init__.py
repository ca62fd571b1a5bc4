"""What every endpoint shares: keys, throttling, bodies and their limits, errors, cursors, request ids."""
