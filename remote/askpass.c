// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/askpass.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "remote/wait.h"

#define MARK "MDEVCON_ASKPASS"
#define QUESTION_MAX 4096
#define ANSWER_MAX 1024
#define SPEAK_US (5 * G_USEC_PER_SEC) /* for a question that was announced */

char **askpass_environment(void)
{
	g_autofree char *self = g_strdup_printf("/proc/%d/exe", (int)getpid());
	char **environment = g_get_environ();

	environment = g_environ_setenv(environment, "SSH_ASKPASS", self, TRUE);
	environment = g_environ_setenv(environment, "SSH_ASKPASS_REQUIRE", "force", TRUE);
	/* Before OpenSSH 8.4 it is asked only where there seems to be a display. */
	environment = g_environ_setenv(environment, "DISPLAY", "none", FALSE);
	return g_environ_setenv(environment, MARK, "1", TRUE);
}

/* ---- in the process that ssh started ---- */

bool askpass_wanted(void)
{
	return getenv(MARK) != NULL;
}

/* Sends one end of a private socket over standard error. The other end, or -1. */
static int announce(void)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char newline = '\n';
	struct iovec data = { &newline, 1 };
	struct msghdr message = { .msg_iov = &data,
		                  .msg_iovlen = 1,
		                  .msg_control = control.bytes,
		                  .msg_controllen = sizeof control.bytes };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &ends[1], sizeof(int));
	bool sent = sendmsg(STDERR_FILENO, &message, MSG_NOSIGNAL) == 1;
	close(ends[1]);
	if (sent)
		return ends[0];
	close(ends[0]);
	return -1;
}

int askpass_main(int argc, char **argv)
{
	const char *kind = getenv("SSH_ASKPASS_PROMPT");
	const char *text = argc > 1 ? argv[1] : "";
	char answer[ANSWER_MAX + 2];

	if (g_strcmp0(kind, "none") == 0) /* a remark: touch your key */
		return EXIT_SUCCESS;
	int fd = announce();
	if (fd < 0 || send(fd, text, MIN(strlen(text), QUESTION_MAX), MSG_NOSIGNAL) < 0)
		return EXIT_FAILURE;
	ssize_t n = recv(fd, answer, ANSWER_MAX + 1, 0);
	bool ok = n > 0 && answer[0] == '+';
	if (ok) {
		answer[n] = '\n';
		ok = write(STDOUT_FILENO, answer + 1, (size_t)n) == n;
	}
	explicit_bzero(answer, sizeof answer);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- in the console ---- */

gssize askpass_read(int fd, char *buffer, gsize size, int *question)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec data = { buffer, size };
	struct msghdr message = { .msg_iov = &data,
		                  .msg_iovlen = 1,
		                  .msg_control = control.bytes,
		                  .msg_controllen = sizeof control.bytes };

	*question = -1;
	gssize n = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(question, CMSG_DATA(header), sizeof(int));
	return n;
}

/* ssh's own wording; what a host asks begins with "(USER@HOST) ". */
static QuestionKind kind_of(const char *text)
{
	if (strstr(text, "(yes/no"))
		return QUESTION_HOSTKEY;
	return g_str_has_prefix(text, "Enter P") || g_str_has_prefix(text, "Enter p")
	               ? QUESTION_PASSPHRASE
	               : QUESTION_PASSWORD;
}

void askpass_answer(int question, SessionPlan *plan)
{
	char text[QUESTION_MAX + 1];
	char reply[ANSWER_MAX + 1] = "-";
	gsize len = 1;
	gint64 until = g_get_monotonic_time() + SPEAK_US;

	gssize n = wait_fd(question, POLLIN, until, plan->cancel) == WAIT_READY
	                   ? recv(question, text, QUESTION_MAX, MSG_DONTWAIT)
	                   : -1;
	if (n >= 0) {
		text[n] = '\0';
		char *answer = session_ask(plan, kind_of(text), g_strchomp(text));
		if (answer && strlen(answer) < ANSWER_MAX) {
			reply[0] = '+';
			len += g_strlcpy(reply + 1, answer, ANSWER_MAX);
		}
		session_wipe(answer);
	}
	if (send(question, reply, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		g_debug("%s: ssh does not wait for an answer any more", plan->label);
	explicit_bzero(reply, sizeof reply);
	close(question);
}
