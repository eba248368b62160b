/* Two maps in memory compared; see align.h. */
#include "trace/map/classic/align.h"
#include "trace/map/classic/private.h"
#include "trace/map/value.h"

#include "trace/base/grown.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keys and elems are compared by a number made of their bytes as text: 64 bits are enough for a million of
 * them. */
struct entry {
	uint64_t key, elem;
	uint64_t bucket; /* index; the old array's above 2^62 */
	uint32_t at;     /* depth and slot */
};

struct entries {
	struct entry *e;
	size_t n, cap;
	uint64_t overflow;
	bool whole;
};

enum { TEXT = 1024 };

static uint64_t text_number(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t value_number(
	const struct reader *r, const struct go_type *t, bool indirect, uint32_t size, uint64_t addr)
{
	uint8_t raw[INDIRECT_OVER + 8];
	char text[TEXT];
	if (size > sizeof raw || !r->read(r, addr, raw, size))
		return 0;
	slot_value_print(r, t, indirect, raw, VALUE_EXACT, text, sizeof text);
	return text_number(text);
}

static bool add_bucket(
	struct entries *s, const struct reader *r, const struct map_type *t, const struct bucket_view *b)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		if (!tophash_full(b->tophash[i]))
			continue;
		if (s->n == ALIGN_KEYS) {
			s->whole = false;
			return false;
		}
		s->e = grown(s->e, &s->cap, s->n, sizeof *s->e);
		s->e[s->n++] = (struct entry){ .key = value_number(r, &t->key, t->indirect_key, t->keysize,
						       b->addr + t->keys + i * t->keysize),
			.elem = value_number(r, &t->elem, t->indirect_elem, t->elemsize,
				b->addr + t->elems + i * t->elemsize),
			.bucket = b->index | (uint64_t)(b->array == ARRAY_OLD) << 62,
			.at = b->depth * SLOTS + i };
	}
	return true;
}

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	return x->key != y->key          ? (x->key < y->key ? -1 : 1)
		: x->bucket != y->bucket ? (x->bucket < y->bucket ? -1 : 1)
					 : (int)x->at - (int)y->at;
}

static void collect(
	struct entries *s, const struct reader *r, const struct map_type *t, const struct hmap_view *h)
{
	struct bucket_view b;
	bool more = true;
	uint64_t looked = 0;
	s->whole = true;
	for (int array = ARRAY_NEW; array <= ARRAY_OLD && more; array++)
		for (uint64_t i = 0; i < array_buckets(h, array) && more; i++) {
			if (!bucket_first(r, t, h, array, i, &b))
				continue;
			do {
				more = add_bucket(s, r, t, &b) && looked++ < ALIGN_KEYS;
				s->overflow += b.depth > 0;
			} while (more && bucket_next(r, t, h, &b));
		}
	if (s->n)
		qsort(s->e, s->n, sizeof *s->e, by_key);
}

static void merge(struct map_difference *d, const struct entries *a, const struct entries *b)
{
	for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
		const struct entry *x = &a->e[i], *y = &b->e[k];
		if (x->key != y->key) {
			if (x->key < y->key)
				i++;
			else
				k++;
			continue;
		}
		d->both++;
		d->same_bucket += x->bucket == y->bucket;
		d->same_slot += x->bucket == y->bucket && x->at == y->at;
		d->other_elem += !d->other_elem_type && x->elem != y->elem;
		i++;
		k++;
	}
}

static void compare_fields(struct map_difference *d)
{
	const struct hmap_view *a = &d->hmap[0], *b = &d->hmap[1];
	d->count = a->count != b->count;
	d->flags = a->flags != b->flags;
	d->B = a->B != b->B;
	d->noverflow = a->noverflow != b->noverflow;
	d->hash0 = a->hash0 != b->hash0;
	d->nevacuate = a->nevacuate != b->nevacuate;
	d->growing = !a->oldbuckets != !b->oldbuckets;
}

/* A side without a map has types without a name. */
static bool other_type(const struct go_type *a, const struct go_type *b)
{
	return !a->name || !b->name ? a->name != b->name : strcmp(a->name, b->name) != 0;
}

