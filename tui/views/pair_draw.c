// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/views/pair_private.h"

#include <string.h>

#include "core/text.h"
#include "tui/views/reasons.h"
#include "tui/widgets/dialog.h"

#define FRESH_US (10 * G_USEC_PER_SEC) /* this machine's own age is shown only past this */
#define ID_COLUMNS_MIN 10
#define ID_COLUMNS_MAX 20
#define VM_COLUMNS_MIN 8
#define AFTER_VM 18 /* a blank, the id, " in use" or a function */

/* One pane while it is drawn: where its columns stand (relative to the inside of its box). */
typedef struct {
	const PairView *pair;
	Surface *surface;
	PairSide side;
	const HostView *host;
	Rect in;     /* the inside */
	bool single; /* the other pane is not on screen */
	int card_x;  /* cards, in the view by hardware */
	int id_x;    /* type ids */
	int note_x;  /* "-", "another type" */
	int count_x; /* where "2 used" ends */
	int vm_x, uuid_x;
} Pane;

/* ---- titles ------------------------------------------------------------------------------- */

/* What may be done there, with the blank before it; "" until that is known. */
static const char *access_word(const Ui *ui, const HostView *host)
{
	if (ui->read_only || host->address->read_only || host->address->kind == HOST_RECORDED)
		return " ro";
	if (!host->inventory)
		return "";
	if (host->inventory->euid > 0)
		return " not root";
	return host->inventory->via ? " rw sudo" : " rw";
}

/* How old what is shown is: new text, "" where that is plain. */
static char *age_words(const HostView *host)
{
	switch (host->state) {
	case HOST_CONNECTING:
		return g_strdup("connecting");
	case HOST_DOWN:
		return g_strdup("down");
	case HOST_STALE: {
		g_autofree char *age = age_text(host->age_us);
		return g_strdup_printf("STALE %s", age);
	}
	default:
		break;
	}
	if (host->address->kind == HOST_LOCAL && host->age_us < FRESH_US)
		return g_strdup("");
	return age_text(host->age_us);
}

/* What kind of host it is, or where: NULL where the label says that already. */
static const char *place_words(const HostAddress *address)
{
	if (address->kind == HOST_RECORDED)
		return "recorded";
	if (address->kind == HOST_SIMULATED)
		return "simulated";
	return strcmp(address->address, address->label) == 0 ? NULL : address->address;
}

/* With the place, the age or both left out where the border has no room for them. */
static char *pane_title(const Pane *pane, int room)
{
	const char *word = pane->side == SIDE_SOURCE ? "SOURCE" : "TARGET";
	if (!pane->host)
		return g_strdup_printf("%s none", word);
	const HostAddress *address = pane->host->address;
	const char *where = place_words(address);
	const char *access = access_word(pane->pair->ui, pane->host);
	g_autofree char *age = age_words(pane->host);
	const char *gap = *age ? "  " : "";
	/* That nothing here is real is worth more than the age of what is fresh. */
	bool keeps_age = address->kind != HOST_SIMULATED || pane->host->state != HOST_UP;
	for (int tries = 0; where && tries < (keeps_age ? 1 : 2); tries++) {
		char *full = g_strdup_printf("%s %s  %s%s%s%s", word, address->label, where, access,
		                             tries ? "" : gap, tries ? "" : age);
		if (text_columns(full) <= room)
			return full;
		g_free(full);
	}
	return g_strdup_printf("%s %s%s%s%s", word, address->label, access, gap, age);
}

static void put_in_border(Surface *surface, int x, int y, int max, Role role, const char *text)
{
	g_autofree char *spaced = g_strdup_printf(" %s ", text);
	surface_put(surface, x, y, max, role, spaced);
}

