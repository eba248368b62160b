/* Two sides drawn beside each other.  Both halves are drawn by the same code into the same rows; where a row of one half
 * has other cells than the same row of the other, the gutter says so. */
#include "mode_versus.h"
#include "sentence.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which row has what; the same for every step.  Heights of 0 are not there. */
struct plan {
	int w, h, half;                  /* columns of a half */
	int old, strip, op, op_rows, slots, more, more_rows, last, last_rows, what, what_rows, line, line_rows;
};

enum { GUTTER = 3, LOW = 20 };

static void plan_make(struct plan *p, int w, int h)
{
	*p = (struct plan){ .w = w, .h = h, .half = (w - GUTTER) / 2, .old = h < LOW ? 0 : 3, .strip = h < LOW ? 3 : 4 };
	p->op_rows = h < LOW ? 1 : 3;
	int left = h - (p->strip + 1) - 1 - (1 + p->op_rows) - 9; /* transport; operation; slots */
	p->what_rows = left >= 3 ? 2 : left >= 2 ? 1 : 0;
	left -= p->what_rows ? p->what_rows + 1 : 0;
	if (left >= 1)
		p->line_rows = 1;
	left -= p->line_rows;
	if (left >= 3 && h >= LOW) {
		p->op_rows += 3;
		left -= 3;
	}
	if (left >= 5) {
		p->more_rows = left >= 14 ? 8 : 4;
		left -= p->more_rows + 1;
	}
	if (left >= 3)
		p->last_rows = left - 1;
	else
		p->what_rows += left > 1 ? 1 : 0;
	p->op = p->strip + 1;
	p->slots = p->op + 1 + p->op_rows;
	p->more = p->slots + 9;
	p->last = p->more + (p->more_rows ? p->more_rows + 1 : 0);
	p->what = p->last + (p->last_rows ? p->last_rows + 1 : 0);
	p->line = p->what + 1 + p->what_rows;
	if (p->line_rows)
		p->line = h - 2;
	if (!p->last_rows && p->what_rows) /* what is left over */
		p->what_rows = (p->line_rows ? h - 2 : h - 1) - p->what - 1;
}

/* ---- a half ---- */

struct half {
	struct grid *g;
	struct rect r;
	const struct plan *p;
	struct replay *replay;
	struct versus_mode *v;
	struct versus_side *d;
	int which;
};

static void put(const struct half *x, int column, int y, int end, style st, const char *text)
{
	char clean[1024], fit[1024];
	if (end > x->r.w)
		end = x->r.w;
	if (end <= column)
		return;
	scene_clean(&x->d->scene, text, clean, sizeof clean);
	text_fit(clean, end - column, fit, sizeof fit);
	grid_put(x->g, x->r, column, y, st, fit);
}

static void rule(const struct half *x, int y, const char *text, bool focus)
{
	char fit[512];
	grid_rule(x->g, x->r, y);
	if (!*text)
		return;
	text_fit(text, x->r.w - 4, fit, sizeof fit);
	int end = grid_printf(x->g, x->r, 1, y, S_LABEL, " %s ", fit);
	if (focus)
		grid_restyle(x->g, x->r, 1, y, end - 1, S_CURSOR);
}

static void draw_hmap(const struct half *x)
{
	const struct scene *s = &x->d->scene;
	char text[256];
	if (!s->live) {
		put(x, 1, 2, x->r.w, S_DEAD, _("hmap: no map here yet"));
		return;
	}
	if (x->r.w >= 55)
		snprintf(text, sizeof text, "hmap count %" PRId64 "  B %u  noverflow %u  hash0 %08x  flags %u", s->hmap.count, s->hmap.B, s->hmap.noverflow,
			 s->hmap.hash0, s->hmap.flags);
	else
		snprintf(text, sizeof text, "count %" PRId64 " B %u nov %u hash0 %08x", s->hmap.count, s->hmap.B, s->hmap.noverflow, s->hmap.hash0);
	put(x, 1, 2, x->r.w, S_TEXT, text);
}

