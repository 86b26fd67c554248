"""What has side effects: sending, recording, beginning and ending enrollments."""
