/* The layout dump: a map's memory without any address, compared byte for byte with real Go. */
#include "trace/base/memory.h"
#include "trace/map/classic/model.h"
#include "trace/map/value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A text buffer that grows to what a value needs. */
struct text {
	char *at;
	size_t cap;
};

static const char *slot_text(
	struct text *x, const struct reader *r, const struct go_type *t, bool indirect, const uint8_t *raw)
{
	size_t need = slot_value_print(r, t, indirect, raw, VALUE_EXACT, x->at, x->cap);
	if (need >= x->cap) {
		x->cap = need + 256;
		x->at = memory_resize(x->at, x->cap);
		slot_value_print(r, t, indirect, raw, VALUE_EXACT, x->at, x->cap);
	}
	return x->at;
}

static bool all_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

struct printer {
	FILE *out;
	const struct reader *r;
	const struct map_type *t;
	uint8_t *bytes; /* a bucket */
	struct text key, elem;
};

static bool print_bucket(struct printer *p, const struct bucket_view *b)
{
	const struct map_type *t = p->t;
	if (!p->r->read(p->r, b->addr, p->bytes, t->bucketsize))
		return false;
	fprintf(p->out, "%s %" PRIu64 ".%u ", b->array == ARRAY_NEW ? "new" : "old", b->index, b->depth);
	if (b->source == BUCKET_PRE)
		fprintf(p->out, "pre%" PRIu64 " ", b->pre);
	else
		fputs(b->source == BUCKET_MAIN ? "main " : "heap ", p->out);
	for (int i = 0; i < SLOTS; i++)
		fprintf(p->out, "%02x", b->tophash[i]);
	fputc('\n', p->out);
	for (unsigned i = 0; i < SLOTS; i++) {
		const uint8_t *key = p->bytes + t->keys + i * t->keysize,
			      *elem = p->bytes + t->elems + i * t->elemsize;
		if (all_zero(key, t->keysize) && all_zero(elem, t->elemsize))
			continue;
		fprintf(p->out, " %u %s %s\n", i, slot_text(&p->key, p->r, &t->key, t->indirect_key, key),
			slot_text(&p->elem, p->r, &t->elem, t->indirect_elem, elem));
	}
	return true;
}

static bool print_array(struct printer *p, const struct hmap_view *h, enum which_array array)
{
	uint64_t n = array_buckets(h, array);
	for (uint64_t i = 0; i < n; i++) {
		struct bucket_view b;
		if (!bucket_first(p->r, p->t, h, array, i, &b))
			return false;
		do
			if (!print_bucket(p, &b))
				return false;
		while (bucket_next(p->r, p->t, h, &b));
	}
	return true;
}

bool layout_print(FILE *out, const struct reader *r, const struct map_type *t, uint64_t hmap)
{
	struct hmap_view h;
	if (hmap == 0) {
		fputs("nil\n", out);
		return true;
	}
	if (!hmap_read(r, t, hmap, &h))
		return false;
	const char *grow = !h.oldbuckets ? "none" : h.flags & FLAG_SAME_SIZE ? "same" : "double";
	fprintf(out,
		"hmap count=%" PRId64 " flags=%u B=%u noverflow=%u hash0=%08x nevacuate=%" PRIu64
		" grow=%s free=%" PRIu64 "\n",
		h.count, h.flags, h.B, h.noverflow, h.hash0, h.nevacuate, grow, hmap_free_overflow(&h, t));
	struct printer p = { .out = out, .r = r, .t = t, .bytes = malloc(t->bucketsize) };
	bool good = p.bytes && print_array(&p, &h, ARRAY_NEW) &&
		(!h.oldbuckets || print_array(&p, &h, ARRAY_OLD));
	free(p.bytes);
	free(p.key.at);
	free(p.elem.at);
	return good;
}
