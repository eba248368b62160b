/* What the bytes of a classic map say: the fields of hmap and mapextra, tophash bytes, overflow pointers. */
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- fields of hmap and mapextra ---- */

static void count_words(const struct scene *s, char *out, size_t cap)
{
	const struct classic_scene *c = classic_of(s);
	uint64_t n = array_buckets(&c->hmap, ARRAY_NEW), limit = n <= 1 ? 8 : n / 2 * 13;
	snprintf(out, cap,
		P_("len(m): %" PRId64
		   " entry. A put of a new key grows the map when count would pass %" PRIu64 "%s.",
			"len(m): %" PRId64
			" entries. A put of a new key grows the map when count would pass %" PRIu64 "%s.",
			(uint64_t)c->hmap.count),
		c->hmap.count, limit, n > 1 ? _(", 6.5 a bucket") : "");
}

static void flag_words(const struct scene *s, char *out, size_t cap)
{
	char flags[64];
	flags_phrase(classic_of(s)->hmap.flags, flags, sizeof flags);
	snprintf(out, cap,
		_("%s. Bit 1: an iterator may use the new array; 2: the old one; 4: an operation is writing, another one then is a fatal error; 8: this growth keeps the size."),
		flags);
}

static void growth_words(const struct scene *s, const char *name, char *out, size_t cap)
{
	const struct hmap_view *h = &classic_of(s)->hmap;
	if (scene_growth_left(s))
		snprintf(out, cap,
			strcmp(name, "nevacuate") == 0
				? _("%" PRIu64
				    ": all old buckets below have been evacuated. Nobody goes on with this growth: the map is read now, and read is never written.")
				: _("%" PRIx64
				    ": the array of before. The growth was under way when dirty became read, and stays so; lookups use old buckets that have not moved."),
			strcmp(name, "nevacuate") == 0 ? h->nevacuate : h->oldbuckets);
	else if (strcmp(name, "nevacuate") == 0)
		snprintf(out, cap,
			h->oldbuckets
				? _("%" PRIu64
				    ": all old buckets below have been evacuated. Each put or delete moves the bucket that it touches and this one.")
				: _("%" PRIu64 ": no growth is under way; it stays as the last one left it."),
			h->nevacuate);
	else if (h->oldbuckets)
		snprintf(out, cap,
			_("%" PRIx64
			  ": the array of before, %s. Lookups use an old bucket until it has been evacuated."),
			h->oldbuckets, counted_buckets(h->old_buckets_count));
	else
		snprintf(out, cap, "%s", _("nil: no growth is under way."));
}

static void extra_words(const struct scene *s, const char *name, char *out, size_t cap)
{
	const struct classic_scene *c = classic_of(s);
	const struct hmap_view *h = &c->hmap;
	if (strcmp(name, "extra") == 0)
		snprintf(out, cap,
			h->extra ? _("%" PRIx64 ": a mapextra, which knows the overflow buckets.")
				 : _("nil (%" PRIx64 "): this map needs no mapextra, or not yet."),
			h->extra);
	else if (strcmp(name, "nextOverflow") == 0)
		snprintf(out, cap,
			h->next_overflow
				? P_("%" PRIx64 ": the next of the spare buckets behind the array; %" PRIu64
				     " is free.",
					  "%" PRIx64
					  ": the next of the spare buckets behind the array; %" PRIu64
					  " are free.",
					  hmap_free_overflow(h, &c->type))
				: _("nil (%" PRIx64 "): no spare buckets are left (%" PRIu64
				    "); the next overflow bucket comes from the heap."),
			h->next_overflow, hmap_free_overflow(h, &c->type));
	else
		snprintf(out, cap,
			strcmp(name, "overflow") == 0
				? _("A list of the new array's overflow buckets, which keeps them alive: buckets without pointers are not looked into by the collector.")
				: _("The same list for the old array."));
}

