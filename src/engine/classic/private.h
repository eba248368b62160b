/* What map.c and the two engines share. */
#ifndef SRC_CLASSIC_PRIVATE_H
#define SRC_CLASSIC_PRIVATE_H

#include "src/engine/classic/map.h"

#include "trace/base/memory.h"

/* The count up to which an array of 2^B is not too full: load x 2^B, with the runtime's integer division. */
static inline uint64_t classic_load_limit(const struct release *r, unsigned B)
{
	return r->load_numerator * ((UINT64_C(1) << B) / 2);
}

static inline bool classic_over_load(const struct release *r, uint64_t count, unsigned B)
{
	return count > SLOTS && count > classic_load_limit(r, B);
}

/* Buckets of an array: 2^B, from B 4 on a sixteenth more for overflow, rounded up to what the allocator
 * gives. */
static inline uint64_t classic_array_length(const struct map_type *t, const struct release *r, unsigned B)
{
	uint64_t n = UINT64_C(1) << B;
	if (B < 4)
		return n;
	n += n / 16;
	return round_up_size(n * t->bucketsize, t->pointers, r->malloc_headers) / t->bucketsize;
}

/* The smallest B that holds hint elements; a hint that no address space could hold counts as none. */
static inline unsigned classic_hint_B(const struct map_type *t, const struct release *r, int64_t hint)
{
	unsigned __int128 bytes = (unsigned __int128)(uint64_t)(hint < 0 ? 0 : hint) * t->bucketsize;
	if (hint < 0 || bytes > (UINT64_C(1) << 48))
		return 0;
	unsigned B = 0;
	while (classic_over_load(r, (uint64_t)hint, B))
		B++;
	return B;
}

/* Before the keys, elems and overflow pointers of size bytes of buckets at array are cleared. */
void classic_barrier_buckets(struct classic_map *m, uint64_t array, uint64_t size);

/* ==, as the type's equal function has it: a NaN equals nothing. */
static inline bool floats_equal(const uint8_t *a, const uint8_t *b, uint64_t n, uint64_t each)
{
	for (uint64_t i = 0; i < n; i += each) {
		if (each == 4) {
			float x, y;
			memcpy(&x, a + i, 4);
			memcpy(&y, b + i, 4);
			if (!(x == y))
				return false;
		} else {
			double x, y;
			memcpy(&x, a + i, 8);
			memcpy(&y, b + i, 8);
			if (!(x == y))
				return false;
		}
	}
	return true;
}

static inline bool values_equal(const struct go_value *a, const struct go_value *b)
{
	if (a->is_any && (a->nil || b->nil))
		return a->nil && b->nil;
	if (a->kind != b->kind || a->len != b->len)
		return false;
	switch (a->kind) {
	case GO_FLOAT32:
	case GO_FLOAT64: return floats_equal(a->data, b->data, a->len, a->len);
	case GO_COMPLEX64:
	case GO_COMPLEX128: return floats_equal(a->data, b->data, a->len, a->len / 2);
	default: return a->len == 0 || memcmp(a->data, b->data, a->len) == 0;
	}
}

#endif
