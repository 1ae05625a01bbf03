"""The commands of the README, in a clean copy."""
