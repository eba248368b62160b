/* The invariants of Go's map, tested on memory that is only read: an engine's arena or a replayed image.
 *
 *  - count is the number of full slots, in the new array and in old buckets not evacuated yet;
 *  - a full slot's tophash is that of its key's hash, and the hash's low bits are its bucket's index (a NaN
 * excepted);
 *  - no key is twice in the map; nothing follows emptyRest in a chain;
 *  - the new array has no evacuation marks; an old chain has them in all its slots or in none; old buckets
 * below nevacuate are evacuated; the targets of one that is not are empty;
 *  - noverflow counts the new array's overflow buckets (exactly for B < 16); no two chains share one;
 *  - the load is not over what starts a growth, unless one is under way; flags say what is.
 */
#include "src/engine/classic/private.h"

#include "trace/base/grown.h"
#include "trace/map/classic/model.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct checker {
	const struct classic_map *m;
	const struct reader *r;
	const struct map_type *t;
	struct hmap_view h;
	char *message;
	unsigned faults;
	uint64_t entries, chained; /* full slots; overflow buckets of the new array */
	uint64_t *overflow;        /* addresses of all overflow buckets, when collected */
	size_t overflows, cap;
	bool collect;
	uint8_t *bytes;       /* a bucket */
	uint8_t *key, *other; /* keys' memory */
};

__attribute__((format(printf, 2, 3))) static void fault(struct checker *c, const char *format, ...)
{
	va_list ap;
	if (c->faults++ > 0)
		return;
	va_start(ap, format);
	vsnprintf(c->message, CHECK_MESSAGE, _(format), ap);
	va_end(ap);
}

static const char *array_name(enum which_array a)
{
	return a == ARRAY_NEW ? _("new") : _("old");
}

/* A key in memory as a value; text gets a string's bytes and must be freed.  false: unreadable. */
static bool key_value(
	struct checker *c, const struct go_type *t, const uint8_t *bytes, struct go_value *v, uint8_t **text)
{
	*v = (struct go_value){ .kind = t->kind, .data = bytes, .len = t->size };
	uint64_t word[2] = { 0, 0 };
	if (t->kind == GO_STRING || t->kind == GO_ANY)
		memcpy(word, bytes, 16);
	if (t->kind == GO_STRING) {
		v->len = word[1];
		if (v->len == 0)
			return true;
		if (v->len > UINT64_C(1) << 32 || !(*text = malloc(v->len)))
			return false;
		v->data = *text;
		return c->r->read(c->r, word[0], *text, v->len);
	}
	if (t->kind == GO_ANY) {
		struct go_type inside;
		uint8_t box[32];
		v->is_any = true;
		v->nil = word[0] == 0;
		if (v->nil)
			return true;
		if (!go_type_from_address(word[0], &inside) || !c->r->read(c->r, word[1], box, inside.size))
			return false;
		if (inside.kind != GO_STRING) { /* the box outlives this call in text */
			*text = malloc(sizeof box);
			if (!*text)
				return false;
			memcpy(*text, box, sizeof box);
		}
		bool good = key_value(c, &inside, inside.kind == GO_STRING ? box : *text, v, text);
		v->is_any = true;
		return good;
	}
	return true;
}

static bool is_nan(const struct go_value *v)
{
	float f[2];
	double d[2];
	switch (v->nil ? GO_EMPTY : v->kind) {
	case GO_FLOAT32:
	case GO_COMPLEX64: memcpy(f, v->data, v->len); return f[0] != f[0] || (v->len == 8 && f[1] != f[1]);
	case GO_FLOAT64:
	case GO_COMPLEX128: memcpy(d, v->data, v->len); return d[0] != d[0] || (v->len == 16 && d[1] != d[1]);
	default: return false;
	}
}

/* The bytes of the key in slot i of the bucket in c->bytes; where an indirect one points to. */
static bool key_bytes(struct checker *c, const uint8_t *bucket, unsigned i, uint8_t *out)
{
	const uint8_t *slot = bucket + c->t->keys + i * c->t->keysize;
	uint64_t addr;
	if (!c->t->indirect_key) {
		memcpy(out, slot, c->t->keysize);
		return true;
	}
	memcpy(&addr, slot, 8);
	return c->r->read(c->r, addr, out, c->t->key.size);
}

static void check_key(struct checker *c, const struct bucket_view *b, unsigned i)
{
	struct go_value v;
	uint8_t *text = NULL;
	if (!key_bytes(c, c->bytes, i, c->key) || !key_value(c, &c->t->key, c->key, &v, &text)) {
		fault(c, "%s %" PRIu64 ".%u:%u: the key cannot be read", array_name(b->array), b->index,
			b->depth, i);
	} else if (!is_nan(&v)) {
		uint64_t no_nan = 0, hash = hash_value(&c->m->map.keys, &v, c->h.hash0, &no_nan);
		uint8_t top = (uint8_t)(hash >> 56);
		top = top < MIN_TOPHASH ? top + MIN_TOPHASH : top;
		uint64_t index = hash & (array_buckets(&c->h, b->array) - 1);
		if (top != b->tophash[i])
			fault(c,
				"%s %" PRIu64 ".%u:%u: tophash %02x, but the key's hash %016" PRIx64
				" gives %02x",
				array_name(b->array), b->index, b->depth, i, b->tophash[i], hash, top);
		if (index != b->index)
			fault(c,
				"%s %" PRIu64 ".%u:%u: the key's hash %016" PRIx64
				" belongs to bucket %" PRIu64,
				array_name(b->array), b->index, b->depth, i, hash, index);
	}
	free(text);
}