static void draw_box(const Pane *pane, Rect box, bool focused)
{
	const PairView *pair = pane->pair;
	const PairModel *model = pair->model;
	g_autofree char *title = pane_title(pane, box.w - 5);
	g_autofree char *note = NULL;
	surface_box(pane->surface, box, focused ? ROLE_BORDER_FOCUS : ROLE_BORDER);
	put_in_border(pane->surface, box.x + 1, box.y, box.w - 3,
	              focused ? ROLE_TITLE : ROLE_NORMAL, title);
	if (pane->side == SIDE_TARGET)
		note = g_strdup("b best of all hosts   t choose target");
	else if (pair->filter.len)
		note = g_strdup_printf("%u of %u match", model->matches, model->things);
	else if (model->folded)
		note = g_strdup_printf("%u more types unused (o)", model->folded);
	else if (pair->unfold)
		note = g_strdup("all types (o)");
	else if (pair->hardware)
		note = g_strdup("by hardware (a)");
	if (pane->single && box.w >= 50) {
		bool source = pane->side == SIDE_SOURCE;
		put_in_border(pane->surface, source ? box.x + box.w - 16 : box.x + 1,
		              box.y + box.h - 1, box.w - 3, ROLE_NORMAL,
		              source ? "Tab target" : "Tab source");
	}
	if (!note)
		return;
	/* On the source's side at the left, on the target's at the right end. */
	int x = pane->side == SIDE_SOURCE ? box.x + 1 : box.x + box.w - 6 - text_columns(note);
	put_in_border(pane->surface, MAX(x, box.x + 1), box.y + box.h - 1, box.w - 3, ROLE_NORMAL,
	              note);
}

/* "A40 41:00.0", or the name of the other side's where this side has none. */
static const char *card_words(const PairRow *row, PairSide side)
{
	if (row->card[side])
		return row->card[side]->label;
	return *row->card_name ? bdf_short(row->card_name) : "place unreadable";
}

/* "web-7 (1 device)": what is selected on the source. New text. */
static char *subject(const PairView *pair)
{
	const PairRow *row = pair_model_row(pair->model, pair->cursor[SIDE_SOURCE].row);
	const Instance *instance = row ? row->instance[SIDE_SOURCE] : NULL;
	if (!row)
		return g_strdup("mdevcon");
	if (row->kind == ROW_CARD)
		return g_strdup(card_words(row, SIDE_SOURCE));
	if (!instance)
		return g_strdup_printf("%s%s%s", *row->type_id ? row->type_id : "unknown type",
		                       row->name ? " " : "", row->name ? row->name : "");
	const char *vm = instance_vm(instance);
	if (!vm)
		return g_strdup(row->short_id[SIDE_SOURCE]);
	const GPtrArray *instances = pair->model->inventory[SIDE_SOURCE]->instances;
	guint n = 0;
	for (guint i = 0; i < instances->len; i++)
		n += g_strcmp0(instance_vm(g_ptr_array_index(instances, i)), vm) == 0;
	return g_strdup_printf("%s (%u device%s)", vm, n, n == 1 ? "" : "s");
}

static void draw_title(const PairView *pair, Surface *surface, Rect area)
{
	const HostView *source = pair_host(pair, SIDE_SOURCE),
		       *target = pair_host(pair, SIDE_TARGET);
	g_autofree char *what = subject(pair);
	g_autofree char *summary = snapshot_summary(pair->ui->hosts);
	int x = area.x + 1, right = area.x + area.w - 1;
	x += surface_put(surface, x, area.y, area.w / 2, ROLE_TITLE, what) + 3;
	x += surface_putf(surface, x, area.y, right - x, ROLE_NORMAL, "%s → %s",
	                  source ? source->address->label : "-",
	                  target ? target->address->label : "-");
	if (right - x - 2 >= 12)
		surface_put_right(surface, right, area.y, right - x - 2, ROLE_NORMAL, summary);
}

/* ---- rows --------------------------------------------------------------------------------- */

static int put(const Pane *pane, int x, int y, int end, Role role, const char *text)
{
	return surface_put(pane->surface, pane->in.x + x, y, MIN(end, pane->in.w) - x, role, text);
}

static char *used_words(const PairType *type)
{
	return type->use_unknown ? g_strdup_printf("%u exist", type->instances)
	                         : g_strdup_printf("%u used", type->used);
}

