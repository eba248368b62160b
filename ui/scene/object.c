/* An object in memory, byte by byte; see object.h. */
#include "ui/scene/object.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"
#include "trace/go/line.h"
#include "trace/map/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The block that a bucket is part of, as far as it is known. */
static void bucket_block(struct object_view *o, const struct scene *s)
{
	const struct map_group *v = &o->bucket->view;
	const struct hmap_view *h = &s->hmap;
	uint64_t array = v->array == ARRAY_OLD ? h->oldbuckets : h->buckets,
		 size = v->array == ARRAY_OLD ? h->old_size : h->new_size;
	o->lo = o->addr;
	o->hi = o->addr + o->size;
	if (!o->bucket->kept && v->source != GROUP_HEAP && o->addr >= array && o->addr - array < size) {
		o->lo = array;
		o->hi = array + size;
	}
}

void object_make(struct object_view *o, const struct scene *s, enum object_kind kind)
{
	memset(o, 0, sizeof *o);
	o->kind = kind;
	o->line = LINE_USUAL;
	if (!s->live)
		return;
	if (kind == OBJECT_BUCKET) {
		o->bucket = &s->focus;
		o->addr = s->focus.view.addr;
		o->size = s->focus.view.size;
		o->ok = s->focus.ok && o->size <= sizeof o->bytes;
		if (!o->ok)
			return;
		bucket_block(o, s);
	} else {
		o->addr = kind == OBJECT_HMAP ? s->hmap.addr : s->hmap.extra;
		o->size = kind == OBJECT_HMAP ? HMAP_SIZE : EXTRA_SIZE;
		o->fields = kind == OBJECT_HMAP ? hmap_fields : extra_fields;
		o->lo = o->addr;
		o->hi = o->addr + o->size;
	}
	o->ok = o->addr && s->mem->read(s->mem, o->addr, o->bytes, o->size);
	o->compare = s->was && s->was->read(s->was, o->addr, o->was, o->size);
}

/* ---- what a byte is ---- */

static style role_style(const char *role)
{
	static const struct {
		const char *role;
		style style;
	} styles[] = { { "top", S_TOP }, { "key", S_KEY }, { "elem", S_ELEM }, { "ptr", S_PTR },
		{ "pad", S_PAD } };
	for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++)
		if (strcmp(role, styles[i].role) == 0)
			return styles[i].style;
	return S_TEXT;
}

/* The words of a key or elem that have names of their own. */
static void value_item(
	struct item *i, const char *what, const struct go_type *type, bool indirect, uint32_t offset)
{
	bool words = !indirect && (type->kind == GO_STRING || type->kind == GO_ANY) && i->field_size == 16;
	const char *part = "";
	if (words) {
		uint32_t second = (offset - i->field) / 8;
		i->start = i->field + 8 * second;
		i->size = 8;
		part = type->kind == GO_STRING ? second ? _(" len") : _(" ptr")
			: second ? _(" data")
					       : _(" type");
	} else if (indirect) {
		part = _(" ptr");
	}
	snprintf(i->name, sizeof i->name, "%s %d%s", what, i->slot, part);
}

static struct item group_item(const struct object_view *o, const struct scene *s, uint32_t offset)
{
	static const style styles[LOCATION_PARTS] = { S_PAD, S_TOP, S_KEY, S_ELEM, S_PTR };
	struct map_location l;
	struct map_slot at;
	group_locate(&s->view, &o->bucket->view, o->addr + offset, &l);
	uint32_t start = (uint32_t)(l.addr - o->addr), size = (uint32_t)l.size;
	struct item i = { start, size, start, size, styles[l.part], l.slot, "" };
	if (l.slot >= 0)
		s->view.kind->slot(&s->view, &o->bucket->view, (unsigned)l.slot, &at);
	switch (l.part) {
	case AT_CONTROL: snprintf(i.name, sizeof i.name, _("tophash[%d]"), i.slot); break;
	case AT_KEY: value_item(&i, _("key"), at.key.type, at.key.indirect, offset); break;
	case AT_ELEM: value_item(&i, _("elem"), at.elem.type, at.elem.indirect, offset); break;
	case AT_NEXT: snprintf(i.name, sizeof i.name, "%s", _("overflow ptr")); break;
	default: snprintf(i.name, sizeof i.name, "%s", _("padding"));
	}
	return i;
}

static const struct field *field_at(const struct field *f, uint32_t offset)
{
	for (; f && f->name; f++)
		if (offset >= f->offset && offset < f->offset + f->size * f->count)
			return f;
	return NULL;
}

