/* Sentences of a search: hash, bucket, slots; see sentence.h.
 *
 * What a search reads and where it stops depends on the variant: see map.go, map_fast32.go, map_fast64.go and
 * map_faststr.go.  A loop looks a moved key up by the general one, whatever the map is.
 */
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum map_variant search_variant(const struct scene *s)
{
	return s->phase == PHASE_ITERATE ? VARIANT_GENERAL : classic_of(s)->type.variant;
}

struct quoted slot_key(const struct scene *s)
{
	char text[SCENE_TEXT];
	if (!s->focus.ok || s->slot < 0)
		return some_key();
	group_key_text(s, &s->focus.view, s->slot, text, sizeof text);
	return quote(s, text);
}

static bool word_variant(const struct scene *s)
{
	return search_variant(s) == VARIANT_FAST32 || search_variant(s) == VARIANT_FAST64;
}

static bool own_hash_known(const struct scene *s)
{
	return s->hash.known && !s->hash.stored;
}

/* A get of a string from the only bucket: without a hash. */
static bool unhashed_text(const struct scene *s)
{
	return search_variant(s) == VARIANT_FASTSTR && s->run.kind == OP_GET && !own_hash_known(s);
}

bool search_stops(const struct scene *s)
{
	return s->run.kind == OP_PUT || search_variant(s) == VARIANT_GENERAL || unhashed_text(s);
}

/* The key of the map that is hashed in an evacuation or a loop. */
static void say_hash_stored(struct builder *w, const struct scene *s, const struct event *e)
{
	struct quoted key = quote(s, s->hash.of);
	bool evacuates = s->phase == PHASE_EVACUATE && !scene_same_size(s) && newbit(s);
	if (evacuates && s->slot >= 0 && nan_at(s, s->focus_addr, s->slot)) {
		builder_add(w, _("%s gets another hash each time: %016" PRIx64 ". "), key.text, e->a);
		if (nan_by_tophash(s, s->focus_addr, s->slot)) {
			builder_add(w,
				_("A loop may be looking: the low bit of its tophash, not the hash, says X or Y; new tophash %02" PRIx64
				  "."),
				e->c);
			return;
		}
	} else {
		builder_add(w, _("%s is hashed again with hash0 %08" PRIx64 ": %016" PRIx64 ". "), key.text,
			e->b, e->a);
	}
	if (evacuates) {
		unsigned bit = (unsigned)__builtin_ctzll(newbit(s));
		builder_add(w,
			e->a & newbit(s) ? _("Bit %u is 1: it goes to Y, new bucket %" PRIu64 ".")
					 : _("Bit %u is 0: it goes to X, new bucket %" PRIu64 "."),
			bit, classic_of(s)->evacuated + (e->a & newbit(s) ? newbit(s) : 0));
	}
}

CLASSIC_SENTENCE(hash)
{
	if (e->addr)
		say_hash_stored(w, s, e);
	else if (s->live && classic_of(s)->hmap.count == 0 && s->run.kind != OP_PUT)
		builder_add(w,
			_("The map is empty, but %s is hashed: a key that cannot be hashed is a panic even here. The hash is not used."),
			wanted_key(s).text);
	else if (word_variant(s) && s->run.kind != OP_PUT)
		builder_add(w,
			_("%s is hashed with hash0 %08" PRIx64 ": %016" PRIx64
			  ". Its low bits choose the bucket; this variant looks for no tophash."),
			wanted_key(s).text, e->b, e->a);
	else
		builder_add(w,
			_("%s is hashed with hash0 %08" PRIx64 ": %016" PRIx64
			  ". The top byte becomes the tophash, %02" PRIx64 "%s."),
			wanted_key(s).text, e->b, e->a, e->c,
			e->a >> 56 < MIN_TOPHASH ? _(" (+ 5, since 0 to 4 are marks)") : "");
}

static void low_bits(uint64_t index, unsigned B, char *out, size_t cap)
{
	size_t n = 0;
	for (unsigned i = B; i > 0 && n + 1 < cap; i--)
		out[n++] = index >> (i - 1) & 1 ? '1' : '0';
	out[n] = 0;
}

