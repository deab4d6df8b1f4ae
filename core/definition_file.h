// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Writes a definition of mdevctl below `root` as mdevctl does (mode 0644, folders 0755), but whole
 * or not at all: a new file, on the disk before it takes the old one's place. `path`:
 * definition_path_is_valid. text NULL: removes it. Returns 0 or an errno. Any thread; blocking.
 */
int definition_file_put(const char *root, const char *path, const char *text);
