/* Sentences; see sentence.h.  One function for each group of events; each says who, what, the numbers, why. */
#include "sentence.h"
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct words { char *out; size_t cap, n; };

static void say(struct words *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct words *w, const char *format, ...)
{
	va_list ap;
	if (w->n + 1 >= w->cap)
		return;
	va_start(ap, format);
	int n = vsnprintf(w->out + w->n, w->cap - w->n, format, ap);
	va_end(ap);
	w->n += n > 0 ? (size_t)n : 0;
	if (w->n >= w->cap)
		w->n = w->cap - 1;
}

enum { KEY_SHOWN = 24 };
struct quoted { char text[SCENE_TEXT + 8]; };

/* A key as it stands in a sentence: in quotes when it is text, cut when it is long. */
static struct quoted quote(const struct scene *s, const char *key)
{
	struct quoted q;
	char fit[SCENE_TEXT];
	bool text = s->type.key.kind == GO_STRING;
	text_fit(key, KEY_SHOWN, fit, sizeof fit);
	snprintf(q.text, sizeof q.text, text ? "\"%s\"" : "%s", fit);
	return q;
}

static struct quoted some_key(void)
{
	struct quoted q;
	snprintf(q.text, sizeof q.text, "%s", _("the key"));
	return q;
}

static struct quoted wanted_key(const struct scene *s)
{
	char clean[SCENE_TEXT];
	if (!s->op.has_key)
		return some_key();
	scene_clean(s, s->op.key, clean, sizeof clean);
	return quote(s, clean);
}

static struct quoted slot_key(const struct scene *s)
{
	char text[SCENE_TEXT];
	if (!s->focus.ok || s->slot < 0)
		return some_key();
	slot_key_text(s, s->focus.bytes, s->slot, text, sizeof text);
	return quote(s, text);
}

static void low_bits(uint64_t index, unsigned B, char *out, size_t cap)
{
	size_t n = 0;
	for (unsigned i = B; i > 0 && n + 1 < cap; i--)
		out[n++] = index >> (i - 1) & 1 ? '1' : '0';
	out[n] = 0;
}

void operation_phrase(const struct scene *s, char *out, size_t cap)
{
	char key[SCENE_TEXT], elem[SCENE_TEXT];
	scene_clean(s, s->op.key, key, sizeof key);
	scene_clean(s, s->op.elem, elem, sizeof elem);
	snprintf(out, cap, "%s%s%s%s%s", op_kind_name[s->op.kind], s->op.has_key ? " " : "", key,
		 s->op.has_elem ? " " : "", elem);
}

void flags_phrase(unsigned flags, char *out, size_t cap)
{
	static const struct { unsigned bit; const char *name; } names[] = { { FLAG_WRITING, "writing" },
		{ FLAG_SAME_SIZE, "sameSize" }, { FLAG_ITERATOR, "iterator" }, { FLAG_OLD_ITERATOR, "oldIterator" } };
	int n = snprintf(out, cap, "%u", flags);
	bool first = true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (flags & names[i].bit && (size_t)n < cap) {
			n += snprintf(out + n, cap - (size_t)n, "%s%s", first ? "=" : "+", names[i].name);
			first = false;
		}
}

void place_phrase(const struct scene *s, const struct place *p, char *out, size_t cap)
{
	static const char *const part[] = { N_("top"), N_("key"), N_("elem"), N_("overflow") };
	char label[64];
	switch (p->kind) {
	case PLACE_HMAP: snprintf(out, cap, "hmap.%s", p->field ? p->field->name : "?"); break;
	case PLACE_EXTRA: snprintf(out, cap, "mapextra.%s", p->field ? p->field->name : "?"); break;
	case PLACE_HITER: snprintf(out, cap, "hiter.%s", p->field ? p->field->name : "?"); break;
	case PLACE_BUCKET:
		if (p->kept)
			snprintf(label, sizeof label, "%s", _("kept"));
		else
			bucket_label(s, &p->bucket, false, label, sizeof label);
		if (p->slot >= 0)
			snprintf(out, cap, "%s:%d %s", label, p->slot, _(part[p->part]));
		else
			snprintf(out, cap, "%s %s", label, _(part[p->part]));
		break;
	case PLACE_OTHER: snprintf(out, cap, "%s", block_role_name[p->role]); break;
	default: snprintf(out, cap, "%s", _("memory")); break;
	}
}

/* ---- memory ---- */

static void say_alloc(struct words *w, const struct scene *s, const struct event *e)
{
	const char *role = block_role_name[e->b < ROLES ? e->b : 0];
	if (e->b == ROLE_BUCKETS && s->type_ok)
		say(w, _("%" PRIu64 " bytes at %" PRIx64 " for %" PRIu64 " buckets of %u, all zero: emptyRest everywhere. "),
		    e->size, e->addr, e->size / s->type.bucketsize, s->type.bucketsize);
	else if (e->b == ROLE_OVERFLOW)
		say(w, _("%" PRIu64 " bytes at %" PRIx64 " for an overflow bucket, all zero. "), e->size, e->addr);
	else if (e->b == ROLE_HMAP)
		say(w, _("The hmap, %" PRIu64 " bytes at %" PRIx64 ": the map's header, all zero. "), e->size, e->addr);
	else
		say(w, _("%" PRIu64 " bytes (%s) are allocated at %" PRIx64 ", all zero. "), e->size, role, e->addr);
	if (e->a > e->size)
		say(w, _("The allocator rounds up to %" PRIu64 ": %" PRIu64 " are wasted."), e->a, e->a - e->size);
}

