// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* Parts of hostile trees; each is put into a tree that has host_tree.h's mtty. */

#include <glib.h>

/* Names with controls, other alphabets' directions, broken UTF-8, shell text, 255 bytes. */
#define ZOO_NAMES 14
extern const char *const zoo_names[ZOO_NAMES];

/* For each of the names a parent, a type, an instance, a driver and a definition of that name. */
void zoo_put_names(const char *root);

/* A type of mtty: its folder, with a name and `available` instances. New path on the host. */
char *zoo_put_type(const char *root, const char *type, const char *available);

/* A PCI parent "0000:0b:00.0" with an instance that has every attribute that is ever read. New:
 * host paths of all files with a value, NULL-terminated. */
char **zoo_put_card(const char *root, const char *content, gsize len);

/* What must not stand at `path`: makes it. False where the machine does not let us. */
gboolean zoo_put_fifo(const char *root, const char *path);
gboolean zoo_put_socket(const char *root, const char *path);
gboolean zoo_put_device(const char *root, const char *path);
