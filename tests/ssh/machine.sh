#!/bin/sh
# The first process of a machine: the file system seen through an overlay, then sshd.
# Arguments: scratch directory, name, sshd. Runs in mount, network, PID and UTS namespaces of its
# own, whose links are there already.
set -eu
scratch=$1 name=$2 sshd=$3
mount --make-rprivate /
mount -t tmpfs tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$scratch/root"
root=$scratch/root
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/run"
mkdir -p "$root/run/sshd" "$root/run/systemd/system" "$root/etc/cni/net.d" "$root/opt/cni/bin"
mkdir -p "$root/etc/sysctl.d" "$root/etc/modules-load.d" "$root/etc/systemd/system"
grep -q '^sshd:' /etc/passwd || echo 'sshd:x:4242:65534::/run/sshd:/usr/sbin/nologin' >>"$root/etc/passwd"
cp "$scratch.systemctl" "$root/usr/local/bin/systemctl"
chmod 755 "$root/usr/local/bin/systemctl"
hostname "$name"
ip link set lo up
exec chroot "$root" "$sshd" -D -e -f "$scratch.sshd"
