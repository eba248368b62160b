/* The running function in pseudo-code of our own, with the current line marked. */
#include "views_private.h"
#include "sentence.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

enum function { LOOKUP, ASSIGN, DELETE, EVACUATE, GROW, ITERATE, FUNCTIONS };
enum { LINES_MAX = 16 };

struct code {
	const char *title;
	const char *line[LINES_MAX]; /* NULL after the last; "S|text" replaces a line in the string variant */
};

static const struct code codes[FUNCTIONS] = {
	[LOOKUP] = { N_("lookup (mapaccess%s)"), {
		N_("nil or empty map: not found"), N_("being written: fatal error"), N_("hash the key with hash0"),
		N_("bucket = low B bits"), N_("growing, old not moved: use the old"), N_("top = high byte, + 5 if below 5"),
		N_("each bucket of the chain, each slot:"), N_("  tophash differs:"), N_("    emptyRest: not found; else next"),
		N_("  key equal: return its elem"), N_("not found: the zero value") } },
	[ASSIGN] = { N_("assign (mapassign%s)"), {
		N_("nil map: panic; written: fatal"), N_("hash; flag \"writing\"; no array: make"), N_("again: bucket = low B bits"),
		N_("growing: evacuate its old + 1 more"), N_("each bucket of the chain, each slot:"),
		N_("  tophash differs: note a free slot;"), N_("    emptyRest: end search; else next"), N_("  key differs: next slot"),
		N_("  key equal: found, go to 14"), N_("too full, not growing: grow, go to 3"), N_("no free slot: chain an overflow"),
		N_("write key, tophash"), N_("count + 1"), N_("unflag; the caller stores the elem") } },
	[DELETE] = { N_("delete (mapdelete%s)"), {
		N_("nil or empty: done; written: fatal"), N_("hash the key; flag \"writing\""), N_("growing: evacuate as assign does"),
		N_("find the slot as lookup (new array)"), N_("not found: go to 13"), N_("clear key (pointers only) and elem"),
		N_("tophash = emptyOne"), N_("next slot is not emptyRest: go to 11"), N_("tophash = emptyRest; one slot back,"),
		N_("it is emptyOne: go to 9"), N_("count - 1"), N_("count is 0: draw a new hash0"), N_("unflag") } },
	[EVACUATE] = { N_("evacuate (growWork, evacuate%s)"), {
		N_("moved already: go to 11"), N_("X = new i; Y = new i + old size"), N_("each bucket of the chain, each slot:"),
		N_("  empty: mark evacuatedEmpty, next"), N_("  doubling: hash again, bit: X or Y"), N_("  (NaN: low bit of tophash; new one)"),
		N_("  mark evacuatedX or evacuatedY"), N_("  target full: chain an overflow"), N_("  copy tophash, key, elem"),
		N_("no old iterator, pointers: clear i"), N_("i = nevacuate: + 1, and over moved"), N_("that is old size: drop oldbuckets") } },
	[GROW] = { N_("grow (hashGrow)"), {
		N_("load: B + 1; else same size, flagged"), N_("allocate (B >= 4: spare buckets too)"), N_("iterators now are on the old array"),
		N_("oldbuckets = buckets; buckets = new"), N_("nevacuate = 0; noverflow = 0"), N_("nothing is moved here") } },
	[ITERATE] = { N_("iterate (mapiterinit, mapiternext)"), {
		N_("empty: end; flag both iterator bits"), N_("draw: start bucket, slot offset"), N_("each bucket from start, round once:"),
		N_("  growing, same B, old not moved:"), N_("    walk it: what will come here"), N_("  each slot from offset, round once:"),
		N_("    empty: next slot"), N_("    not moved: return it"), N_("    moved: look the key up again;"),
		N_("      gone: next slot; else return it"), N_("next bucket of the chain") } },
};

static enum function running(const struct scene *s)
{
	switch (s->phase) {
	case PHASE_GROW: return GROW;
	case PHASE_EVACUATE: return EVACUATE;
	case PHASE_ITERATE: return ITERATE;
	default: break;
	}
	return s->run.kind == OP_PUT ? ASSIGN : s->run.kind == OP_DEL ? DELETE
	     : s->run.kind == OP_RANGE || s->run.kind == OP_NEXT || s->run.kind == OP_ITER ? ITERATE : LOOKUP;
}

