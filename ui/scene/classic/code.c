/* The classic map's functions in pseudo-code of our own, and which of them runs; see ui/scene/listing.h. */
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/code.h"
#include "ui/grid/text.h"

#include <string.h>

/* The functions, then other forms of the lookup: what Go reads, and whether it hashes at all, differs between
 * mapaccess, its variant for words of 4 and 8 bytes, and the one for strings, which has two more ways for a
 * map of one bucket. */
enum form {
	LOOKUP = CLASSIC_LOOKUP,
	ASSIGN = CLASSIC_ASSIGN,
	DELETE = CLASSIC_DELETE,
	EVACUATE = CLASSIC_EVACUATE,
	GROW = CLASSIC_GROW,
	ITERATE = CLASSIC_ITERATE,
	CLEAR = CLASSIC_CLEAR,
	LOOKUP_WORD = CLASSIC_FUNCTIONS,
	LOOKUP_TEXT,
	LOOKUP_ONE,
	LOOKUP_ONE_LONG,
	LISTINGS
};
enum { LONG_KEY = 32 };

/* ---- conditions ---- */

#define CONDITION(name) \
	static bool name(const struct scene *s __attribute__((unused)), \
		const struct event *e __attribute__((unused)))

/* of what was read */
CONDITION(in_old)
{
	return e->b != 0;
}
CONDITION(only_bucket)
{
	return e->b == 0 && e->c == 0;
}
CONDITION(top_rest)
{
	return e->d == TOP_EMPTY_REST;
}
CONDITION(top_empty)
{
	return e->d == TOP_EMPTY_REST || e->d == TOP_EMPTY_ONE;
}
CONDITION(top_equal)
{
	return e->d == TOP_EQUAL;
}
CONDITION(top_full)
{
	return e->d == TOP_FULL;
}
CONDITION(reads_rest)
{
	return e->a == EMPTY_REST;
}
CONDITION(reads_empty)
{
	return e->a <= EMPTY_ONE;
}
CONDITION(compares_key)
{
	return e->a != EMPTY_REST && (e->d == TOP_EQUAL || e->d == TOP_FULL);
}
CONDITION(key_equal)
{
	return e->b != 0;
}

/* of a string's lookup in the only bucket; hashed: the second candidate has made it hash */
CONDITION(hashed)
{
	return s->hash.known && !s->hash.stored;
}
CONDITION(unhashed_empty)
{
	return !hashed(s, e) && top_empty(s, e);
}
CONDITION(unhashed_ends)
{
	return !hashed(s, e) && e->size == 4;
}
CONDITION(unhashed_differs)
{
	return !hashed(s, e) && !e->b;
}

/* of phases */
CONDITION(inserting)
{
	return s->phase == PHASE_INSERT;
}
CONDITION(not_deleting)
{
	return s->phase != PHASE_DELETE;
}
CONDITION(begins_insert)
{
	return e->a == PHASE_INSERT;
}
CONDITION(begins_update)
{
	return e->a == PHASE_UPDATE;
}
CONDITION(begins_store)
{
	return e->a == PHASE_STORE;
}
CONDITION(begins_delete)
{
	return e->a == PHASE_DELETE;
}
CONDITION(goes_on)
{
	return s->hash.known && e->a != PHASE_INSERT && e->a != PHASE_UPDATE && e->a != PHASE_STORE &&
		e->a != PHASE_DELETE;
}

