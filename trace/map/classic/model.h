/* What memory means: hmap, buckets, slots, values, decoded from bytes at Go addresses.  The same code looks
 * at an engine's arena, at a recording, and later at a live process.  Nothing here trusts what it reads.
 */
#ifndef TRACE_MODEL_H
#define TRACE_MODEL_H

#include "trace/record/image.h"
#include "trace/map/classic/type.h"

#include <stdio.h>

struct hmap_view {
	uint64_t addr;
	int64_t count;
	uint8_t flags, B;
	uint16_t noverflow;
	uint32_t hash0;
	uint64_t buckets, oldbuckets, nevacuate, extra;
	uint64_t next_overflow;     /* extra.nextOverflow, 0 without */
	uint64_t buckets_count, old_buckets_count; /* of the array, and of the old one: 0 when not growing */
	uint64_t new_size,
		old_size; /* bytes of the arrays' blocks (with preallocated buckets), 0 if unknown */
};
/* Where the hmap of a recording's map is now (map_header); 0: nil, or a map of another kind. */
uint64_t map_hmap(const struct map_info *maps, unsigned number, const struct reader *r);
/* Reads the hmap at addr.  false: not readable, or B beyond reason (48). */
bool hmap_read(const struct reader *r, const struct map_type *t, uint64_t addr, struct hmap_view *ret);
/* Preallocated overflow buckets of the new array that are not used yet. */
uint64_t hmap_free_overflow(const struct hmap_view *h, const struct map_type *t);

enum which_array { ARRAY_NEW, ARRAY_OLD };
enum bucket_source { BUCKET_MAIN, BUCKET_PRE, BUCKET_HEAP };

struct bucket_view {
	uint64_t addr;
	enum which_array array;
	uint64_t index; /* in the array */
	unsigned depth; /* 0 main, 1 first overflow bucket, ... */
	enum bucket_source source;
	uint64_t pre; /* BUCKET_PRE: the how-manieth, from 0 */
	uint8_t tophash[SLOTS];
	uint64_t overflow; /* the pointer as it stands */
};
/* The head of bucket index of an array.  false: no such bucket or memory. */
bool bucket_first(const struct reader *r, const struct map_type *t, const struct hmap_view *h,
	enum which_array array, uint64_t index, struct bucket_view *ret);
/* The next bucket of b's chain, in place.  false: the chain ends, or is damaged (a cycle is cut after 2^20).
 */
bool bucket_next(
	const struct reader *r, const struct map_type *t, const struct hmap_view *h, struct bucket_view *b);
/* The bucket (with array, index, depth) that contains addr, looking at main and preallocated buckets by
 * arithmetic and at others by walking chains from bucket hint_index on (pass the bucket of the operation).
 * false: none. */
bool bucket_locate(const struct reader *r, const struct map_type *t, const struct hmap_view *h, uint64_t addr,
	uint64_t hint_index, struct bucket_view *ret);
uint64_t array_buckets(
	const struct hmap_view *h, enum which_array array); /* main buckets; 0: no such array */
static inline bool tophash_full(uint8_t top)
{
	return top >= MIN_TOPHASH;
}
/* The name of what a tophash byte says: "full", "emptyOne", ... */
const char *tophash_name(uint8_t top);
unsigned bucket_entries(const struct bucket_view *b);

/* Prints the layout (mapscope(1), layout) of the map whose hmap is at addr (0: "nil").  false: memory is
 * damaged; what was readable has been printed. */
bool layout_print(FILE *out, const struct reader *r, const struct map_type *t, uint64_t hmap);

#endif