/* "new  0 ▄ 4   1 ▄ 4 ...": as many buckets as fit, around the one in focus. */
static void draw_strip(const struct half *x, int y, enum which_array array, const char *label)
{
	const struct scene *s = &x->d->scene;
	uint64_t n = s->live ? array_buckets(&s->hmap, array) : 0, first = 0;
	int pitch = n <= 4 ? 11 : 7, room = (x->r.w - 6) / pitch;
	put(x, 1, y, x->r.w, S_LABEL, label);
	if (!n) {
		put(x, 6, y, x->r.w, S_DEAD, array == ARRAY_OLD ? _("none") : _("no array"));
		return;
	}
	if (n > (uint64_t)room && s->focus.ok)
		first = (s->focus.view.index & (n - 1)) / (uint64_t)room * (uint64_t)room;
	for (int k = 0; k < room && first + (uint64_t)k < n; k++) {
		struct chain_sum c = scene_chain(s, array, first + (uint64_t)k);
		char words[48];
		int at = 6 + k * pitch;
		at = grid_printf(x->g, x->r, at, y, S_TEXT, "%" PRIu64, first + (uint64_t)k);
		if (c.moved)
			at = grid_glyph(x->g, x->r, at + (pitch > 7), y, S_DEAD, G_MOVED);
		else if (c.entries)
			at = grid_glyph(x->g, x->r, at + (pitch > 7), y, S_TEXT, (enum glyph)(G_BAR1 + (c.entries > 8 ? 8 : c.entries) - 1));
		else
			at += 1 + (pitch > 7);
		words[0] = 0;
		if (!c.moved)
			snprintf(words, sizeof words, c.overflow ? "%s%u+%u" : "%s%u", pitch > 7 ? " " : "", c.entries, c.overflow);
		grid_put(x->g, x->r, at, y, S_TEXT, words);
	}
}

static void draw_operation(const struct half *x)
{
	const struct op_cost *c = cost_of(&x->d->costs, x->d->source, x->d->op);
	int y = x->p->op;
	char text[SCENE_TEXT + 192], place[64], result[SCENE_TEXT + 64];
	if (!c) {
		rule(x, y, x->d->op ? _("no such operation") : _("before the first operation"), false);
		return;
	}
	snprintf(text, sizeof text, _("operation %" PRIu64 ": %s"), x->d->op, c->words);
	rule(x, y, text, false);
	cost_place(c, place, sizeof place);
	cost_result(c, result, sizeof result);
	if (x->p->op_rows == 1) {
		snprintf(text, sizeof text, _("at %s, tops %u, steps %" PRIu64), *place ? place : "-", c->tophashes, c->last - c->first + 1);
		put(x, 1, y + 1, x->r.w, S_TEXT, text);
		return;
	}
	if (x->p->op_rows == 3) {
		snprintf(text, sizeof text, _("hash %016" PRIx64 " top %02x"), c->hash, c->top);
		put(x, 1, y + 1, x->r.w, c->hashed ? S_TEXT : S_DEAD, c->hashed ? text : _("no key is hashed"));
		snprintf(text, sizeof text, _("at %s, tops %u, keys %u"), *place ? place : "-", c->tophashes, c->keys);
		put(x, 1, y + 2, x->r.w, S_TEXT, text);
		snprintf(text, sizeof text, _("lines %u, steps %" PRIu64 "%s%s"), c->lines, c->last - c->first + 1, *result ? ", " : "", result);
		put(x, 1, y + 3, x->r.w, S_TEXT, text);
		return;
	}
	if (c->hashed && c->bucket_known)
		snprintf(text, sizeof text, _("hash %016" PRIx64 "  top %02x  bucket %" PRIu64), c->hash, c->top, c->bucket);
	else if (c->hashed)
		snprintf(text, sizeof text, _("hash %016" PRIx64 "  top %02x"), c->hash, c->top);
	else
		snprintf(text, sizeof text, "%s", _("no key is hashed"));
	put(x, 1, y + 1, x->r.w, S_TEXT, text);
	snprintf(text, sizeof text, _("placed at            %s"), *place ? place : "-");
	put(x, 1, y + 2, x->r.w, S_TEXT, text);
	snprintf(text, sizeof text, _("tophashes read       %-4u  keys compared  %u"), c->tophashes, c->keys);
	put(x, 1, y + 3, x->r.w, S_TEXT, text);
	snprintf(text, sizeof text, _("cache lines touched  %u"), c->lines);
	put(x, 1, y + 4, x->r.w, S_TEXT, text);
	snprintf(text, sizeof text, _("steps                %" PRIu64), c->last - c->first + 1);
	put(x, 1, y + 5, x->r.w, S_TEXT, text);
	snprintf(text, sizeof text, _("result               %s"), *result ? result : outcome_name[c->outcome]);
	put(x, 1, y + 6, x->r.w, S_TEXT, text);
}

