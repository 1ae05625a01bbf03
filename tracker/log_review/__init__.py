"""What has been done and read here, searched and checked: who, when, which record, which fields, never values."""
