/* Sentences of facts: what the classic map allocates and writes; see ui/scene/explain.h. */
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void say_flags_write(struct builder *w, uint64_t was, uint64_t now)
{
	char from[64], to[64];
	flags_phrase((unsigned)was, from, sizeof from);
	flags_phrase((unsigned)now, to, sizeof to);
	if (~was & now & FLAG_WRITING)
		builder_add(w,
			_("flags: \"writing\" is set. Another goroutine that meets it stops the program: Go's maps have no lock."));
	else if (was & ~now & FLAG_WRITING)
		builder_add(w, _("flags: \"writing\" is cleared: the map is in order again."));
	else if (was == now)
		builder_add(w, _("flags is written and stays %s."), to);
	else
		builder_add(w, _("flags change from %s to %s."), from, to);
}

static void say_old_write(struct builder *w, const struct scene *s, uint64_t was, uint64_t now)
{
	if (now)
		builder_add(
			w, _("oldbuckets points at the old array, %" PRIx64 ": the growth has begun."), now);
	else if (!was)
		builder_add(w, _("oldbuckets is written and stays nil: no growth was under way."));
	else if (s->phase == PHASE_CLEAR)
		builder_add(w,
			_("oldbuckets becomes nil: nothing is left to move, and the collector may take the old array."));
	else
		builder_add(w,
			_("oldbuckets becomes nil: all has moved, and the collector may take the old array."));
}

static void say_number_write(struct builder *w, const char *field, uint64_t was, uint64_t now)
{
	if (strcmp(field, "count") == 0)
		builder_add(w, _("count goes from %" PRIu64 " to %" PRIu64 ": what len() gives."), was, now);
	else if (strcmp(field, "nevacuate") == 0 && now == 0)
		builder_add(w, _("nevacuate is set to 0: no old bucket has been moved."));
	else if (strcmp(field, "nevacuate") == 0)
		builder_add(w,
			_("nevacuate goes from %" PRIu64 " to %" PRIu64
			  ": all old buckets below it have been moved."),
			was, now);
	else if (strcmp(field, "B") == 0)
		builder_add(w,
			now ? _("B goes from %" PRIu64 " to %" PRIu64
				": 2 to the power of B buckets, %" PRIu64 ".")
			    : _("B is set to 0: one bucket."),
			was, now, UINT64_C(1) << (now & 63));
	else if (strcmp(field, "noverflow") == 0 && now == 0)
		builder_add(w, _("noverflow is set to 0: no overflow buckets."));
	else if (strcmp(field, "noverflow") == 0)
		builder_add(w,
			now > was ? _("noverflow goes from %" PRIu64 " to %" PRIu64
				      ": one more overflow bucket.")
				  : _("noverflow goes from %" PRIu64 " to %" PRIu64 "."),
			was, now);
	else
		builder_add(w, _("hmap.%s goes from %" PRIx64 " to %" PRIx64 "."), field, was, now);
}

static void say_hmap_write(struct builder *w, const struct scene *s, const struct event *e)
{
	const char *field = s->place.field ? s->place.field->name : "?";
	uint64_t was = e->old.v, now = e->new.v;
	if (strcmp(field, "flags") == 0)
		say_flags_write(w, was, now);
	else if (strcmp(field, "oldbuckets") == 0)
		say_old_write(w, s, was, now);
	else if (strcmp(field, "buckets") == 0)
		builder_add(w, _("buckets points at the array at %" PRIx64 "."), now);
	else if (strcmp(field, "hash0") == 0)
		builder_add(w,
			s->phase == PHASE_DELETE || s->phase == PHASE_CLEAR
				? _("hash0 becomes %08" PRIx64 ": the same keys now hash differently.")
				: _("hash0, drawn for this map: %08" PRIx64
				    ". The same keys hash differently in another map."),
			now);
	else if (strcmp(field, "extra") == 0 && now && was != now)
		builder_add(w,
			classic_of(s)->type.pointers
				? _("hmap.extra points at %" PRIx64
				    ": where the next preallocated overflow bucket is noted.")
				: _("hmap.extra points at %" PRIx64
				    ". Overflow buckets hang on it: the collector does not look into buckets "
				    "without pointers, so the chains keep nothing alive."),
			now);
	else
		say_number_write(w, field, was, now);
}