/* of writes: to the hmap, to a bucket, to neither */
CONDITION(in_hmap)
{
	return place_in(&s->place, "hmap");
}
CONDITION(writing)
{
	return classic_of(s)->hmap.flags & FLAG_WRITING;
}
CONDITION(not_writing)
{
	return !writing(s, e);
}
CONDITION(in_hmap_writing)
{
	return in_hmap(s, e) && writing(s, e);
}
CONDITION(in_hmap_idle)
{
	return in_hmap(s, e) && !writing(s, e);
}
CONDITION(sets_writing)
{
	return e->new.v & ~e->old.v &FLAG_WRITING;
}
CONDITION(keeps_writing)
{
	return e->new.v & e->old.v &FLAG_WRITING;
}
CONDITION(clears_writing)
{
	return !(e->new.v &FLAG_WRITING);
}
CONDITION(updates)
{
	return !in_hmap(s, e) && s->phase == PHASE_UPDATE;
}
CONDITION(stores)
{
	return !in_hmap(s, e) && s->phase == PHASE_STORE;
}
CONDITION(chains)
{
	return !in_hmap(s, e) && !updates(s, e) && !stores(s, e) && s->place.part == AT_NEXT;
}
CONDITION(writes_rest)
{
	return !in_hmap(s, e) && s->place.part == AT_CONTROL && e->new.v == EMPTY_REST;
}
CONDITION(writes_top)
{
	return !in_hmap(s, e) && s->place.part == AT_CONTROL && e->new.v != EMPTY_REST;
}
CONDITION(in_bucket)
{
	return s->place.kind == PLACE_GROUP;
}
CONDITION(in_old_bucket)
{
	return in_bucket(s, e) && s->place.group.array == ARRAY_OLD;
}
CONDITION(marks_empty)
{
	return in_old_bucket(s, e) && s->place.part == AT_CONTROL && e->new.v == EVACUATED_EMPTY;
}
CONDITION(marks_moved)
{
	return in_old_bucket(s, e) && s->place.part == AT_CONTROL && e->new.v != EVACUATED_EMPTY;
}
CONDITION(clears_old)
{
	return in_old_bucket(s, e) && s->place.part != AT_CONTROL;
}
CONDITION(chains_new)
{
	return in_bucket(s, e) && !in_old_bucket(s, e) && s->place.part == AT_NEXT;
}
CONDITION(clears_top)
{
	return in_bucket(s, e) && s->place.part == AT_CONTROL && e->size == 1;
}
CONDITION(clears_more)
{
	return in_bucket(s, e) && !clears_top(s, e);
}
CONDITION(spare_anew)
{
	return place_in(&s->place, "mapextra") && e->new.v;
}
CONDITION(spare_gone)
{
	return place_in(&s->place, "mapextra") && !e->new.v;
}

/* of an evacuation, a delete, a loop */
CONDITION(evacuating)
{
	return classic_of(s)->evacuating;
}
CONDITION(goes_back)
{
	return backfill_goes_back(s, e);
}
CONDITION(chain_back)
{
	return s->phase == PHASE_DELETE && backfill_goes_back(s, e);
}
CONDITION(nothing_there)
{
	return s->live && classic_of(s)->hmap.count == 0;
}
CONDITION(of_loop)
{
	return place_in(&s->place, "hiter") || place_in(&s->place, "hmap");
}
CONDITION(slot_empty)
{
	return e->c == ITER_EMPTY;
}
CONDITION(slot_given)
{
	return e->c == ITER_GIVE;
}
CONDITION(slot_other)
{
	return e->c == ITER_OTHER_HALF;
}

/* Is a moved entry being looked up again?  Else a hash tells which half an entry will go to. */
CONDITION(looks_again)
{
	for (size_t i = s->log->count; i-- > 0 && s->log->first + i >= s->op.first;)
		if (s->log->event[i].kind == EV_ITERSLOT)
			return s->log->event[i].c == ITER_MOVED_LOOKUP;
	return false;
}

/* ---- listings ---- */