static void say_hmap_write(struct words *w, const struct scene *s, const struct event *e)
{
	const char *field = s->place.field ? s->place.field->name : "?";
	uint64_t was = e->old.v, now = e->new.v;
	if (strcmp(field, "flags") == 0) {
		if (~was & now & FLAG_WRITING)
			say(w, _("flags: \"writing\" is set. Another goroutine that meets it stops the program: Go's maps have no lock."));
		else if (was & ~now & FLAG_WRITING)
			say(w, _("flags: \"writing\" is cleared: the map is in order again."));
		else
			say(w, _("flags change from %" PRIu64 " to %" PRIu64 "."), was, now);
	} else if (strcmp(field, "count") == 0) {
		say(w, _("count goes from %" PRIu64 " to %" PRIu64 ": what len() gives."), was, now);
	} else if (strcmp(field, "oldbuckets") == 0) {
		say(w, now ? _("oldbuckets points at the old array, %" PRIx64 ": the growth has begun.")
			   : _("oldbuckets becomes nil: all has moved, and the collector may take the old array."), now);
	} else if (strcmp(field, "buckets") == 0) {
		say(w, _("buckets points at the array at %" PRIx64 "."), now);
	} else if (strcmp(field, "nevacuate") == 0) {
		say(w, _("nevacuate goes from %" PRIu64 " to %" PRIu64 ": all old buckets below it have been moved."), was, now);
	} else if (strcmp(field, "B") == 0) {
		say(w, _("B goes from %" PRIu64 " to %" PRIu64 ": 2 to the power of B buckets, %" PRIu64 "."), was, now,
		    UINT64_C(1) << (now & 63));
	} else if (strcmp(field, "hash0") == 0) {
		say(w, _("hash0 becomes %08" PRIx64 ": the same keys now hash differently."), now);
	} else if (strcmp(field, "noverflow") == 0) {
		say(w, now > was ? _("noverflow goes from %" PRIu64 " to %" PRIu64 ": one more overflow bucket.")
				 : _("noverflow goes from %" PRIu64 " to %" PRIu64 "."), was, now);
	} else {
		say(w, _("hmap.%s goes from %" PRIx64 " to %" PRIx64 "."), field, was, now);
	}
}

static void say_top_write(struct words *w, const struct scene *s, const struct event *e, const char *label)
{
	uint8_t was = (uint8_t)e->old.v, now = (uint8_t)e->new.v;
	int slot = s->place.slot;
	if (now == EVACUATED_EMPTY)
		say(w, _("%s, slot %d was empty: tophash %02x becomes 04, evacuatedEmpty. Nothing to move."), label, slot, was);
	else if (now == EVACUATED_X || now == EVACUATED_Y)
		say(w, _("%s, slot %d: tophash %02x becomes %02x, %s. The copies are still to come; an iterator on the old "
			 "array will look the key up again."), label, slot, was, now, tophash_name(now));
	else if (now == EMPTY_ONE)
		say(w, _("%s, slot %d: tophash %02x becomes 01, emptyOne: free, but a search must go on behind it."), label,
		    slot, was);
	else if (now == EMPTY_REST)
		say(w, _("%s, slot %d: tophash %02x becomes 00, emptyRest: nothing follows in this chain."), label, slot, was);
	else if (s->phase == PHASE_EVACUATE)
		say(w, _("%s, slot %d: tophash %02x, copied from the old slot."), label, slot, now);
	else
		say(w, _("%s, slot %d: tophash %02x is written: from now on the slot counts as full."), label, slot, now);
}

static void say_key_write(struct words *w, const struct scene *s, const struct event *e, const char *label)
{
	bool text = s->type.key.kind == GO_STRING && !s->type.indirect_key;
	int slot = s->place.slot;
	if (s->phase == PHASE_EVACUATE && e->size > s->type.keysize)
		say(w, _("%s is cleared behind its tophashes, so that the collector finds no pointer here; the marks stay."), label);
	else if (s->phase == PHASE_EVACUATE)
		say(w, text ? _("%s, slot %d: the key is copied: pointer and length, %" PRIu64 " bytes; the text itself stays where it is.")
			    : _("%s, slot %d: the key is copied, %" PRIu64 " bytes."), label, slot, e->size);
	else if (s->phase == PHASE_DELETE)
		say(w, text && e->size == 8 ? _("%s, slot %d: the key's pointer becomes nil for the collector's sake; its length stays.")
					    : _("%s, slot %d: the key is cleared."), label, slot);
	else if (s->phase == PHASE_UPDATE)
		say(w, _("%s, slot %d: an equal key is there already; its %" PRIu64 " bytes are written again."), label, slot,
		    e->size);
	else if (s->type.indirect_key)
		say(w, _("%s, slot %d: the key is longer than 128 bytes, so the slot gets a pointer to it."), label, slot);
	else
		say(w, text ? _("%s, slot %d: the key is written: pointer and length, %" PRIu64 " bytes. The elem is not there yet.")
			    : _("%s, slot %d: the key is written, %" PRIu64 " bytes."), label, slot, e->size);
}

