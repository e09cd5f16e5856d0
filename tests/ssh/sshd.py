"""OpenSSH's server."""

from tests.unpacked import Program

SSHD = Program("sshd", ("openssh-server", "libwrap0"))
missing, command = SSHD.missing, SSHD.command
