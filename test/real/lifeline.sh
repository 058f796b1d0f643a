# Owns the life of one namespace: process 1 of it. Runs a script and ends it when the starter's pipe (stdin) closes,
# however the starter died. When this process ends the kernel ends every other process of the namespace and drops
# its mounts, so nothing can be left behind. Must not know what the script does.
# usage: lifeline.sh FOLDER SCRIPT [ARGUMENT...]; FOLDER ("-" for none) is held by a lock and removed at the end.
folder=$1
shift
if [ "$folder" != - ]; then
	exec 9>"$folder/lock"
	flock -n 9 || exit 1
fi
exec 3<&0
sh -eu "$@" </dev/null 3<&- &
work=$!
{
	cat <&3 >/dev/null
	kill -TERM "$work"
	sleep 20
	kill -KILL "$work"
} 2>/dev/null &
status=0
wait "$work" || status=$?
[ "$folder" = - ] || rm -rf "$folder"
exit "$status"
