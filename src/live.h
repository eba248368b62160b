/* A recording that grows: a sink and the source of what came through it, in memory.
 *
 *     run ──▶ live.sink ──▶ live.source ──▶ player
 *
 * Whoever reads the source sees every step as soon as it has been told; what was read before stays as it was, so a
 * player stays where it stands.  Made for sessions of people: steps are kept as they come, at most LIVE_STEPS of them,
 * and there are no keyframes.
 */
#ifndef SRC_LIVE_H
#define SRC_LIVE_H

#include "../trace/source.h"
#include "literal.h"

enum { LIVE_STEPS = 2000000 };

struct live_op {
	uint64_t first_step;
	const char *key, *elem; /* in the pool */
	uint16_t map;
	uint8_t kind;
	bool growing, overflow;
};

struct live {
	struct sink sink;
	struct source source;     /* its close does nothing: the live owns it */
	struct event *event;      /* of steps 1.. */
	size_t events_cap;
	struct live_op *op;       /* of operations 1.. */
	size_t ops_cap;
	struct map_info *map;
	size_t maps_cap;
	struct growth_row *growth;
	size_t growths, growths_cap;
	uint16_t current;         /* the map that events belong to */
	struct pool pool;         /* bytes of events, words of operations */
};

void live_init(struct live *l, const char *name);
void live_release(struct live *l);

#endif
