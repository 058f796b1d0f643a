# Owns the way into the Debian system: what is mounted for it, then chroot. Runs in a mount namespace of its own,
# so that the machine never sees these mounts. Must not know what runs inside.
# usage: enter.sh ROOT SCRIPT RUN TEMPLATE [ARGUMENT...]; RUN and TEMPLATE are folders or "-", seen inside as
# /srv/run and /srv/template.
root=$1 script=$2 run=$3 template=$4
shift 4
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777,size=256m tmpfs "$root/dev/shm"
[ "$run" = - ] || mount --bind "$run" "$root/srv/run"
if [ "$template" != - ]; then
	mount --bind "$template" "$root/srv/template"
	mount -o remount,bind,ro "$root/srv/template"
fi
text=$(cat "$script")
exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
	${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
	sh -euc "$text" sh "$@"