static void say_top_write(struct builder *w, const struct scene *s, const struct event *e, const char *label)
{
	const struct classic_scene *c = classic_of(s);
	uint8_t was = (uint8_t)e->old.v, now = (uint8_t)e->new.v;
	int slot = s->place.slot;
	if (now == EVACUATED_EMPTY)
		builder_add(w,
			_("%s, slot %d was empty: tophash %02x becomes 04, evacuatedEmpty. Nothing to move."),
			label, slot, was);
	else if ((now == EVACUATED_X || now == EVACUATED_Y) && nan_at(s, s->place.group.addr, slot))
		builder_add(w,
			_("%s, slot %d: tophash %02x becomes %02x, %s. The copies are still to come; a loop over the old array "
			  "gives a NaN as it stands."),
			label, slot, was, now, tophash_name(now));
	else if (now == EVACUATED_X || now == EVACUATED_Y)
		builder_add(w,
			_("%s, slot %d: tophash %02x becomes %02x, %s. The copies are still to come; a loop over the old "
			  "array will look the key up again."),
			label, slot, was, now, tophash_name(now));
	else if (now == EMPTY_ONE)
		builder_add(w,
			_("%s, slot %d: tophash %02x becomes 01, emptyOne: free, but a search must go on behind it."),
			label, slot, was);
	else if (now == EMPTY_REST && s->phase == PHASE_CLEAR)
		builder_add(w,
			_("%s, slot %d: tophash %02x becomes 00, emptyRest: a loop that is under way finds nothing here."),
			label, slot, was);
	else if (now == EMPTY_REST)
		builder_add(w,
			_("%s, slot %d: tophash %02x becomes 00, emptyRest: nothing follows in this chain."),
			label, slot, was);
	else if (s->phase == PHASE_EVACUATE && c->move.kind == EV_MOVE &&
		nan_by_tophash(s, c->move.addr, (int)(c->move.a & 7)))
		builder_add(w,
			_("%s, slot %d: tophash %02x, of the hash just drawn: a loop may be looking, and so NaNs spread anew at each growth."),
			label, slot, now);
	else if (s->phase == PHASE_EVACUATE)
		builder_add(w, _("%s, slot %d: tophash %02x, copied from the old slot."), label, slot, now);
	else
		builder_add(w,
			_("%s, slot %d: tophash %02x is written: from now on the slot counts as full."),
			label, slot, now);
}

static void say_key_write(struct builder *w, const struct scene *s, const struct event *e, const char *label)
{
	const struct classic_scene *c = classic_of(s);
	bool text = c->type.key.kind == GO_STRING && !c->type.indirect_key;
	int slot = s->place.slot;
	if (s->phase == PHASE_EVACUATE && e->size > c->type.keysize)
		builder_add(w,
			_("%s is cleared behind its tophashes, so that the collector finds no pointer here; the marks stay."),
			label);
	else if (s->phase == PHASE_EVACUATE)
		builder_add(w,
			text ? _("%s, slot %d: the key is copied: pointer and length, %s; the text itself stays where it is.")
			     : _("%s, slot %d: the key is copied, %s."),
			label, slot, counted_bytes(e->size));
	else if (s->phase == PHASE_DELETE)
		builder_add(w,
			text && e->size == 8
				? _("%s, slot %d: the key's pointer becomes nil for the collector's sake; its length stays.")
				: _("%s, slot %d: the key is cleared."),
			label, slot);
	else if (s->phase == PHASE_UPDATE)
		builder_add(w,
			c->type.variant == VARIANT_FASTSTR
				? _("%s, slot %d: an equal key is there already; the pointer becomes that of the caller's text, %s.")
				: _("%s, slot %d: an equal key is there already; the caller's takes its place, %s."),
			label, slot, counted_bytes(e->size));
	else if (c->type.indirect_key)
		builder_add(w,
			_("%s, slot %d: the key is longer than 128 bytes, so the slot gets a pointer to it."),
			label, slot);
	else
		builder_add(w,
			text ? _("%s, slot %d: the key is written: pointer and length, %s. The elem is not there yet.")
			     : _("%s, slot %d: the key is written, %s."),
			label, slot, counted_bytes(e->size));
}