/* Is the key in slot i of c->bytes also in a later slot of the chain? */
static void check_twice(struct checker *c, const struct bucket_view *b, unsigned i)
{
	const struct map_type *t = c->t;
	struct bucket_view at = *b;
	struct go_value v, w;
	uint8_t *text = NULL, *text2 = NULL, *bytes = malloc(t->bucketsize);
	if (!bytes || !key_bytes(c, c->bytes, i, c->key) || !key_value(c, &t->key, c->key, &v, &text) ||
		is_nan(&v))
		goto out;
	unsigned from = i + 1;
	do {
		if (!c->r->read(c->r, at.addr, bytes, t->bucketsize))
			break;
		for (unsigned k = from; k < SLOTS; k++) {
			if (at.tophash[k] != b->tophash[i] || !key_bytes(c, bytes, k, c->other) ||
				!key_value(c, &t->key, c->other, &w, &text2))
				continue;
			if (v.kind == w.kind && v.nil == w.nil && v.len == w.len &&
				(v.len == 0 || v.nil || memcmp(v.data, w.data, v.len) == 0))
				fault(c, "%s %" PRIu64 ".%u:%u: the key is in slot %u.%u:%u too",
					array_name(b->array), b->index, b->depth, i, (unsigned)at.index,
					at.depth, k);
			free(text2);
			text2 = NULL;
		}
		from = 0;
	} while (bucket_next(c->r, t, &c->h, &at));
out:
	free(bytes);
	free(text);
	free(text2);
}

static void collect_overflow(struct checker *c, const struct bucket_view *b)
{
	if (b->depth == 0)
		return;
	if (b->array == ARRAY_NEW)
		c->chained++;
	if (!c->collect)
		return;
	c->overflow = grown(c->overflow, &c->cap, c->overflows, sizeof *c->overflow);
	c->overflow[c->overflows++] = b->addr;
}

/* The state of a slot: what may stand where.  *rest: emptyRest has been seen in this chain. */
static void check_state(
	struct checker *c, const struct bucket_view *b, unsigned i, bool evacuated, bool *rest)
{
	uint8_t top = b->tophash[i];
	bool mark = top >= EVACUATED_X && top <= EVACUATED_EMPTY;
	if (mark != evacuated)
		fault(c,
			evacuated ? "%s %" PRIu64 ".%u:%u: tophash %02x (%s) in a chain that is evacuated"
				  : N_("%s %" PRIu64
				       ".%u:%u: tophash %02x (%s) in a chain that is not evacuated"),
			array_name(b->array), b->index, b->depth, i, top, tophash_name(top));
	if (top == EVACUATED_Y && c->h.flags & FLAG_SAME_SIZE)
		fault(c, "old %" PRIu64 ".%u:%u: evacuatedY in a growth of the same size", b->index, b->depth,
			i);
	if (*rest && top != EMPTY_REST && !evacuated)
		fault(c, "%s %" PRIu64 ".%u:%u: tophash %02x follows emptyRest", array_name(b->array),
			b->index, b->depth, i, top);
	*rest = *rest || top == EMPTY_REST;
}

/* One chain.  Returns its entries that live there. */
static uint64_t check_chain(struct checker *c, enum which_array array, uint64_t index)
{
	struct bucket_view b;
	uint64_t entries = 0;
	bool rest = false;
	if (!bucket_first(c->r, c->t, &c->h, array, index, &b)) {
		fault(c, "%s %" PRIu64 ": the bucket cannot be read", array_name(array), index);
		return 0;
	}
	bool evacuated = array == ARRAY_OLD && b.tophash[0] >= EVACUATED_X && b.tophash[0] <= EVACUATED_EMPTY;
	for (;;) {
		collect_overflow(c, &b);
		if (!c->r->read(c->r, b.addr, c->bytes, c->t->bucketsize))
			fault(c, "%s %" PRIu64 ".%u: the bucket cannot be read", array_name(array), index,
				b.depth);
		for (unsigned i = 0; i < SLOTS; i++) {
			check_state(c, &b, i, evacuated, &rest);
			if (!tophash_full(b.tophash[i]))
				continue;
			entries++;
			check_key(c, &b, i);
			check_twice(c, &b, i);
		}
		if (!b.overflow)
			return entries;
		if (!bucket_next(c->r, c->t, &c->h, &b)) {
			fault(c, "%s %" PRIu64 ".%u: its overflow pointer leads nowhere", array_name(array),
				index, b.depth);
			return entries;
		}
	}
}

