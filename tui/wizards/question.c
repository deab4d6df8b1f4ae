// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/wizards/question.h"

#include <sys/mman.h>

#include "tui/widgets/dialog.h"
#include "tui/widgets/prompt.h"
#include "tui/widgets/viewer.h"

typedef struct {
	View base;
	Ui *ui;
	int host;
	guint id;
	QuestionKind kind;
	char *text;
	Buttons buttons; /* of a host key */
	Prompt secret;   /* of the others; locked memory */
} Ask;

static const char *const labels[] = { "No", "Yes, record this key", NULL };

static void answer(Ask *ask, const char *text)
{
	fleet_answer(ask->ui->fleet, (guint)ask->host, ask->id, text);
	prompt_wipe(&ask->secret);
	ask->base.done = true;
}

static void ask_draw(View *view, Surface *surface)
{
	static const char *const titles[] = { [QUESTION_HOSTKEY] = "Host key",
		                              [QUESTION_PASSPHRASE] = "Passphrase",
		                              [QUESTION_PASSWORD] = "Password" };
	Ask *ask = (Ask *)view;
	g_autofree char *title =
		g_strdup_printf("%s: %s", titles[ask->kind],
	                        snapshot_host(ask->ui->hosts, ask->host)->address->label);
	int w = MIN(surface_width(surface) - 2, 76);
	g_autoptr(GPtrArray) lines = text_wrap(ask->text, w - 4);
	Rect in = dialog_frame(surface, w, (int)lines->len + 5, title);
	int bottom = in.y + in.h - 1;
	text_wrapped(surface, (Rect){ in.x, in.y, in.w, in.h - 2 }, ROLE_NORMAL, ask->text);
	if (ask->kind == QUESTION_HOSTKEY) {
		buttons_draw(&ask->buttons, surface, in.x, bottom, in.w, true);
		return;
	}
	int n = surface_put(surface, in.x, bottom, in.w, ROLE_HEADING,
	                    "Not shown; Enter sends, Esc gives up: ");
	prompt_draw(&ask->secret, surface, in.x + n, bottom, in.w - n, true);
}

static bool ask_key(View *view, Key key)
{
	Ask *ask = (Ask *)view;
	return ask->kind != QUESTION_HOSTKEY && prompt_key(&ask->secret, key);
}

static bool ask_action(View *view, ActionId id)
{
	Ask *ask = (Ask *)view;
	switch (id) {
	case ACTION_ACCEPT:
		if (ask->kind != QUESTION_HOSTKEY)
			answer(ask, ask->secret.text);
		else
			answer(ask, ask->buttons.selected == 1 ? "yes" : NULL);
		return true;
	case ACTION_BACK:
	case ACTION_QUIT:
	case ACTION_INTERRUPT:
		answer(ask, NULL);
		return true;
	default:
		return ask->kind == QUESTION_HOSTKEY && buttons_move(&ask->buttons, id);
	}
}

static void ask_update(View *view)
{
	Ask *ask = (Ask *)view;
	if (snapshot_host(ask->ui->hosts, ask->host)->question_id != ask->id)
		view->done = true; /* the line dropped meanwhile */
}

static void ask_free(View *view)
{
	Ask *ask = (Ask *)view;
	/* An answer that was given already stands; this one is for what was left open. */
	fleet_answer(ask->ui->fleet, (guint)ask->host, ask->id, NULL);
	prompt_wipe(&ask->secret);
	munlock(&ask->secret, sizeof ask->secret);
	g_free(ask->text);
	g_free(ask);
}

static const ViewOps ops = {
	.context = CONTEXT_MOVE,
	.title = "the question",
	.draw = ask_draw,
	.key = ask_key,
	.action = ask_action,
	.update = ask_update,
	.free = ask_free,
};

void question_open(Ui *ui, int host)
{
	const HostView *view = snapshot_host(ui->hosts, host);
	Ask *ask = g_new0(Ask, 1);
	*ask = (Ask){ .base.ops = &ops,
		      .ui = ui,
		      .host = host,
		      .id = view->question_id,
		      .kind = view->question_kind,
		      .text = g_strdup(view->question ? view->question : ""),
		      .buttons = { labels, 0 } };
	/* Best effort: without the right to lock memory the question is asked all the same. */
	if (mlock(&ask->secret, sizeof ask->secret) != 0)
		g_debug("secret not locked in memory");
	ask->secret.secret = true;
	ui_push(ui, &ask->base);
}