static void say_elem_write(struct words *w, const struct scene *s, const struct event *e, const char *label)
{
	char elem[SCENE_TEXT] = "", fit[64];
	if (s->focus.ok && s->place.slot >= 0 && s->place.bucket.addr == s->focus.view.addr)
		slot_elem_text(s, s->focus.bytes, s->place.slot, elem, sizeof elem);
	text_fit(elem, 24, fit, sizeof fit);
	if (s->phase == PHASE_EVACUATE)
		say(w, _("%s, slot %d: the elem is copied, %" PRIu64 " bytes. The entry has moved."), label, s->place.slot, e->size);
	else if (s->phase == PHASE_DELETE)
		say(w, _("%s, slot %d: the elem is cleared, %" PRIu64 " bytes."), label, s->place.slot, e->size);
	else if (s->type.indirect_elem)
		say(w, _("%s, slot %d: the elem is longer than 128 bytes, so the slot gets a pointer to it."), label, s->place.slot);
	else
		say(w, _("%s, slot %d: the caller of mapassign stores the elem, %s: %" PRIu64 " bytes, after the map has let go of it."),
		    label, s->place.slot, fit, e->size);
}

static void say_bucket_write(struct words *w, const struct scene *s, const struct event *e)
{
	char label[64], name[48];
	const struct bucket_view *b = &s->place.bucket;
	bucket_label(s, b, false, name, sizeof name);
	if (s->place.kept)
		snprintf(label, sizeof label, "%s", _("A bucket of a dropped array"));
	else
		snprintf(label, sizeof label, !s->hmap.oldbuckets ? _("Bucket %" PRIu64 ".%u") : b->array == ARRAY_OLD ? _("Old %" PRIu64 ".%u")
			 : _("New %" PRIu64 ".%u"), b->index, b->depth);
	switch (s->place.part) {
	case PART_TOP:
		if (e->size > SLOTS)
			say(w, _("%" PRIu64 " bytes are cleared, from bucket %s on."), e->size, name);
		else
			say_top_write(w, s, e, label);
		break;
	case PART_KEY: say_key_write(w, s, e, label); break;
	case PART_ELEM: say_elem_write(w, s, e, label); break;
	case PART_OVERFLOW:
		say(w, e->new.v ? _("%s: the overflow pointer now leads to %" PRIx64 ".")
				: _("%s: the overflow pointer becomes nil."), label, e->new.v);
		break;
	}
}

/* A loop's own memory: what its caller sees, and where it goes on. */
static void say_hiter_write(struct words *w, const struct scene *s, const struct event *e)
{
	static const struct { const char *field, *what; } fields[] = {
		{ "key", N_("where the loop's caller finds the key; nil is the end") }, { "elem", N_("where the caller finds the elem") },
		{ "t", N_("the map's type") }, { "h", N_("the map") }, { "buckets", N_("the array as it is when the loop starts: the loop keeps it alive") },
		{ "bptr", N_("the bucket that the loop is in") }, { "overflow", N_("keeps the overflow buckets alive") },
		{ "oldoverflow", N_("keeps the old array's overflow buckets alive") }, { "startBucket", N_("drawn: the bucket where it starts") },
		{ "offset", N_("drawn: the slot where it starts in every bucket") }, { "wrapped", N_("it has come round to bucket 0") },
		{ "B", N_("the array's size when the loop starts") }, { "i", N_("the next slot, counted from the offset") },
		{ "bucket", N_("the next bucket") }, { "checkBucket", N_("which half of an old bucket it wants; all ones: no matter") },
	};
	const char *name = s->place.field ? s->place.field->name : "?", *what = "";
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (strcmp(fields[i].field, name) == 0)
			what = fields[i].what;
	if (e->old.v < 1000000 && e->new.v < 1000000)
		say(w, _("hiter.%s goes from %" PRIu64 " to %" PRIu64 ": %s."), name, e->old.v, e->new.v, _(what));
	else
		say(w, _("hiter.%s becomes %" PRIx64 ": %s."), name, e->new.v, _(what));
}

static void say_write(struct words *w, const struct scene *s, const struct event *e)
{
	char what[96];
	switch (s->place.kind) {
	case PLACE_HMAP: say_hmap_write(w, s, e); return;
	case PLACE_BUCKET: say_bucket_write(w, s, e); return;
	case PLACE_HITER:
		if (e->size <= 8) {
			say_hiter_write(w, s, e);
			return;
		}
		break;
	default: break;
	}
	place_phrase(s, &s->place, what, sizeof what);
	if (s->place.kind == PLACE_OTHER && (s->place.role == ROLE_KEY_TEXT || s->place.role == ROLE_ELEM_TEXT)) {
		char text[64], clean[160], fit[160];
		size_t n = e->size < sizeof text ? e->size : sizeof text - 1;
		event_bytes_copy(e->new, e->size <= 8 ? e->size : 0, (uint8_t *)text);
		if (e->size > 8)
			memcpy(text, s->event_bytes, n);
		text[n] = 0;
		scene_clean(s, text, clean, sizeof clean);
		text_fit(clean, 32, fit, sizeof fit);
		say(w, s->place.role == ROLE_KEY_TEXT ? _("The program makes its key: \"%s\", %" PRIu64 " bytes of text at %" PRIx64 ".")
						       : _("The program makes its elem: \"%s\", %" PRIu64 " bytes of text at %" PRIx64 "."), fit, e->size, e->addr);
		return;
	}
	if (e->size <= 8)
		say(w, _("%s goes from %" PRIx64 " to %" PRIx64 " (%" PRIu64 " bytes at %" PRIx64 ")."), what, e->old.v, e->new.v,
		    e->size, e->addr);
	else
		say(w, _("%s: %" PRIu64 " bytes are written at %" PRIx64 "."), what, e->size, e->addr);
}