static char *room_words(const PairType *type)
{
	if (type->unreadable == type->parents)
		return g_strdup("room ?");
	if (type->available == 0 && !type->unreadable)
		return g_strdup("none free");
	if (type->parents == 1)
		return g_strdup_printf("%" G_GINT64_FORMAT " free", type->available);
	return g_strdup_printf("up to %" G_GINT64_FORMAT "%s", type->available,
	                       type->unreadable ? "+?" : "");
}

static bool is_other_type(const Pane *pane, const PairRow *row)
{
	const PairView *pair = pane->pair;
	const PairRow *selected = pair_model_row(pair->model, pair->cursor[SIDE_SOURCE].row);
	return pane->side == SIDE_TARGET && pair->verdict && selected && row->kind != ROW_CARD &&
	       strcmp(selected->type_id, row->type_id) != 0;
}

static void draw_counts(const Pane *pane, const PairRow *row, int y, int x)
{
	const PairType *type = &row->type[pane->side];
	g_autofree char *used = used_words(type);
	int from = MAX(pane->count_x - text_columns(used), x + 1);
	put(pane, from, y, pane->in.w, ROLE_NORMAL, used);
	if (pane->side == SIDE_TARGET && type->parents) {
		g_autofree char *room = room_words(type);
		put(pane, pane->count_x + 2, y, pane->in.w, ROLE_NORMAL, room);
	}
}

/* A definition without its instance: it can be started, and may be at boot. */
static void draw_definition(const Pane *pane, const PairRow *row, int y)
{
	const Definition *definition = row->definition[pane->side];
	put(pane, pane->vm_x - 2, y, pane->in.w, ROLE_DIM, "○");
	put(pane, pane->vm_x, y, pane->uuid_x - 1, ROLE_DIM, "-");
	int x = pane->uuid_x;
	x += 1 + put(pane, x, y, pane->in.w, ROLE_NORMAL, row->short_id[pane->side]);
	const char *words = definition->error ? "broken definition" : "defined, not active";
	if (x + text_columns(words) > pane->in.w)
		words = definition->error ? "broken" : "defined";
	put(pane, x, y, pane->in.w, definition->error ? ROLE_ERROR : ROLE_DIM, words);
}

/* A card: what it holds, and at most how much of one type it could still make. */
static void draw_card(const Pane *pane, const PairRow *row, int y)
{
	const Card *card = row->card[pane->side];
	const char *sign = row->closed ? ">" : " ";
	int x = pane->card_x;
	if (!card && !row->type[pane->side].instances) {
		x += put(pane, x, y, pane->count_x - 7, ROLE_DIM, card_words(row, pane->side));
		put(pane, MAX(pane->note_x, x + 2), y, pane->in.w, ROLE_DIM, "-");
		return;
	}
	put(pane, x - 1, y, x, ROLE_NORMAL, sign);
	x += put(pane, x, y, pane->count_x - 7, ROLE_HEADING, card_words(row, pane->side));
	draw_counts(pane, row, y, x);
}

static void draw_type(const Pane *pane, const PairRow *row, int y)
{
	const PairType *type = &row->type[pane->side];
	bool offered = type->type || type->instances, other = is_other_type(pane, row);
	bool roomy = pane->in.w >= 54;
	Role role = offered && !other ? ROLE_NORMAL : ROLE_DIM;
	int x = pane->id_x;
	x += put(pane, x, y, pane->count_x - 7, role,
	         *row->type_id ? row->type_id : "type unreadable");
	if (!offered || (other && !roomy && !type->instances)) {
		put(pane, MAX(pane->note_x, x + 2), y, pane->in.w, role,
		    offered ? "another type" : "-");
		return;
	}
	if (row->name && x + 1 < pane->count_x - 8)
		x += 1 + put(pane, x + 1, y, pane->count_x - 7, role, row->name);
	draw_counts(pane, row, y, x);
}