void align_maps(struct map_difference *d, const struct reader *a, const struct map_type *ta, uint64_t hmap_a,
	const struct reader *b, const struct map_type *tb, uint64_t hmap_b)
{
	struct entries x = { .whole = true }, y = { .whole = true };
	*d = (struct map_difference){ .key = { ta->key, tb->key }, .elem = { ta->elem, tb->elem } };
	d->live[0] = hmap_a && hmap_read(a, ta, hmap_a, &d->hmap[0]);
	d->live[1] = hmap_b && hmap_read(b, tb, hmap_b, &d->hmap[1]);
	compare_fields(d);
	if (d->live[0])
		collect(&x, a, ta, &d->hmap[0]);
	if (d->live[1])
		collect(&y, b, tb, &d->hmap[1]);
	d->other_key_type = other_type(&ta->key, &tb->key);
	d->other_elem_type = other_type(&ta->elem, &tb->elem);
	if (!d->other_key_type)
		merge(d, &x, &y);
	d->entries[0] = x.n;
	d->entries[1] = y.n;
	d->overflow[0] = x.overflow;
	d->overflow[1] = y.overflow;
	d->whole = x.whole && y.whole;
	unsigned B = d->hmap[0].B > d->hmap[1].B ? d->hmap[0].B : d->hmap[1].B;
	d->chance = (double)d->both / (double)(UINT64_C(1) << B);
	free(x.e);
	free(y.e);
}

bool align_differs(const struct map_difference *d)
{
	return d->live[0] != d->live[1] || (d->live[0] && (d->other_key_type || d->other_elem_type)) ||
		d->count || d->flags || d->B || d->noverflow || d->hash0 || d->nevacuate || d->growing ||
		d->entries[0] != d->entries[1] || d->both != d->entries[0] || d->same_slot != d->both ||
		d->other_elem || d->overflow[0] != d->overflow[1];
}

static void add_field(char *out, size_t cap, bool differs, const char *name)
{
	size_t n = strlen(out);
	if (differs && n + strlen(name) + 3 < cap)
		snprintf(out + n, cap - n, "%s%s", n ? ", " : "", name);
}

void align_other(const struct map_info *a, const struct map_info *b, char *out, size_t cap)
{
	out[0] = 0;
	if (!a || !b)
		return;
	add_field(out, cap, a->seed != b->seed, "seed");
	add_field(out, cap, a->hint != b->hint, "hint");
	add_field(out, cap, strcmp(a->go, b->go) != 0, "go");
	add_field(out, cap, strcmp(a->hash, b->hash) != 0, "hash");
	add_field(out, cap, strcmp(a->place, b->place) != 0, "place");
}

/* Which fields of hmap differ, and what the maps were given that does. */
static size_t hmap_words(const struct map_difference *d, const char *other, char *out, size_t cap)
{
	char fields[128] = "", what[192];
	add_field(fields, sizeof fields, d->count, "count");
	add_field(fields, sizeof fields, d->flags, "flags");
	add_field(fields, sizeof fields, d->B, "B");
	add_field(fields, sizeof fields, d->noverflow, "noverflow");
	add_field(fields, sizeof fields, d->hash0, "hash0");
	add_field(fields, sizeof fields, d->nevacuate, "nevacuate");
	add_field(fields, sizeof fields, d->growing, "oldbuckets");
	if (strcmp(fields, "hash0") == 0)
		snprintf(what, sizeof what, "%s", _("Of hmap only hash0 differs"));
	else
		snprintf(what, sizeof what, fields[0] ? _("hmap differs in %s") : _("hmap is the same"),
			fields);
	return (size_t)snprintf(out, cap, *other ? _("%s (given another %s).") : _("%s."), what, other);
}

