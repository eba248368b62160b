/* The running function in pseudo-code of our own, with the current line marked; of a sync.Map its callers too. */
#include "ui/scene/sync/code.h"
#include "ui/panel/panel.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include <stdio.h>
#include <string.h>

/* Functions, as code_running numbers them; then other forms of the lookup: what Go reads, and whether it hashes at all,
 * differs between mapaccess, its variant for words of 4 and 8 bytes, and the one for strings, which has two more ways for
 * a map of one bucket. */
enum function { LOOKUP, ASSIGN, DELETE, EVACUATE, GROW, ITERATE, CLEAR, FUNCTIONS,
	LOOKUP_WORD = FUNCTIONS, LOOKUP_TEXT, LOOKUP_ONE, LOOKUP_ONE_LONG, LISTINGS };
enum { LONG_KEY = 32 };

static const struct code codes[LISTINGS] = {
	[LOOKUP] = { N_("lookup (mapaccess%s)"), {
		N_("nil or empty map: not found"), N_("being written: fatal error"), N_("hash the key with hash0"),
		N_("bucket = low B bits"), N_("growing, old not moved: use the old"), N_("top = high byte, + 5 if below 5"),
		N_("each bucket of the chain, each slot:"), N_("  tophash differs:"), N_("    emptyRest: not found; else next"),
		N_("  key equal: return its elem"), N_("not found: the zero value") } },
	[LOOKUP_WORD] = { N_("lookup (mapaccess%s)"), {
		N_("nil or empty map: not found"), N_("being written: fatal error"), N_("one bucket: that one, no hash"),
		N_("else hash; bucket = low B bits"), N_("growing, old not moved: use the old"),
		N_("each bucket of the chain, each slot:"), N_("  key differs: next slot"), N_("  tophash says empty: next slot"),
		N_("  key equal: return its elem"), N_("not found: the zero value") } },
	[LOOKUP_TEXT] = { N_("lookup (mapaccess%s)"), {
		N_("nil or empty map: not found"), N_("being written: fatal error"), N_("hash the key with hash0"),
		N_("bucket = low B bits"), N_("growing, old not moved: use the old"), N_("top = high byte, + 5 if below 5"),
		N_("each bucket of the chain, each slot:"), N_("  length or tophash differs: next,"), N_("    even at emptyRest"),
		N_("  key equal: return its elem"), N_("not found: the zero value") } },
	[LOOKUP_ONE] = { N_("lookup (mapaccess%s)"), {
		N_("nil or empty map: not found"), N_("being written: fatal error"), N_("one bucket: nothing is hashed"),
		N_("key below 32 bytes; each slot:"), N_("  length differs, or tophash empty:"), N_("    emptyRest: not found; else next"),
		N_("  key equal: return its elem"), N_("not found: the zero value") } },
	[LOOKUP_ONE_LONG] = { N_("lookup (mapaccess%s)"), {
		N_("nil or empty map: not found"), N_("being written: fatal error"), N_("one bucket: at first without a hash"),
		N_("key of 32 bytes or more; each slot:"), N_("  length differs, or tophash empty:"), N_("    emptyRest: go to 11; else next"),
		N_("  text at the key's address: found"), N_("  first or last 4 bytes differ: next"), N_("  a second candidate: go to 13"),
		N_("  else it is the candidate"), N_("candidate's text equal: its elem"), N_("else not found: the zero value"),
		N_("hash; length, tophash differ: next"), N_("  key equal: return its elem"), N_("not found: the zero value") } },
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
		N_("  empty: mark evacuatedEmpty, next"), N_("  doubling: hash again, bit: X or Y"), N_("  (NaN, loop: top's bit 0; new top)"),
		N_("  mark evacuatedX or evacuatedY"), N_("  target full: chain an overflow"), N_("  copy tophash, key, elem"),
		N_("no old iterator, pointers: clear i"), N_("i = nevacuate: + 1, and over moved"), N_("that is old size: drop oldbuckets") } },
	[GROW] = { N_("grow (hashGrow)"), {
		N_("load: B + 1; else same size, flagged"), N_("allocate (B >= 4: spare buckets too)"), N_("iterators now are on the old array"),
		N_("oldbuckets = buckets; buckets = new"), N_("nevacuate = 0; noverflow = 0"), N_("nothing is moved here") } },
	[ITERATE] = { N_("iterate (mapiterinit, mapiternext)"), {
		N_("empty: end; else keep B and buckets"), N_("draw: start bucket, slot offset"), N_("set both iterator flags"),
		N_("next: being written: fatal error"), N_("each bucket from start, round once:"),
		N_("  growing, same B, old not moved:"), N_("    walk it: what will come here"), N_("  each slot from offset, round once:"),
		N_("    empty: next slot"), N_("    not moved: return it"), N_("    moved: look the key up again;"),
		N_("      gone: next; else return it"), N_("next bucket of the chain") } },
	[CLEAR] = { N_("clear (mapclear)"), {
		N_("nil or empty: done; written: fatal"), N_("flag \"writing\""), N_("each tophash: emptyRest (Go 1.21 on)"),
		N_("no growth any more; counters = 0"), N_("draw a new hash0"), N_("forget the overflow buckets"),
		N_("zero the array, make spare ones anew"), N_("unflag") } },
};