static bool old_evacuated(struct checker *c, uint64_t index)
{
	struct bucket_view b;
	return bucket_first(c->r, c->t, &c->h, ARRAY_OLD, index, &b) && b.tophash[0] >= EVACUATED_X &&
		b.tophash[0] <= EVACUATED_EMPTY;
}

/* New bucket index, and the old one that it comes from (counted once, with the lower half). */
static void check_pair(struct checker *c, uint64_t index)
{
	uint64_t n = check_chain(c, ARRAY_NEW, index);
	c->entries += n;
	if (!c->h.oldbuckets)
		return;
	uint64_t old = index & (c->h.old_buckets_count - 1);
	bool moved = old_evacuated(c, old);
	if (!moved && n > 0)
		fault(c, "new %" PRIu64 ": it has entries, but old bucket %" PRIu64 " has not been evacuated",
			index, old);
	if (!moved && old < c->h.nevacuate)
		fault(c, "old %" PRIu64 ": below nevacuate %" PRIu64 ", but not evacuated", old,
			c->h.nevacuate);
	if (old == index)
		c->entries += check_chain(c, ARRAY_OLD, old);
}

static int compare_addresses(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static void check_header(struct checker *c, bool between_operations)
{
	const struct hmap_view *h = &c->h;
	if (h->flags > 15 || (between_operations && h->flags & FLAG_WRITING))
		fault(c, "flags are %u%s", h->flags, h->flags > 15 ? "" : _(": a write has not ended"));
	if (h->flags & FLAG_SAME_SIZE && !h->oldbuckets && between_operations)
		fault(c, "sameSizeGrow is set, but no growth is under way");
	if (h->count < 0)
		fault(c, "count is %" PRId64, h->count);
	if (between_operations && !h->oldbuckets &&
		classic_over_load(c->m->map.release, (uint64_t)h->count, h->B))
		fault(c, "count %" PRId64 " is over the load of B %u, but no growth is under way", h->count,
			h->B);
	if (h->oldbuckets && h->nevacuate > h->old_buckets_count)
		fault(c, "nevacuate %" PRIu64 " is over the number of old buckets, %" PRIu64, h->nevacuate,
			h->old_buckets_count);
}

static void check_sums(struct checker *c)
{
	const struct hmap_view *h = &c->h;
	if ((int64_t)c->entries != h->count)
		fault(c, "count is %" PRId64 ", full slots are %" PRIu64, h->count, c->entries);
	if (h->B < 16 && c->chained != h->noverflow)
		fault(c, "noverflow is %u, overflow buckets in chains are %" PRIu64, h->noverflow,
			c->chained);
	if (c->overflows > 1)
		qsort(c->overflow, c->overflows, sizeof *c->overflow, compare_addresses);
	for (size_t i = 1; i < c->overflows; i++)
		if (c->overflow[i] == c->overflow[i - 1])
			fault(c, "the overflow bucket at %" PRIx64 " is in two places", c->overflow[i]);
	for (size_t i = 0; h->next_overflow && i < c->overflows; i++)
		if (c->overflow[i] >= h->next_overflow && c->overflow[i] < h->buckets + h->new_size)
			fault(c,
				"the overflow bucket at %" PRIx64
				" is in use, but nextOverflow has not come to it",
				c->overflow[i]);
}

static bool checker_init(
	struct checker *c, const struct classic_map *m, const struct reader *r, char *message)
{
	*c = (struct checker){ .m = m, .r = r, .t = &m->type, .message = message };
	c->bytes = memory_get(m->type.bucketsize);
	c->key = memory_get(m->type.key.size + 1);
	c->other = memory_get(m->type.key.size + 1);
	if (hmap_read(r, &m->type, m->hmap, &c->h))
		return true;
	fault(c, "the hmap cannot be read");
	return false;
}

static unsigned checker_release(struct checker *c)
{
	free(c->bytes);
	free(c->key);
	free(c->other);
	free(c->overflow);
	return c->faults;
}

unsigned classic_check(
	const struct classic_map *m, const struct reader *r, bool between_operations, char *message)
{
	struct checker c;
	if (!m->hmap)
		return 0;
	if (checker_init(&c, m, r, message)) {
		c.collect = true;
		check_header(&c, between_operations);
		uint64_t n = array_buckets(&c.h, ARRAY_NEW);
		for (uint64_t i = 0; i < n && c.faults < 100; i++)
			check_pair(&c, i);
		if (c.faults < 100)
			check_sums(&c);
	}
	return checker_release(&c);
}

unsigned classic_check_bucket(
	const struct classic_map *m, const struct reader *r, uint64_t index, char *message)
{
	struct checker c;
	if (!m->hmap)
		return 0;
	if (checker_init(&c, m, r, message)) {
		check_header(&c, true);
		if (index < array_buckets(&c.h, ARRAY_NEW)) {
			check_pair(&c, index);
			if (c.h.oldbuckets && index >= c.h.old_buckets_count)
				check_chain(&c, ARRAY_OLD, index & (c.h.old_buckets_count - 1));
		}
	}
	return checker_release(&c);
}
