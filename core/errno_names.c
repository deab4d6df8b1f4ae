// SPDX-License-Identifier: GPL-2.0-or-later

/*
 * errno by name. Numbers differ between architectures, names do not, so a recording made on one
 * machine and read on another carries names.
 */

#include "core/facts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
	int err;
	const char *name;
} errno_table[] = {
#define ROW(name) \
	{ \
		name, #name \
	}
	ROW(EPERM),
	ROW(ENOENT),
	ROW(ESRCH),
	ROW(EINTR),
	ROW(EIO),
	ROW(ENXIO),
	ROW(E2BIG),
	ROW(ENOEXEC),
	ROW(EBADF),
	ROW(ECHILD),
	ROW(EAGAIN),
	ROW(ENOMEM),
	ROW(EACCES),
	ROW(EFAULT),
	ROW(ENOTBLK),
	ROW(EBUSY),
	ROW(EEXIST),
	ROW(EXDEV),
	ROW(ENODEV),
	ROW(ENOTDIR),
	ROW(EISDIR),
	ROW(EINVAL),
	ROW(ENFILE),
	ROW(EMFILE),
	ROW(ENOTTY),
	ROW(ETXTBSY),
	ROW(EFBIG),
	ROW(ENOSPC),
	ROW(ESPIPE),
	ROW(EROFS),
	ROW(EMLINK),
	ROW(EPIPE),
	ROW(EDOM),
	ROW(ERANGE),
	ROW(EDEADLK),
	ROW(ENAMETOOLONG),
	ROW(ENOLCK),
	ROW(ENOSYS),
	ROW(ENOTEMPTY),
	ROW(ELOOP),
	ROW(ENOMSG),
	ROW(EIDRM),
	ROW(ECHRNG),
	ROW(EL2NSYNC),
	ROW(EL3HLT),
	ROW(EL3RST),
	ROW(ELNRNG),
	ROW(EUNATCH),
	ROW(ENOCSI),
	ROW(EL2HLT),
	ROW(EBADE),
	ROW(EBADR),
	ROW(EXFULL),
	ROW(ENOANO),
	ROW(EBADRQC),
	ROW(EBADSLT),
	ROW(EBFONT),
	ROW(ENOSTR),
	ROW(ENODATA),
	ROW(ETIME),
	ROW(ENOSR),
	ROW(ENONET),
	ROW(ENOPKG),
	ROW(EREMOTE),
	ROW(ENOLINK),
	ROW(EADV),
	ROW(ESRMNT),
	ROW(ECOMM),
	ROW(EPROTO),
	ROW(EMULTIHOP),
	ROW(EDOTDOT),
	ROW(EBADMSG),
	ROW(EOVERFLOW),
	ROW(ENOTUNIQ),
	ROW(EBADFD),
	ROW(EREMCHG),
	ROW(ELIBACC),
	ROW(ELIBBAD),
	ROW(ELIBSCN),
	ROW(ELIBMAX),
	ROW(ELIBEXEC),
	ROW(EILSEQ),
	ROW(ERESTART),
	ROW(ESTRPIPE),
	ROW(EUSERS),
	ROW(ENOTSOCK),
	ROW(EDESTADDRREQ),
	ROW(EMSGSIZE),
	ROW(EPROTOTYPE),
	ROW(ENOPROTOOPT),
	ROW(EPROTONOSUPPORT),
	ROW(ESOCKTNOSUPPORT),
	ROW(EOPNOTSUPP),
	ROW(EPFNOSUPPORT),
	ROW(EAFNOSUPPORT),
	ROW(EADDRINUSE),
	ROW(EADDRNOTAVAIL),
	ROW(ENETDOWN),
	ROW(ENETUNREACH),
	ROW(ENETRESET),
	ROW(ECONNABORTED),
	ROW(ECONNRESET),
	ROW(ENOBUFS),
	ROW(EISCONN),
	ROW(ENOTCONN),
	ROW(ESHUTDOWN),
	ROW(ETOOMANYREFS),
	ROW(ETIMEDOUT),
	ROW(ECONNREFUSED),
	ROW(EHOSTDOWN),
	ROW(EHOSTUNREACH),
	ROW(EALREADY),
	ROW(EINPROGRESS),
	ROW(ESTALE),
	ROW(EUCLEAN),
	ROW(ENOTNAM),
	ROW(ENAVAIL),
	ROW(EISNAM),
	ROW(EREMOTEIO),
	ROW(EDQUOT),
	ROW(ENOMEDIUM),
	ROW(EMEDIUMTYPE),
	ROW(ECANCELED),
	ROW(ENOKEY),
	ROW(EKEYEXPIRED),
	ROW(EKEYREVOKED),
	ROW(EKEYREJECTED),
	ROW(EOWNERDEAD),
	ROW(ENOTRECOVERABLE),
	ROW(ERFKILL),
	ROW(EHWPOISON),
#undef ROW
};

const char *errno_name(int err, char buf[static 16])
{
	for (guint i = 0; i < G_N_ELEMENTS(errno_table); i++)
		if (errno_table[i].err == err)
			return errno_table[i].name;
	snprintf(buf, 16, "%d", err);
	return buf;
}

/* 0 for a name that is neither in the table nor a plausible number. */
int errno_from_name(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(errno_table); i++)
		if (strcmp(errno_table[i].name, name) == 0)
			return errno_table[i].err;
	if (strcmp(name, "EWOULDBLOCK") == 0)
		return EAGAIN;
	if (strcmp(name, "ENOTSUP") == 0)
		return EOPNOTSUPP;
	guint64 number = 0;
	if (g_ascii_string_to_unsigned(name, 10, 1, 4095, &number, NULL))
		return (int)number;
	return 0;
}
