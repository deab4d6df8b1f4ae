// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/* A real sshd on 127.0.0.1, with keys and configuration of its own in a temporary directory. */

#include <gio/gio.h>

#include "core/backend.h"

typedef struct {
	char *folder; /* keys: host, host_ecdsa, user, other, secret (passphrase "open sesame") */
	char *known;  /* known_hosts of the client */
	guint port;
	GPid pid;         /* 0: not running */
	const char *sudo; /* the host file's setting for clients */
} Sshd;

/* Makes the keys. Free with sshd_free. */
Sshd *sshd_new(void);
void sshd_free(Sshd *sshd);

/* Starts it (anew) with these lines of configuration in addition, and waits until it answers. */
void sshd_start(Sshd *sshd, const char *extra);
void sshd_stop(Sshd *sshd);
/* Kills the processes that serve sessions, not the listener. Returns how many. */
int sshd_kill_sessions(Sshd *sshd);

char *sshd_file(const Sshd *sshd, const char *name);
/* A public key of the folder: "TYPE BASE64". New. */
char *sshd_public(const Sshd *sshd, const char *name);
/* Replaces known_hosts. */
void sshd_know(const Sshd *sshd, const char *text);

/* Client options: host "lab" is this server, by key file `key`, with `extra` lines. New backend. */
Backend *sshd_client(const Sshd *sshd, const char *key, const char *extra, AskFunc ask, void *data,
                     int timeout_ms);

/* A listening socket on 127.0.0.1. */
int listen_any(guint *port);