struct item object_item(const struct object_view *o, const struct scene *s, uint32_t offset)
{
	if (o->kind == OBJECT_BUCKET)
		return group_item(o, s, offset);
	const struct field *f = field_at(o->fields, offset);
	struct item i = {
		.start = offset, .size = 1, .field = offset, .field_size = 1, .style = S_PAD, .slot = -1
	};
	if (!f) {
		snprintf(i.name, sizeof i.name, "%s", _("padding"));
		return i;
	}
	i.start = i.field = f->offset;
	i.size = i.field_size = f->size * f->count;
	i.style = role_style(f->role);
	snprintf(i.name, sizeof i.name, "%s", f->name);
	return i;
}

/* ---- words ---- */

void object_title(const struct object_view *o, const struct scene *s, char *out, size_t cap)
{
	char label[64];
	if (!o->ok) {
		snprintf(out, cap, "%s",
			o->kind == OBJECT_EXTRA          ? _("no mapextra")
				: o->kind == OBJECT_HMAP ? _("no hmap")
							 : _("no bucket"));
		return;
	}
	if (o->kind != OBJECT_BUCKET)
		snprintf(label, sizeof label, "%s", o->kind == OBJECT_HMAP ? "hmap" : "mapextra");
	else if (o->bucket->kept)
		snprintf(label, sizeof label, "%s", _("bucket of a dropped array"));
	else
		group_label(s, &o->bucket->view, true, label, sizeof label);
	bool overflow = o->kind == OBJECT_BUCKET && !o->bucket->kept && o->bucket->view.depth;
	snprintf(out, cap, overflow ? _("%s, overflow bucket%s") : "%s%s", label,
		o->kind == OBJECT_BUCKET && s->held ? _(", held") : "");
}

/* Whole keys and elems that lie on two cache lines. */
static void straddlers(const struct object_view *o, const struct scene *s, char *out, size_t cap)
{
	size_t n = 0;
	out[0] = 0;
	for (uint64_t at = line_start(o->addr, o->line) + o->line; at < o->addr + o->size; at += o->line) {
		struct item i = object_item(o, s, (uint32_t)(at - o->addr));
		char name[40];
		if (o->addr + i.field == at)
			continue;
		snprintf(name, sizeof name, "%s", i.name);
		if (i.size != i.field_size && strrchr(name, ' ')) /* the whole key, not its word */
			*strrchr(name, ' ') = 0;
		int k = snprintf(out + n, cap - n, "%s%s", n ? ", " : "", name);
		if (k < 0 || (size_t)k >= cap - n)
			return;
		n += (size_t)k;
	}
}

void object_words(const struct object_view *o, const struct scene *s, char *out, size_t cap)
{
	struct block b;
	char block[160] = "", two[160];
	unsigned lines = (unsigned)line_count(o->addr, o->size, o->line);
	if (s->mem->block(s->mem, o->lo, &b) && b.size)
		snprintf(block, sizeof block,
			o->hi - o->lo > o->size      ? _("part of a block of %s, class %" PRIu64)
				: b.rounded > b.size ? _("%s in class %" PRIu64)
						     : _("%s, class %" PRIu64 ", no waste"),
			counted_bytes(b.size), b.rounded);
	straddlers(o, s, two, sizeof two);
	const char *joint = two[0] ? _("; on two (>> and <<): ") : "", *dot = block[0] ? ". " : "";
	if (lines == 1)
		snprintf(out, cap, _("%s%sIt starts at %u mod %u, on one cache line."), block, dot,
			(unsigned)(o->addr % o->line), o->line);
	else
		snprintf(out, cap, _("%s%sIt starts at %u mod %u and lies on %u cache lines%s%s."), block,
			dot, (unsigned)(o->addr % o->line), o->line, lines, joint, two);
}

static uint64_t word_at(const struct object_view *o, const struct item *i)
{
	uint64_t v = 0;
	memcpy(&v, o->bytes + i->start, i->size < 8 ? i->size : 8);
	return v;
}