/* ---- operations ---- */

static void say_op(struct words *w, const struct scene *s)
{
	char phrase[2 * SCENE_TEXT + 32], elem[SCENE_TEXT];
	struct quoted key = wanted_key(s);
	operation_phrase(s, phrase, sizeof phrase);
	scene_clean(s, s->op.elem, elem, sizeof elem);
	say(w, _("Operation %" PRIu64 " begins: %s"), s->op.op, phrase);
	const char *name = s->map ? s->map->name : "m";
	switch (s->op.kind) {
	case OP_PUT: say(w, _(", in Go %s[%s] = %s."), name, key.text, elem); break;
	case OP_GET: say(w, _(", in Go v, ok := %s[%s]."), name, key.text); break;
	case OP_DEL: say(w, _(", in Go delete(%s, %s)."), name, key.text); break;
	case OP_CLEAR: say(w, _(", in Go clear(%s)."), name); break;
	case OP_RANGE: say(w, _(", in Go for k, v := range %s."), name); break;
	default: say(w, "."); break;
	}
}

static void say_phase(struct words *w, const struct event *e)
{
	static const char *const sentence[PHASES] = {
		[PHASE_LOOKUP] = N_("Phase lookup: which bucket, which slot?"),
		[PHASE_GROW] = N_("Phase grow: a new array is made. Not one entry moves yet."),
		[PHASE_EVACUATE] = N_("Phase evacuate: an old bucket is moved before the map is used any further."),
		[PHASE_INSERT] = N_("Phase insert: the key is new, it takes the first free slot."),
		[PHASE_UPDATE] = N_("Phase update: the key is there already, count stays."),
		[PHASE_DELETE] = N_("Phase delete: the slot is cleared and marked empty."),
		[PHASE_ITERATE] = N_("Phase iterate: Go draws where to begin, so that nobody relies on an order."),
		[PHASE_CLEAR] = N_("Phase clear: everything goes, the array stays."),
		[PHASE_COLLECT] = N_("Phase collect: what nothing reaches any more is freed."),
		[PHASE_STORE] = N_("Phase store: mapassign has returned the elem's address; now the caller stores there."),
	};
	say(w, "%s", e->a < PHASES && sentence[e->a] ? _(sentence[e->a]) : _("A phase begins."));
}

static void say_done(struct words *w, const struct scene *s, const struct event *e)
{
	char phrase[2 * SCENE_TEXT + 32], fit[64];
	operation_phrase(s, phrase, sizeof phrase);
	text_fit(phrase, 40, fit, sizeof fit);
	say(w, _("Done: %s: %s. count is %" PRIu64 ". The operation took %" PRIu64 " steps."), fit,
	    outcome_name[e->a < OUTCOMES ? e->a : 0], e->b, s->step - s->op.first + 1);
}

static void say_header(struct words *w, const struct scene *s, const struct event *e)
{
	char flags[64];
	flags_phrase((unsigned)e->b, flags, sizeof flags);
	say(w, _("The hmap is read: count %" PRIu64 ", flags %s, B %" PRIu64 ": %" PRIu64 " buckets. "), e->a, flags, e->c,
	    UINT64_C(1) << (e->c & 63));
	if (s->hmap.oldbuckets)
		say(w, _("A growth is under way."));
	else if (!s->hmap.buckets)
		say(w, _("There is no array yet."));
}

/* ---- looking for a key ---- */

static void say_hash(struct words *w, const struct scene *s, const struct event *e)
{
	char text[SCENE_TEXT];
	text_fit(s->hash.of, KEY_SHOWN, text, sizeof text);
	struct quoted key = quote(s, s->hash.of);
	if (!e->addr) {
		say(w, _("%s is hashed with hash0 %08" PRIx64 ": %016" PRIx64 ". The top byte becomes the tophash, %02" PRIx64 "%s."),
		    wanted_key(s).text, e->b, e->a, e->c, e->a >> 56 < MIN_TOPHASH ? _(" (+ 5, since 0 to 4 are marks)") : "");
		return;
	}
	say(w, _("%s is hashed again with hash0 %08" PRIx64 ": %016" PRIx64 ". "), key.text, e->b, e->a);
	if (s->phase == PHASE_EVACUATE && !scene_same_size(s) && newbit(s)) {
		unsigned bit = (unsigned)__builtin_ctzll(newbit(s));
		say(w, e->a & newbit(s) ? _("Bit %u is 1: it goes to Y, new bucket %" PRIu64 ".")
					: _("Bit %u is 0: it goes to X, new bucket %" PRIu64 "."), bit,
		    s->evacuated + (e->a & newbit(s) ? newbit(s) : 0));
	}
}