CLASSIC_SENTENCE(bucket)
{
	char bits[65];
	unsigned B = e->c < 64 ? (unsigned)e->c : 63;
	low_bits(e->a, B, bits, sizeof bits);
	if (B == 0)
		builder_add(w,
			e->b ? _("The old array has one bucket, and it has not moved yet: look there.")
			     : _("B is 0: there is one bucket, no bit of the hash is needed."));
	else if (e->b && B == 1)
		builder_add(w,
			_("Old bucket %" PRIu64
			  " (lowest bit, %s) has not moved yet: its entries are still there, so look there."),
			e->a, bits);
	else if (e->b)
		builder_add(w,
			P_("Old bucket %" PRIu64
			   " (low %u bit, %s) has not moved yet: its entries are still there, so look there.",
				"Old bucket %" PRIu64
				" (low %u bits, %s) has not moved yet: its entries are still there, so look there.",
				B),
			e->a, B, bits);
	else
		builder_add(w,
			B == 1 ? _("B is %u: the lowest bit, %s, chooses bucket %" PRIu64 " of %" PRIu64 ".")
			       : _("B is %1$u: the low %1$u bits, %2$s, choose bucket %3$" PRIu64
				   " of %4$" PRIu64 "."),
			B, bits, e->a, UINT64_C(1) << B);
}

CLASSIC_SENTENCE(evacuated)
{
	if (e->a > EMPTY_ONE && e->a < MIN_TOPHASH)
		builder_add(w,
			_("Has old bucket %" PRIu64 " moved? Its first tophash is %02" PRIx64 ", %s: yes."),
			e->b, e->a, tophash_name((uint8_t)e->a));
	else
		builder_add(w,
			_("Has old bucket %" PRIu64 " moved? Its first tophash is %02" PRIx64
			  ", no evacuation mark: not yet."),
			e->b, e->a);
}

/* The tophash only says whether the slot is in use.  Puts ask that first; gets and deletes when the key's
 * bytes agree. */
static void say_tophash_word(struct builder *w, const struct scene *s, const struct event *e)
{
	bool put = s->run.kind == OP_PUT;
	if (e->a == EMPTY_REST && put)
		builder_add(w,
			_("Slot %" PRIu64
			  ": tophash 00, emptyRest: nothing follows in this chain. %s is new."),
			e->c, wanted_key(s).text);
	else if (e->a == EMPTY_REST)
		builder_add(w,
			_("Slot %" PRIu64
			  ": tophash 00, empty: the bytes there are no key; this variant looks on."),
			e->c);
	else if (e->a == EMPTY_ONE)
		builder_add(w,
			put ? _("Slot %" PRIu64
				": tophash 01, emptyOne: free, but the search goes on: the key may stand further behind.")
			    : _("Slot %" PRIu64
				": tophash 01, emptyOne: not in use, whatever its key bytes say. The search goes on."),
			e->c);
	else
		builder_add(w,
			put ? _("Slot %" PRIu64 ": tophash %02" PRIx64
				", so it is in use. This variant does not compare tophashes, it compares the key.")
			    : _("Slot %" PRIu64 ": tophash %02" PRIx64
				", so it is in use, and the key is here."),
			e->c, e->a);
}

/* A string's get with B 0: the tophash says whether the slot is in use, and whether anything follows. */
static void say_tophash_unhashed(struct builder *w, const struct scene *s, const struct event *e)
{
	const struct event *before = event_before(s);
	bool length_equal = before && before->kind == EV_LENGTH && before->c == e->c && before->d;
	if (e->a == EMPTY_REST && before && before->kind == EV_LENGTH && before->b >= 32)
		builder_add(w,
			_("Slot %" PRIu64
			  ": tophash 00, emptyRest: the end. One candidate at most is left to be compared in full."),
			e->c);
	else if (e->a == EMPTY_REST)
		builder_add(w, _("Slot %" PRIu64 ": tophash 00, emptyRest: nothing follows in this bucket."),
			e->c);
	else if (e->a == EMPTY_ONE)
		builder_add(w,
			_("Slot %" PRIu64
			  ": tophash 01, emptyOne: free, but the search goes on: the key may stand further behind."),
			e->c);
	else if (!length_equal)
		builder_add(w,
			_("Slot %" PRIu64 ": tophash %02" PRIx64 ", not emptyRest: so the search goes on."),
			e->c, e->a);
	else if (before->a < 32)
		builder_add(w,
			_("Slot %" PRIu64 ": tophash %02" PRIx64
			  ", so it is in use. With one bucket nothing is hashed: the text is compared."),
			e->c, e->a);
	else
		builder_add(w,
			_("Slot %" PRIu64 ": tophash %02" PRIx64
			  ", so it is in use. Of a long key the first and the last 4 bytes are compared first."),
			e->c, e->a);
}