static void draw_slots(const struct half *x, int y, int rows, const struct scene_bucket *b, bool with_heads)
{
	const struct scene *s = &x->d->scene;
	char label[64], title[128], text[SCENE_TEXT];
	int state = x->r.w >= 50 ? 15 : x->r.w >= 36 ? 9 : 4, key = 6 + state + 1, elem = x->r.w - 1 - (x->r.w >= 50 ? 14 : x->r.w >= 36 ? 8 : 4);
	if (!b || !b->ok) {
		rule(x, y, with_heads ? _("no bucket") : _("no overflow bucket"), false);
		return;
	}
	bucket_label(s, &b->view, true, label, sizeof label);
	if (with_heads && x->r.w >= 50)
		snprintf(title, sizeof title, _("slot top state, key, elem: %s"), label);
	else
		snprintf(title, sizeof title, b->view.depth ? _("%s, overflow") : "%s", label);
	rule(x, y, title, false);
	for (int i = 0; i < rows && i < SLOTS; i++) {
		uint8_t top = b->view.tophash[i];
		bool full = tophash_full(top);
		int at = y + 1 + i;
		grid_printf(x->g, x->r, 1, at, S_TEXT, "%d", i);
		grid_printf(x->g, x->r, 3, at, S_TOP, "%02x", top);
		put(x, 6, at, 6 + state, full ? S_TEXT : S_DEAD, tophash_name(top));
		if (!full)
			continue;
		slot_elem_text(s, b->bytes, i, text, sizeof text);
		int width = text_width(text), from = x->r.w - 1 - width;
		put(x, from > elem ? from : elem, at, x->r.w - 1, S_ELEM, text);
		slot_key_text(s, b->bytes, i, text, sizeof text);
		put(x, key, at, elem - 1, S_KEY, text);
	}
}

static void draw_last(const struct half *x)
{
	int rows = x->p->last_rows, y = x->p->last;
	char text[SCENE_TEXT + 192], place[64], result[SCENE_TEXT + 64];
	rule(x, y, _("the last operations: placed at, tophashes, keys, steps"), false);
	uint64_t n = x->d->op < (uint64_t)rows ? x->d->op : (uint64_t)rows;
	for (uint64_t i = 0; i < n; i++) {
		uint64_t op = x->d->op - n + 1 + i;
		const struct op_cost *c = cost_of(&x->d->costs, x->d->source, op);
		int at = y + 1 + (int)i, column = x->r.w >= 50 ? 22 : 16;
		if (!c)
			continue;
		style st = op == x->d->op ? S_TITLE : S_TEXT;
		snprintf(text, sizeof text, "%" PRIu64, op);
		put(x, 1, at, 6, st, text);
		put(x, 2 + text_width(text), at, column, st, c->words);
		cost_place(c, place, sizeof place);
		put(x, column + 1, at, column + 11, st, place);
		cost_result(c, result, sizeof result);
		snprintf(text, sizeof text, "%2u %2u %3" PRIu64 "  %s", c->tophashes, c->keys, c->last - c->first + 1, result);
		put(x, column + 12, at, x->r.w, st, text);
	}
}