static void say_bucket(struct words *w, const struct event *e)
{
	char bits[65];
	unsigned B = e->c < 64 ? (unsigned)e->c : 63;
	low_bits(e->a, B, bits, sizeof bits);
	if (B == 0)
		say(w, e->b ? _("The old array has one bucket, and it has not moved yet: look there.")
			    : _("B is 0: there is one bucket, no bit of the hash is needed."));
	else if (e->b)
		say(w, _("Old bucket %" PRIu64 " (low %u bits, %s) has not moved yet: its entries are still there, so look there."),
		    e->a, B, bits);
	else
		say(w, B == 1 ? _("B is %u: the lowest bit, %s, chooses bucket %" PRIu64 " of %" PRIu64 ".")
			      : _("B is %1$u: the low %1$u bits, %2$s, choose bucket %3$" PRIu64 " of %4$" PRIu64 "."), B, bits, e->a,
		    UINT64_C(1) << B);
}

static void say_evacuated(struct words *w, const struct event *e)
{
	if (e->a > EMPTY_ONE && e->a < MIN_TOPHASH)
		say(w, _("Has old bucket %" PRIu64 " moved? Its first tophash is %02" PRIx64 ", %s: yes."), e->b, e->a,
		    tophash_name((uint8_t)e->a));
	else
		say(w, _("Has old bucket %" PRIu64 " moved? Its first tophash is %02" PRIx64 ", no evacuation mark: not yet."), e->b,
		    e->a);
}

static bool word_variant(const struct scene *s)
{
	return s->type.variant == VARIANT_FAST32 || s->type.variant == VARIANT_FAST64;
}

/* Fast variants for words compare keys; tophash only says whether the slot is used. */
static void say_tophash_word(struct words *w, const struct event *e)
{
	if (e->a == EMPTY_REST)
		say(w, _("Slot %" PRIu64 ": tophash 00, emptyRest: nothing follows in this chain."), e->c);
	else if (e->a == EMPTY_ONE)
		say(w, _("Slot %" PRIu64 ": tophash 01, emptyOne: not in use, whatever its key bytes say."), e->c);
	else
		say(w, _("Slot %" PRIu64 ": tophash %02" PRIx64 ", so it is in use. This variant does not compare tophashes, it compares the key."),
		    e->c, e->a);
}

static void say_tophash_evacuate(struct words *w, const struct scene *s, const struct event *e)
{
	if (e->a <= EMPTY_ONE)
		say(w, _("Slot %" PRIu64 ": tophash %02" PRIx64 ", %s: nothing to move."), e->c, e->a, tophash_name((uint8_t)e->a));
	else if (scene_same_size(s))
		say(w, _("Slot %" PRIu64 ": tophash %02" PRIx64 ", full: it moves to the same bucket of the new array, without gaps."), e->c, e->a);
	else
		say(w, _("Slot %" PRIu64 ": tophash %02" PRIx64 ", full: it must move. Which half? That takes its whole hash."), e->c, e->a);
}

static void say_tophash(struct words *w, const struct scene *s, const struct event *e)
{
	if (s->phase == PHASE_EVACUATE) {
		say_tophash_evacuate(w, s, e);
		return;
	}
	if (word_variant(s) || e->b == 0) {
		say_tophash_word(w, e);
		return;
	}
	switch (e->d) {
	case TOP_EQUAL:
		if (s->type.variant == VARIANT_FASTSTR && s->op.kind != OP_PUT)
			say(w, _("Slot %" PRIu64 ": the length agrees, and tophash %02" PRIx64 " is equal. Now the text is compared."), e->c, e->a);
		else
			say(w, _("Slot %" PRIu64 ": tophash %02" PRIx64 " is equal, so the key is looked at."), e->c, e->a);
		break;
	case TOP_EMPTY_REST:
		if (s->op.kind == OP_PUT)
			say(w, _("Slot %" PRIu64 ": tophash 00, emptyRest: nothing follows in this chain. %s is new."), e->c, wanted_key(s).text);
		else
			say(w, _("Slot %" PRIu64 ": tophash 00, emptyRest: nothing follows in this chain. %s is not in the map."), e->c,
			    wanted_key(s).text);
		break;
	case TOP_EMPTY_ONE:
		say(w, _("Slot %" PRIu64 ": tophash 01, emptyOne: free, but the search goes on: the key may stand further behind."), e->c);
		break;
	default:
		say(w, _("Slot %" PRIu64 ": tophash %02" PRIx64 " is not %02" PRIx64 ". The key is not read."), e->c, e->a, e->b);
	}
}

static void say_length(struct words *w, const struct scene *s, const struct event *e)
{
	struct quoted have = slot_key(s), want = wanted_key(s);
	if (s->op.kind != OP_PUT) { /* these look at the length first */
		if (e->d)
			say(w, _("Slot %" PRIu64 ": its key has %" PRIu64 " bytes too. Only now is the tophash worth reading."), e->c, e->a);
		else
			say(w, _("Slot %" PRIu64 ": a key of %" PRIu64 " bytes, wanted are %" PRIu64 ". Neither tophash nor text is read."), e->c,
			    e->a, e->b);
		return;
	}
	if (e->d)
		say(w, _("lookup, slot %" PRIu64 ": tophash and length (%" PRIu64 ") agree, so the text of the key is compared."), e->c, e->a);
	else
		say(w, _("lookup, slot %" PRIu64 ": tophash %02x is equal, so the key is looked at: %s has %" PRIu64 " bytes, %s %" PRIu64
			 ". A false positive: tophash keeps 8 of 64 bits. Go on."), e->c, s->hash.top, have.text, e->a, want.text, e->b);
}