static int lookup_line(const struct event *e)
{
	switch (e->kind) {
	case EV_PHASE: case EV_HEADER: return 1;
	case EV_HASH: return 3;
	case EV_BUCKET: return e->b ? 5 : 4;
	case EV_EVACUATED: return 5;
	case EV_CHAIN: return 7;
	case EV_TOPHASH: return e->d == TOP_EQUAL ? 10 : e->d == TOP_EMPTY_REST || e->d == TOP_FULL ? 9 : 8;
	case EV_LENGTH: return 8;
	case EV_KEY: case EV_FOUND: case EV_GOT: return 10;
	case EV_ABSENT: return 11;
	case EV_FAULT: return 2;
	default: return 0;
	}
}

static int assign_write_line(const struct scene *s)
{
	if (s->place.kind == PLACE_HMAP) {
		const char *field = s->place.field ? s->place.field->name : "";
		if (strcmp(field, "count") == 0)
			return 13;
		if (strcmp(field, "flags") == 0)
			return s->hmap.flags & FLAG_WRITING ? 2 : 14;
		return strcmp(field, "buckets") == 0 ? 2 : 11;
	}
	return s->phase == PHASE_STORE ? 14 : s->phase == PHASE_UPDATE ? 9 : s->place.part == PART_OVERFLOW ? 11 : 12;
}

static int assign_line(const struct scene *s, const struct event *e)
{
	switch (e->kind) {
	case EV_HEADER: case EV_FAULT: return 1;
	case EV_HASH: case EV_ALLOC: return s->phase == PHASE_INSERT ? 12 : 2;
	case EV_BUCKET: return 3;
	case EV_EVACUATED: return 4;
	case EV_CHAIN: return 5;
	case EV_TOPHASH: return e->a == EMPTY_REST ? 7 : e->d == TOP_EQUAL || e->d == TOP_FULL ? 8 : 6;
	case EV_LENGTH: return 8;
	case EV_KEY: return e->b ? 9 : 8;
	case EV_FOUND: return 9;
	case EV_CHECK: return 10;
	case EV_OVERFLOW: return 11;
	case EV_INSERT: return 12;
	case EV_WRITE: return assign_write_line(s);
	case EV_PHASE: return e->a == PHASE_STORE ? 14 : e->a == PHASE_INSERT ? 11 : e->a == PHASE_UPDATE ? 9 : 3;
	case EV_DONE: return 14;
	default: return 0;
	}
}

static int delete_line(const struct scene *s, const struct event *e)
{
	const char *field = s->place.kind == PLACE_HMAP && s->place.field ? s->place.field->name : "";
	switch (e->kind) {
	case EV_HEADER: case EV_FAULT: return 1;
	case EV_HASH: return 2;
	case EV_EVACUATED: return 3;
	case EV_BUCKET: case EV_TOPHASH: case EV_LENGTH: case EV_KEY: case EV_FOUND: return 4;
	case EV_CHAIN: return s->phase != PHASE_DELETE ? 4 : backfill_goes_back(s, e) ? 9 : 8;
	case EV_ABSENT: return 5;
	case EV_REMOVE: case EV_PHASE: return 6;
	case EV_BACKFILL: return backfill_goes_back(s, e) ? 10 : 8;
	case EV_RESEED: return 12;
	case EV_DONE: return 13;
	case EV_WRITE:
		if (field[0])
			return strcmp(field, "count") == 0 ? 11 : strcmp(field, "hash0") == 0 ? 12 : s->hmap.flags & FLAG_WRITING ? 2 : 13;
		return s->place.part == PART_TOP ? e->new.v == EMPTY_REST ? 9 : 7 : 6;
	default: return 0;
	}
}

static int evacuate_line(const struct scene *s, const struct event *e)
{
	switch (e->kind) {
	case EV_EVACUATED: return s->evacuating ? 1 : 11;
	case EV_EVACUATE: case EV_PHASE: return 2;
	case EV_TOPHASH: return e->a <= EMPTY_ONE ? 4 : 3;
	case EV_CHAIN: return 3;
	case EV_HASH: return 5;
	case EV_OVERFLOW: case EV_ALLOC: return 8;
	case EV_MOVE: return 9;
	case EV_MOVED: case EV_MARK: return 11;
	case EV_GROWN: return 12;
	case EV_WRITE:
		if (s->place.kind == PLACE_HMAP)
			return s->place.field && strcmp(s->place.field->name, "nevacuate") == 0 ? 11 : 12;
		if (s->place.kind == PLACE_BUCKET && s->place.bucket.array == ARRAY_OLD && s->place.part == PART_TOP)
			return e->new.v == EVACUATED_EMPTY ? 4 : 7;
		if (s->place.kind == PLACE_BUCKET && s->place.bucket.array == ARRAY_OLD)
			return 10;
		return s->place.kind == PLACE_BUCKET && s->place.part == PART_OVERFLOW ? 8 : 9;
	default: return 0;
	}
}