/* The bucket that both sides show: the one in focus on the side that is moved. */
static void scenes_make(struct replay *r, struct versus_mode *v)
{
	const struct scene_hold none = { 0 };
	struct versus_side *d = &v->side[v->active], *e = &v->side[1 - v->active];
	for (int i = 0; i < 2; i++) {
		struct versus_side *s = &v->side[i];
		if ((s->player.step != s->step && player_seek(&s->player, s->step) != 0) || log_seek(&s->log, &s->player, s->player.step) != 0)
			replay_message(r, true, "%s", s->player.error[0] ? s->player.error : s->source->error);
	}
	scene_make(&d->scene, &d->player, &d->log, NULL, &none, r->ascii);
	scene_make(&e->scene, &e->player, &e->log, NULL, &none, r->ascii);
	uint64_t n = e->scene.live ? array_buckets(&e->scene.hmap, ARRAY_NEW) : 0;
	if (!d->scene.focus.ok || d->scene.focus.kept || !n)
		return;
	struct scene_hold hold = { true, ARRAY_NEW, d->scene.focus.view.index & (n - 1), d->scene.focus.view.depth, 0 };
	if (d->scene.focus.view.array == ARRAY_OLD && e->scene.hmap.oldbuckets)
		hold.array = ARRAY_OLD;
	scene_make(&e->scene, &e->player, &e->log, NULL, &hold, r->ascii);
	if (!e->scene.focus.ok || e->scene.focus.view.index != hold.index) { /* its chain is shorter */
		hold.depth = 0;
		scene_make(&e->scene, &e->player, &e->log, NULL, &hold, r->ascii);
	}
}

/* The two buckets of a chain that are shown: its head and the one in focus or the next. */
static void chain_heads(const struct scene *s, bool two, const struct scene_bucket **a, const struct scene_bucket **b)
{
	*a = s->focus.ok ? &s->focus : NULL;
	*b = NULL;
	if (two && s->table[0].ok && !s->splitting) {
		*a = &s->table[0];
		*b = s->table[1].ok ? &s->table[1] : NULL;
	} else if (two && s->splitting && s->table[2].ok) {
		*b = &s->table[2];
	}
}

static void draw_half(const struct half *x)
{
	const struct scene_bucket *a, *b;
	char title[256];
	const struct map_info *m = x->d->scene.map;
	const struct plan *p = x->p;
	if (m && x->r.w < 50)
		snprintf(title, sizeof title, _("%c  seed %" PRIu64 "  op %" PRIu64 "  step %" PRIu64), 'A' + x->which, m->seed, x->d->op, x->d->step);
	else if (m)
		snprintf(title, sizeof title, _("%c  seed %" PRIu64 ", operation %" PRIu64 ", step %" PRIu64), 'A' + x->which, m->seed, x->d->op, x->d->step);
	else
		snprintf(title, sizeof title, _("%c  operation %" PRIu64 ", step %" PRIu64), 'A' + x->which, x->d->op, x->d->step);
	rule(x, 1, title, x->which == x->v->active);
	draw_hmap(x);
	if (p->old)
		draw_strip(x, p->old, ARRAY_OLD, _("old"));
	draw_strip(x, p->strip, ARRAY_NEW, _("new"));
	draw_operation(x);
	chain_heads(&x->d->scene, p->more_rows > 0, &a, &b);
	draw_slots(x, p->slots, SLOTS, a, true);
	if (p->more_rows)
		draw_slots(x, p->more, p->more_rows, b, false);
	if (p->last_rows)
		draw_last(x);
}

/* ---- the gutter ---- */

static bool row_is_rule(const struct plan *p, int y)
{
	return y == 1 || y == p->op || y == p->slots || (p->more_rows && y == p->more) || (p->last_rows && y == p->last);
}

static void draw_gutter(struct versus_mode *v, struct grid *g, const struct plan *p)
{
	struct rect all = grid_rect(g);
	int x = p->half;
	v->rows = 0;
	for (int y = 1; y < p->what; y++) {
		bool is_rule = row_is_rule(p, y), differs = false;
		enum glyph side = is_rule ? (y == 1 ? G_T_DOWN : G_CROSS) : G_V;
		for (int i = 0; i < p->half && !is_rule && !differs; i++) {
			const struct cell *a = &g->cell[y * g->w + i], *b = &g->cell[y * g->w + x + GUTTER + i];
			differs = a->ch != b->ch || memcmp(a->combining, b->combining, sizeof a->combining) != 0;
		}
		grid_glyph(g, all, x, y, S_RULE, side);
		grid_glyph(g, all, x + 2, y, S_RULE, side);
		if (is_rule)
			grid_glyph(g, all, x + 1, y, S_RULE, G_H);
		else if (differs)
			grid_glyph(g, all, x + 1, y, S_TITLE, G_DIFFERS);
		v->rows += differs;
	}
	if (!p->what_rows)
		return;
	grid_rule(g, all, p->what);
	grid_glyph(g, all, x, p->what, S_RULE, G_T_UP);
	grid_glyph(g, all, x + 2, p->what, S_RULE, G_T_UP);
}