static void say_tophash_evacuate(struct builder *w, const struct scene *s, const struct event *e)
{
	if (e->a <= EMPTY_ONE)
		builder_add(w, _("Slot %" PRIu64 ": tophash %02" PRIx64 ", %s: nothing to move."), e->c, e->a,
			tophash_name((uint8_t)e->a));
	else if (scene_same_size(s))
		builder_add(w,
			_("Slot %" PRIu64 ": tophash %02" PRIx64
			  ", full: it moves to the same bucket of the new array, without gaps."),
			e->c, e->a);
	else if (nan_by_tophash(s, e->addr - e->c, (int)e->c))
		builder_add(w,
			_("Slot %" PRIu64 ": tophash %02" PRIx64
			  ", full: it must move. A NaN, and a loop may be looking: the tophash says which half."),
			e->c, e->a);
	else
		builder_add(w,
			_("Slot %" PRIu64 ": tophash %02" PRIx64
			  ", full: it must move. Which half? That takes its whole hash."),
			e->c, e->a);
}

static void say_tophash_rest(struct builder *w, const struct scene *s, const struct event *e)
{
	if (!search_stops(s))
		builder_add(w,
			_("Slot %" PRIu64
			  ": tophash 00, empty: the bytes there are no key; this variant looks on."),
			e->c);
	else if (s->run.kind == OP_PUT)
		builder_add(w,
			_("Slot %" PRIu64
			  ": tophash 00, emptyRest: nothing follows in this chain. %s is new."),
			e->c, wanted_key(s).text);
	else
		builder_add(w,
			_("Slot %" PRIu64
			  ": tophash 00, emptyRest: nothing follows in this chain. %s is not in the map."),
			e->c, wanted_key(s).text);
}

static void say_tophash_compared(struct builder *w, const struct scene *s, const struct event *e)
{
	bool after_length = search_variant(s) == VARIANT_FASTSTR && s->run.kind != OP_PUT;
	switch (e->d) {
	case TOP_EQUAL:
		builder_add(w,
			after_length ? _("Slot %" PRIu64 ": the length agrees, and tophash %02" PRIx64
					 " is equal. Now the text is compared.")
				     : _("Slot %" PRIu64 ": tophash %02" PRIx64
					 " is equal, so the key is looked at."),
			e->c, e->a);
		break;
	case TOP_EMPTY_REST: say_tophash_rest(w, s, e); break;
	case TOP_EMPTY_ONE:
		builder_add(w,
			_("Slot %" PRIu64
			  ": tophash 01, emptyOne: free, but the search goes on: the key may stand further behind."),
			e->c);
		break;
	default:
		builder_add(w,
			after_length ? _("Slot %" PRIu64 ": the length agrees, but tophash %02" PRIx64
					 " is not %02" PRIx64 ". The text is not read.")
				     : _("Slot %" PRIu64 ": tophash %02" PRIx64 " is not %02" PRIx64
					 ". The key is not read."),
			e->c, e->a, e->b);
	}
}

CLASSIC_SENTENCE(tophash)
{
	if (s->phase == PHASE_EVACUATE)
		say_tophash_evacuate(w, s, e);
	else if (e->b)
		say_tophash_compared(w, s, e);
	else if (word_variant(s))
		say_tophash_word(w, s, e);
	else
		say_tophash_unhashed(w, s, e);
}

/* Gets and deletes look at the length first; puts when the tophash agrees. */
CLASSIC_SENTENCE(length)
{
	struct quoted have = slot_key(s), want = wanted_key(s);
	if (s->run.kind == OP_PUT && e->d)
		builder_add(w,
			_("lookup, slot %" PRIu64 ": tophash and length (%" PRIu64
			  ") agree, so the text of the key is compared."),
			e->c, e->a);
	else if (s->run.kind == OP_PUT)
		builder_add(w,
			text_width(have.text) + text_width(want.text) > 30
				? _("lookup, slot %" PRIu64 ": tophash %02x is equal, but %s has %s, %s %" PRIu64
				    ". A false positive; go on.")
				: _("lookup, slot %" PRIu64
				    ": tophash %02x is equal, so the key is looked at: %s has %s, %s %" PRIu64
				    ". A false positive: tophash keeps 8 of 64 bits. Go on."),
			e->c, classic_of(s)->hash.top, have.text, counted_bytes(e->a), want.text, e->b);
	else if (e->d)
		builder_add(w,
			unhashed_text(s) ? _("Slot %" PRIu64 ": its key's length is %" PRIu64
					     " too. Is the slot in use? The tophash says.")
					 : _("Slot %" PRIu64 ": its key's length is %" PRIu64
					     " too. Only now is the tophash worth reading."),
			e->c, e->a);
	else
		builder_add(w,
			unhashed_text(s)
				? _("Slot %" PRIu64 ": the length is %" PRIu64 ", wanted is %" PRIu64
				    ". The text is not read; does anything follow? The tophash says.")
				: _("Slot %" PRIu64 ": the length is %" PRIu64 ", wanted is %" PRIu64
				    ". Neither tophash nor text is read."),
			e->c, e->a, e->b);
}