static void say_key(struct words *w, const struct scene *s, const struct event *e)
{
	struct quoted have = slot_key(s), want = wanted_key(s);
	if (!e->b && word_variant(s)) {
		say(w, _("Slot %" PRIu64 ": key %s is not %s."), e->a, have.text, want.text);
		return;
	}
	if (!e->b) {
		say(w, _("Slot %" PRIu64 ": the tophash agrees, the key does not: %s is not %s. A false positive; go on."), e->a, have.text,
		    want.text);
		return;
	}
	if (word_variant(s))
		say(w, _("Slot %" PRIu64 ": key %s is equal. "), e->a, have.text);
	else if (s->type.variant == VARIANT_FASTSTR && s->hash.known)
		say(w, _("Slot %" PRIu64 ": tophash %02x, length and all bytes agree: %s is here. "), e->a, s->hash.top, have.text);
	else
		say(w, _("Slot %" PRIu64 ": all bytes agree: %s is here. "), e->a, have.text);
}

static void say_chain(struct words *w, const struct scene *s, const struct event *e)
{
	char label[48] = "?";
	if (s->place.kind == PLACE_BUCKET)
		bucket_label(s, &s->place.bucket, false, label, sizeof label);
	if (!e->a)
		say(w, _("The overflow pointer of bucket %s is nil: the chain ends here."), label);
	else if (s->phase == PHASE_EVACUATE)
		say(w, _("Bucket %s has an overflow bucket at %" PRIx64 ": it is evacuated with it."), label, e->a);
	else
		say(w, _("8 slots of bucket %s have been looked at; its overflow pointer leads on, to %" PRIx64 "."), label, e->a);
}

static void say_found(struct words *w, const struct scene *s, const struct event *e)
{
	struct quoted key = slot_key(s);
	if (s->op.kind == OP_PUT)
		say(w, _("%s is in slot %" PRIu64 ". Its elem will be overwritten, count stays."), key.text, e->a);
	else if (s->op.kind == OP_DEL)
		say(w, _("%s is in slot %" PRIu64 ": it can be deleted."), key.text, e->a);
	else
		say(w, _("%s is in slot %" PRIu64 ". The caller gets the address of its elem."), key.text, e->a);
}

static void say_absent(struct words *w, const struct scene *s)
{
	say(w, s->op.kind == OP_DEL ? _("%s is not in the map: there is nothing to delete.")
				    : _("%s is not in the map: the caller gets the zero value, and false."), wanted_key(s).text);
}

static void say_got(struct words *w, const struct scene *s, const struct event *e)
{
	char text[SCENE_TEXT] = "", clean[SCENE_TEXT], fit[80];
	value_print(s->mem, &s->type.elem, e->a ? e->addr : 0, VALUE_HUMAN, text, sizeof text);
	scene_clean(s, text, clean, sizeof clean);
	text_fit(clean, 60, fit, sizeof fit);
	say(w, e->a ? _("The caller has its value: %s, true.") : _("The caller has the zero value: %s, false."), fit);
}

/* ---- changing ---- */

static void say_insert(struct words *w, const struct scene *s, const struct event *e)
{
	bool first_top = s->type.variant != VARIANT_GENERAL;
	say(w, first_top ? _("Slot %" PRIu64 " was the first free one: tophash %02x, then the key (%u bytes). The caller stores the elem after the return.")
			 : _("Slot %1$" PRIu64 " was the first free one: the key (%3$u bytes), then tophash %2$02x. The caller stores the elem after the return."),
	    e->a, s->hash.top, s->type.keysize);
}

static void say_overflow(struct words *w, const struct scene *s, const struct event *e)
{
	struct place p = scene_place(s, e->a);
	char label[48] = "?";
	if (p.kind == PLACE_BUCKET)
		bucket_label(s, &p.bucket, false, label, sizeof label);
	say(w, e->b == SOURCE_PRE ? _("The 8 slots of bucket %s are full: the next spare bucket of the array, at %" PRIx64 ", is chained to it.")
				  : _("The 8 slots of bucket %1$s are full and no overflow bucket follows: %3$u bytes at %2$" PRIx64 " are chained to it."),
	    label, e->addr, s->type.bucketsize);
}

static void say_check(struct words *w, const struct scene *s, const struct event *e)
{
	bool over = e->a > e->b && e->a > SLOTS, many = e->c >= e->d;
	say(w, _("May the map grow? count would be %" PRIu64 ", the limit is %" PRIu64), e->a, e->b);
	if (s->hmap.B && e->b == 13 * (UINT64_C(1) << s->hmap.B) / 2)
		say(w, _(" = 6.5 x %" PRIu64), UINT64_C(1) << s->hmap.B);
	say(w, _("; %" PRIu64 " overflow buckets, %" PRIu64 " are too many. "), e->c, e->d);
	say(w, "%s", s->hmap.oldbuckets ? _("It is growing already.") : over || many ? _("It must.") : _("It need not."));
}

