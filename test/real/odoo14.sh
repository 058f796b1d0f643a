# Owns PostgreSQL and Odoo inside the Debian system, as plain processes: no service manager. PostgreSQL listens on a
# Unix socket in /srv/run only, Odoo on 127.0.0.1 only.
# usage: odoo14.sh build PORT TEMPLATE_DATABASE MODULES     makes /srv/run/pg and /srv/run/data, then serves them
#        odoo14.sh run   PORT TEMPLATE_DATABASE DATABASE    copies /srv/template, makes DATABASE from its template, serves it
mode=$1 port=$2 template=$3 subject=$4
run=/srv/run bin=/usr/lib/postgresql/13/bin

# A plain prefix, not a function: in the background `$!` must be the program itself.
as_postgres='setpriv --reuid=postgres --regid=postgres --init-groups --'
as_odoo='setpriv --reuid=odoo --regid=odoo --init-groups --'

configure() {
	# fsync is off because the machine's crash costs only this run's copy; `build` syncs once at its end.
	cat >"$run/pg/postgresql.auto.conf" <<-X
		listen_addresses = ''
		unix_socket_directories = '$run'
		fsync = off
		full_page_writes = off
		synchronous_commit = off
		shared_buffers = 64MB
		min_wal_size = 32MB
		max_wal_size = 64MB
		jit = off
		logging_collector = off
		log_min_messages = fatal
	X
	# Mail goes to the discard port: nothing may leave this machine.
	cat >"$run/odoo.conf" <<-X
		[options]
		admin_passwd = $(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
		db_host = $run
		db_user = odoo
		data_dir = $run/data
		http_interface = 127.0.0.1
		http_port = $port
		workers = 0
		max_cron_threads = 0
		limit_time_real = 1200
		limit_time_cpu = 1200
		without_demo = all
		smtp_server = 127.0.0.1
		smtp_port = 9
		log_level = warn
	X
	chown odoo "$run/odoo.conf"
	chmod 600 "$run/odoo.conf"
}

start_postgres() {
	$as_postgres $bin/postgres -D "$run/pg" &
	postgres=$!
	until $as_postgres $bin/pg_isready -q -h "$run"; do
		kill -0 "$postgres"
		sleep 0.1
	done
}

# PostgreSQL has to make its socket here, Odoo to reach it and its own folder.
chown postgres "$run"
chmod 755 "$run"
if [ "$mode" = build ]; then
	mkdir "$run/pg" "$run/data"
	chown postgres "$run/pg"
	chown odoo "$run/data"
	$as_postgres $bin/initdb -D "$run/pg" -A peer -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
	configure
	start_postgres
	$as_postgres createuser -h "$run" --createdb odoo
	$as_odoo odoo -c "$run/odoo.conf" -d "$template" -i "$subject" --log-level=info --stop-after-init
	database=$template
else
	cp -a --reflink=auto /srv/template/pg /srv/template/data "$run/"
	configure
	start_postgres
	database=$subject
	$as_postgres createdb -h "$run" -O odoo -T "$template" "$database"
	[ ! -d "$run/data/filestore/$template" ] || mv "$run/data/filestore/$template" "$run/data/filestore/$database"
fi

# From here on TERM means: stop in order. Before, it ends this shell and with it the namespace.
stopping=
trap 'stopping=1' TERM
$as_odoo odoo -c "$run/odoo.conf" -d "$database" --db-filter="^$database\$" &
odoo=$!
status=0
wait "$odoo" || status=$?
if [ -z "$stopping" ]; then
	echo "Odoo ended by itself (status $status)" >&2
	exit 1
fi
if [ "$mode" = run ]; then
	# Its data is thrown away.
	kill -KILL "$odoo"
	kill -QUIT "$postgres"
	wait || true
	exit 0
fi
kill -TERM "$odoo"
wait "$odoo" || true
kill -INT "$postgres"
wait "$postgres"
rm -f "$run/odoo.conf"
sync -f "$run"
