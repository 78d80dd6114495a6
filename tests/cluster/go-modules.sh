# Sourced by what builds programs from Go modules: sets CACHE and $GO, which is new enough.
# Wants WORK, a directory that goes away afterwards; any Go, however old, and python3.

GO_MINOR=24          # the oldest Go that builds them: 1.24
GO_FETCH=1.24.12     # the Go to fetch where the machine has none that is new enough

CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/arplet

say() {
	echo "$(basename "$0"): $*" >&2
}

elapsed() {
	printf '%d min %02d s' $((SECONDS / 60)) $((SECONDS % 60))
}

# Prints the path of a go command that is new enough, or fetches one: the Go project publishes its
# releases as versions of a module, and any go command can download a module.
find_go() {
	local have minor machine dir
	have=$(command -v go || true)
	if [ -z "$have" ]; then
		say "no go command in PATH; on Debian: apt-get install golang-go"
		return 1
	fi
	minor=$("$have" env GOVERSION | sed -nE 's/^go1\.([0-9]+).*/\1/p')
	if [ "${minor:-0}" -ge $GO_MINOR ]; then
		echo "$have"
		return
	fi
	dir=$WORK/go-$GO_FETCH
	if [ ! -x "$dir/bin/go" ]; then
		machine=$("$have" env GOHOSTOS)-$("$have" env GOHOSTARCH)
		say "$have is too old (1.${minor:-?}), fetching Go $GO_FETCH"
		fetch_go "$have" "golang.org/toolchain@v0.0.1-go$GO_FETCH.$machine" "$dir"
	fi
	echo "$dir/bin/go"
}

# Module files are unpacked without their mode: the programs among them are made executable again.
fetch_go() {
	local from
	from=$(cd "$WORK" && "$1" mod download -json "$2" | json Dir)
	rm -rf "$3.part"
	cp -R "$from" "$3.part"
	chmod -R u+w "$3.part"
	find "$3.part/bin" "$3.part/pkg/tool" -type f -exec chmod +x {} +
	mv "$3.part" "$3"
	rm -rf "$from"
}

json() {
	python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}

# Go, if it has to be fetched, and caches of our own: 3 GB that nothing has a use for afterwards.
prepare_go() {
	mkdir -p "$WORK"
	export GOTOOLCHAIN=local GOFLAGS="-modcacherw -buildvcs=false"
	export GOMODCACHE=$WORK/mod GOCACHE=$WORK/cache GOWORK=off GO111MODULE=on
	GO=$(find_go)
	PATH=$(dirname "$GO"):$PATH
	cd "$WORK"
}