static void say_backfill(struct words *w, const struct scene *s, const struct event *e)
{
	const char *name = tophash_name((uint8_t)e->a);
	/* The first look asks about the slot behind; the later ones go backwards. */
	const struct event *before = s->log->count > 1 ? &s->log->event[s->log->count - 2] : NULL;
	bool backwards = before && before->kind == EV_WRITE && before->new.v == EMPTY_REST && before->old.v == EMPTY_ONE;
	if (backwards && e->a == EMPTY_ONE)
		say(w, _("Slot %" PRIu64 " before it is emptyOne: it becomes emptyRest too, since nothing follows it either."), e->b);
	else if (backwards)
		say(w, _("Slot %" PRIu64 " before it is %s: the back-fill stops here."), e->b, name);
	else if (e->a == EMPTY_REST)
		say(w, _("What follows? Slot %" PRIu64 " is emptyRest: so the deleted slot, and emptyOne slots before it, become emptyRest."), e->b);
	else
		say(w, _("What follows? Slot %" PRIu64 " is %s: a search must come this far, so the deleted slot stays emptyOne."), e->b, name);
}

/* ---- growth ---- */

static void say_growth(struct words *w, const struct event *e)
{
	uint64_t n = UINT64_C(1) << (e->c & 63);
	if (e->a == GROWTH_LOAD)
		say(w, _("Too full: B becomes %" PRIu64 ", %" PRIu64 " new buckets. Nothing moves yet; each put or delete moves 1 or 2."), e->c, n);
	else
		say(w, _("Too many overflow buckets for so few entries: a new array of the same size, %" PRIu64 " buckets, to close the gaps."), n);
}

static void say_move(struct words *w, const struct scene *s, const struct event *e)
{
	struct place from = scene_place(s, e->addr), to = scene_place(s, e->b);
	char text[SCENE_TEXT] = "", a[48] = "?", b[48] = "?";
	key_text_at(s, e->addr, (int)(e->a & 7), text, sizeof text);
	struct quoted key = quote(s, text);
	if (from.kind == PLACE_BUCKET)
		snprintf(a, sizeof a, "%" PRIu64 ".%u:%" PRIu64, from.bucket.index, from.bucket.depth, e->a);
	if (to.kind == PLACE_BUCKET)
		snprintf(b, sizeof b, "%" PRIu64 ".%u:%" PRIu64, to.bucket.index, to.bucket.depth, e->d);
	if (scene_same_size(s) || !newbit(s)) {
		say(w, _("Old %s, %s: to the same bucket of the new array, slot %s."), a, key.text, b);
		return;
	}
	unsigned bit = (unsigned)__builtin_ctzll(newbit(s));
	say(w, e->c ? _("Old %s, %s: bit %u of its hash is 1, so it goes to Y, new %s. A 0 would mean X, bucket %" PRIu64 ".")
		    : _("Old %s, %s: bit %u of its hash is 0, so it goes to X, new %s. A 1 would mean Y, bucket %" PRIu64 "."),
	    a, key.text, bit, b, s->evacuated + (e->c ? 0 : newbit(s)));
}

static void say_moved(struct words *w, const struct event *e)
{
	say(w, _("Old bucket %" PRIu64 " is done: %" PRIu64 " entries went to X, %" PRIu64 " to Y"), e->a, e->b, e->c);
	say(w, e->d ? _(", and %" PRIu64 " overflow buckets were made.") : ".", e->d);
}

static void say_mark(struct words *w, const struct event *e)
{
	if (e->b == e->a + 1)
		say(w, _("Bucket %" PRIu64 " was next in line: nevacuate goes on to %" PRIu64 "."), e->a, e->b);
	else
		say(w, _("Bucket %" PRIu64 " was next in line, and what follows it has been moved already: nevacuate jumps to %" PRIu64 "."),
		    e->a, e->b);
}

/* ---- loops ---- */

static void say_iterslot(struct words *w, const struct scene *s, const struct event *e)
{
	struct quoted key = slot_key(s);
	switch (e->c) {
	case ITER_EMPTY: say(w, _("Slot %" PRIu64 ": tophash %02" PRIx64 ", %s: nothing to give."), e->b, e->a, tophash_name((uint8_t)e->a)); break;
	case ITER_OTHER_HALF:
		say(w, _("Slot %" PRIu64 ": %s will go to the other half when its bucket splits; the loop gives it there."), e->b, key.text);
		break;
	case ITER_GIVE: say(w, _("Slot %" PRIu64 ": tophash %02" PRIx64 ", full: %s is next."), e->b, e->a, key.text); break;
	case ITER_MOVED_LOOKUP:
		say(w, _("Slot %" PRIu64 ": tophash %02" PRIx64 ", %s: %s has moved since the loop began, so it is looked up again."), e->b, e->a,
		    tophash_name((uint8_t)e->a), key.text);
		break;
	default: say(w, _("Slot %" PRIu64 ": deleted in the meantime."), e->b); break;
	}
}