static enum function function_of(enum op_kind kind)
{
	return kind == OP_PUT ? ASSIGN : kind == OP_DEL ? DELETE : kind == OP_CLEAR ? CLEAR
	     : kind == OP_RANGE || kind == OP_NEXT || kind == OP_ITER ? ITERATE : LOOKUP;
}

static enum function running(const struct scene *s)
{
	switch (s->phase) {
	case PHASE_GROW: return GROW;
	case PHASE_EVACUATE: return EVACUATE;
	case PHASE_ITERATE: return ITERATE;
	case PHASE_CLEAR: return CLEAR;
	default: return function_of(s->run.kind);
	}
}

/* The key that a get of a string wants: long ones are searched for in another way.  Exact once a length has been read. */
static bool wants_long(const struct scene *s)
{
	for (size_t i = 0; i < s->log->count; i++)
		if (s->log->event[i].kind == EV_LENGTH && s->log->first + i >= s->op.first)
			return s->log->event[i].b >= LONG_KEY;
	size_t n = strlen(s->run.key);
	return n >= LONG_KEY + (s->run.key[0] == '"' ? 2 : 0);
}

/* The form of function fn that this map has. */
static enum function listing(const struct scene *s, enum function fn)
{
	if (fn != LOOKUP || !s->type_ok)
		return fn;
	if (s->type.variant == VARIANT_FAST32 || s->type.variant == VARIANT_FAST64)
		return LOOKUP_WORD;
	if (s->type.variant != VARIANT_FASTSTR)
		return LOOKUP;
	return !s->live || s->hmap.B ? LOOKUP_TEXT : running(s) == LOOKUP && s->run.has_key && wants_long(s) ? LOOKUP_ONE_LONG : LOOKUP_ONE;
}

static int lookup_line(const struct event *e, enum function form)
{
	bool word = form == LOOKUP_WORD;
	switch (e->kind) {
	case EV_PHASE: case EV_HEADER: return 1;
	case EV_HASH: return word ? 4 : 3;
	case EV_BUCKET: return e->b ? 5 : word && e->c == 0 ? 3 : 4;
	case EV_EVACUATED: return 5;
	case EV_CHAIN: return word ? 6 : 7;
	case EV_TOPHASH: return word ? e->d == TOP_FULL ? 9 : 8 : e->d == TOP_EQUAL ? 10 : e->d == TOP_EMPTY_REST ? 9 : 8;
	case EV_LENGTH: return 8;
	case EV_KEY: return word ? e->b ? 8 : 7 : 10;
	case EV_FOUND: case EV_GOT: return word ? 9 : 10;
	case EV_ABSENT: return word ? 10 : 11;
	case EV_FAULT: return 2;
	default: return 0;
	}
}

