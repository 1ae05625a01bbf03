"""What only a browser shows: accessibility, narrow screens, life without JavaScript."""