static const struct listing listings[LISTINGS] = {
	[LOOKUP] = { N_("lookup (mapaccess%s)"),
		{
			{ N_("nil or empty map: not found"), { AT(PHASE), AT(HEADER) } },
			{ N_("being written: fatal error"), { AT(FAULT) } },
			{ N_("hash the key with hash0"), { AT(HASH) } },
			{ N_("bucket = low B bits"), { AT(BUCKET) } },
			{ N_("growing, old not moved: use the old"),
				{ AT_WHEN(BUCKET, in_old), AT(EVACUATED) } },
			{ .text = N_("top = high byte, + 5 if below 5") },
			{ N_("each bucket of the chain, each slot:"), { AT(CHAIN) } },
			{ N_("  tophash differs:"), { AT(TOPHASH), AT(LENGTH) } },
			{ N_("    emptyRest: not found; else next"), { AT_WHEN(TOPHASH, top_rest) } },
			{ N_("  key equal: return its elem"),
				{ AT_WHEN(TOPHASH, top_equal), AT(KEY), AT(FOUND), AT(GOT) } },
			{ N_("not found: the zero value"), { AT(ABSENT) } },
		} },
	[LOOKUP_WORD] = { N_("lookup (mapaccess%s)"),
		{
			{ N_("nil or empty map: not found"), { AT(PHASE), AT(HEADER) } },
			{ N_("being written: fatal error"), { AT(FAULT) } },
			{ N_("one bucket: that one, no hash"), { AT_WHEN(BUCKET, only_bucket) } },
			{ N_("else hash; bucket = low B bits"), { AT(HASH), AT(BUCKET) } },
			{ N_("growing, old not moved: use the old"),
				{ AT_WHEN(BUCKET, in_old), AT(EVACUATED) } },
			{ N_("each bucket of the chain, each slot:"), { AT(CHAIN) } },
			{ N_("  key differs: next slot"), { AT(KEY) } },
			{ N_("  tophash says empty: next slot"),
				{ AT(TOPHASH), AT(LENGTH), AT_WHEN(KEY, key_equal) } },
			{ N_("  key equal: return its elem"),
				{ AT_WHEN(TOPHASH, top_full), AT(FOUND), AT(GOT) } },
			{ N_("not found: the zero value"), { AT(ABSENT) } },
		} },
	[LOOKUP_TEXT] = { N_("lookup (mapaccess%s)"),
		{
			{ N_("nil or empty map: not found"), { AT(PHASE), AT(HEADER) } },
			{ N_("being written: fatal error"), { AT(FAULT) } },
			{ N_("hash the key with hash0"), { AT(HASH) } },
			{ N_("bucket = low B bits"), { AT(BUCKET) } },
			{ N_("growing, old not moved: use the old"),
				{ AT_WHEN(BUCKET, in_old), AT(EVACUATED) } },
			{ .text = N_("top = high byte, + 5 if below 5") },
			{ N_("each bucket of the chain, each slot:"), { AT(CHAIN) } },
			{ N_("  length or tophash differs: next,"), { AT(TOPHASH), AT(LENGTH) } },
			{ N_("    even at emptyRest"), { AT_WHEN(TOPHASH, top_rest) } },
			{ N_("  key equal: return its elem"),
				{ AT_WHEN(TOPHASH, top_equal), AT(KEY), AT(FOUND), AT(GOT) } },
			{ N_("not found: the zero value"), { AT(ABSENT) } },
		} },
	[LOOKUP_ONE] = { N_("lookup (mapaccess%s)"),
		{
			{ N_("nil or empty map: not found"), { AT(PHASE), AT(HEADER) } },
			{ N_("being written: fatal error"), { AT(FAULT) } },
			{ N_("one bucket: nothing is hashed"), { AT(BUCKET) } },
			{ .text = N_("key below 32 bytes; each slot:") },
			{ N_("  length differs, or tophash empty:"), { AT(LENGTH), AT(TOPHASH) } },
			{ N_("    emptyRest: not found; else next"), { AT_WHEN(TOPHASH, top_empty) } },
			{ N_("  key equal: return its elem"), { AT(READ), AT(KEY), AT(FOUND) } },
			{ N_("not found: the zero value"), { AT(ABSENT) } },
		} },
	[LOOKUP_ONE_LONG] = { N_("lookup (mapaccess%s)"),
		{
			{ N_("nil or empty map: not found"), { AT(PHASE), AT(HEADER) } },
			{ N_("being written: fatal error"), { AT(FAULT) } },
			{ N_("one bucket: at first without a hash"), { AT(BUCKET) } },
			{ .text = N_("key of 32 bytes or more; each slot:") },
			{ N_("  length differs, or tophash empty:"), { AT(LENGTH), AT(TOPHASH) } },
			{ N_("    emptyRest: go to 11; else next"), { AT_WHEN(TOPHASH, unhashed_empty) } },
			{ .text = N_("  text at the key's address: found") },
			{ N_("  first or last 4 bytes differ: next"),
				{ AT_WHEN(READ, unhashed_ends), AT_WHEN(KEY, unhashed_differs) } },
			{ .text = N_("  a second candidate: go to 13") },
			{ .text = N_("  else it is the candidate") },
			{ N_("candidate's text equal: its elem"), { AT(READ), AT(KEY), AT(FOUND) } },
			{ N_("else not found: the zero value"), { AT(ABSENT) } },
			{ N_("hash; length, tophash differ: next"),
				{ AT(HASH), AT_WHEN(BUCKET, hashed), AT_WHEN(LENGTH, hashed),
					AT_WHEN(TOPHASH, hashed), AT_WHEN(CHAIN, hashed) } },
			{ N_("  key equal: return its elem"),
				{ AT_WHEN(READ, hashed), AT_WHEN(KEY, hashed), AT_WHEN(FOUND, hashed) } },
			{ N_("not found: the zero value"), { AT_WHEN(ABSENT, hashed) } },
		} },
	[ASSIGN] = { N_("assign (mapassign%s)"),
		{
			{ N_("nil map: panic; written: fatal"), { AT(HEADER), AT(FAULT), AT(PHASE) } },
			{ N_("hash; flag \"writing\"; no array: make"),
				{ AT(HASH), AT(ALLOC), AT_FIELD_WHEN("flags", writing),
					AT_FIELD("buckets") } },
			{ N_("again: bucket = low B bits"), { AT(BUCKET), AT_WHEN(PHASE, goes_on) } },
			{ N_("growing: evacuate its old + 1 more"), { AT(EVACUATED) } },
			{ N_("each bucket of the chain, each slot:"), { AT(CHAIN) } },
			{ N_("  tophash differs: note a free slot;"), { AT(TOPHASH) } },
			{ N_("    emptyRest: end search; else next"), { AT_WHEN(TOPHASH, reads_rest) } },
			{ N_("  key differs: next slot"),
				{ AT_WHEN(TOPHASH, compares_key), AT(LENGTH), AT(KEY) } },
			{ N_("  key equal: found, go to 14"),
				{ AT_WHEN(KEY, key_equal), AT(FOUND), AT_WHEN(PHASE, begins_update),
					AT_WHEN(WRITE, updates) } },
			{ N_("too full, not growing: grow, go to 3"), { AT(CHECK) } },
			{ N_("no free slot: chain an overflow"),
				{ AT(OVERFLOW), AT_WHEN(PHASE, begins_insert), AT_WHEN(WRITE, in_hmap),
					AT_WHEN(WRITE, chains) } },
			{ N_("write key, tophash"),
				{ AT(INSERT), AT(WRITE), AT_WHEN(HASH, inserting),
					AT_WHEN(ALLOC, inserting) } },
			{ N_("count + 1"), { AT_FIELD("count") } },
			{ N_("unflag; the caller stores the elem"),
				{ AT_WHEN(PHASE, begins_store), AT(DONE), AT_FIELD_WHEN("flags", not_writing),
					AT_WHEN(WRITE, stores) } },
		} },
	[DELETE] = { N_("delete (mapdelete%s)"),
		{
			{ N_("nil or empty: done; written: fatal"), { AT(HEADER), AT(FAULT), AT(PHASE) } },
			{ N_("hash the key; flag \"writing\""),
				{ AT(HASH), AT_WHEN(WRITE, in_hmap_writing) } },
			{ N_("growing: evacuate as assign does"), { AT(EVACUATED) } },
			{ N_("find the slot as lookup (new array)"),
				{ AT(BUCKET), AT(TOPHASH), AT(LENGTH), AT(KEY), AT(FOUND),
					AT_WHEN(CHAIN, not_deleting), AT_WHEN(PHASE, goes_on) } },
			{ N_("not found: go to 13"), { AT(ABSENT) } },
			{ N_("clear key (pointers only) and elem"),
				{ AT_WHEN(PHASE, begins_delete), AT(REMOVE), AT(WRITE) } },
			{ N_("tophash = emptyOne"), { AT_WHEN(WRITE, writes_top) } },
			{ N_("next slot is not emptyRest: go to 11"), { AT(CHAIN), AT(BACKFILL) } },
			{ N_("tophash = emptyRest; one slot back,"),
				{ AT_WHEN(CHAIN, chain_back), AT_WHEN(WRITE, writes_rest) } },
			{ N_("it is emptyOne: go to 9"), { AT_WHEN(BACKFILL, goes_back) } },
			{ N_("count - 1"), { AT_FIELD("count") } },
			{ N_("count is 0: draw a new hash0"), { AT_FIELD("hash0"), AT(RESEED) } },
			{ N_("unflag"), { AT(DONE), AT_WHEN(WRITE, in_hmap_idle) } },
		} },
	[EVACUATE] = { N_("evacuate (growWork, evacuate%s)"),
		{
			{ N_("moved already: go to 11"), { AT_WHEN(EVACUATED, evacuating) } },
			{ N_("X = new i; Y = new i + old size"), { AT(EVACUATE), AT(PHASE) } },
			{ N_("each bucket of the chain, each slot:"), { AT(TOPHASH), AT(CHAIN) } },
			{ N_("  empty: mark evacuatedEmpty, next"),
				{ AT_WHEN(TOPHASH, reads_empty), AT_WHEN(WRITE, marks_empty) } },
			{ N_("  doubling: hash again, bit: X or Y"), { AT(HASH) } },
			{ .text = N_("  (NaN, loop: top's bit 0; new top)") },
			{ N_("  mark evacuatedX or evacuatedY"), { AT_WHEN(WRITE, marks_moved) } },
			{ N_("  target full: chain an overflow"),
				{ AT(OVERFLOW), AT(ALLOC), AT_WHEN(WRITE, chains_new) } },
			{ N_("  copy tophash, key, elem"), { AT(MOVE), AT(WRITE) } },
			{ N_("no old iterator, pointers: clear i"), { AT_WHEN(WRITE, clears_old) } },
			{ N_("i = nevacuate: + 1, and over moved"),
				{ AT(EVACUATED), AT(MOVED), AT(MARK), AT_FIELD("nevacuate") } },
			{ N_("that is old size: drop oldbuckets"), { AT(GROWN), AT_WHEN(WRITE, in_hmap) } },
		} },
	[GROW] = { N_("grow (hashGrow)"),
		{
			{ N_("load: B + 1; else same size, flagged"),
				{ AT(GROWTH), AT(PHASE), AT_FIELD("B") } },
			{ N_("allocate (B >= 4: spare buckets too)"), { AT(ALLOC), AT(WRITE) } },
			{ N_("iterators now are on the old array"), { AT_FIELD("flags") } },
			{ N_("oldbuckets = buckets; buckets = new"),
				{ AT_FIELD("buckets"), AT_FIELD("oldbuckets") } },
			{ N_("nevacuate = 0; noverflow = 0"),
				{ AT_FIELD("nevacuate"), AT_FIELD("noverflow") } },
			{ .text = N_("nothing is moved here") },
		} },
	[ITERATE] = { N_("iterate (mapiterinit, mapiternext)"),
		{
			{ N_("empty: end; else keep B and buckets"),
				{ AT(HEADER), AT(PHASE), AT(WRITE), AT_WHEN(END, nothing_there) } },
			{ N_("draw: start bucket, slot offset"),
				{ AT(ITERINIT), AT_FIELD("startBucket"), AT_FIELD("offset") } },
			{ N_("set both iterator flags"), { AT_FIELD("flags") } },
			{ N_("next: being written: fatal error"), { AT(FAULT), AT_WHEN(READ, of_loop) } },
			{ N_("each bucket from start, round once:"),
				{ AT(ITERBUCKET), AT(END), AT_FIELD("bucket"), AT_FIELD("wrapped") } },
			{ N_("  growing, same B, old not moved:"), { AT(EVACUATED) } },
			{ N_("    walk it: what will come here"),
				{ AT_WHEN(ITERBUCKET, in_old), AT(HASH), AT_WHEN(ITERSLOT, slot_other) } },
			{ N_("  each slot from offset, round once:"), { AT(READ) } },
			{ N_("    empty: next slot"), { AT_WHEN(ITERSLOT, slot_empty) } },
			{ N_("    not moved: return it"),
				{ AT_WHEN(ITERSLOT, slot_given), AT(ITEM), AT_FIELD("key"), AT_FIELD("elem"),
					AT_FIELD("bptr"), AT_FIELD("i"), AT_FIELD("checkBucket") } },
			{ N_("    moved: look the key up again;"),
				{ AT(ITERSLOT), AT(TOPHASH), AT(KEY), AT(BUCKET), AT(FOUND),
					AT_WHEN(EVACUATED, looks_again), AT_WHEN(HASH, looks_again),
					AT_WHEN(CHAIN, looks_again) } },
			{ N_("      gone: next; else return it"), { AT(ABSENT) } },
			{ N_("next bucket of the chain"), { AT(CHAIN) } },
		} },
	[CLEAR] = { N_("clear (mapclear)"),
		{
			{ N_("nil or empty: done; written: fatal"), { AT(HEADER), AT(PHASE), AT(FAULT) } },
			{ N_("flag \"writing\""), { AT_FIELD_WHEN("flags", sets_writing) } },
			{ N_("each tophash: emptyRest (Go 1.21 on)"),
				{ AT(CHAIN), AT_WHEN(WRITE, clears_top) } },
			{ N_("no growth any more; counters = 0"),
				{ AT(WRITE), AT_FIELD_WHEN("flags", keeps_writing) } },
			{ N_("draw a new hash0"), { AT(RESEED), AT_FIELD("hash0") } },
			{ N_("forget the overflow buckets"), { AT_WHEN(WRITE, spare_gone) } },
			{ N_("zero the array, make spare ones anew"),
				{ AT_WHEN(WRITE, clears_more), AT_WHEN(WRITE, spare_anew) } },
			{ N_("unflag"), { AT(DONE), AT_FIELD_WHEN("flags", clears_writing) } },
		} },
};

