/* What the map in memory measures at a step, and what theory says of a map of its load.
 *
 * A pure function of the scene: all chains that a search could go to are walked, or, where there are over
 * MEASURE_MOST of them, every stride-th: the bucket is the low bits of a hash, so that is a fair sample.
 */
#ifndef UI_SCENE_CLASSIC_MEASURE_H
#define UI_SCENE_CLASSIC_MEASURE_H

#include "ui/scene/classic/classic.h"

enum {
	MEASURE_MOST = 1 << 13 /* walked within a few milliseconds */,
	MEASURE_ENTRIES = 40,
	MEASURE_LENGTHS = 6
};

struct measure {
	uint64_t chains, stride; /* walked; of every stride buckets one */
	uint64_t entries, holes; /* in them; empty slots that have an entry behind them */
	double load;             /* entries a chain; while growing, the mean of both arrays' chains */
	double by_entries[MEASURE_ENTRIES],
		entries_theory[MEASURE_ENTRIES]; /* chains; the last: so many or more */
	double by_length[MEASURE_LENGTHS], length_theory[MEASURE_LENGTHS]; /* chains of 1, 2, ... buckets */
	double hit, miss, hit_theory, miss_theory; /* slots that a search looks at, mean */
	bool stops_at_rest;                        /* a miss does */
	double chi_square, degrees;                /* of by_entries; degrees < 1: nothing can be said */
	double tops[256], tops_theory[256];        /* entries by tophash */
};
void measure_make(struct measure *m, const struct scene *s);
/* Do the map's functions compare tophashes?  Those of keys of 4 and 8 bytes compare keys at once. */
bool measure_asks_tophash(const struct map_type *t);

#endif
