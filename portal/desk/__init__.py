"""What people are told: tasks, notices, and the ordered feed of events."""