static void tophash_words(const struct object_view *o, const struct scene *s, int slot, char *out, size_t cap)
{
	uint8_t top = o->bytes[slot];
	uint64_t bucket;
	unsigned depth;
	int to;
	char key[SCENE_TEXT], fit[64];
	if (tophash_full(top)) {
		slot_key_text(s, o->bytes, slot, key, sizeof key);
		text_fit(key, 24, fit, sizeof fit);
		snprintf(out, cap,
			_("%02x: full. The high byte of the hash of %s; 5 is added to one below 5, for 0 to 4 are the states of empty slots."),
			top, fit);
	} else if (moved_to(s, &o->bucket->view, slot, &bucket, &depth, &to)) {
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

static void value_words(
	const struct object_view *o, const struct scene *s, const struct item *i, char *out, size_t cap)
{
	char text[SCENE_TEXT], fit[80];
	struct map_slot at;
	s->view.kind->slot(&s->view, &o->bucket->view, (unsigned)i->slot, &at);
	const struct map_value *v = i->style == S_KEY ? &at.key : &at.elem;
	const struct go_type *type = v->type;
	bool full = at.state == SLOT_FULL;
	char raw[SCENE_TEXT];
	map_value_print(s->mem, v, VALUE_HUMAN, raw, sizeof raw);
	scene_clean(s, raw, text, sizeof text);
	text_fit(text, 40, fit, sizeof fit);
	const char *state = full ? "" : _(" The slot is not full.");
	if (type->kind == GO_STRING && i->size == 8 && i->start != i->field)
		snprintf(out, cap,
			P_("The length: %" PRIu64 " byte, of \"%s\".%s",
				"The length: %" PRIu64 " bytes, of \"%s\".%s", word_at(o, i)),
			word_at(o, i), fit, state);
	else if (i->size == 8 && (type->kind == GO_STRING || v->indirect))
		snprintf(out, cap,
			word_at(o, i) ? _("A pointer, %" PRIx64 ", to %s.%s")
				      : _("A pointer: nil (%" PRIx64 "), %s.%s"),
			word_at(o, i), fit[0] ? fit : "\"\"", state);
	else
		snprintf(out, cap,
			P_("Part of the value %s, %u byte.%s",
				"Part of the value %s, %u bytes, the lowest first.%s", i->field_size),
			fit, i->field_size, state);
}

void object_byte_words(
	const struct object_view *o, const struct scene *s, uint32_t offset, char *out, size_t cap)
{
	struct item i = object_item(o, s, offset);
	if (o->kind != OBJECT_BUCKET) {
		const struct field *f = field_at(o->fields, offset);
		if (f)
			field_words(s, f, out, cap);
		else
			snprintf(out, cap, "%s", _("No field lies here."));
	} else if (i.style == S_TOP) {
		tophash_words(o, s, i.slot, out, cap);
	} else if (i.style == S_PTR) {
		uint64_t next = word_at(o, &i);
		struct place p = scene_place(s, next);
		char label[48];
		if (p.kind == PLACE_GROUP)
			group_label(s, &p.group, true, label, sizeof label);
		if (!next)
			snprintf(out, cap, "%s",
				_("The pointer to the next bucket of the chain: nil, the chain ends here."));
		else
			snprintf(out, cap,
				_("The pointer to the next bucket of the chain: %" PRIx64
				  "%s%s. Enter goes there."),
				next, p.kind == PLACE_GROUP ? ", " : "", p.kind == PLACE_GROUP ? label : "");
	} else {
		value_words(o, s, &i, out, cap);
	}
}

/* ---- fields of hmap and mapextra ---- */

static void count_words(const struct scene *s, char *out, size_t cap)
{
	uint64_t n = array_buckets(&s->hmap, ARRAY_NEW), limit = n <= 1 ? 8 : n / 2 * 13;
	snprintf(out, cap,
		P_("len(m): %" PRId64
		   " entry. A put of a new key grows the map when count would pass %" PRIu64 "%s.",
			"len(m): %" PRId64
			" entries. A put of a new key grows the map when count would pass %" PRIu64 "%s.",
			(uint64_t)s->hmap.count),
		s->hmap.count, limit, n > 1 ? _(", 6.5 a bucket") : "");
}

static void flag_words(const struct scene *s, char *out, size_t cap)
{
	char flags[64];
	flags_phrase(s->hmap.flags, flags, sizeof flags);
	snprintf(out, cap,
		_("%s. Bit 1: an iterator may use the new array; 2: the old one; 4: an operation is writing, another one then is a fatal error; 8: this growth keeps the size."),
		flags);
}

static void growth_words(const struct scene *s, const char *name, char *out, size_t cap)
{
	const struct hmap_view *h = &s->hmap;
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
	const struct hmap_view *h = &s->hmap;
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
					  hmap_free_overflow(h, &s->type))
				: _("nil (%" PRIx64 "): no spare buckets are left (%" PRIu64
				    "); the next overflow bucket comes from the heap."),
			h->next_overflow, hmap_free_overflow(h, &s->type));
	else
		snprintf(out, cap,
			strcmp(name, "overflow") == 0
				? _("A list of the new array's overflow buckets, which keeps them alive: buckets without pointers are not looked into by the collector.")
				: _("The same list for the old array."));
}

void field_words(const struct scene *s, const struct field *f, char *out, size_t cap)
{
	const struct hmap_view *h = &s->hmap;
	out[0] = 0;
	if (!s->live)
		return;
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
			h->buckets, counted_buckets(array_buckets(h, ARRAY_NEW)), s->type.bucketsize,
			h->new_size);
	else if (strcmp(f->name, "nevacuate") == 0 || strcmp(f->name, "oldbuckets") == 0)
		growth_words(s, f->name, out, cap);
	else
		extra_words(s, f->name, out, cap);
}
