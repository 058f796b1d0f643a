# Owns the base system: Debian's own bootstrapper with signatures checked.
# usage: debootstrap.sh SUITE ROOT MIRROR KEYRING
exec debootstrap --variant=minbase --include=ca-certificates --keyring="$4" "$1" "$2" "$3"