/* ---- which of them ---- */

static unsigned of_operation(enum op_kind kind)
{
	return kind == OP_PUT                                            ? ASSIGN
		: kind == OP_DEL                                         ? DELETE
		: kind == OP_CLEAR                                       ? CLEAR
		: kind == OP_RANGE || kind == OP_NEXT || kind == OP_ITER ? ITERATE
									 : LOOKUP;
}

static unsigned running(const struct scene *s)
{
	switch (s->phase) {
	case PHASE_GROW: return GROW;
	case PHASE_EVACUATE: return EVACUATE;
	case PHASE_ITERATE: return ITERATE;
	case PHASE_CLEAR: return CLEAR;
	default: return of_operation(s->run.kind);
	}
}

/* The key that a get of a string wants: long ones are searched for in another way.  Exact once a length has
 * been read. */
static bool wants_long(const struct scene *s)
{
	for (size_t i = 0; i < s->log->count; i++)
		if (s->log->event[i].kind == EV_LENGTH && s->log->first + i >= s->op.first)
			return s->log->event[i].b >= LONG_KEY;
	size_t n = strlen(s->run.key);
	return n >= LONG_KEY + (s->run.key[0] == '"' ? 2 : 0);
}

/* The form of function fn that this map has. */
static enum form form_of(const struct scene *s, unsigned fn)
{
	const struct classic_scene *c = classic_of(s);
	if (fn != LOOKUP || !c->type_ok)
		return (enum form)fn;
	if (c->type.variant == VARIANT_FAST32 || c->type.variant == VARIANT_FAST64)
		return LOOKUP_WORD;
	if (c->type.variant != VARIANT_FASTSTR)
		return LOOKUP;
	return !s->live || c->hmap.B                                      ? LOOKUP_TEXT
		: running(s) == LOOKUP && s->run.has_key && wants_long(s) ? LOOKUP_ONE_LONG
									  : LOOKUP_ONE;
}