/* A string's lookup in the only bucket; hashed: the second candidate has made it hash. */
static int lookup_one_line(const struct scene *s, const struct event *e, bool is_long)
{
	bool hashed = s->hash.known && !s->hash.stored;
	switch (e->kind) {
	case EV_PHASE: case EV_HEADER: return 1;
	case EV_FAULT: return 2;
	case EV_BUCKET: return hashed ? 13 : 3;
	case EV_HASH: return 13;
	case EV_LENGTH: return hashed ? 13 : 5;
	case EV_TOPHASH: return hashed ? 13 : e->d == TOP_EMPTY_REST || e->d == TOP_EMPTY_ONE ? 6 : 5;
	case EV_CHAIN: return hashed ? 13 : 0;
	case EV_READ: return !is_long ? 7 : hashed ? 14 : e->size == 4 ? 8 : 11;
	case EV_KEY: return !is_long ? 7 : hashed ? 14 : e->b ? 11 : 8;
	case EV_FOUND: return !is_long ? 7 : hashed ? 14 : 11;
	case EV_ABSENT: return !is_long ? 8 : hashed ? 15 : 12;
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
	case EV_PHASE: return e->a == PHASE_STORE ? 14 : e->a == PHASE_INSERT ? 11 : e->a == PHASE_UPDATE ? 9 : s->hash.known ? 3 : 1;
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
	case EV_PHASE: return e->a == PHASE_DELETE ? 6 : s->hash.known ? 4 : 1;
	case EV_REMOVE: return 6;
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

/* Which line writes to the loop's own memory. */
static int iterate_write_line(const struct scene *s)
{
	static const char *const drawn[] = { "startBucket", "offset" }, *const given[] = { "key", "elem", "bptr", "i", "checkBucket" };
	const char *field = s->place.field ? s->place.field->name : "";
	if (s->place.kind == PLACE_HMAP)
		return strcmp(field, "flags") == 0 ? 3 : 1;
	if (s->place.kind != PLACE_HITER)
		return 1; /* mapextra and the lists of overflow buckets */
	for (size_t i = 0; i < sizeof drawn / sizeof drawn[0]; i++)
		if (strcmp(field, drawn[i]) == 0)
			return 2;
	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
		if (strcmp(field, given[i]) == 0)
			return 10;
	return strcmp(field, "bucket") == 0 || strcmp(field, "wrapped") == 0 ? 5 : 1;
}

/* Is a moved entry being looked up again?  Else a hash tells which half an entry will go to. */
static bool looks_again(const struct scene *s)
{
	for (size_t i = s->log->count; i-- > 0 && s->log->first + i >= s->op.first;) {
		const struct event *e = &s->log->event[i];
		if (e->kind == EV_ITERSLOT)
			return e->c == ITER_MOVED_LOOKUP;
	}
	return false;
}

static int iterate_line(const struct scene *s, const struct event *e)
{
	switch (e->kind) {
	case EV_HEADER: case EV_PHASE: return 1;
	case EV_ITERINIT: return 2;
	case EV_WRITE: return iterate_write_line(s);
	case EV_FAULT: return 4;
	case EV_READ: return s->place.kind == PLACE_HITER || s->place.kind == PLACE_HMAP ? 4 : 8;
	case EV_EVACUATED: return looks_again(s) ? 11 : 6;
	case EV_ITERBUCKET: return e->b ? 7 : 5;
	case EV_ITERSLOT: return e->c == ITER_EMPTY ? 9 : e->c == ITER_GIVE ? 10 : e->c == ITER_OTHER_HALF ? 7 : 11;
	case EV_HASH: return looks_again(s) ? 11 : 7;
	case EV_TOPHASH: case EV_KEY: case EV_BUCKET: case EV_FOUND: return 11;
	case EV_ABSENT: return 12;
	case EV_ITEM: return 10;
	case EV_CHAIN: return looks_again(s) ? 11 : 13;
	case EV_END: return s->live && s->hmap.count == 0 ? 1 : 5;
	default: return 0;
	}
}

static int clear_line(const struct scene *s, const struct event *e)
{
	const char *field = s->place.field ? s->place.field->name : "";
	if (e->kind == EV_HEADER || e->kind == EV_PHASE || e->kind == EV_FAULT)
		return 1;
	if (e->kind == EV_CHAIN)
		return 3;
	if (e->kind == EV_RESEED)
		return 5;
	if (e->kind == EV_DONE)
		return 8;
	if (e->kind != EV_WRITE)
		return 0;
	if (s->place.kind == PLACE_BUCKET)
		return s->place.part == PART_TOP && e->size == 1 ? 3 : 7;
	if (s->place.kind == PLACE_EXTRA)
		return e->new.v ? 7 : 6;
	if (strcmp(field, "flags") == 0)
		return !(e->new.v & FLAG_WRITING) ? 8 : e->old.v & FLAG_WRITING ? 4 : 2;
	return strcmp(field, "hash0") == 0 ? 5 : 4;
}

static int current_line(const struct scene *s, enum function fn)
{
	const struct event *e = &s->event;
	enum function form = listing(s, fn);
	switch (fn) {
	case LOOKUP: return form >= LOOKUP_ONE ? lookup_one_line(s, e, form == LOOKUP_ONE_LONG) : lookup_line(e, form);
	case ASSIGN: return assign_line(s, e);
	case DELETE: return delete_line(s, e);
	case EVACUATE: return evacuate_line(s, e);
	case GROW: return grow_line(s, e);
	case CLEAR: return clear_line(s, e);
	default: return iterate_line(s, e);
	}
}

/* The lines that the variants for strings and words have instead. */
static const char *variant_line(const struct scene *s, enum function fn, int line)
{
	bool fast = s->type_ok && s->type.variant != VARIANT_GENERAL, text = s->type_ok && s->type.variant == VARIANT_FASTSTR;
	if (fast && !text && fn == ASSIGN && line == 6)
		return _("  empty: note a free slot;");
	if (fast && fn == ASSIGN && line == 12)
		return _("write tophash, key");
	if (fast && fn == EVACUATE && line == 6)
		return _("  same size: X, nothing is hashed"); /* their keys are equal to themselves: no NaN */
	return NULL;
}

int code_running(const struct scene *s)
{
	return (int)running(s);
}

/* A line of a listing.  The one that runs is reverse; one that has called what runs has the mark only. */
static void draw_line(const struct frame *f, struct rect r, int y, int number, const char *text, int now, bool calls)
{
	char fit[160];
	style st = number == now ? S_TITLE : S_TEXT;
	text_fit(text, r.w - 3, fit, sizeof fit);
	grid_printf(f->grid, r, 0, y, number == now ? S_TITLE : S_LABEL, "%2d", number);
	if (number == now)
		grid_glyph(f->grid, r, 2, y, S_TITLE, G_FOCUS);
	grid_put(f->grid, r, 3, y, st, fit);
	if (number == now && !calls)
		grid_attribute(f->grid, r, 0, y, r.w, STYLE_REVERSE);
}

static const char *line_text(const struct scene *s, enum function fn, int line)
{
	const char *text = line >= 1 && line <= CODE_LINES ? codes[listing(s, fn)].line[line - 1] : NULL, *other = text ? variant_line(s, fn, line) : NULL;
	return !text ? NULL : other ? other : _(text);
}

static void map_title(const struct scene *s, enum function fn, char *out, size_t cap)
{
	snprintf(out, cap, _(codes[fn].title), s->type_ok && (fn <= DELETE || fn == EVACUATE) ? map_variant_name[s->type.variant] : "");
}

static void map_lines(const struct frame *f, struct rect r, enum function fn, int now, bool calls)
{
	const char *text;
	for (int i = 1; i < r.h && (text = line_text(f->scene, fn, i)); i++)
		draw_line(f, r, i, i, text, now, calls);
}

/* The line of fn that has called the function that runs: a put grows and evacuates, a delete evacuates.  0: it has not. */
static int calling_line(const struct scene *s, enum function fn)
{
	if (s->phase != PHASE_GROW && s->phase != PHASE_EVACUATE)
		return 0;
	if (fn == ASSIGN && s->run.kind == OP_PUT)
		return s->phase == PHASE_GROW ? 10 : 4;
	return fn == DELETE && s->run.kind == OP_DEL && s->phase == PHASE_EVACUATE ? 3 : 0;
}

static int line_now(const struct scene *s, enum function fn)
{
	/* Before the first phase the caller makes the key. */
	bool caller = s->phase == PHASE_NONE && s->event.kind <= EV_FREE && s->place.kind == PLACE_OTHER;
	bool under_way = s->event.kind < EV_COUNT && !s->after && !caller;
	return !under_way ? 0 : fn == running(s) ? current_line(s, fn) : calling_line(s, fn);
}

static const char *const function_name[FUNCTIONS] = { [LOOKUP] = N_("lookup"), [ASSIGN] = N_("assign"), [DELETE] = N_("delete"),
	[EVACUATE] = N_("evacuate"), [GROW] = N_("grow"), [ITERATE] = N_("loop"), [CLEAR] = N_("clear") };

void code_stand(const struct scene *s, char *out, size_t cap)
{
	enum function fn = running(s);
	int line = line_now(s, fn);
	out[0] = 0;
	if (line)
		snprintf(out, cap, "%s %d", _(function_name[fn]), line);
}

void code_listing(const struct frame *f, struct rect r, int number)
{
	const struct scene *s = f->scene;
	enum function fn = (enum function)number;
	char title[96];
	bool runs = fn == running(s);
	map_title(s, fn, title, sizeof title);
	panel_rule(f, r, 0, runs && f->state->view == VIEW_CODE, title, NULL);
	map_lines(f, r, fn, line_now(s, fn), !runs);
}

/* ---- sync.Map: its own function, what that calls, and what runs in one of its maps ---- */

static enum function inner_function(const struct scene *s, const struct sync_code *at)
{
	if ((at->inner_op == OP_PUT || at->inner_op == OP_DEL) && (s->phase == PHASE_GROW || s->phase == PHASE_EVACUATE))
		return running(s);
	return function_of(at->inner_op);
}

/* The slot's elem, the pointer to the entry, is read by the caller of mapaccess, in Go's one line. */
static int inner_line(const struct scene *s, enum function fn)
{
	if (s->event.kind == EV_READ)
		return fn == LOOKUP || fn == ITERATE ? 10 : 0;
	return current_line(s, fn);
}

/* Has what runs in the map a listing here?  To make a map has none. */
static bool inner_listed(const struct sync_code *at)
{
	return at->inner && at->inner_op != OP_NONE;
}

static void inner_title(const struct scene *s, const struct sync_code *at, char *out, size_t cap)
{
	static const char *const name[FUNCTIONS] = { [LOOKUP] = N_("lookup (mapaccess)"), [ASSIGN] = N_("assign (mapassign)"),
		[DELETE] = N_("delete (mapdelete)"), [EVACUATE] = N_("evacuate (growWork)"), [GROW] = N_("grow (hashGrow)"),
		[ITERATE] = N_("loop (mapiternext)"), [CLEAR] = N_("clear (mapclear)") };
	const char *what = inner_listed(at) ? _(name[inner_function(s, at)]) : _("make (makemap)");
	snprintf(out, cap, at->inner == SYNC_READ ? _("in read's map: %s") : _("in dirty's map: %s"), what);
}

/* Returns the row after the last. */
static int sync_listing(const struct frame *f, struct rect r, enum sync_function fn, int now, bool calls, bool focus)
{
	const char *text;
	int i = 1;
	panel_rule(f, r, 0, focus && f->state->view == VIEW_CODE, sync_code_title(f->scene, fn), NULL);
	for (; i < r.h && (text = sync_code_line(f->scene, fn, i)); i++)
		draw_line(f, r, i, i, text, now, calls);
	return i;
}

static struct rect below(struct rect r, int rows)
{
	return (struct rect){ r.x, r.y + rows, r.w, r.h > rows ? r.h - rows : 0 };
}

/* The function that runs, whole; of its caller the line that called it. */
static int sync_stack(const struct frame *f, struct rect r, const struct sync_code *at)
{
	if (at->nested < 0)
		return sync_listing(f, r, at->own, at->own_line, at->inner != 0, !at->inner);
	panel_rule(f, r, 0, false, sync_code_title(f->scene, at->own), NULL);
	draw_line(f, r, 1, at->own_line, sync_code_line(f->scene, at->own, at->own_line), at->own_line, true);
	return 2 + sync_listing(f, below(r, 2), (enum sync_function)at->nested, at->nested_line, at->inner != 0, !at->inner);
}

static void inner_listing(const struct frame *f, struct rect r, const struct sync_code *at)
{
	const struct scene *s = f->scene;
	enum function fn = inner_listed(at) ? inner_function(s, at) : LOOKUP;
	char title[96];
	if (at->inner)
		inner_title(s, at, title, sizeof title);
	else
		map_title(s, fn, title, sizeof title);
	panel_rule(f, r, 0, at->inner && f->state->view == VIEW_CODE, title, NULL);
	if (!at->inner || inner_listed(at))
		map_lines(f, r, fn, at->inner ? inner_line(s, fn) : 0, false);
}

static int lines_of(const struct scene *s, enum function fn)
{
	int n = 1;
	while (line_text(s, fn, n))
		n++;
	return n - 1;
}

/* In one column: where it is short, of the map's function only the line that runs. */
static void sync_column(const struct frame *f, struct rect r)
{
	struct sync_code at = sync_code_at(f->scene);
	int y = sync_stack(f, r, &at);
	char title[96];
	if (!at.inner || y >= r.h)
		return;
	enum function fn = inner_function(f->scene, &at);
	if (inner_listed(&at) && r.h - y > lines_of(f->scene, fn)) {
		inner_listing(f, below(r, y), &at);
		return;
	}
	inner_title(f->scene, &at, title, sizeof title);
	panel_rule(f, r, y, false, title, NULL);
	int line = inner_listed(&at) ? inner_line(f->scene, fn) : 0;
	const char *text = line ? line_text(f->scene, fn, line) : NULL;
	if (text && y + 1 < r.h)
		draw_line(f, r, y + 1, line, text, line, false);
}

bool code_sync(const struct scene *s)
{
	return s->sync && s->sync_ok;
}

void code_sync_draw(const struct frame *f, const struct rect *r, int n)
{
	struct sync_code at = sync_code_at(f->scene);
	bool copies = at.own == SYNC_STORE || at.own == SYNC_LOADORSTORE;
	enum sync_function other = at.nested >= 0 ? (enum sync_function)at.nested : copies ? SYNC_DIRTYLOCKED : SYNC_MISSLOCKED;
	if (n < 3) {
		sync_stack(f, r[0], &at);
		if (n > 1)
			inner_listing(f, r[1], &at);
		return;
	}
	sync_listing(f, r[0], at.own, at.own_line, at.nested >= 0 || at.inner, at.nested < 0 && !at.inner);
	if (n < 6) {
		sync_listing(f, r[1], other, at.nested_line, at.inner != 0, at.nested >= 0 && !at.inner);
		inner_listing(f, r[2], &at);
		return;
	}
	for (int i = 0; i < 2; i++) {
		enum sync_function fn = i ? SYNC_DIRTYLOCKED : SYNC_MISSLOCKED;
		sync_listing(f, r[1 + i], fn, at.nested == (int)fn ? at.nested_line : 0, at.inner != 0, at.nested == (int)fn && !at.inner);
	}
	inner_listing(f, r[3], &at);
	sync_listing(f, r[4], at.own == SYNC_LOAD ? SYNC_STORE : SYNC_LOAD, 0, false, false);
	sync_listing(f, r[5], at.own == SYNC_RANGE ? SYNC_STORE : SYNC_RANGE, 0, false, false);
}

void panel_code(const struct frame *f, struct rect r)
{
	struct rect inside = { r.x + 1, r.y, r.w - 1, r.h };
	panel_border(f, r, 0);
	if (code_sync(f->scene))
		sync_column(f, inside);
	else
		code_listing(f, inside, code_running(f->scene));
}
