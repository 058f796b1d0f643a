# Owns the packages of the Debian system; runs inside it. No service may start, no cluster is made: both are done by
# hand, per run. usage: packages.sh PACKAGE...
export DEBIAN_FRONTEND=noninteractive
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
mkdir -p /etc/postgresql-common /srv/run /srv/template
echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
# A half-made system is thrown away whole, so dpkg need not sync each file; nobody reads manuals here.
printf '%s\n' force-unsafe-io 'path-exclude=/usr/share/doc/*' 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/locale/*' >/etc/dpkg/dpkg.cfg.d/crm-erp
apt-get -q -o Acquire::Retries=3 update
apt-get -q -y -o Acquire::Retries=3 --no-install-recommends install "$@"
apt-get clean
rm -rf /var/lib/apt/lists/*
