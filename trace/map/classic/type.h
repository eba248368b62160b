/* How a classic map lies in memory: hmap, mapextra, hiter, buckets.
 *
 * Facts: Go 1.18 to 1.23, amd64; cmd/compile/internal/reflectdata.MapBucketType and MapType, checked with
 * real toolchains.  A bucket is tophash[8], 8 keys, 8 elems, overflow pointer; on amd64 there is never
 * padding between them.  A key or elem of over 128 bytes is kept outside: its slot holds a pointer.
 */
#ifndef TRACE_MAP_CLASSIC_TYPE_H
#define TRACE_MAP_CLASSIC_TYPE_H

#include "trace/go/type.h"

enum map_variant { VARIANT_GENERAL, VARIANT_FAST32, VARIANT_FAST64, VARIANT_FASTSTR };
extern const char *const map_variant_name[4]; /* "", "_fast32", "_fast64", "_faststr" */

enum { SLOTS = 8, INDIRECT_OVER = 128, HMAP_SIZE = 48, EXTRA_SIZE = 24, HITER_SIZE = 96 };

/* Offsets in hmap, mapextra and hiter (bytes), amd64, Go 1.18-1.23. */
enum {
	HMAP_COUNT = 0,
	HMAP_FLAGS = 8,
	HMAP_B = 9,
	HMAP_NOVERFLOW = 10,
	HMAP_HASH0 = 12,
	HMAP_BUCKETS = 16,
	HMAP_OLDBUCKETS = 24,
	HMAP_NEVACUATE = 32,
	HMAP_EXTRA = 40
};
enum { EXTRA_OVERFLOW = 0, EXTRA_OLDOVERFLOW = 8, EXTRA_NEXT = 16 };
enum {
	HITER_KEY = 0,
	HITER_ELEM = 8,
	HITER_T = 16,
	HITER_H = 24,
	HITER_BUCKETS = 32,
	HITER_BPTR = 40,
	HITER_OVERFLOW = 48,
	HITER_OLDOVERFLOW = 56,
	HITER_START = 64,
	HITER_OFFSET = 72,
	HITER_WRAPPED = 73,
	HITER_B = 74,
	HITER_I = 75,
	HITER_BUCKET = 80,
	HITER_CHECK = 88
};
/* Bits of hmap.flags. */
enum { FLAG_ITERATOR = 1, FLAG_OLD_ITERATOR = 2, FLAG_WRITING = 4, FLAG_SAME_SIZE = 8 };
/* Tophash values below the hashes. */
enum {
	EMPTY_REST = 0,
	EMPTY_ONE = 1,
	EVACUATED_X = 2,
	EVACUATED_Y = 3,
	EVACUATED_EMPTY = 4,
	MIN_TOPHASH = 5
};

/* What the compiler writes into a maptype, and where the parts of a bucket lie. */
struct map_type {
	struct go_type key, elem;
	uint32_t keysize, elemsize;     /* bytes a slot takes: 8 when indirect */
	uint32_t bucketsize;            /* bytes */
	uint32_t keys, elems, overflow; /* offsets in a bucket; tophash is at 0 */
	bool indirect_key, indirect_elem;
	bool reflexive;   /* k == k for every k: false for floats, complex, any */
	bool key_update;  /* an overwrite writes the key again: floats (-0), strings, any */
	bool hash_panics; /* any */
	bool pointers;    /* the bucket holds pointers for the collector */
	enum map_variant variant;
};
/* Lays out map[key]elem. */
struct map_type map_type_make(struct go_type key, struct go_type elem);

/* The 4 fields of a bucket. */
void map_type_bucket_fields(const struct map_type *t, struct field out[4]);
/* The fields of hmap, mapextra, hiter, ended by a NULL name. */
extern const struct field hmap_fields[], extra_fields[], hiter_fields[];

#endif