static void say_loop(struct words *w, const struct scene *s, const struct event *e)
{
	switch (e->kind) {
	case EV_ITERINIT:
		say(w, _("The loop starts at bucket %" PRIu64 " of %" PRIu64 ", and in each bucket at slot %" PRIu64 ": both were drawn at random."),
		    e->a, UINT64_C(1) << (e->c & 63), e->b);
		break;
	case EV_ITERBUCKET:
		say(w, e->b ? _("The loop comes to bucket %" PRIu64 ". The old bucket that it comes from has not split yet, so the loop walks that one.")
			    : _("The loop comes to bucket %" PRIu64 "."), e->a);
		break;
	case EV_ITERSLOT: say_iterslot(w, s, e); break;
	case EV_ITEM: say(w, _("The loop gives %s."), slot_key(s).text); break;
	default: say(w, _("The loop is back where it began: it ends. The iterator flags stay until the next growth.")); break;
	}
}

static void say_map(struct words *w, const struct scene *s, const struct event *e)
{
	if (!s->map) {
		say(w, _("Map %" PRIu64 " is made."), e->a);
		return;
	}
	if (!s->map->hmap)
		say(w, _("%s is a nil map[%s]%s: it may be read; a write would be a panic."), s->map->name, s->map->key_type,
		    s->map->elem_type);
	else
		say(w, _("%s is made: map[%s]%s, its hmap at %" PRIx64 "; Go %s, seed %" PRIu64 "."), s->map->name, s->map->key_type,
		    s->map->elem_type, e->addr, s->map->go, s->map->seed);
}

static void say_narration(struct words *w, const struct scene *s, const struct event *e)
{
	char text[sizeof s->event_bytes + 1], clean[sizeof s->event_bytes * 2];
	size_t n = e->size < sizeof s->event_bytes ? e->size : sizeof s->event_bytes - 1;
	memcpy(text, s->event_bytes, n);
	text[n] = 0;
	scene_clean(s, text, clean, sizeof clean);
	say(w, "%s", clean);
}

static void say_change(struct words *w, const struct scene *s, const struct event *e)
{
	switch (e->kind) {
	case EV_INSERT: say_insert(w, s, e); break;
	case EV_OVERFLOW: say_overflow(w, s, e); break;
	case EV_CHECK: say_check(w, s, e); break;
	case EV_REMOVE: say(w, _("%s in slot %" PRIu64 " is deleted: key and elem are cleared, then the tophash says empty."), slot_key(s).text, e->a); break;
	case EV_BACKFILL: say_backfill(w, s, e); break;
	case EV_RESEED: say(w, _("The map is empty: a new hash0, %08" PRIx64 ", is drawn, so that an attacker's collisions are void."), e->a); break;
	case EV_GROWTH: say_growth(w, e); break;
	case EV_EVACUATE: say(w, _("Old bucket %" PRIu64 " is evacuated, with its whole chain."), e->a); break;
	case EV_MOVE: say_move(w, s, e); break;
	case EV_MOVED: say_moved(w, e); break;
	case EV_MARK: say_mark(w, e); break;
	case EV_GROWN: say(w, _("The growth is over: the map lives in the new array alone.")); break;
	case EV_FAULT:
		say(w, _("Go says: %s. %s"), fault_text[e->a < FAULTS ? e->a : 0],
		    e->b ? _("The program ends here; no recover can catch it.") : _("A panic; it can be recovered."));
		break;
	case EV_GC: say(w, _("The collector freed %" PRIu64 " blocks, %" PRIu64 " bytes."), e->a, e->b); break;
	default: say_loop(w, s, e); break;
	}
}

void sentence_make(const struct scene *s, char *out, size_t cap)
{
	struct words w = { out, cap, 0 };
	const struct event *e = &s->event;
	out[0] = 0;
	switch (e->kind) {
	case EV_ALLOC: say_alloc(&w, s, e); break;
	case EV_WRITE: say_write(&w, s, e); break;
	case EV_FREE:
		say(&w, _("%" PRIu64 " bytes (%s) at %" PRIx64 " are freed: nothing reached them any more."), e->size,
		    block_role_name[e->b < ROLES ? e->b : 0], e->addr);
		break;
	case EV_MAP: say_map(&w, s, e); break;
	case EV_OP: say_op(&w, s); break;
	case EV_PHASE: say_phase(&w, e); break;
	case EV_HEADER: say_header(&w, s, e); break;
	case EV_DONE: say_done(&w, s, e); break;
	case EV_HASH: say_hash(&w, s, e); break;
	case EV_BUCKET: say_bucket(&w, e); break;
	case EV_EVACUATED: say_evacuated(&w, e); break;
	case EV_TOPHASH: say_tophash(&w, s, e); break;
	case EV_LENGTH: say_length(&w, s, e); break;
	case EV_KEY: say_key(&w, s, e); break;
	case EV_CHAIN: say_chain(&w, s, e); break;
	case EV_FOUND: say_found(&w, s, e); break;
	case EV_ABSENT: say_absent(&w, s); break;
	case EV_GOT: say_got(&w, s, e); break;
	case EV_SAY: say_narration(&w, s, e); break;
	case EV_COUNT:
		if (s->steps)
			say(&w, _("The recording begins. The right arrow or . goes a step on, the down arrow an operation, space plays, ? helps."));
		else
			say(&w, _("The recording is empty: it has no steps."));
		break;
	default: say_change(&w, s, e); break;
	}
	while (w.n > 0 && out[w.n - 1] == ' ')
		out[--w.n] = 0;
}