static void draw_instance(const Pane *pane, const PairRow *row, int y)
{
	static const char *const signs[] = { [TRI_UNKNOWN] = "?", [TRI_NO] = "○", [TRI_YES] = "●" };
	const Instance *instance = row->instance[pane->side];
	if (!instance && row->definition[pane->side])
		draw_definition(pane, row, y);
	if (!instance)
		return;
	const char *vm = instance_vm(instance);
	put(pane, pane->vm_x - 2, y, pane->in.w, ROLE_NORMAL, signs[instance->in_use]);
	put(pane, pane->vm_x, y, pane->uuid_x - 1, ROLE_NORMAL, vm ? vm : "-");
	int x = pane->uuid_x;
	x += 1 + put(pane, x, y, pane->in.w, ROLE_NORMAL, row->short_id[pane->side]);
	/* By hardware the function is what one looks for; the sign says whether it is in use. */
	bool function = row->card_name && instance->parent && instance->parent->physfn;
	if (function)
		x += 1 +
		     put(pane, x, y, pane->in.w, ROLE_NORMAL, bdf_short(instance->parent->name));
	if (function && pane->in.w < x + 11)
		return;
	x += put(pane, x, y, pane->in.w, ROLE_NORMAL, instance_use(instance));
	/* Whole or not at all: the details say it too. */
	static const char defined[] = ", defined";
	if (instance->defined && x + (int)strlen(defined) <= pane->in.w)
		put(pane, x, y, pane->in.w, ROLE_NORMAL, defined);
}

static void draw_sign(const Pane *pane, int row, int y)
{
	const PairView *pair = pane->pair;
	int kind = row < (int)pair->row_signs->len ? g_array_index(pair->row_signs, int, row) : -1;
	if (kind >= 0)
		put(pane, 0, y, 1, verdict_role((VerdictKind)kind),
		    verdict_sign((VerdictKind)kind, pair->ui->ascii));
}

static void draw_cursor(const Pane *pane, int row, int y)
{
	const PairView *pair = pane->pair;
	bool here = pair->cursor[pane->side].row == row;
	Rect line = { pane->in.x, y, pane->in.w, 1 };
	if (here && pane->side == pair->focus) {
		surface_restyle(pane->surface, line, ROLE_CURSOR);
		if (!pair->filtering)
			surface_set_cursor(pane->surface, line.x, y);
	} else if (here && pane->side == SIDE_SOURCE) {
		/* What would go stays marked while one looks around on the target. */
		surface_restyle(pane->surface, line, ROLE_CURSOR_OTHER);
	}
}

static void draw_rows(const Pane *pane)
{
	const PairView *pair = pane->pair;
	bool stale = pane->host->state == HOST_STALE;
	for (int i = 0; i < pane->in.h; i++) {
		int n = pair->list.top + i, y = pane->in.y + i;
		const PairRow *row = pair_model_row(pair->model, n);
		if (!row)
			break;
		if (row->kind == ROW_CARD)
			draw_card(pane, row, y);
		else if (row->kind == ROW_TYPE)
			draw_type(pane, row, y);
		else
			draw_instance(pane, row, y);
		if (stale)
			surface_restyle(pane->surface, (Rect){ pane->in.x, y, pane->in.w, 1 },
			                ROLE_DIM);
		if (pane->side == SIDE_TARGET)
			draw_sign(pane, n, y);
		draw_cursor(pane, n, y);
	}
}

/* ---- panes -------------------------------------------------------------------------------- */

/* A reason a line: each names its card and the mend. New text. */
static char *nothing_words(const char *label, const Inventory *inventory)
{
	if (!inventory->notes[0])
		return g_strdup_printf("No mediated devices on %s: %s.", label,
		                       inventory->empty_why);
	g_autofree char *notes = g_strjoinv("\n", inventory->notes);
	return g_strdup_printf("No mediated devices on %s.\n%s", label, notes);
}

