"""The log's pages and checks, on both engines."""
