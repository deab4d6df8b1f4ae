// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Running the real binary ($MDEVCON_BIN) against trees that are made in a temporary folder. A tree
 * is files: what a kernel would do after a write does not happen in it.
 */

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

#define STEP_MS 20000 /* of one thing waited for */

#define IDLE "8f3c1c77-0000-4000-8000-000000000001"
#define OTHER "8f3c9999-0000-4000-8000-000000000002"
#define ABSENT "aaaaaaaa-0000-4000-8000-000000000009"

#define MTTY "sys/devices/virtual/mtty/mtty/"
#define TYPES MTTY "mdev_supported_types/"

extern char *folder; /* everything below is removed at the end */
extern char *tree;   /* make_tree("tree", true) */

/* Set-up and tear-down of a group: folder, tree and a quiet environment. */
int cli_set_up(void **state);
int cli_tear_down(void **state);

/* A host with one parent, two types and two instances. `users`: its processes can be seen. New. */
char *make_tree(const char *name, bool users);
void put_file(const char *root, const char *path, const char *content);
void put_link(const char *root, const char *path, const char *target);
char *get_file(const char *root, const char *path);
/* The `remove` file of an instance, below the root. New. */
char *path_of(const char *uuid);
/* "LABEL=recorded:TREE". New. */
char *recorded(const char *label);

typedef struct {
	int exit;
	char *out, *err;
	json_t *json; /* of out, or NULL */
} Ran;

/* Runs the binary with these arguments (up to NULL), without a terminal. */
Ran run(const char *first, ...) G_GNUC_NULL_TERMINATED;
void ran_clear(Ran *ran);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ran, ran_clear)

/* JSON: an element, a field that must be there, its text, the payload of a whole document. */
const json_t *at(const json_t *array, gsize i);
const json_t *field(const json_t *object, const char *key);
const char *text(const json_t *object, const char *key);
const json_t *payload(const Ran *ran, const char *command, const char *key);

/* A port of this machine that refuses connections: bound, not listening. Returns the socket. */
int closed_port(int *port);
