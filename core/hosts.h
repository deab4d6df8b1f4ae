// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Host addresses (contract.md, "Naming hosts") and the host inventory file.
 *
 *   local                        this machine
 *   NAME, user@NAME,
 *   ssh://[user@]NAME[:PORT]     over SSH ([v6] brackets accepted)
 *   recorded:PATH                a facts file or a directory tree
 *   sim:PROFILE                  a simulated host
 *   LABEL= before any of them    the name it goes by
 */

#include <glib.h>
#include <stdbool.h>

typedef enum { HOST_LOCAL, HOST_SSH, HOST_RECORDED, HOST_SIMULATED } HostKind;

typedef struct {
	HostKind kind;
	char *label;
	char *address; /* as given, without the label */
	char *user;    /* NULL: as the SSH configuration says */
	char *name;    /* HOST_SSH: host name or alias */
	guint port;    /* 0: as the SSH configuration says */
	char *path;    /* HOST_RECORDED: the file; HOST_LOCAL: the root ("/"); HOST_SIMULATED: the
	                  profile */
	char *ssh_config; /* from the inventory file, absolute; NULL: the user's own */
	char **groups;
	char **tags;
	bool read_only, protect;
	int interval_s; /* 0: the program's own choice */
	/* From the inventory file, checked there; NULL: not given. */
	char *transport; /* "libssh" or "openssh" */
	char *sudo;      /* "no", "ask" or "n" */
	char *migrate_address;
} HostAddress;

#define HOSTS_ERROR (hosts_error_quark())
GQuark hosts_error_quark(void);
typedef enum { HOSTS_ERROR_ADDRESS, HOSTS_ERROR_FILE } HostsErrorCode;

/* Parses one address; the error names it. New. */
HostAddress *host_address_parse(const char *text, GError **error);
void host_address_free(HostAddress *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HostAddress, host_address_free)

/* What may be a user's name: it stands in commands of ssh, and does not begin with '-'. */
bool host_user_is_valid(const char *user);

/* What may be a label: not empty, valid UTF-8, none of '/', '=', a leading '-', controls, blanks.
 */
bool host_label_is_valid(const char *label);

/* A key of the inventory file. */
typedef struct {
	const char *name;
	bool host_only;           /* makes no sense as a default of a group */
	const char *const *words; /* the values it may have, or NULL: any */
	const char *help;
} HostsKey;

/* One key after the other, NULL after the last. */
const HostsKey *hosts_key(guint nth);

/*
 * Reads an inventory file (INI: [LABEL] address, groups, tags, user, transport, sudo, read_only,
 * protected, interval, migrate_address, ssh_config; [group NAME] with the same keys, but address
 * and groups, as defaults). Without `address` the label is the address. Lists are separated by
 * commas or blanks; relative paths start at the file's folder. Errors name file and line; an
 * unknown key, a duplicate label or a bad value is one. Returns HostAddress * array, in file order.
 */
GPtrArray *hosts_load(const char *filename, GError **error);

/* True of a regular file that may be executed: an inventory to be run, not to be read. */
bool hosts_is_program(const char *filename);
/*
 * Runs an inventory program with --list and takes what it says (hosts_parse_ansible). Only for
 * files that the operator named, and only the operator's own or root's that others may not write.
 * It has the deadline and 16 MiB. Its errors go to stderr. As hosts_load.
 */
GPtrArray *hosts_run(const char *filename, int deadline_ms, GError **error);
/* Ansible's dynamic inventory; `name` is the program's. As hosts_load; any input, any thread. */
GPtrArray *hosts_parse_ansible(const char *name, const char *text, gsize len, GError **error);