/* ---- keys ---- */

/* Of a long text only 4 bytes at an end have been read. */
static bool ends_were_read(const struct scene *s, const struct event *e)
{
	const struct event *before = event_before(s);
	uint64_t length = 0;
	return before && before->kind == EV_READ && s->mem->read(s->mem, e->addr + 8, &length, sizeof length) &&
		before->size < length;
}

static void say_key_differs(struct builder *w, const struct scene *s, const struct event *e)
{
	struct quoted have = slot_key(s), want = wanted_key(s);
	if (word_variant(s))
		builder_add(w, _("Slot %" PRIu64 ": key %s is not %s."), e->a, have.text, want.text);
	else if (unhashed_text(s) && ends_were_read(s, e))
		builder_add(w,
			_("Slot %" PRIu64
			  ": the length is equal, but the first or the last 4 bytes of the text are not. Go on."),
			e->a);
	else if (unhashed_text(s))
		builder_add(w, _("Slot %" PRIu64 ": the length is equal, the text is not: %s is not %s."),
			e->a, have.text, want.text);
	else if (nan_at(s, s->focus_addr, (int)e->a))
		builder_add(w,
			_("Slot %" PRIu64
			  ": the tophash agrees, but %s is equal to nothing, not even to itself. Go on."),
			e->a, have.text);
	else
		builder_add(w,
			_("Slot %" PRIu64
			  ": the tophash agrees, the key does not: %s is not %s. A false positive; go on."),
			e->a, have.text, want.text);
}

/* Equal floats differ in their bytes when one part is 0 and the other -0. */
static bool zeros_differ(const struct scene *s, int slot)
{
	const struct classic_scene *c = classic_of(s);
	const struct go_type *t = &c->type.key;
	bool wide = t->kind == GO_FLOAT64 || t->kind == GO_COMPLEX128,
	     complex = t->kind == GO_COMPLEX64 || t->kind == GO_COMPLEX128;
	const uint8_t *at = s->focus.bytes + c->type.keys + (uint32_t)slot * c->type.keysize;
	const char *p = s->run.key + (s->run.key[0] == '(');
	for (int part = 0; part <= complex; part++) {
		char *end;
		double want = strtod(p, &end);
		uint8_t sign = at[(part + 1) * (wide ? 8 : 4) - 1] >> 7;
		if (end == p)
			return false;
		if (want == 0 && sign != (signbit(want) != 0))
			return true;
		p = end;
	}
	return false;
}

static void say_key_equal(struct builder *w, const struct scene *s, const struct event *e)
{
	struct quoted have = slot_key(s);
	enum go_kind kind = classic_of(s)->type.key.kind;
	bool inexact = kind == GO_FLOAT32 || kind == GO_FLOAT64 || kind == GO_COMPLEX64 ||
		kind == GO_COMPLEX128;
	if (word_variant(s) && s->run.kind != OP_PUT)
		builder_add(w,
			_("Slot %" PRIu64
			  ": its key's bytes are those of %s. Is the slot in use? The tophash says."),
			e->a, wanted_key(s).text);
	else if (word_variant(s))
		builder_add(w, _("Slot %" PRIu64 ": key %s is equal. "), e->a, have.text);
	else if (unhashed_text(s))
		builder_add(
			w, _("Slot %" PRIu64 ": length and all bytes agree: %s is here. "), e->a, have.text);
	else if (search_variant(s) == VARIANT_FASTSTR)
		builder_add(w, _("Slot %" PRIu64 ": tophash %02x, length and all bytes agree: %s is here. "),
			e->a, classic_of(s)->hash.top, have.text);
	else if (inexact && s->phase != PHASE_ITERATE && s->focus.ok && zeros_differ(s, (int)e->a))
		builder_add(w, _("Slot %" PRIu64 ": %s == %s, though their bytes differ: the key is here."),
			e->a, have.text, wanted_key(s).text);
	else if (inexact || kind == GO_ANY)
		builder_add(w, _("Slot %" PRIu64 ": they are equal (==): %s is here."), e->a, have.text);
	else
		builder_add(w, _("Slot %" PRIu64 ": all bytes agree: %s is here. "), e->a, have.text);
}

