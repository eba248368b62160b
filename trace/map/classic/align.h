/* Two maps in memory compared: fields of hmap, keys, where they lie, chains.
 */
#ifndef TRACE_ALIGN_H
#define TRACE_ALIGN_H

#include "trace/map/classic/model.h"
#include "trace/record/sink.h"

enum { ALIGN_KEYS = 1 << 20 };

struct map_difference {
	bool live[2]; /* the map could be read there */
	struct go_type key[2], elem[2];
	bool other_key_type, other_elem_type; /* keys are not compared then, or elems are not */
	struct hmap_view hmap[2];
	bool count, flags, B, noverflow, hash0, nevacuate, growing; /* differ */
	uint64_t entries[2];
	uint64_t overflow[2]; /* overflow buckets in chains */
	uint64_t both;        /* keys that are in both maps: */
	uint64_t same_bucket, same_slot, other_elem;
	double chance; /* of both, how many would share a bucket by chance */
	bool whole;    /* false: only the first ALIGN_KEYS of a map were looked at */
};

/* hmap: its address, 0 for a nil map. */
void align_maps(struct map_difference *d, const struct reader *a, const struct map_type *ta, uint64_t hmap_a,
	const struct reader *b, const struct map_type *tb, uint64_t hmap_b);
/* Is there any difference but addresses? */
bool align_differs(const struct map_difference *d);
/* In two or three sentences; other: what was made otherwise, from align_other. */
void align_words(const struct map_difference *d, const char *other, char *out, size_t cap);
/* What two maps were given that differs: "seed, hint, go, hash, place", ""; NULL: there is no map. */
void align_other(const struct map_info *a, const struct map_info *b, char *out, size_t cap);

#endif
