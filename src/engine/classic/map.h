/* Go's classic map (1.18 to 1.23, amd64), byte for byte.
 *
 * The map is the bytes in the arena: hmap, buckets, overflow chains.  One source, engine.inc, is compiled
 * twice: classic_recording does every step as the runtime does it and emits it to the sink; classic_silent
 * emits nothing, and may look for a slot in a faster way, but changes the same bytes. tests/engine/compare.sh
 * holds both against real Go.
 */
#ifndef SRC_CLASSIC_MAP_H
#define SRC_CLASSIC_MAP_H

#include "src/engine/engine.h"
#include "trace/map/classic/type.h"

struct classic_map {
	struct map map; /* first; key and elem are those of type */
	struct map_type type;
	uint64_t hmap; /* Go address; 0: a nil map.  Of a sync.Map's two it may be out of date */
};

static inline struct classic_map *classic_of(struct map *m)
{
	return (struct classic_map *)m;
}

/* By variant: classic_silent[m->type.variant]. */
extern const struct map_calls classic_recording[4], classic_silent[4];
extern const struct engine engine_classic;

/* A nil map; arena NULL: a recorded one, whose hmap is due. */
void classic_init(struct classic_map *m, struct arena *a, const struct map_options *o);
/* Makes a map in m, silent or recording as the arena has a sink.  Its first bucket array is there when hint
 * or place ask for it. */
void classic_make(struct classic_map *m, struct arena *a, const struct map_options *o);
/* Another map in the same struct: type, hash keys and random stream stay, the hmap is new (a sync.Map's
 * dirty). */
void classic_remake(struct classic_map *m, int64_t hint);

/* Tests every invariant of a map in memory: count, tophash against hash, bucket against hash, chains,
 * emptyRest, evacuation marks, flags, overflow buckets.  Works on an arena and on a replayed image; m gives
 * type and hash keys. Returns the number of faults; the first is in message (CHECK_MESSAGE bytes). */
unsigned classic_check(
	const struct classic_map *m, const struct reader *r, bool between_operations, char *message);
/* The same for one bucket of the new array and, while growing, the old one it comes from: what an operation
 * on it can have spoilt, for maps too large to be walked after every operation. */
unsigned classic_check_bucket(
	const struct classic_map *m, const struct reader *r, uint64_t index, char *message);

#endif