void classic_field(const struct scene *s, const struct field *f, char *out, size_t cap)
{
	const struct hmap_view *h = &classic_of(s)->hmap;
	if (strcmp(f->name, "count") == 0)
		count_words(s, out, cap);
	else if (strcmp(f->name, "flags") == 0)
		flag_words(s, out, cap);
	else if (strcmp(f->name, "B") == 0)
		snprintf(out, cap,
			h->B == 0
				? _("%u: the array has 2^B = one bucket; no bit of a hash is needed to choose it.")
				: P_("%u: the array has 2^B = %" PRIu64
				     " buckets; the low bit of a hash chooses one.",
					  "%u: the array has 2^B = %" PRIu64
					  " buckets; the low %u bits of a hash choose one.",
					  h->B),
			h->B, UINT64_C(1) << h->B, h->B);
	else if (strcmp(f->name, "noverflow") == 0)
		snprintf(out, cap,
			_("%u: overflow buckets in the new array, only about as many from B 16 on. About as many as there are buckets: a growth of the same size tidies up."),
			h->noverflow);
	else if (strcmp(f->name, "hash0") == 0)
		snprintf(out, cap,
			_("%08x: the seed that is hashed with each key, drawn when the map is made and again when it is emptied."),
			h->hash0);
	else if (strcmp(f->name, "buckets") == 0)
		snprintf(out, cap,
			h->buckets ? _("%" PRIx64 ": the array of %s of %u bytes; its block has %" PRIu64
				       " bytes, spare buckets included.")
				   : _("nil (%" PRIx64 "): the first put makes the array."),
			h->buckets, counted_buckets(array_buckets(h, ARRAY_NEW)),
			classic_of(s)->type.bucketsize, h->new_size);
	else if (strcmp(f->name, "nevacuate") == 0 || strcmp(f->name, "oldbuckets") == 0)
		growth_words(s, f->name, out, cap);
	else
		extra_words(s, f->name, out, cap);
}

/* ---- bytes of a bucket ---- */

static void tophash_words(const struct scene *s, const struct scene_group *b, int slot, char *out, size_t cap)
{
	uint8_t top = b->bytes[slot];
	uint64_t bucket;
	unsigned depth;
	int to;
	char key[SCENE_TEXT], fit[64];
	if (tophash_full(top)) {
		group_key_text(s, &b->view, slot, key, sizeof key);
		text_fit(key, 24, fit, sizeof fit);
		snprintf(out, cap,
			_("%02x: full. The high byte of the hash of %s; 5 is added to one below 5, for 0 to 4 are marks of empty and moved slots."),
			top, fit);
	} else if (moved_to(s, &b->view, slot, &bucket, &depth, &to)) {
		snprintf(out, cap, _("%02x = %s. The slot was moved to new bucket %" PRIu64 ".%u, slot %d."),
			top, tophash_name(top), bucket, depth, to);
	} else {
		static const char *const why[] = {
			N_("The slot is free, and so are all that follow in the chain: a search stops here."),
			N_("The slot is free, but full ones follow."),
			N_("The entry was moved to the X half."), N_("The entry was moved to the Y half."),
			N_("The slot was empty when its bucket was evacuated.")
		};
		snprintf(out, cap, "%02x = %s. %s", top, tophash_name(top), _(why[top < 5 ? top : 0]));
	}
}

static void overflow_words(const struct scene *s, const struct scene_group *b, char *out, size_t cap)
{
	uint64_t next;
	memcpy(&next, b->bytes + (b->view.next_at - b->view.addr), sizeof next);
	struct place p = scene_place(s, next);
	char label[48];
	if (p.kind == PLACE_GROUP)
		group_label(s, &p.group, true, label, sizeof label);
	if (!next)
		snprintf(out, cap, "%s",
			_("The pointer to the next bucket of the chain: nil, the chain ends here."));
	else
		snprintf(out, cap,
			_("The pointer to the next bucket of the chain: %" PRIx64 "%s%s. Enter goes there."),
			next, p.kind == PLACE_GROUP ? ", " : "", p.kind == PLACE_GROUP ? label : "");
}

void classic_byte(const struct scene *s, const struct scene_group *b, enum location_part part, int slot,
	char *out, size_t cap)
{
	if (part == AT_CONTROL)
		tophash_words(s, b, slot, out, cap);
	else
		overflow_words(s, b, out, cap);
}
