"""What the process runs on: settings, connections, telemetry."""
