# Shell functions for the scripts that build programs from Go modules. Sets CACHE and GO.
# The calling script sets WORK to a temporary directory, and removes this directory at its end. The
# functions need python3 and a Go toolchain of any version.

GO_MINOR=24          # the programs need Go 1.24 or later
GO_FETCH=1.24.12     # the Go release to download if the machine's Go is too old

CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/arplet

progress() {
	echo "$(basename "$0"): $*" >&2
}

elapsed() {
	printf '%d min %02d s' $((SECONDS / 60)) $((SECONDS % 60))
}

# Prints the path of a go command of version 1.$GO_MINOR or later; downloads Go if necessary.
# Even an old go command can download a Go release, because each release is a Go module.
find_go() {
	local installed minor machine dir
	installed=$(command -v go || true)
	if [ -z "$installed" ]; then
		progress "no go command in PATH; on Debian: apt-get install golang-go"
		return 1
	fi
	minor=$("$installed" env GOVERSION | sed -nE 's/^go1\.([0-9]+).*/\1/p')
	if [ "${minor:-0}" -ge $GO_MINOR ]; then
		echo "$installed"
		return
	fi
	dir=$WORK/go-$GO_FETCH
	if [ ! -x "$dir/bin/go" ]; then
		machine=$("$installed" env GOHOSTOS)-$("$installed" env GOHOSTARCH)
		progress "$installed is too old (1.${minor:-?}), fetching Go $GO_FETCH"
		fetch_go "$installed" "golang.org/toolchain@v0.0.1-go$GO_FETCH.$machine" "$dir"
	fi
	echo "$dir/bin/go"
}

# Downloads a Go release, and makes its programs executable, because a module stores no file modes.
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

# Sets up Go with its caches in WORK, because they grow to 3 GB and no later run needs them.
prepare_go() {
	mkdir -p "$WORK"
	export GOTOOLCHAIN=local GOFLAGS="-modcacherw -buildvcs=false"
	export GOMODCACHE=$WORK/mod GOCACHE=$WORK/cache GOWORK=off GO111MODULE=on
	GO=$(find_go)
	PATH=$(dirname "$GO"):$PATH
	cd "$WORK"
}