/* Why there are no rows to show, or NULL. New text. */
static char *empty_words(const Pane *pane)
{
	const PairView *pair = pane->pair;
	const HostView *host = pane->host;
	if (!host && snapshot_count(pair->ui->hosts) < 2)
		return g_strdup("No target chosen: t chooses one.\n"
		                "Only one host is known; more are named at the start: "
		                "mdevcon HOST HOST");
	if (!host)
		return g_strdup("No target chosen: t chooses one.");
	const char *label = host->address->label;
	int silent = (int)(host->silent_us / G_USEC_PER_SEC);
	if (!host->inventory && host->question_id)
		return g_strdup_printf("%s waits for an answer.", label);
	if (!host->inventory && host->state == HOST_CONNECTING)
		return g_strdup_printf("Connecting to %s: %d s", label, silent);
	if (!host->inventory)
		return g_strdup_printf("Down. %s\nr tries again now.",
		                       host->error ? host->error : "no reason was given");
	/* By hardware a card without types is a row, and the panel below says why. */
	bool cards = pair->hardware && host->inventory->cards->len > 0;
	if (!cards && host->inventory->parents->len == 0 && host->inventory->instances->len == 0)
		return nothing_words(label, host->inventory);
	if (pair->model->rows->len == 0)
		return g_strdup(pair->filter.len ? "Nothing matches the filter. Esc clears it."
		                                 : "No parent offers a type.");
	return NULL;
}

static int id_columns(const PairModel *model)
{
	int columns = ID_COLUMNS_MIN;
	for (guint i = 0; i < model->rows->len; i++)
		columns = MAX(columns, text_columns(pair_model_row(model, (int)i)->type_id));
	return MIN(columns, ID_COLUMNS_MAX);
}

/* The widest name of a guest, as far as there is room for it. */
static int vm_columns(const Pane *pane)
{
	const PairModel *model = pane->pair->model;
	int columns = VM_COLUMNS_MIN;
	for (guint i = 0; i < model->rows->len; i++) {
		const Instance *instance = pair_model_row(model, (int)i)->instance[pane->side];
		const char *vm = instance ? instance_vm(instance) : NULL;
		columns = MAX(columns, vm ? text_columns(vm) : 0);
	}
	return CLAMP(columns, VM_COLUMNS_MIN,
	             MAX(pane->in.w - pane->vm_x - AFTER_VM, VM_COLUMNS_MIN));
}

static Pane pane_new(const PairView *pair, Surface *surface, PairSide side, Rect box)
{
	Pane pane = { .pair = pair, .surface = surface, .side = side, .in = layout_inside(box) };
	int shift = side == SIDE_TARGET ? 1 : 0; /* the sign column */
	pane.host = pair_host(pair, side);
	int indent = pair->hardware ? 2 : 0;
	pane.card_x = 1 + shift;
	pane.id_x = 1 + shift + indent;
	pane.note_x = pane.id_x + id_columns(pair->model) + 2;
	pane.count_x = pane.in.w - (side == SIDE_TARGET ? 12 : 5);
	pane.vm_x = 5 + shift + indent;
	pane.uuid_x = pane.vm_x + vm_columns(&pane) + 1;
	return pane;
}

static void draw_pane(const PairView *pair, Surface *surface, PairSide side, Rect box, bool single)
{
	Pane pane = pane_new(pair, surface, side, box);
	pane.single = single;
	bool focused = pair->focus == side;
	draw_box(&pane, box, focused);
	g_autofree char *words = empty_words(&pane);
	if (!words) {
		draw_rows(&pane);
		return;
	}
	Rect text = { pane.in.x + 1, pane.in.y, pane.in.w - 2, pane.in.h };
	bool wrong = pane.host && pane.host->state == HOST_DOWN;
	text_wrapped(surface, text, wrong ? ROLE_ERROR : ROLE_NORMAL, words);
	if (focused)
		surface_set_cursor(surface, pane.in.x, pane.in.y);
}

void pair_draw(View *view, Surface *surface)
{
	PairView *pair = (PairView *)view;
	PairLayout layout = layout_pair(surface_width(surface), surface_height(surface));
	list_fit(&pair->list, (int)pair->model->rows->len, layout.left.h - 2);
	draw_title(pair, surface, layout.title);
	if (!layout.single || pair->focus == SIDE_SOURCE)
		draw_pane(pair, surface, SIDE_SOURCE, layout.left, layout.single);
	if (!layout.single || pair->focus == SIDE_TARGET)
		draw_pane(pair, surface, SIDE_TARGET, layout.right, layout.single);
	Reasons reasons = { pair->verdict, pair->no_verdict, pair->whole, pair->zero };
	reasons_draw(surface, layout.reasons, &reasons, pair->ui->ascii);
	pair_draw_message(pair, surface, layout.message);
}
