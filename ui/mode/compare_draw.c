/* Two sides drawn beside each other.  Both halves are drawn by the same code into the same rows; where a row
 * of one half has other cells than the same row of the other, the gutter says so. */
#include "ui/mode/compare.h"
#include "ui/scene/explain.h"
#include "ui/scene/object.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOW = 20, COMPARE_SLOTS = 8 }; /* rows of a screen: low below these; of slots */

void compare_plan(struct compare_plan *p, int w, int h)
{
	*p = (struct compare_plan){ .w = w,
		.h = h,
		.half = (w - COMPARE_GUTTER) / 2,
		.old = h < LOW ? 0 : 3,
		.strip = h < LOW ? 3 : 4 };
	p->op_rows = h < LOW ? 1 : 3;
	int left = h - (p->strip + 1) - 1 - (1 + p->op_rows) -
		(1 + COMPARE_SLOTS); /* transport; operation; slots */
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
	p->more = p->slots + 1 + COMPARE_SLOTS;
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
	const struct compare_plan *p;
	const struct compare_mode *v;
	const struct compare_side *d;
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

static void draw_header(const struct half *x)
{
	const struct scene *s = &x->d->scene;
	struct map_object header = { .name = "" };
	char text[256];
	if (s->live) {
		explain_line(s, x->r.w, text, sizeof text);
	} else {
		object_nth(s, 0, &header);
		snprintf(text, sizeof text, _("%s: no map here yet"), header.name);
	}
	put(x, 1, 2, x->r.w, s->live ? S_TEXT : S_DEAD, text);
}

/* "new  0 ▄ 4   1 ▄ 4 ...": as many groups as fit, around the one in focus. */
static void draw_strip(const struct half *x, int y, unsigned array, const char *label)
{
	const struct scene *s = &x->d->scene;
	uint64_t n = scene_groups(s, array), first = 0;
	int pitch = n <= 4 ? 11 : 7, room = (x->r.w - 6) / pitch;
	put(x, 1, y, x->r.w, S_LABEL, label);
	if (!n) {
		put(x, 6, y, x->r.w, S_DEAD, array ? _("none") : _("no array"));
		return;
	}
	if (n > (uint64_t)room && s->focus.ok)
		first = s->focus.view.index % n / (uint64_t)room * (uint64_t)room;
	if (first && first + (uint64_t)room > n)
		first = n - (uint64_t)room;
	for (int k = 0; k < room && first + (uint64_t)k < n; k++) {
		struct chain_sum c = scene_chain(s, array, first + (uint64_t)k);
		char words[48];
		int at = 6 + k * pitch;
		at = grid_printf(x->g, x->r, at, y, S_TEXT, "%" PRIu64, first + (uint64_t)k);
		if (c.moved)
			at = grid_glyph(x->g, x->r, at + (pitch > 7), y, S_DEAD, G_MOVED);
		else if (c.entries)
			at = grid_glyph(x->g, x->r, at + (pitch > 7), y, S_TEXT,
				(enum glyph)(G_BAR1 + (c.entries > 8 ? 8 : c.entries) - 1));
		else
			at += 1 + (pitch > 7);
		words[0] = 0;
		if (!c.moved)
			snprintf(words, sizeof words, c.overflow ? "%s%u+%u" : "%s%u", pitch > 7 ? " " : "",
				c.entries, c.overflow);
		grid_put(x->g, x->r, at, y, S_TEXT, words);
	}
}

static void draw_operation(const struct half *x)
{
	const struct op_cost *c = cost_known(&x->d->costs, x->d->op);
	int y = x->p->op;
	char text[SCENE_TEXT + 192], result[SCENE_TEXT + 64];
	if (!c || x->d->want != (int64_t)x->d->op) {
		snprintf(text, sizeof text,
			x->d->want > 0 ? _("it ends after operation %" PRIu64)
				       : _("before the first operation"),
			x->d->source->ops);
		rule(x, y, text, false);
		return;
	}
	snprintf(text, sizeof text, x->r.w < 36 ? _("op %" PRIu64 ": %s") : _("operation %" PRIu64 ": %s"),
		x->d->op, c->words);
	rule(x, y, text, false);
	cost_result(c, result, sizeof result);
	if (x->p->op_rows == 1) {
		snprintf(text, sizeof text, _("%s tops %u steps %" PRIu64), c->placed ? c->where : "-",
			c->tophashes, c->last - c->first + 1);
		put(x, 1, y + 1, x->r.w, S_TEXT, text);
		return;
	}
	if (x->p->op_rows == 3) {
		snprintf(text, sizeof text, _("hash %016" PRIx64 " top %02x"), c->hash, c->top);
		put(x, 1, y + 1, x->r.w, c->hashed ? S_TEXT : S_DEAD,
			c->hashed ? text : _("no key is hashed"));
		snprintf(text, sizeof text, _("at %s, tops %u, keys %u"), c->placed ? c->where : "-",
			c->tophashes, c->keys);
		put(x, 1, y + 2, x->r.w, S_TEXT, text);
		snprintf(text, sizeof text, _("lines %u, steps %" PRIu64 "%s%s"), c->lines,
			c->last - c->first + 1, *result ? ", " : "", result);
		put(x, 1, y + 3, x->r.w, S_TEXT, text);
		return;
	}
	if (c->hashed && c->bucket_known)
		snprintf(text, sizeof text, _("hash %016" PRIx64 "  top %02x  bucket %" PRIu64), c->hash,
			c->top, c->bucket);
	else if (c->hashed)
		snprintf(text, sizeof text, _("hash %016" PRIx64 "  top %02x"), c->hash, c->top);
	else
		snprintf(text, sizeof text, "%s", _("no key is hashed"));
	put(x, 1, y + 1, x->r.w, S_TEXT, text);
	snprintf(text, sizeof text, _("placed at            %s"), c->placed ? c->where : "-");
	put(x, 1, y + 2, x->r.w, S_TEXT, text);
	snprintf(text, sizeof text, _("tophashes read       %-4u  keys compared  %u"), c->tophashes, c->keys);
	put(x, 1, y + 3, x->r.w, S_TEXT, text);
	snprintf(text, sizeof text, _("cache lines touched  %u"), c->lines);
	put(x, 1, y + 4, x->r.w, S_TEXT, text);
	snprintf(text, sizeof text, _("steps                %" PRIu64), c->last - c->first + 1);
	put(x, 1, y + 5, x->r.w, S_TEXT, text);
	snprintf(text, sizeof text, _("result               %s"),
		*result ? result : _(outcome_name[c->outcome]));
	put(x, 1, y + 6, x->r.w, S_TEXT, text);
}

static void draw_slots(const struct half *x, int y, int rows, const struct scene_group *b, bool with_heads)
{
	const struct scene *s = &x->d->scene;
	const struct kind_words *words = kind_words(s);
	char label[64], title[128], text[SCENE_TEXT];
	struct map_slot slot;
	int state = x->r.w >= 50 ? 15
		: x->r.w >= 36   ? 9
				 : 4,
	    key = 6 + state + 1,
	    elem = x->r.w - 1 -
		(x->r.w >= 50                  ? 14
				: x->r.w >= 36 ? 8
					       : 4);
	if (!b || !b->ok) {
		rule(x, y, with_heads ? _(words->none) : _(words->none_hanging), false);
		return;
	}
	group_label(s, &b->view, true, label, sizeof label);
	if (with_heads && x->r.w >= 50)
		snprintf(title, sizeof title, _(words->slots), label);
	else
		snprintf(title, sizeof title, b->view.depth ? _(words->hanging_brief) : "%s", label);
	rule(x, y, title, false);
	for (int i = 0; i < rows && i < (int)b->view.slots; i++) {
		s->view.kind->slot(&s->view, &b->view, (unsigned)i, &slot);
		bool full = slot.state == SLOT_FULL;
		int at = y + 1 + i;
		grid_printf(x->g, x->r, 1, at, S_TEXT, "%d", i);
		if (slot.control_at)
			grid_printf(x->g, x->r, 3, at, S_TOP, "%02x", b->view.control[i]);
		put(x, 6, at, full ? 6 + state : x->r.w, full ? S_TEXT : S_DEAD, slot.name);
		if (!full)
			continue;
		group_elem_text(s, &b->view, i, text, sizeof text);
		int width = text_width(text), from = x->r.w - 1 - width;
		put(x, from > elem ? from : elem, at, x->r.w - 1, S_ELEM, text);
		group_key_text(s, &b->view, i, text, sizeof text);
		put(x, key, at, elem - 1, S_KEY, text);
	}
}

static void draw_last(const struct half *x)
{
	int rows = x->p->last_rows, y = x->p->last;
	char text[SCENE_TEXT + 192], result[SCENE_TEXT + 64];
	rule(x, y, _("the last operations: placed at, tophashes, keys, steps"), false);
	uint64_t n = x->d->op < (uint64_t)rows ? x->d->op : (uint64_t)rows;
	for (uint64_t i = 0; i < n; i++) {
		uint64_t op = x->d->op - n + 1 + i;
		const struct op_cost *c = cost_known(&x->d->costs, op);
		int at = y + 1 + (int)i, column = x->r.w >= 50 ? 22 : 16;
		if (!c)
			continue;
		style st = op == x->d->op ? S_TITLE : S_TEXT;
		snprintf(text, sizeof text, "%" PRIu64, op);
		put(x, 1, at, 6, st, text);
		put(x, 2 + text_width(text), at, column, st, c->words);
		put(x, column + 1, at, column + 11, st, c->where);
		cost_result(c, result, sizeof result);
		snprintf(text, sizeof text, "%2u %2u %3" PRIu64 "  %s", c->tophashes, c->keys,
			c->last - c->first + 1, result);
		put(x, column + 12, at, x->r.w, st, text);
	}
}

/* The two groups of a chain that are shown: its head and the one in focus or the next. */
static void chain_heads(
	const struct scene *s, bool two, const struct scene_group **a, const struct scene_group **b)
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

/* With what the two maps were given that differs. */
static void half_title(const struct half *x, const struct map_info *m, char *out, size_t cap)
{
	const struct map_info *other = x->v->side[1 - x->which].scene.map;
	char given[128] = "", hint[48] = "";
	if (other && other->hint != m->hint)
		snprintf(hint, sizeof hint, m->hint < 0 ? _(" no hint") : _(" hint %" PRId64), m->hint);
	if (other)
		snprintf(given, sizeof given, "%s%s%s%s%s%s%s", hint, strcmp(other->go, m->go) ? " go" : "",
			strcmp(other->go, m->go) ? m->go : "", strcmp(other->hash, m->hash) ? " hash=" : "",
			strcmp(other->hash, m->hash) ? m->hash : "",
			strcmp(other->place, m->place) ? " place=" : "",
			strcmp(other->place, m->place) ? m->place : "");
	snprintf(out, cap, _("%c  seed %" PRIu64 "%s, operation %" PRIu64 ", step %" PRIu64), 'A' + x->which,
		m->seed, given, x->d->op, x->d->step);
}

static void draw_half(const struct half *x)
{
	const struct scene_group *a, *b;
	char title[256];
	const struct map_info *m = x->d->scene.map;
	const struct compare_plan *p = x->p;
	if (m && x->r.w < 36)
		snprintf(title, sizeof title, _("%c op %" PRIu64 " step %" PRIu64), 'A' + x->which, x->d->op,
			x->d->step);
	else if (m && x->r.w < 50)
		snprintf(title, sizeof title, _("%c  seed %" PRIu64 "  op %" PRIu64 "  step %" PRIu64),
			'A' + x->which, m->seed, x->d->op, x->d->step);
	else if (m)
		half_title(x, m, title, sizeof title);
	else
		snprintf(title, sizeof title, _("%c  operation %" PRIu64 ", step %" PRIu64), 'A' + x->which,
			x->d->op, x->d->step);
	rule(x, 1, title, x->which == x->v->active);
	if (x->which == x->v->active)
		grid_glyph(x->g, x->r, 0, 1, S_TITLE, G_FOCUS);
	draw_header(x);
	if (p->old)
		draw_strip(x, p->old, 1, _("old"));
	draw_strip(x, p->strip, 0, _("new"));
	draw_operation(x);
	chain_heads(&x->d->scene, p->more_rows > 0, &a, &b);
	draw_slots(x, p->slots, COMPARE_SLOTS, a, true);
	if (p->more_rows)
		draw_slots(x, p->more, p->more_rows, b, false);
	if (p->last_rows)
		draw_last(x);
}

/* ---- the gutter ---- */

static bool row_is_rule(const struct compare_plan *p, int y)
{
	return y == 1 || y == p->op || y == p->slots || (p->more_rows && y == p->more) ||
		(p->last_rows && y == p->last);
}

/* Returns how many rows differ. */
static unsigned draw_gutter(struct grid *g, const struct compare_plan *p)
{
	struct rect all = grid_rect(g);
	int x = p->half;
	unsigned rows = 0;
	for (int y = 1; y < p->what; y++) {
		bool is_rule = row_is_rule(p, y), differs = false;
		enum glyph side = is_rule ? (y == 1 ? G_T_DOWN : G_CROSS) : G_V;
		for (int i = 0; i < p->half && !is_rule && !differs; i++) {
			const struct cell *a = &g->cell[y * g->w + i],
					  *b = &g->cell[y * g->w + x + COMPARE_GUTTER + i];
			differs = a->ch != b->ch ||
				memcmp(a->combining, b->combining, sizeof a->combining) != 0;
		}
		grid_glyph(g, all, x, y, S_RULE, side);
		grid_glyph(g, all, x + 2, y, S_RULE, side);
		if (is_rule)
			grid_glyph(g, all, x + 1, y, S_RULE, G_H);
		else if (differs)
			grid_glyph(g, all, x + 1, y, S_TITLE, G_DIFFERS);
		rows += differs;
	}
	if (!p->what_rows)
		return rows;
	grid_rule(g, all, p->what);
	grid_glyph(g, all, x, p->what, S_RULE, G_T_UP);
	grid_glyph(g, all, x + 2, p->what, S_RULE, G_T_UP);
	return rows;
}

void compare_draw(const struct mode *mode, const struct frame *f)
{
	const struct compare_mode *v = mode->compare;
	struct grid *g = f->grid;
	struct compare_plan p;
	compare_plan(&p, g->w, g->h);
	compare_title(f, v);
	for (int i = 0; i < 2; i++) {
		struct half x = { g, { i * (p.half + COMPARE_GUTTER), 0, p.half, p.what }, &p, v, &v->side[i],
			i };
		draw_half(&x);
	}
	compare_foot(f, v, &p, draw_gutter(g, &p));
}
