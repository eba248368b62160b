/* How full each bucket of both arrays is: counted once, then kept up with the steps.
 *
 * A step changes one chain or two, and the events say which, so following costs little whatever the size.
 * After a jump everything is counted anew, in slices.  An array of over OVERVIEW_MOST buckets is sampled:
 * every stride-th bucket.
 */
#ifndef UI_SCENE_CLASSIC_OVERVIEW_H
#define UI_SCENE_CLASSIC_OVERVIEW_H

#include "ui/pass/overview.h"
#include "ui/scene/scene.h"

enum {
	OVERVIEW_MOST = 1 << 20,
	OVERVIEW_SLICE = 1 << 15 /* buckets looked at a slice: a few milliseconds */,
	OVERVIEW_ENTRIES = 64,
	OVERVIEW_CHAINS = 8
};

struct bucket_count {
	uint16_t entries, copies; /* copies: of entries that count as being in their old bucket still */
	uint8_t overflow, moved;
}; /* moved: 1 it is being moved, 2 it has been */

struct counted_array {
	uint64_t base, buckets, stride;
	size_t n, next; /* counts; how many are known */
	struct bucket_count *count;
	uint64_t by_entries[OVERVIEW_ENTRIES]; /* of buckets not moved; the last: as many or more */
	uint64_t by_chain[OVERVIEW_CHAINS];    /* by overflow buckets */
	uint64_t entries, overflow, moved;
};

struct bucket_counts {
	const struct source *source;
	uint64_t step, hmap;
	bool valid;
	uint64_t chain[3];             /* chains that the step before was about */
	struct counted_array array[2]; /* by enum which_array */
};

extern const struct overview_kind bucket_counts;
/* Entries of the fullest chain, OVERVIEW_ENTRIES - 1 at most. */
unsigned counts_fullest(const struct counted_array *a);
/* Percent that is counted. */
unsigned counts_percent(const struct bucket_counts *o);

#endif