static void say_elem_write(struct builder *w, const struct scene *s, const struct event *e, const char *label)
{
	char elem[SCENE_TEXT] = "", fit[64];
	if (s->focus.ok && s->place.slot >= 0 && s->place.group.addr == s->focus.view.addr)
		group_elem_text(s, &s->focus.view, s->place.slot, elem, sizeof elem);
	text_fit(elem, 24, fit, sizeof fit);
	if (s->phase == PHASE_EVACUATE)
		builder_add(w, _("%s, slot %d: the elem is copied, %s. The entry has moved."), label,
			s->place.slot, counted_bytes(e->size));
	else if (s->phase == PHASE_DELETE)
		builder_add(w, _("%s, slot %d: the elem is cleared, %s."), label, s->place.slot,
			counted_bytes(e->size));
	else if (classic_of(s)->type.indirect_elem)
		builder_add(w,
			_("%s, slot %d: the elem is longer than 128 bytes, so the slot gets a pointer to it."),
			label, s->place.slot);
	else
		builder_add(w,
			_("%s, slot %d: the caller of mapassign stores the elem, %s: %s, after the map has let go of it."),
			label, s->place.slot, fit, counted_bytes(e->size));
}

static void say_bucket_write(struct builder *w, const struct scene *s, const struct event *e)
{
	char label[64], name[48];
	const struct map_group *b = &s->place.group;
	group_label(s, b, false, name, sizeof name);
	if (s->place.kept)
		snprintf(label, sizeof label, "%s", _("A bucket of a dropped array"));
	else
		snprintf(label, sizeof label,
			!classic_of(s)->hmap.oldbuckets ? _("Bucket %" PRIu64 ".%u")
				: b->array == ARRAY_OLD ? _("Old %" PRIu64 ".%u")
							: _("New %" PRIu64 ".%u"),
			b->index, b->depth);
	switch (s->place.part) {
	case AT_CONTROL:
		if (e->size > SLOTS)
			builder_add(w, _("%" PRIu64 " bytes are cleared, from bucket %s on."), e->size, name);
		else
			say_top_write(w, s, e, label);
		break;
	case AT_KEY: say_key_write(w, s, e, label); break;
	case AT_ELEM: say_elem_write(w, s, e, label); break;
	case AT_NEXT:
		builder_add(w,
			e->new.v ? _("%s: the overflow pointer now leads to %" PRIx64 ".")
				 : _("%s: the overflow pointer becomes nil."),
			label, e->new.v);
		break;
	default: break;
	}
}

/* A loop's own memory: what its caller sees, and where it goes on. */
static void say_hiter_write(struct builder *w, const struct scene *s, const struct event *e)
{
	static const struct {
		const char *field, *what;
	} fields[] = {
		{ "key", N_("where the loop's caller finds the key; nil is the end") },
		{ "elem", N_("where the caller finds the elem") },
		{ "t", N_("the map's type") },
		{ "h", N_("the map") },
		{ "buckets", N_("the array as it is when the loop starts: the loop keeps it alive") },
		{ "bptr", N_("the bucket that the loop is in") },
		{ "overflow", N_("keeps the overflow buckets alive") },
		{ "oldoverflow", N_("keeps the old array's overflow buckets alive") },
		{ "startBucket", N_("drawn: the bucket where it starts") },
		{ "offset", N_("drawn: the slot where it starts in every bucket") },
		{ "wrapped", N_("it has come round to bucket 0") },
		{ "B", N_("the array's size when the loop starts") },
		{ "i", N_("the next slot, counted from the offset") },
		{ "bucket", N_("the next bucket") },
		{ "checkBucket", N_("whose entries it wants of an old bucket; all ones: no matter") },
	};
	const char *name = s->place.field ? s->place.field->name : "?", *what = "";
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (strcmp(fields[i].field, name) == 0)
			what = fields[i].what;
	if (e->old.v == e->new.v && e->new.v < 1000000)
		builder_add(w, _("hiter.%s is written and stays %" PRIu64 ": %s."), name, e->new.v, _(what));
	else if (e->old.v == e->new.v)
		builder_add(w, _("hiter.%s is written and stays %" PRIx64 ": %s."), name, e->new.v, _(what));
	else if (e->old.v < 1000000 && e->new.v < 1000000)
		builder_add(w, _("hiter.%s goes from %" PRIu64 " to %" PRIu64 ": %s."), name, e->old.v,
			e->new.v, _(what));
	else
		builder_add(w, _("hiter.%s becomes %" PRIx64 ": %s."), name, e->new.v, _(what));
}