CLASSIC_SENTENCE(key)
{
	if (e->b)
		say_key_equal(w, s, e);
	else
		say_key_differs(w, s, e);
}

/* Going backwards: emptyRest has been written over emptyOne. */
static bool backfills(const struct scene *s)
{
	for (size_t i = s->log->count; i-- > 0 && s->log->first + i >= s->op.first;) {
		const struct event *e = &s->log->event[i];
		if (e->kind == EV_REMOVE)
			return false;
		if (e->kind == EV_WRITE && e->size == 1 && e->new.v == EMPTY_REST && e->old.v == EMPTY_ONE)
			return true;
	}
	return false;
}

/* A new overflow bucket is taken from the spare ones: was mapextra's pointer to the next one read just now?
 */
static bool looks_at_spare(const struct scene *s)
{
	const struct event *before = event_before(s);
	return before && before->kind == EV_READ && place_of(s, before->addr, "mapextra");
}

CLASSIC_SENTENCE(chain)
{
	char label[48] = "?";
	if (s->place.kind == PLACE_GROUP)
		group_label(s, &s->place.group, false, label, sizeof label);
	if (looks_at_spare(s) && !e->a)
		builder_add(w,
			_("The next spare bucket's overflow pointer is nil: another spare one follows it."));
	else if (!e->a)
		builder_add(w, _("The overflow pointer of bucket %s is nil: the chain ends here."), label);
	else if (looks_at_spare(s))
		builder_add(w, _("The next spare bucket's overflow pointer is not nil: it is the last one."));
	else if (s->phase == PHASE_DELETE && backfills(s))
		builder_add(w,
			_("Which bucket comes before in the chain? The overflow pointer of bucket %s leads to %" PRIx64
			  "."),
			label, e->a);
	else if (s->phase == PHASE_DELETE)
		builder_add(w,
			_("Slot 7 is the last of bucket %s: is anything in the next bucket? The overflow pointer leads to %" PRIx64
			  "."),
			label, e->a);
	else if (s->phase == PHASE_CLEAR)
		builder_add(w,
			_("The overflow pointer of bucket %s leads on, to %" PRIx64
			  ": that bucket is marked too."),
			label, e->a);
	else if (s->phase == PHASE_EVACUATE)
		builder_add(w, _("Bucket %s has an overflow bucket at %" PRIx64 ": it is evacuated with it."),
			label, e->a);
	else
		builder_add(w,
			_("8 slots of bucket %s have been looked at; its overflow pointer leads on, to %" PRIx64
			  "."),
			label, e->a);
}

CLASSIC_SENTENCE(found)
{
	struct quoted key = slot_key(s);
	if (s->run.kind == OP_PUT)
		builder_add(w, _("%s is in slot %" PRIu64 ". Its elem will be overwritten, count stays."),
			key.text, e->a);
	else if (s->run.kind == OP_DEL)
		builder_add(w, _("%s is in slot %" PRIu64 ": it can be deleted."), key.text, e->a);
	else
		builder_add(w, _("%s is in slot %" PRIu64 ". The caller gets the address of its elem."),
			key.text, e->a);
}

CLASSIC_SENTENCE(absent)
{
	if (s->phase == PHASE_ITERATE) {
		builder_add(w, _("%s is gone: it was deleted since the loop began. The loop goes on."),
			wanted_key(s).text);
		return;
	}
	builder_add(w,
		s->run.kind == OP_DEL ? _("%s is not in the map: there is nothing to delete.")
				      : _("%s is not in the map: the caller gets the zero value, and false."),
		wanted_key(s).text);
}

CLASSIC_SENTENCE(got)
{
	char text[SCENE_TEXT] = "", clean[SCENE_TEXT], fit[80];
	value_print(s->mem, &classic_of(s)->type.elem, e->a ? e->addr : 0, VALUE_HUMAN, text, sizeof text);
	scene_clean(s, text, clean, sizeof clean);
	text_fit(clean, 60, fit, sizeof fit);
	builder_add(w,
		e->a ? _("The caller has its value: %s, true.")
		     : _("The caller has the zero value: %s, false."),
		fit);
}
