/* What stands above and below two sides: title, what differs, a line of operations, keys. */
#include "ui/mode/compare.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void draw_what(
	const struct frame *f, const struct compare_mode *v, const struct compare_plan *p, unsigned different)
{
	struct rect all = grid_rect(f->grid);
	char right[96];
	grid_put(f->grid, all, 1, p->what, S_LABEL, _(" what differs "));
	snprintf(right, sizeof right, P_(" ≠ %u row ", " ≠ %u rows ", different), different);
	grid_put_right(f->grid, all, p->half - 1, p->what, S_LABEL, right);
	const char *text = v->difference;
	for (int y = 1; y <= p->what_rows && *text; y++) {
		const char *next;
		size_t n = text_wrap(text, p->w - 2, &next);
		char row[1024];
		bool cut = y == p->what_rows && *next;
		snprintf(row, sizeof row, "%.*s%s", (int)n, text, cut ? " …" : "");
		mode_words(f, 1, p->what + y, p->w, S_TEXT, row);
		text = next;
	}
}

/* Three columns each: blank, the mark, growth.  Brackets stand around the operation in sight, as around a
 * bucket in focus. */
static void draw_op(const struct frame *f, const struct compare_mode *v, int x, int y, int64_t op)
{
	struct rect all = grid_rect(f->grid);
	bool here = op == v->side[v->active].want;
	uint64_t mine = (uint64_t)op, other = (uint64_t)(op + compare_apart(v)), a = v->active ? other : mine,
		 b = v->active ? mine : other;
	const struct op_cost *ca = cost_known(&v->side[0].costs, a), *cb = cost_known(&v->side[1].costs, b);
	bool differs = ca && cb ? cost_placed_differently(ca, cb) : ca != cb;
	style st = here ? S_CURSOR : differs ? S_TITLE : S_LABEL;
	grid_put(f->grid, all, x + 1, y, st, differs ? "≠" : "=");
	if ((ca && ca->grew) || (cb && cb->grew))
		grid_glyph(f->grid, all, x + 2, y, S_GROW, G_QUARTER3);
	if (here) {
		grid_put(f->grid, all, x, y, S_TITLE, "[");
		grid_put(f->grid, all, x + 3, y, S_TITLE, "]");
	}
}

enum { PITCH = 3 };

static void line_end(const struct compare_mode *v, char *out, size_t cap)
{
	snprintf(out, cap, _("op %" PRId64 "/%" PRId64), v->side[v->active].want, compare_last(v));
}

struct compare_line compare_line(const struct compare_mode *v, const struct compare_plan *p)
{
	const struct compare_side *d = &v->side[v->active];
	char end[64];
	int64_t ops = compare_last(v), first = 1;
	line_end(v, end, sizeof end);
	int x = 2 + text_width(_("op")), room = (p->w - 3 - text_width(end) - x) / PITCH;
	if (ops > room && d->want > room / 2)
		first = d->want - room / 2;
	if (ops > room && first + room > ops + 1)
		first = ops + 1 - room;
	int64_t n = ops + 1 - first < room ? ops + 1 - first : room;
	return (struct compare_line){ x, first, n > 0 ? (int)n : 0 };
}

static void draw_line(const struct frame *f, const struct compare_mode *v, const struct compare_plan *p)
{
	struct rect all = grid_rect(f->grid);
	struct compare_line l = compare_line(v, p);
	char end[64];
	line_end(v, end, sizeof end);
	grid_put(f->grid, all, 1, p->line, S_LABEL, _("op"));
	for (int i = 0; i < l.n; i++)
		draw_op(f, v, l.x + i * PITCH, p->line, l.first + i);
	grid_put_right(f->grid, all, p->w - 1, p->line, S_TITLE, end);
}

