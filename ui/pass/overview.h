/* How full each bucket of both arrays is: counted once, then kept up with the steps.
 *
 * A step changes one chain or two, and the events say which, so following costs little whatever the size.
 * After a jump everything is counted anew, in slices.  An array of over OVERVIEW_MOST buckets is sampled:
 * every stride-th bucket.
 */
#ifndef UI_OVERVIEW_H
#define UI_OVERVIEW_H

#include "ui/scene/scene.h"

enum {
	OVERVIEW_MOST = 1 << 20,
	OVERVIEW_SLICE = 1 << 15 /* buckets looked at a slice: a few milliseconds */,
	OVERVIEW_ENTRIES = 64,
	OVERVIEW_CHAINS = 8
};

struct bucket_count {
	uint16_t entries;
	uint8_t overflow, moved;
}; /* moved: 1 of some entries, 2 of all */

struct counted_array {
	uint64_t base, buckets, stride;
	size_t n, next; /* counts; how many are known */
	struct bucket_count *count;
	uint64_t by_entries[OVERVIEW_ENTRIES]; /* of buckets not moved; the last: as many or more */
	uint64_t by_chain[OVERVIEW_CHAINS];    /* by overflow buckets */
	uint64_t entries, overflow, moved;
};

struct overview {
	const struct source *source;
	uint64_t step, hmap;
	bool valid;
	uint64_t chain[3];             /* chains that the step before was about */
	struct counted_array array[2]; /* by enum which_array */
};

void overview_release(struct overview *o);
/* Brings it to the scene's step, and counts a slice of what is not known yet. */
void overview_follow(struct overview *o, const struct scene *s);
/* Entries of the fullest chain, OVERVIEW_ENTRIES - 1 at most. */
unsigned overview_fullest(const struct counted_array *a);
bool overview_busy(const struct overview *o);
/* Percent that is counted. */
unsigned overview_percent(const struct overview *o);

#endif