CLASSIC_SENTENCE(write)
{
	if (place_in(&s->place, "hmap"))
		say_hmap_write(w, s, e);
	else if (s->place.kind == PLACE_GROUP)
		say_bucket_write(w, s, e);
	else if (place_in(&s->place, "hiter") && e->size <= 8)
		say_hiter_write(w, s, e);
	else if (s->place.kind == PLACE_OTHER && s->place.role == ROLE_BUCKETS && e->size == 8)
		builder_add(w,
			_("The last spare bucket of the new array: its overflow pointer, no longer nil, says that it is the last, %" PRIx64
			  "."),
			e->new.v);
	else if (s->place.kind == PLACE_OTHER && s->place.role == ROLE_SLICE)
		builder_add(w, _("The list that keeps overflow buckets alive: %s are written at %" PRIx64 "."),
			counted_bytes(e->size), e->addr);
}

/* ---- what is allocated ---- */

/* Which of Go's functions asks for a block, "" when it is the program itself, as for all that lies on its stack.  A map
 * without a hint, or with one for one bucket, is made without makemap; sync.Map makes dirty with a hint that the
 * compiler does not know. */
static const char *asker(const struct scene *s, const struct event *e)
{
	if (e->c >= SPAN_STACK)
		return "";
	switch ((enum block_role)e->b) {
	case ROLE_HMAP: return s->map->hint > SLOTS || s->map->part_of ? "makemap" : "makemap_small";
	case ROLE_BUCKETS: return s->phase == PHASE_LOOKUP ? "mapassign" : "makeBucketArray";
	case ROLE_OVERFLOW: return "newoverflow";
	case ROLE_EXTRA:
		return s->phase == PHASE_GROW    ? "hashGrow"
			: s->phase == PHASE_NONE ? "makemap"
						 : "createOverflow";
	case ROLE_SLICE: return e->size == 24 ? "createOverflow" : "growslice";
	case ROLE_KEY:
	case ROLE_ELEM: return "mapassign";
	default: return "";
	}
}

static void say_what(struct builder *w, const struct scene *s, const struct event *e)
{
	const struct classic_scene *c = classic_of(s);
	if (e->b == ROLE_BUCKETS && c->type_ok && e->size == c->type.bucketsize)
		builder_add(w, _("%" PRIu64 " bytes at %" PRIx64 " for one bucket, all zero: emptyRest. "),
			e->size, e->addr);
	else if (e->b == ROLE_BUCKETS && c->type_ok)
		builder_add(w,
			_("%" PRIu64 " bytes at %" PRIx64 " for %" PRIu64
			  " buckets of %u, all zero: emptyRest. "),
			e->size, e->addr, e->size / c->type.bucketsize, c->type.bucketsize);
	else if (e->b == ROLE_OVERFLOW)
		builder_add(w, _("%" PRIu64 " bytes at %" PRIx64 " for an overflow bucket, all zero. "),
			e->size, e->addr);
	else if (e->b == ROLE_SLICE && c->type_ok && !c->type.pointers)
		builder_add(w,
			_("%" PRIu64 " bytes at %" PRIx64
			  " for the list that keeps overflow buckets without pointers alive. "),
			e->size, e->addr);
	else if (e->b == ROLE_HMAP)
		builder_add(w, _("The hmap, %" PRIu64 " bytes at %" PRIx64 ": the map's header, all zero. "),
			e->size, e->addr);
	else
		sentence_add_bytes(w, e);
}

CLASSIC_SENTENCE(alloc)
{
	const char *who = asker(s, e);
	say_what(w, s, e);
	if (*who)
		builder_add(w, "%s: ", who);
	sentence_add_class(w, e);
}
