/* Sentences of inserting, deleting, growing, and of loops; see sentence.h. */
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- changing ---- */

CLASSIC_SENTENCE(insert)
{
	const struct classic_scene *c = classic_of(s);
	bool first_top = c->type.variant != VARIANT_GENERAL;
	builder_add(w,
		first_top
			? _("Slot %" PRIu64
			    " was the first free one: tophash %02x, then the key (%s). The caller stores the elem after the return.")
			: _("Slot %1$" PRIu64
			    " was the first free one: the key (%3$s), then tophash %2$02x. The caller stores the elem after the return."),
		e->a, c->hash.top, counted_bytes(c->type.keysize));
}

/* Only keys that hold pointers are cleared, for the collector's sake. */
CLASSIC_SENTENCE(remove)
{
	bool pointers = classic_of(s)->type.indirect_key || classic_of(s)->type.key.pointers;
	builder_add(w,
		classic_of(s)->type.variant == VARIANT_FASTSTR
			? _("%s in slot %" PRIu64
			    " is deleted: its pointer to the text becomes nil, the elem is cleared; then the tophash says empty.")
			: pointers
			? _("%s in slot %" PRIu64
			    " is deleted: key and elem are cleared, then the tophash says empty.")
			: _("%s in slot %" PRIu64
			    " is deleted: the elem is cleared, the key has no pointers and stays; then the tophash says empty."),
		slot_key(s).text, e->a);
}

CLASSIC_SENTENCE(overflow)
{
	struct place p = scene_place(s, e->a);
	char label[48] = "?";
	if (p.kind == PLACE_GROUP)
		group_label(s, &p.group, false, label, sizeof label);
	builder_add(w,
		e->b == SOURCE_PRE
			? _("The 8 slots of bucket %s are full: the next spare bucket of the array, at %" PRIx64
			    ", is chained to it.")
			: _("The 8 slots of bucket %1$s are full and no overflow bucket follows: %3$u bytes at %2$" PRIx64
			    " are chained to it."),
		label, e->addr, classic_of(s)->type.bucketsize);
}

CLASSIC_SENTENCE(check)
{
	const struct classic_scene *c = classic_of(s);
	bool over = e->a > e->b, many = e->c >= e->d;
	builder_add(w, _("May the map grow? count would be %" PRIu64 ", the limit is %" PRIu64), e->a, e->b);
	if (c->hmap.B && e->b == 13 * (UINT64_C(1) << c->hmap.B) / 2)
		builder_add(w, _(" = 6.5 x %" PRIu64), UINT64_C(1) << c->hmap.B);
	builder_add(w, P_("; %s, %" PRIu64 " is too many. ", "; %s, %" PRIu64 " are too many. ", e->d),
		counted("%" PRIu64 " overflow bucket", "%" PRIu64 " overflow buckets", e->c), e->d);
	builder_add(w, "%s",
		c->hmap.oldbuckets     ? _("It is growing already.")
			: over || many ? _("It must.")
				       : _("It need not."));
}

bool backfill_goes_back(const struct scene *s, const struct event *e)
{
	const struct event *before = event_before(s);
	return before &&
		((before->kind == EV_WRITE && before->new.v == EMPTY_REST && before->old.v == EMPTY_ONE) ||
			(before->kind == EV_CHAIN && (e->kind == EV_CHAIN || e->b == SLOTS - 1)));
}

CLASSIC_SENTENCE(backfill)
{
	const char *name = tophash_name((uint8_t)e->a);
	bool backwards = backfill_goes_back(s, e);
	if (backwards && e->a == EMPTY_ONE)
		builder_add(w,
			_("Slot %" PRIu64
			  " before it is emptyOne: it becomes emptyRest too, since nothing follows it either."),
			e->b);
	else if (backwards)
		builder_add(w, _("Slot %" PRIu64 " before it is %s: the back-fill stops here."), e->b, name);
	else if (e->a == EMPTY_REST)
		builder_add(w,
			_("What follows? Slot %" PRIu64
			  " is emptyRest: so the deleted slot, and emptyOne slots before it, become emptyRest."),
			e->b);
	else
		builder_add(w,
			_("What follows? Slot %" PRIu64
			  " is %s: a search must come this far, so the deleted slot stays emptyOne."),
			e->b, name);
}

