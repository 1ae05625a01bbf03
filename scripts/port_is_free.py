"""Can a server listen on 127.0.0.1 at the port given? Exit code 0 when it can."""

import socket
import sys

try:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", int(sys.argv[1])))
        probe.listen(1)
except (OSError, OverflowError, ValueError):
    sys.exit(1)