static const struct listing *listing(const struct scene *s, unsigned fn)
{
	return &listings[form_of(s, fn)];
}

static const char *variant(const struct scene *s, unsigned fn)
{
	return classic_of(s)->type_ok && (fn <= DELETE || fn == EVACUATE)
		? map_variant_name[classic_of(s)->type.variant]
		: "";
}

/* The lines that the variants for strings and words have instead. */
static const char *other_text(const struct scene *s, unsigned fn, int line)
{
	const struct classic_scene *c = classic_of(s);
	bool fast = c->type_ok && c->type.variant != VARIANT_GENERAL,
	     text = c->type_ok && c->type.variant == VARIANT_FASTSTR;
	if (fast && !text && fn == ASSIGN && line == 6)
		return _("  empty: note a free slot;");
	if (fast && fn == ASSIGN && line == 12)
		return _("write tophash, key");
	if (fast && fn == EVACUATE && line == 6)
		return _(
			"  same size: X, nothing is hashed"); /* their keys are equal to themselves: no NaN */
	return NULL;
}

/* A put grows and evacuates, a delete evacuates. */
static int calling(const struct scene *s, unsigned fn)
{
	if (s->phase != PHASE_GROW && s->phase != PHASE_EVACUATE)
		return 0;
	if (fn == ASSIGN && s->run.kind == OP_PUT)
		return s->phase == PHASE_GROW ? 10 : 4;
	return fn == DELETE && s->run.kind == OP_DEL && s->phase == PHASE_EVACUATE ? 3 : 0;
}

static const char *const function_name[CLASSIC_FUNCTIONS] = { [LOOKUP] = N_("lookup"),
	[ASSIGN] = N_("assign"),
	[DELETE] = N_("delete"),
	[EVACUATE] = N_("evacuate"),
	[GROW] = N_("grow"),
	[ITERATE] = N_("loop"),
	[CLEAR] = N_("clear") };

const struct explain_code classic_code = { .functions = CLASSIC_FUNCTIONS,
	.name = function_name,
	.all = listings,
	.listings = LISTINGS,
	.of_operation = of_operation,
	.running = running,
	.listing = listing,
	.variant = variant,
	.other_text = other_text,
	.calling = calling };
