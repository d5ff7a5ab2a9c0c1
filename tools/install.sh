#!/bin/sh
# install.sh VENV EXTRAS: makes the virtual environment and installs the course into it, in place.
# Quiet when all is well; otherwise one line that says what is missing, and where the log is.
set -u
venv="$1"
extras="$2"
log="$venv/install.log"

if ! command -v git >/dev/null 2>&1; then
	echo "k8scourse: git is needed, and there is none here: install it (Debian, Ubuntu: apt-get install git)" >&2
	exit 1
fi
python="$(sh "$(dirname "$0")/find_python.sh")" || exit 1

# An environment that lost its interpreter (an update of the system) is made again.
"$venv/bin/python" -c '' >/dev/null 2>&1 || rm -rf "$venv"
if [ ! -x "$venv/bin/pip" ]; then
	echo "Creating $venv with $python"
	rm -rf "$venv"
	if ! "$python" -m venv "$venv"; then
		echo "k8scourse: $python could not make a virtual environment in $venv" >&2
		exit 1
	fi
fi

echo "Installing k8scourse[$extras] into $venv (a few minutes the first time)"
if "$venv/bin/python" -m pip install --disable-pip-version-check --quiet --editable ".[$extras]" >"$log" 2>&1; then
	exit 0
fi
if grep -Eq 'NewConnectionError|NameResolutionError|Temporary failure in name resolution|Network is unreachable|getaddrinfo|ConnectTimeout|Could not fetch URL|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ProxyError|from versions: none' "$log"; then
	echo "k8scourse: the packages could not be fetched, is there a network? (details in $log)" >&2
elif line="$(grep -o "the widgets' bundle.*" "$log" | tail -n 1)" && [ -n "$line" ]; then
	echo "k8scourse: $line (details in $log)" >&2
else
	tail -n 20 "$log" >&2
	echo "k8scourse: the installation failed (details in $log)" >&2
fi
exit 1