/* Which keys are where. */
static size_t keys_words(const struct map_difference *d, bool by_chance, char *out, size_t cap)
{
	char chance[64] = "";
	if (by_chance)
		snprintf(chance, sizeof chance, _(" (%.1f by chance)"), d->chance);
	size_t n = (size_t)snprintf(out, cap,
		_(" Keys in both: %" PRIu64 ", in the same bucket %" PRIu64 "%s, in the same slot %" PRIu64
		  "."),
		d->both, d->same_bucket, chance, d->same_slot);
	if (n < cap && (d->entries[0] != d->both || d->entries[1] != d->both))
		n += (size_t)snprintf(out + n, cap - n, _(" Only in A: %" PRIu64 ", only in B: %" PRIu64 "."),
			d->entries[0] - d->both, d->entries[1] - d->both);
	if (n < cap && d->other_elem_type)
		n += (size_t)snprintf(out + n, cap - n, _(" Elems are %s and %s: they cannot be compared."),
			d->elem[0].name, d->elem[1].name);
	if (n < cap && d->other_elem)
		n += (size_t)snprintf(out + n, cap - n, _(" Other elems: %" PRIu64 "."), d->other_elem);
	return n;
}

void align_words(const struct map_difference *d, const char *other, char *out, size_t cap)
{
	size_t n = 0;
	if (!d->live[0] || !d->live[1]) {
		snprintf(out, cap, "%s",
			d->live[0]           ? _("B has no map here.")
				: d->live[1] ? _("A has no map here.")
					     : _("There is no map on either side."));
		return;
	}
	if (!align_differs(d)) {
		snprintf(out, cap,
			_("Nothing differs but addresses: keys in both %" PRIu64 ", each in the same slot."),
			d->both);
		return;
	}
	if (d->other_key_type) /* first: it makes the rest less */
		n = (size_t)snprintf(out, cap,
			_("Keys are %s in A, %s in B: they cannot be compared; %" PRIu64 " and %s. "),
			d->key[0].name, d->key[1].name, d->entries[0],
			counted("%" PRIu64 " entry", "%" PRIu64 " entries", d->entries[1]));
	if (n < cap)
		n += hmap_words(d, other, out + n, cap - n);
	if (n < cap && !d->other_key_type)
		n += keys_words(d, d->hash0 || *other, out + n, cap - n);
	if (n < cap)
		n += (size_t)snprintf(out + n, cap - n,
			_(" Overflow buckets: %" PRIu64 " in A, %" PRIu64 " in B."), d->overflow[0],
			d->overflow[1]);
	if (n < cap && !d->whole)
		snprintf(out + n, cap - n, _(" Only the first %d keys of a map were looked at."), ALIGN_KEYS);
}

/* ---- for `compare` ---- */

/* A key and its values in A and in B. */
static void pair_json(struct json *j, const char *name, uint64_t a, uint64_t b)
{
	json_key_array(j, name);
	json_unsigned(j, a);
	json_unsigned(j, b);
	json_end(j);
}

static void difference_json(struct json *j, const struct map_difference *d)
{
	pair_json(j, "entries", d->entries[0], d->entries[1]);
	pair_json(j, "B", d->hmap[0].B, d->hmap[1].B);
	pair_json(j, "noverflow", d->hmap[0].noverflow, d->hmap[1].noverflow);
	pair_json(j, "hash0", d->hmap[0].hash0, d->hmap[1].hash0);
	pair_json(j, "overflow_buckets", d->overflow[0], d->overflow[1]);
	json_key_unsigned(j, "in_both", d->both);
	json_key_unsigned(j, "same_bucket", d->same_bucket);
	json_key_unsigned(j, "same_slot", d->same_slot);
	json_key_unsigned(j, "other_elem", d->other_elem);
	json_key_bool(j, "other_key_type", d->other_key_type);
	json_key_bool(j, "other_elem_type", d->other_elem_type);
}

bool classic_compare(
	const struct map_view *v, const struct map_info *const *m, struct builder *text, struct json *j)
{
	struct map_difference d;
	char sentences[1024], other[64];
	const struct map_type a = map_type_make(v[0].key, v[0].elem), b = map_type_make(v[1].key, v[1].elem);
	align_maps(&d, v[0].r, &a, v[0].header, v[1].r, &b, v[1].header);
	align_other(m[0], m[1], other, sizeof other);
	align_words(&d, other, sentences, sizeof sentences);
	builder_text(text, sentences);
	difference_json(j, &d);
	return align_differs(&d);
}