CLASSIC_SENTENCE(reseed)
{
	builder_add(w,
		_("The map is empty: a new hash0, %08" PRIx64
		  ", is drawn, so that an attacker's collisions are void."),
		e->a);
}

/* ---- growth ---- */

CLASSIC_SENTENCE(growth)
{
	uint64_t n = UINT64_C(1) << (e->c & 63);
	if (e->a == GROWTH_LOAD)
		builder_add(w,
			_("Too full: B becomes %" PRIu64 ", %" PRIu64
			  " new buckets. Nothing moves yet; each put or delete moves 1 or 2."),
			e->c, n);
	else if (n == 1)
		builder_add(w,
			_("Too many overflow buckets for so few entries: another bucket takes the place of this one, to close the gaps."));
	else
		builder_add(w,
			_("Too many overflow buckets for so few entries: a new array of the same size, %" PRIu64
			  " buckets, to close the gaps."),
			n);
}

CLASSIC_SENTENCE(move)
{
	struct place from = scene_place(s, e->addr), to = scene_place(s, e->b);
	char text[SCENE_TEXT] = "", a[48] = "?", b[48] = "?";
	key_text_at(s, e->addr, (int)(e->a & 7), text, sizeof text);
	struct quoted key = quote(s, text);
	if (from.kind == PLACE_GROUP)
		snprintf(a, sizeof a, "%" PRIu64 ".%u:%" PRIu64, from.group.index, from.group.depth, e->a);
	if (to.kind == PLACE_GROUP)
		snprintf(b, sizeof b, "%" PRIu64 ".%u:%" PRIu64, to.group.index, to.group.depth, e->d);
	if (scene_same_size(s) || !newbit(s)) {
		builder_add(
			w, _("Old %s, %s: to the same bucket of the new array, slot %s."), a, key.text, b);
		return;
	}
	if (nan_by_tophash(s, e->addr, (int)(e->a & 7))) {
		builder_add(w,
			e->c ? _("Old %s, %s: the low bit of its tophash is 1, so it goes to Y, new %s, with a new tophash.")
			     : _("Old %s, %s: the low bit of its tophash is 0, so it goes to X, new %s, with a new tophash."),
			a, key.text, b);
		return;
	}
	unsigned bit = (unsigned)__builtin_ctzll(newbit(s));
	builder_add(w,
		e->c ? _("Old %s, %s: bit %u of its hash is 1, so it goes to Y, new %s. A 0 would mean X, bucket %" PRIu64
			 ".")
		     : _("Old %s, %s: bit %u of its hash is 0, so it goes to X, new %s. A 1 would mean Y, bucket %" PRIu64
			 "."),
		a, key.text, bit, b, classic_of(s)->evacuated + (e->c ? 0 : newbit(s)));
}

CLASSIC_SENTENCE(moved)
{
	if (scene_same_size(s))
		builder_add(w,
			P_("Old bucket %" PRIu64 " is done: %" PRIu64 " entry went to the new bucket of that number",
				"Old bucket %" PRIu64 " is done: %" PRIu64
				" entries went to the new bucket of that number",
				e->b),
			e->a, e->b);
	else
		builder_add(w,
			P_("Old bucket %" PRIu64 " is done: %" PRIu64 " entry went to X, %" PRIu64 " to Y",
				"Old bucket %" PRIu64 " is done: %" PRIu64 " entries went to X, %" PRIu64 " to Y",
				e->b),
			e->a, e->b, e->c);
	builder_add(w,
		e->d ? P_(", and %" PRIu64 " overflow bucket was made.",
			       ", and %" PRIu64 " overflow buckets were made.", e->d)
		     : ".",
		e->d);
}