static int grow_line(const struct scene *s, const struct event *e)
{
	const char *field = s->place.kind == PLACE_HMAP && s->place.field ? s->place.field->name : "";
	if (e->kind == EV_GROWTH || e->kind == EV_PHASE)
		return 1;
	if (e->kind == EV_ALLOC)
		return 2;
	if (e->kind != EV_WRITE)
		return 0;
	return strcmp(field, "B") == 0 ? 1 : strcmp(field, "flags") == 0 ? 3 : strstr(field, "buckets") ? 4
	     : strcmp(field, "nevacuate") == 0 || strcmp(field, "noverflow") == 0 ? 5 : 2;
}

static int iterate_line(const struct event *e)
{
	switch (e->kind) {
	case EV_HEADER: case EV_PHASE: return 1;
	case EV_ITERINIT: return 2;
	case EV_EVACUATED: return 4;
	case EV_ITERBUCKET: return e->b ? 5 : 3;
	case EV_ITERSLOT: return e->c == ITER_EMPTY ? 7 : e->c == ITER_GIVE ? 8 : e->c == ITER_OTHER_HALF ? 5 : 9;
	case EV_HASH: case EV_TOPHASH: case EV_KEY: case EV_BUCKET: return 9;
	case EV_ITEM: return 8;
	case EV_CHAIN: return 11;
	case EV_END: return 3;
	default: return 0;
	}
}

static int current_line(const struct scene *s, enum function fn)
{
	const struct event *e = &s->event;
	switch (fn) {
	case LOOKUP: return lookup_line(e);
	case ASSIGN: return assign_line(s, e);
	case DELETE: return delete_line(s, e);
	case EVACUATE: return evacuate_line(s, e);
	case GROW: return grow_line(s, e);
	default: return iterate_line(e);
	}
}

/* The lines that the string variant has instead. */
static const char *variant_line(const struct scene *s, enum function fn, int line)
{
	bool text = s->type_ok && s->type.variant == VARIANT_FASTSTR, word = s->type_ok && (s->type.variant == VARIANT_FAST32 || s->type.variant == VARIANT_FAST64);
	if (text && fn == LOOKUP && s->live && s->hmap.B == 0)
		return line == 3 ? _("one bucket: nothing is hashed") : line == 8 ? _("  length differs, or tophash empty:") : NULL;
	if (text && fn == LOOKUP && line == 8)
		return _("  length or tophash differs: next,");
	if (text && fn == LOOKUP && line == 9)
		return _("    even at emptyRest");
	if (word && fn == LOOKUP && line == 8)
		return _("  key differs: next slot");
	if (word && fn == LOOKUP && line == 9)
		return _("    (tophash only tells \"empty\")");
	if (word && fn == ASSIGN && line == 6)
		return _("  empty: note a free slot;");
	if ((text || word) && fn == ASSIGN && line == 12)
		return _("write tophash, key");
	return NULL;
}

int code_running(const struct scene *s)
{
	return (int)running(s);
}

void code_listing(const struct frame *f, struct rect r, int number)
{
	const struct scene *s = f->scene;
	enum function fn = (enum function)number;
	const struct code *c = &codes[fn];
	char title[96];
	bool runs = fn == running(s);
	snprintf(title, sizeof title, _(c->title), s->type_ok && (fn <= DELETE || fn == EVACUATE) ? map_variant_name[s->type.variant] : "");
	views_rule(f, r, 0, runs && f->replay->views.open == VIEW_CODE, title, NULL);
	int now = runs && s->event.kind < EV_COUNT && !s->after ? current_line(s, fn) : 0;
	for (int i = 0; i < LINES_MAX && c->line[i] && i + 1 < r.h; i++) {
		const char *other = variant_line(s, fn, i + 1);
		char fit[160];
		style st = i + 1 == now ? S_TITLE : S_TEXT;
		text_fit(other ? other : _(c->line[i]), r.w - 3, fit, sizeof fit);
		grid_printf(f->grid, r, 0, i + 1, i + 1 == now ? S_TITLE : S_LABEL, "%2d", i + 1);
		if (i + 1 == now)
			grid_glyph(f->grid, r, 2, i + 1, S_TITLE, G_FOCUS);
		grid_put(f->grid, r, 3, i + 1, st, fit);
		if (i + 1 == now)
			grid_attribute(f->grid, r, 0, i + 1, r.w, STYLE_REVERSE);
	}
}

void view_code(const struct frame *f, struct rect r)
{
	views_border(f, r, 0);
	code_listing(f, (struct rect){ r.x + 1, r.y, r.w - 1, r.h }, code_running(f->scene));
}
