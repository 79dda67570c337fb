#!/bin/sh
# Starts systemd ($MANAGER) as the first process of the namespaces that this script runs in, with the unit $UNIT.
# $SCRATCH/units has the units, and $SCRATCH/etc is /etc/mldsa-api.
# $SERVICE is the folder that becomes /opt/mldsa-api, with $BUNDLE as its dist. If it is empty, /opt is empty.
set -eu

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
# Debian creates these folders when it boots.
mkdir -p /run/lock /run/haproxy

# Changes in these folders are written to memory, and end with the namespaces.
for folder in /opt /etc /var /usr/lib/systemd/system-generators; do
  layer=/run/layers$folder
  mkdir -p "$layer/upper" "$layer/work"
  mount -t overlay overlay -o "lowerdir=$folder,upperdir=$layer/upper,workdir=$layer/work" "$folder"
done

rm -rf /opt/mldsa-api /etc/mldsa-api /etc/systemd/system/*
if [ -n "$SERVICE" ]; then
  mkdir /opt/mldsa-api /etc/mldsa-api
  mkdir -p "$SERVICE/dist"
  mount --bind "$SERVICE" /opt/mldsa-api
  mount --bind "$BUNDLE" /opt/mldsa-api/dist
  mount --bind "$SCRATCH/etc" /etc/mldsa-api
else
  # The network is separate too.
  ip link set lo up
fi

# None of the machine's own units start, and the targets that our units name start nothing.
rm -f /usr/lib/systemd/system-generators/*
mkdir -p /run/units /run/targets
mount --bind "$SCRATCH/units" /run/units
for target in sysinit basic sockets network-online multi-user shutdown; do
  printf '[Unit]\nDefaultDependencies=no\n' >"/run/targets/$target.target"
done

umount --recursive /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
# systemd finds the same in a container: credentials are mounted in one process and visible to another.
mount --make-rshared /
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=test \
  SYSTEMD_UNIT_PATH=/etc/systemd/system:/run/units:/run/targets "$MANAGER" --system --unit="$UNIT"
