"""What the tests share: databases, a browser-like client, the checks it makes of every page."""