/* ---- below the halves ---- */

static void find_difference(struct versus_mode *v)
{
	const struct scene *a = &v->side[0].scene, *b = &v->side[1].scene;
	if (v->difference_known && v->difference_step[0] == a->step && v->difference_step[1] == b->step)
		return;
	versus_maps(&v->difference, a->mem, &a->type, a->map && a->type_ok ? a->map->hmap : 0, b->mem, &b->type,
		    b->map && b->type_ok ? b->map->hmap : 0);
	v->difference_step[0] = a->step;
	v->difference_step[1] = b->step;
	v->difference_known = true;
}

static void draw_what(const struct frame *f, struct versus_mode *v, const struct plan *p)
{
	struct rect all = grid_rect(f->grid);
	const struct map_info *a = v->side[0].scene.map, *b = v->side[1].scene.map;
	char words[1024], right[96];
	find_difference(v);
	versus_words(&v->difference, a && b && a->seed != b->seed, words, sizeof words);
	grid_put(f->grid, all, 1, p->what, S_LABEL, _(" what differs "));
	snprintf(right, sizeof right, v->rows == 1 ? _(" ≠ %u row ") : _(" ≠ %u rows "), v->rows);
	grid_put_right(f->grid, all, p->half - 1, p->what, S_LABEL, right);
	const char *text = words;
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

/* "= ≠ =": an operation each, those around the active side's. */
static void draw_line(const struct frame *f, struct versus_mode *v, const struct plan *p)
{
	struct rect all = grid_rect(f->grid);
	struct versus_side *d = &v->side[v->active], *e = &v->side[1 - v->active];
	int pitch = p->w >= 100 ? 3 : 2, room = (p->w - 16) / pitch, x = 5;
	uint64_t ops = d->source->ops > e->source->ops ? d->source->ops : e->source->ops, first = 1;
	int64_t apart = (int64_t)e->op - (int64_t)d->op;
	if (ops > (uint64_t)room && d->op > (uint64_t)room / 2)
		first = d->op - (uint64_t)room / 2;
	if (ops > (uint64_t)room && first + (uint64_t)room > ops + 1)
		first = ops + 1 - (uint64_t)room;
	grid_put(f->grid, all, 1, p->line, S_LABEL, _("op"));
	for (int i = 0; i < room && first + (uint64_t)i <= ops; i++, x += pitch) {
		uint64_t op = first + (uint64_t)i, other = (uint64_t)((int64_t)op + apart), a = v->active ? other : op, b = v->active ? op : other;
		bool differs = versus_op_differs(v, a, b);
		const struct op_cost *ca = cost_of(&v->side[0].costs, v->side[0].source, a), *cb = cost_of(&v->side[1].costs, v->side[1].source, b);
		bool grows = (ca && ca->grew) || (cb && cb->grew);
		style st = op == d->op ? S_CURSOR : differs ? S_TITLE : S_LABEL;
		grid_put(f->grid, all, x, p->line, st, differs ? "≠" : "=");
		if (grows)
			grid_glyph(f->grid, all, x + 1, p->line, S_GROW, G_QUARTER3);
	}
	char now[48];
	snprintf(now, sizeof now, "▲ op %" PRIu64, d->op);
	grid_put_right(f->grid, all, p->w - 1, p->line, S_TITLE, now);
}

static void draw_transport(const struct frame *f, struct replay *r, struct versus_mode *v)
{
	struct rect all = grid_rect(f->grid);
	int y = f->grid->h - 1, w = f->grid->w;
	char text[160];
	const char *hint = w >= 110 ? _(". step  PgDn op  ] next difference  = lock  Tab side  X leave  ? help") : w >= 80 ? _(". PgDn ] = Tab X  ? help") : _("X leave ?");
	if (r->message[0]) {
		mode_words(f, 1, y, w, r->alarm ? S_ERROR : S_TITLE, r->message);
		return;
	}
	if (r->counting)
		snprintf(text, sizeof text, _("%" PRIu64 "  then . G"), r->count);
	else if (v->side[0].op == v->side[1].op)
		snprintf(text, sizeof text, _("operation %" PRIu64 " in both  %s"), v->side[0].op, v->locked ? _("locked in step") : _("unlocked"));
	else
		snprintf(text, sizeof text, _("operations %" PRIu64 ", %" PRIu64 "  %s"), v->side[0].op, v->side[1].op, v->locked ? _("locked") : _("unlocked"));
	mode_words(f, 1, y, w - text_width(hint) - 2, S_TEXT, text);
	grid_put_right(f->grid, all, w - 1, y, S_LABEL, hint);
}

static void draw_help(const struct frame *f, const struct plan *p)
{
	static const char *const line[] = { N_(".  ,           step forward, back"), N_("PgDn PgUp      operation (also up, down)"),
		N_("15G  g  G      operation 15, the first, the last"), N_("]  [           next, previous operation that is placed differently"),
		N_("=              lock or unlock: both sides move, or one"), N_("Tab            the side that moves, and whose bucket both show"),
		N_("X  Esc         back to the replay, at the step of that side"), N_("≠              this row is not the same on both sides"),
		N_("q              quit") };
	enum { LINES = sizeof line / sizeof line[0] };
	struct rect r = { (p->w - 64) / 2 > 0 ? (p->w - 64) / 2 : 0, 3, p->w < 64 ? p->w : 64, LINES + 2 };
	for (int y = 0; y < r.h; y++)
		grid_printf(f->grid, r, 0, y, S_TEXT, "%*s", r.w, "");
	grid_rule(f->grid, r, 0);
	grid_put(f->grid, r, 1, 0, S_CURSOR, _(" compare "));
	for (int i = 0; i < LINES; i++)
		grid_put(f->grid, r, 2, i + 1, S_TEXT, _(line[i]));
	grid_rule(f->grid, r, LINES + 1);
}

static void draw_title(const struct frame *f, struct versus_mode *v)
{
	struct rect all = grid_rect(f->grid);
	const struct map_info *m = v->side[0].scene.map;
	char name[2][128], type[96] = "";
	const char *view = _("compare");
	int w = f->grid->w, third = (w - 24) / 3;
	for (int i = 0; i < 2; i++)
		text_fit(v->side[i].source->name, third, name[i], sizeof name[i]);
	if (m)
		snprintf(type, sizeof type, "map[%s]%s  go%s %s", m->key_type, m->elem_type, m->go, m->arch);
	int x = grid_put(f->grid, all, 1, 0, S_TITLE, "mapscope") + 2;
	x = grid_put(f->grid, all, x, 0, S_LABEL, "A ");
	x = grid_put(f->grid, all, x, 0, S_TEXT, name[0]) + 2;
	x = grid_put(f->grid, all, x, 0, S_LABEL, "B ");
	x = grid_put(f->grid, all, x, 0, S_TEXT, name[1]) + 2;
	if (x + text_width(type) + text_width(view) + 2 < w)
		grid_put(f->grid, all, x, 0, S_LABEL, type);
	grid_put_right(f->grid, all, w - 1, 0, S_TITLE, view);
}

void versus_draw(struct replay *r, struct grid *g)
{
	struct versus_mode *v = r->mode->versus;
	struct layout layout;
	struct plan p;
	scenes_make(r, v);
	layout_make(&layout, g->w, g->h, NULL);
	struct frame f = { .grid = g, .replay = r, .scene = &v->side[0].scene, .layout = &layout, .timeline = &r->timeline };
	r->w = g->w;
	r->h = g->h;
	if (layout.too_small) {
		view_too_small(&f, grid_rect(g));
		return;
	}
	plan_make(&p, g->w, g->h);
	draw_title(&f, v);
	for (int i = 0; i < 2; i++) {
		struct half x = { g, { i * (p.half + GUTTER), 0, p.half, p.what }, &p, r, v, &v->side[i], i };
		draw_half(&x);
	}
	draw_gutter(v, g, &p);
	if (p.what_rows)
		draw_what(&f, v, &p);
	if (p.line_rows)
		draw_line(&f, v, &p);
	draw_transport(&f, r, v);
	if (v->help)
		draw_help(&f, &p);
}
