"""A DHCP server on the L2 of a node of our own, and the plugin's daemon beside it."""

from __future__ import annotations

import dataclasses
import ipaddress
import shlex
import struct
from pathlib import Path

from rig.parts.debian import NODE_COMMANDS, ensure_packages
from rig.progress import Progress
from tests.unpacked import Program
from tests.waiting import at_last

PATIENCE = 60.0

DHCPD = Program("dhcpd", ("isc-dhcp-server",))
"""ISC's server: it reads frames from the link, as Kea does."""

BRIDGE = "lan"
SUBNET, GATEWAY = "10.63.0.0/24", "10.63.0.1"
FIRST, LAST = "10.63.0.50", "10.63.0.60"
ROUTE = ("10.64.0.0/16", "10.63.0.9")
"""A classless static route: destination and router."""

_CONFIGURATION = f"""\
authoritative;
ping-check false;
option classless-routes code 121 = array of unsigned integer 8;
subnet 10.63.0.0 netmask 255.255.255.0 {{
  range {FIRST} {LAST};
  option routers {GATEWAY};
  option classless-routes 16, 10,64, 10,63,0,9;
}}
on commit {{
  log(info, concat("name ", pick-first-value(option host-name, "-"),
    ", class ", pick-first-value(option vendor-class-identifier, "-")));
}}
"""

_SOCKET_CONFIGURATION = f"""\
interface {BRIDGE}
start {FIRST}
end {LAST}
opt subnet 255.255.255.0
opt lease 3600
auto_time 1
lease_file %(directory)s/leases
pidfile %(directory)s/pid
"""

# The node's uplink becomes a port of the bridge: macvlan's pods on eth0 and the bridge's own meet.
# The daemon asks again after 2 s instead of 10: a bridge's port may not forward its first frame.
_SERVICES = f"""
ip link add {BRIDGE} type bridge
ip address add {GATEWAY}/24 dev {BRIDGE}
ip link set {BRIDGE} up
ip link set uplink master {BRIDGE}
( cd %(directory)s
  touch leases
  %(server)s > server.log 2>&1 &
  server=$!
  "$1/dhcp" daemon -timeout 2s 2> daemon.log &
  until [ -S /run/cni/dhcp.sock ] && grep -q start server.log; do
    kill -0 $server $!
    sleep 0.1
  done
) > /dev/null
"""


@dataclasses.dataclass(frozen=True)
class Server:
    """The server's files, in a directory of the test's."""

    directory: Path

    def services(self) -> str:
        """What a Node runs to have it."""
        dhcpd, environment = DHCPD.command()
        variables = [f"{name}={value}" for name, value in environment.items()]
        files = ["-cf", "dhcpd.conf", "-lf", "leases", "-pf", "pid"]
        (self.directory / "dhcpd.conf").write_text(_CONFIGURATION)
        return self._beside("env", *variables, str(dhcpd), "-4", "-f", "-d", *files, BRIDGE)

    def _beside(self, *server: str) -> str:
        directory = shlex.quote(str(self.directory))
        return _SERVICES % {"directory": directory, "server": shlex.join(server)}

    @property
    def said(self) -> str:
        """Its log."""
        return (self.directory / "server.log").read_text()

    def hears(self, words: str) -> bool:
        """Whether its log says so at last: nobody waits for the answer to a release."""
        return at_last(lambda: words in self.said, PATIENCE)

    def daemon_said(self) -> str:
        """The log of the plugin's daemon."""
        return (self.directory / "daemon.log").read_text()


class SocketServer(Server):
    """BusyBox's, which reads from a socket, as dnsmasq does."""

    def services(self) -> str:
        ensure_packages({"busybox": NODE_COMMANDS["busybox"]}, Progress(quiet=True))
        places = {"directory": self.directory}
        (self.directory / "udhcpd.conf").write_text(_SOCKET_CONFIGURATION % places)
        return self._beside("busybox", "udhcpd", "-f", "udhcpd.conf")

    def seconds_left(self) -> dict[str, int]:
        """Its leases, as it writes them anew every second: address → how long it is taken."""
        file = self.directory / "leases"
        before = file.stat().st_mtime_ns
        assert at_last(lambda: file.stat().st_mtime_ns > before, PATIENCE)
        leases = struct.iter_unpack("!I4s6s22s", file.read_bytes()[8:])
        return {str(ipaddress.IPv4Address(ip)): seconds for seconds, ip, _mac, _name in leases}
