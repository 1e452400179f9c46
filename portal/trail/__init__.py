"""Who did what when: one chain of entries for each subject, provable from outside."""
