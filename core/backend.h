// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The seam to one host. Local, SSH and recorded hosts implement it; nothing above can tell them
 * apart. A backend belongs to one thread at a time (its host's worker, or a command's main thread);
 * every operation blocks that thread, for a bounded time, and watches `cancel`.
 */

#include <gio/gio.h>

#include "core/facts.h"

#define BACKEND_ERROR (backend_error_quark())
GQuark backend_error_quark(void);
typedef enum {
	BACKEND_ERROR_UNREACHABLE, /* name, route, refused, timeout, line dropped */
	BACKEND_ERROR_AUTH,        /* the host did not let us in */
	BACKEND_ERROR_HOSTKEY,     /* unknown (and not accepted), changed or revoked */
	BACKEND_ERROR_PROTOCOL,    /* it answered, but not as a host of ours */
	BACKEND_ERROR_TIMEOUT,     /* a request passed its deadline */
	BACKEND_ERROR_CANCELLED,
	BACKEND_ERROR_READ_ONLY,   /* recorded hosts */
	BACKEND_ERROR_NOT_FOUND,   /* a recording that is not there */
	BACKEND_ERROR_FORMAT,      /* a recording that does not parse */
	BACKEND_ERROR_UNSUPPORTED, /* this kind of host cannot do that */
} BackendErrorCode;

typedef enum {
	SCAN_USERS = 1 << 0, /* look for users of instances too */
	SCAN_BOOT = 1 << 1,  /* what happens when the host starts, too */
} ScanFlags;

/* A question that only the operator can answer, asked while connecting. */
typedef enum {
	QUESTION_HOSTKEY,    /* yes: record and go on; no: refuse */
	QUESTION_PASSPHRASE, /* of a key file */
	QUESTION_PASSWORD,
} QuestionKind;

typedef struct {
	QuestionKind kind;
	const char *host; /* label */
	const char *text; /* the question, several lines; already safe to draw */
} Question;

/*
 * Answers a question: returns new text ("yes" for a host key, or the secret), or NULL for "no" or
 * "nobody to ask". Called on the backend's thread; may block until `cancel`.
 */
typedef char *(*AskFunc)(const Question *question, GCancellable *cancel, void *data);

typedef struct {
	AskFunc ask; /* NULL: nobody to ask */
	void *ask_data;
	int connect_timeout_ms;
	int deadline_ms;        /* of one request */
	const char *ssh_config; /* as `ssh -F`, or NULL; given with --ssh-config */
	const char *transport;  /* "libssh" or "openssh", or NULL; given with --transport */
} BackendOptions;

/* What the descriptor of events had to say. An event is a reason to read again, never a fact. */
typedef enum {
	EVENTS_NONE,    /* nothing that matters here */
	EVENTS_CHANGED, /* scan again */
	EVENTS_LOST,    /* events are missing, or the line is gone: scan again, at once */
} BackendEvents;

typedef struct Backend Backend;

#define BACKEND_OUTPUT_MAX (256 * 1024) /* bytes of each stream of a command that are kept */

/* What a command of the host said. */
typedef struct {
	int status;      /* its exit status; 128 and more: ended by a signal */
	char *out, *err; /* NUL-terminated; whatever bytes it printed */
} CommandOutput;

void command_output_clear(CommandOutput *output);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CommandOutput, command_output_clear)

typedef struct {
	const char *state_when_up; /* "up", "recorded": the host's state in JSON once a scan
	                              succeeded */
	bool read_only;
	bool live; /* worth reading again */
	/* Connects if need be and reads all facts. New Facts, or NULL and error. */
	Facts *(*scan)(Backend *backend, ScanFlags flags, GCancellable *cancel, GError **error);
	/*
	 * One write of `value` and a newline to the attribute `path`. Returns 0, the errno of the
	 * write (ETIMEDOUT: still pending in the kernel after `deadline_ms`), or -1 and error when
	 * the host could not be asked.
	 */
	int (*write)(Backend *backend, const char *path, const char *value, int deadline_ms,
	             GCancellable *cancel, GError **error);
	/* Opens the character device and closes it: 0, an errno (EBUSY: held), or -1 and error. */
	int (*try_open)(Backend *backend, const char *devnode, GCancellable *cancel,
	                GError **error);
	/*
	 * Runs a program of the host (argv[0] is its absolute path, nothing is shell text) with
	 * `input` on its standard input. 0 and `output` once it ended; an errno when it could not
	 * be started (ETIMEDOUT: it still runs, and is left alone); or -1 and error. NULL: not
	 * supported.
	 */
	int (*run)(Backend *backend, const char *const *argv, const char *input, int deadline_ms,
	           CommandOutput *output, GCancellable *cancel, GError **error);
	/*
	 * Replaces the definition `path` (/etc/mdevctl.d/PARENT/UUID) by `text`, as a whole or not
	 * at all, mode 0644; text NULL removes it. 0, an errno, or -1 and error. NULL: not
	 * supported.
	 */
	int (*put_definition)(Backend *backend, const char *path, const char *text,
	                      GCancellable *cancel, GError **error);
	/*
	 * The three below may be NULL: a host without events is polled.
	 * A descriptor that becomes readable when something may have changed; the backend's own,
	 * asked for anew before each wait. -1: no events now. Never blocks. Local: opened before
	 * the first scan, so that nothing falls between. SSH: there some time after a good scan.
	 */
	int (*event_fd)(Backend *backend);
	/* Takes what there is without blocking; asked before each wait too, as data may have been
	 * buffered by an earlier call. */
	BackendEvents (*take_events)(Backend *backend);
	/* A sign of life, cheaper than a scan: where nothing is read, silence would look like
	 * peace. False and error. What it finds changed comes by take_events. */
	bool (*ping)(Backend *backend, GCancellable *cancel, GError **error);
	/* Closes and frees everything, the label too. */
	void (*close)(Backend *backend);
} BackendOps;

/* Implementations embed this as their first member. */
struct Backend {
	const BackendOps *ops;
	char *label;
	char *notice; /* what the operator should be told once, or NULL; changes in any operation */
};

Facts *backend_scan(Backend *backend, ScanFlags flags, GCancellable *cancel, GError **error);
int backend_write(Backend *backend, const char *path, const char *value, int deadline_ms,
                  GCancellable *cancel, GError **error);
int backend_try_open(Backend *backend, const char *devnode, GCancellable *cancel, GError **error);
/* argv[0] that is no absolute path is EINVAL; so is any path but that of a definition. */
int backend_run(Backend *backend, const char *const *argv, const char *input, int deadline_ms,
                CommandOutput *output, GCancellable *cancel, GError **error);
int backend_put_definition(Backend *backend, const char *path, const char *text,
                           GCancellable *cancel, GError **error);
int backend_event_fd(Backend *backend);
BackendEvents backend_take_events(Backend *backend);
/* True at once where there is no such operation. */
bool backend_ping(Backend *backend, GCancellable *cancel, GError **error);
/* Closes the line and frees. Takes NULL. */
void backend_close(Backend *backend);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Backend, backend_close)

/* This machine, or with `root` other than "/" a tree that is read and written like one. */
Backend *backend_local_new(const char *label, const char *root);
/* A facts file or a directory tree: read-only. */
Backend *backend_recorded_new(const char *label, const char *path);