static void draw_transport(const struct frame *f, const struct compare_mode *v)
{
	struct rect all = grid_rect(f->grid);
	int y = f->grid->h - 1, w = f->grid->w;
	char text[160];
	const char *hint = w >= 110
		? _(". step  PgDn op  ] next difference  = lock  Tab side  X leave  ? help")
		: w >= 80 ? _(". PgDn ] = Tab X  ? help")
			  : _(". PgDn ] = Tab X ?");
	if (f->state->message[0]) {
		mode_words(f, 1, y, w, f->state->alarm ? S_ERROR : S_TITLE, f->state->message);
		return;
	}
	if (f->state->counting)
		snprintf(text, sizeof text, _("%" PRIu64 "  then . G"), f->state->count);
	else if (v->side[0].op == v->side[1].op)
		snprintf(text, sizeof text, _("operation %" PRIu64 " in both  %s"), v->side[0].op,
			v->locked ? _("locked in step") : _("unlocked"));
	else
		snprintf(text, sizeof text, _("operations %" PRIu64 ", %" PRIu64 "  %s"), v->side[0].op,
			v->side[1].op, v->locked ? _("locked") : _("unlocked"));
	mode_words(f, 1, y, w - text_width(hint) - 2, S_TEXT, text);
	grid_put_right(f->grid, all, w - 1, y, S_LABEL, hint);
}

static void draw_help(const struct frame *f, const struct compare_plan *p)
{
	static const struct {
		const char *keys, *words;
	} line[] = { { ". ,", N_("step forward, back") },
		{ "PgDn PgUp", N_("operation forward, back (also down, up)") },
		{ "15G g G", N_("operation 15, the first, the last") },
		{ "] [", N_("next, previous that is placed differently") },
		{ "=", N_("lock or unlock: both sides move, or one") },
		{ "Tab", N_("the side that moves (►); both show its bucket") },
		{ "X Esc", N_("back to the replay, at that side's step") },
		{ "≠", N_("marks what is not the same on both sides") },
		{ "░", N_("behind an operation: it begins a growth") }, { "q", N_("quit") } };
	enum { LINES = sizeof line / sizeof line[0], KEYS = 11 };
	int w = KEYS;
	for (int i = 0; i < LINES; i++)
		if (KEYS + text_width(_(line[i].words)) > w)
			w = KEYS + text_width(_(line[i].words));
	w = w + 4 > p->w ? p->w : w + 4;
	struct rect r = { (p->w - w) / 2, 2, w, LINES + 2 };
	panel_box(f, r);
	grid_put(f->grid, r, 2, 0, S_TITLE, _(" compare "));
	for (int i = 0; i < LINES; i++) {
		grid_put(f->grid, r, 2, i + 1, S_TITLE, line[i].keys);
		mode_words(f, r.x + 2 + KEYS, r.y + i + 1, r.x + w - 1, S_TEXT, _(line[i].words));
	}
}

void compare_foot(
	const struct frame *f, const struct compare_mode *v, const struct compare_plan *p, unsigned different)
{
	if (p->what_rows)
		draw_what(f, v, p, different);
	if (p->line_rows)
		draw_line(f, v, p);
	draw_transport(f, v);
	if (v->help)
		draw_help(f, p);
}

/* The types, and the releases; both where they differ. */
static void type_words(const struct map_info *a, const struct map_info *b, char *out, size_t cap)
{
	char type[2][64];
	if (!a || !b) {
		out[0] = 0;
		return;
	}
	snprintf(type[0], sizeof type[0], "map[%s]%s", a->key.name, a->elem.name);
	snprintf(type[1], sizeof type[1], "map[%s]%s", b->key.name, b->elem.name);
	bool same = strcmp(type[0], type[1]) == 0, release = strcmp(a->go, b->go) == 0;
	snprintf(out, cap, "%s%s%s  go%s%s%s", type[0], same ? "" : " ≠ ", same ? "" : type[1], a->go,
		release ? "" : " ≠ go", release ? "" : b->go);
}

void compare_title(const struct frame *f, const struct compare_mode *v)
{
	struct rect all = grid_rect(f->grid);
	char name[2][128], type[224];
	const char *view = _("compare");
	int w = f->grid->w, third = (w - 24) / 3;
	for (int i = 0; i < 2; i++)
		text_fit(v->side[i].source->name, third, name[i], sizeof name[i]);
	type_words(v->side[0].scene.map, v->side[1].scene.map, type, sizeof type);
	int x = grid_put(f->grid, all, 1, 0, S_TITLE, "mapscope") + 2;
	for (int i = 0; i < 2; i++) {
		x = grid_put(f->grid, all, x, 0, S_LABEL, i ? "B " : "A ");
		x = grid_put(f->grid, all, x, 0, S_TEXT, name[i]) + 2;
	}
	mode_words(f, x, 0, w - text_width(view) - 2, S_LABEL, type);
	grid_put_right(f->grid, all, w - 1, 0, S_TITLE, view);
}
