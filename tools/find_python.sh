#!/bin/sh
# Prints the Python that builds the virtual environment: PYTHON if given, else the first that is 3.11 or later
# and has venv with pip (Debian ships it apart, as python3-venv). One line of advice otherwise.
found_old=""
found_bare=""

usable() {
	command -v "$1" >/dev/null 2>&1 || return 1
	if ! "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
		found_old="$1"
		return 1
	fi
	if ! "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; then
		found_bare="$1"
		return 1
	fi
}

for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python3.14}; do
	if usable "$candidate"; then
		command -v "$candidate"
		exit 0
	fi
done

if [ -n "$found_bare" ]; then
	echo "k8scourse: $found_bare has no venv: install it (Debian, Ubuntu: apt-get install python3-venv), or say PYTHON=/path/to/another" >&2
elif [ -n "$found_old" ]; then
	echo "k8scourse: Python 3.11 or later is needed, and $found_old is older: install one, or say PYTHON=/path/to/it" >&2
else
	echo "k8scourse: Python 3.11 or later is needed, and there is none here: install one, or say PYTHON=/path/to/it" >&2
fi
exit 1
