"""What was done and read, by whom, so that nobody can change it unseen: changes chained, reads sealed in batches."""
