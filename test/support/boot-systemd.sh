#!/bin/sh
# Starts systemd ($MANAGER) as the first process of the namespaces that it is run in, with the units in $SCRATCH/units, and
# $SCRATCH/etc as /etc/mldsa-api. $ROOT is the service, and $NODE the Node.js that runs it.
set -eu

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
# /usr/bin, or whatever holds it, is covered below.
touch /run/node
mount --bind "$NODE" /run/node

# What is written there stays there.
for folder in /usr/bin /opt /etc /var /usr/lib/systemd/system-generators; do
  layer=/run/layers$folder
  mkdir -p "$layer/upper" "$layer/work"
  mount -t overlay overlay -o "lowerdir=$folder,upperdir=$layer/upper,workdir=$layer/work" "$folder"
done

touch /usr/bin/node
mount --bind /run/node /usr/bin/node
mkdir /opt/mldsa-api
mount --bind "$ROOT" /opt/mldsa-api

mkdir -p /etc/mldsa-api
mount --bind "$SCRATCH/etc" /etc/mldsa-api

# Of the machine's own units none; the targets that ours name bring nothing.
rm -f /usr/lib/systemd/system-generators/*
mkdir -p /run/units /run/targets
mount --bind "$SCRATCH/units" /run/units
for target in sysinit basic sockets network-online shutdown; do
  printf '[Unit]\nDefaultDependencies=no\n' >"/run/targets/$target.target"
done

umount --recursive /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
# As systemd finds it in a container: credentials are mounted in one process, for another to see.
mount --make-rshared /
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=test SYSTEMD_UNIT_PATH=/run/units:/run/targets \
  "$MANAGER" --system --unit=mldsa-api.socket
