/* A recording that grows: a sink and the source of what came through it, in memory.
 *
 *     run ──▶ live.sink ──▶ live.source ──▶ player
 *
 * Whoever reads the source sees every step as soon as it has been told; what was read before stays as it was, so a
 * player stays where it stands.  Made for sessions of people: steps are packed in pieces of LIVE_CHUNK, at most LIVE_STEPS
 * of them, and there are no keyframes.
 */
#ifndef SRC_LIVE_H
#define SRC_LIVE_H

#include "trace/record/source.h"
#include "src/workload/literal.h"

/* LIVE_CHUNK: few, so that a player that stands at the growing end copies little again.  LIVE_STEPS is there to stop a
 * slip of the finger (fill 0 99999999) before memory is full: 400000 inserts are 13.7 million steps and take 280 MB. */
enum { LIVE_CHUNK = 2048, LIVE_STEPS = 20000000 };

struct live_op {
	uint64_t first_step;
	const char *key, *elem; /* in the pool */
	uint32_t map;
	uint8_t kind; /* enum op_kind */
	bool growing, overflow;
};

struct live {
	struct sink sink;
	struct source source;     /* its close does nothing: the live owns it */
	struct event *event;      /* those that are not packed yet, LIVE_CHUNK at most */
	uint8_t **packed;         /* the pieces before them */
	size_t packed_n, packed_cap;
	struct live_op *op;       /* of operations 1.. */
	size_t ops_cap;
	struct map_info *map;
	size_t maps_cap;
	struct growth_row *growth;
	size_t growths, growths_cap;
	struct span_row *span;
	size_t spans, spans_cap;
	struct mcache_row *mcache;
	size_t mcaches, mcaches_cap;
	uint32_t current;         /* the map that events belong to */
	struct pool pool;         /* bytes of events, words of operations */
};

void live_init(struct live *l, const char *name);
void live_release(struct live *l);

/* Events as few bytes, which the caller frees; and back again (live_pack.c). */
uint8_t *live_pack(const struct event *e, uint32_t count, size_t *ret_size);
void live_unpack(const uint8_t *packed, struct event *e, uint32_t count);

#endif
