/* Go's types and the layout of a map of them, as data.
 *
 * Facts: Go 1.18 to 1.23, amd64; cmd/compile/internal/reflectdata.MapBucketType and MapType, checked with real
 * toolchains.  A bucket is tophash[8], 8 keys, 8 elems, overflow pointer; on amd64 there is never padding between
 * them.  A key or elem of over 128 bytes is kept outside: its slot holds a pointer.
 */
#ifndef TRACE_TYPE_H
#define TRACE_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum go_kind { GO_BOOL, GO_INT8, GO_INT16, GO_INT32, GO_INT64, GO_INT, GO_UINT8, GO_UINT16, GO_UINT32, GO_UINT64,
	GO_UINT, GO_UINTPTR, GO_FLOAT32, GO_FLOAT64, GO_COMPLEX64, GO_COMPLEX128, GO_STRING, GO_ANY, GO_BYTES, GO_EMPTY,
	GO_SLICE /* []int, only inside an any: it cannot be hashed */,
	GO_ENTRY /* *entry, only the elem of a sync.Map's two maps */, GO_KINDS };

struct go_type {
	enum go_kind kind;
	uint32_t size;     /* bytes */
	bool pointers;     /* the collector must look at it */
	char name[24];     /* Go's syntax: "string", "[16]byte", "struct{}" */
};

/* Parses Go's type syntax without blanks, as a workload has it.  false: unknown type; *ret untouched. */
bool go_type_parse(const char *text, struct go_type *ret);
/* The same for what a recording has: also *entry. */
bool go_type_recorded(const char *text, struct go_type *ret);
/* Parses "map[K]V".  false: it is none; *ret_wrong (a place in text) is where. */
bool go_map_parse(const char *text, struct go_type *ret_key, struct go_type *ret_elem, const char **ret_wrong);
/* The type of a basic kind (not GO_BYTES). */
struct go_type go_type_basic(enum go_kind kind);
/* An address that stands for the type's descriptor in an `any`: in the region of the program's read-only data,
 * below every heap.  Only basic kinds occur inside an any.  The inverse gives false for any other word. */
uint64_t go_type_address(enum go_kind kind);
bool go_type_from_address(uint64_t address, struct go_type *ret);

enum map_variant { VARIANT_GENERAL, VARIANT_FAST32, VARIANT_FAST64, VARIANT_FASTSTR };
extern const char *const map_variant_name[4]; /* "", "_fast32", "_fast64", "_faststr" */

enum { SLOTS = 8, INDIRECT_OVER = 128, HMAP_SIZE = 48, EXTRA_SIZE = 24, HITER_SIZE = 96 };

/* Offsets in hmap, mapextra and hiter (bytes), amd64, Go 1.18-1.23. */
enum { HMAP_COUNT = 0, HMAP_FLAGS = 8, HMAP_B = 9, HMAP_NOVERFLOW = 10, HMAP_HASH0 = 12, HMAP_BUCKETS = 16,
	HMAP_OLDBUCKETS = 24, HMAP_NEVACUATE = 32, HMAP_EXTRA = 40 };
enum { EXTRA_OVERFLOW = 0, EXTRA_OLDOVERFLOW = 8, EXTRA_NEXT = 16 };
enum { HITER_KEY = 0, HITER_ELEM = 8, HITER_T = 16, HITER_H = 24, HITER_BUCKETS = 32, HITER_BPTR = 40,
	HITER_OVERFLOW = 48, HITER_OLDOVERFLOW = 56, HITER_START = 64, HITER_OFFSET = 72, HITER_WRAPPED = 73,
	HITER_B = 74, HITER_I = 75, HITER_BUCKET = 80, HITER_CHECK = 88 };
/* Bits of hmap.flags. */
enum { FLAG_ITERATOR = 1, FLAG_OLD_ITERATOR = 2, FLAG_WRITING = 4, FLAG_SAME_SIZE = 8 };
/* Tophash values below the hashes. */
enum { EMPTY_REST = 0, EMPTY_ONE = 1, EVACUATED_X = 2, EVACUATED_Y = 3, EVACUATED_EMPTY = 4, MIN_TOPHASH = 5 };

/* What the compiler writes into a maptype, and where the parts of a bucket lie. */
struct map_type {
	struct go_type key, elem;
	uint32_t keysize, elemsize;   /* bytes a slot takes: 8 when indirect */
	uint32_t bucketsize;          /* bytes */
	uint32_t keys, elems, overflow; /* offsets in a bucket; tophash is at 0 */
	bool indirect_key, indirect_elem;
	bool reflexive;      /* k == k for every k: false for floats, complex, any */
	bool key_update;     /* an overwrite writes the key again: floats (-0), strings, any */
	bool hash_panics;    /* any */
	bool pointers;       /* the bucket holds pointers for the collector */
	enum map_variant variant;
};
/* Lays out map[key]elem. */
struct map_type map_type_make(struct go_type key, struct go_type elem);

/* One part of a structure in memory: types are data, views know no engine. */
struct field {
	const char *name;   /* "tophash", "keys", "elems", "overflow"; "count", "flags", ... */
	uint32_t offset, size; /* bytes; size of one item */
	uint32_t count;     /* items */
	const char *role;   /* "top" "key" "elem" "ptr" "pad" */
};
/* The 4 fields of a bucket. */
void map_type_bucket_fields(const struct map_type *t, struct field out[4]);
/* The fields of hmap, mapextra, hiter, ended by a NULL name. */
extern const struct field hmap_fields[], extra_fields[], hiter_fields[];

#endif