CLASSIC_SENTENCE(mark)
{
	if (e->b == e->a + 1)
		builder_add(w, _("Bucket %" PRIu64 " was next in line: nevacuate goes on to %" PRIu64 "."),
			e->a, e->b);
	else
		builder_add(w,
			_("Bucket %" PRIu64
			  " was next in line, and what follows it has been moved already: nevacuate jumps to %" PRIu64
			  "."),
			e->a, e->b);
}

CLASSIC_SENTENCE(evacuate)
{
	builder_add(w, _("Old bucket %" PRIu64 " is evacuated, with its whole chain."), e->a);
}

CLASSIC_SENTENCE(grown)
{
	builder_add(w, "%s", _("The growth is over: the map lives in the new array alone."));
}

/* ---- loops ---- */

CLASSIC_SENTENCE(iterslot)
{
	struct quoted key = slot_key(s);
	switch ((enum iterslot_result)e->c) {
	case ITER_EMPTY:
		builder_add(w, _("Slot %" PRIu64 ": tophash %02" PRIx64 ", %s: nothing to give."), e->b, e->a,
			tophash_name((uint8_t)e->a));
		break;
	case ITER_OTHER_HALF:
		builder_add(w,
			tophash_full((uint8_t)e->a)
				? _("Slot %" PRIu64
				    ": %s will go to the other half when its bucket splits; the loop gives it there.")
				: _("Slot %" PRIu64
				    ": %s went to the other half when its bucket was split; the loop gives it there."),
			e->b, key.text);
		break;
	case ITER_GIVE:
		builder_add(w,
			tophash_full((uint8_t)e->a)
				? _("Slot %" PRIu64 ": tophash %02" PRIx64 ", %s: %s is next.")
				: _("Slot %" PRIu64 ": tophash %02" PRIx64
				    ", %s. Nobody can look %s up: it is given as it stands."),
			e->b, e->a, tophash_name((uint8_t)e->a), key.text);
		break;
	case ITER_MOVED_LOOKUP:
		builder_add(w,
			_("Slot %" PRIu64 ": tophash %02" PRIx64
			  ", %s: %s has moved since the loop began, so it is looked up again."),
			e->b, e->a, tophash_name((uint8_t)e->a), key.text);
		break;
	}
}

/* mapiternext has just written nil where the key's address is; or there was no loop any more, or never. */
CLASSIC_SENTENCE(end)
{
	const struct event *before = event_before(s);
	if (!before || before->kind != EV_WRITE)
		builder_add(w,
			s->run.kind == OP_NEXT
				? _("This loop was over already: there is nothing to give.")
				: _("The loop was over before it began: the map is empty. No flag is set."));
	else if (classic_of(s)->hmap.flags & FLAG_ITERATOR)
		builder_add(w,
			_("The loop is back where it began: it ends. Flag iterator stays: the next growth makes it oldIterator, the growth after that clears it."));
	else
		builder_add(w, _("The loop is back where it began: it ends."));
}

CLASSIC_SENTENCE(iterinit)
{
	builder_add(w,
		_("The loop starts at bucket %" PRIu64 " of %" PRIu64 ", and in each bucket at slot %" PRIu64
		  ": both were drawn at random."),
		e->a, UINT64_C(1) << (e->c & 63), e->b);
}

CLASSIC_SENTENCE(iterbucket)
{
	builder_add(w,
		!e->b ? _("The loop comes to bucket %" PRIu64 ".")
			: scene_same_size(s)
			? _("The loop comes to bucket %" PRIu64
			    ". The old bucket that it comes from has not moved yet, so the loop walks that one.")
			: _("The loop comes to bucket %" PRIu64
			    ". The old bucket that it comes from has not split yet, so the loop walks that one."),
		e->a);
}

CLASSIC_SENTENCE(item)
{
	builder_add(w, _("The loop gives %s."), slot_key(s).text);
}
