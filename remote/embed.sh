#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Turns a script on standard input into a C string: embed.sh NAME < SCRIPT > HEADER
# Comments, empty lines and leading tabs stay behind: the script travels with every connection.
set -eu
name=${1:?usage: embed.sh NAME < SCRIPT > HEADER}
printf '/* Made by embed.sh: do not edit. */\nstatic const char %s[] =\n' "$name"
sed -e 's/^[	 ]*//' -e '/^#/d' -e '/^$/d' \
	-e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/?/\\?/g' -e 's/^/	"/' -e 's/$/\\n"/'
printf '\t"";\n'
