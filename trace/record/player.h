/* Moves through a recording, forwards and backwards.
 *
 * At step s the events 1..s have happened; 0 is the empty beginning.  A move by one applies or undoes one
 * event; a far one starts from the keyframe before it, so it costs what the live memory costs, however long
 * the trace.
 */
#ifndef TRACE_PLAYER_H
#define TRACE_PLAYER_H

#include "trace/record/source.h"

enum { PLAYER_CHUNKS = 4 }; /* decoded chunks kept */

struct player {
	struct source *source; /* borrowed */
	struct image *image;   /* memory at step */
	uint64_t step;
	struct chunk chunk[PLAYER_CHUNKS];
	uint64_t used[PLAYER_CHUNKS], clock; /* for replacing the one not used for longest */
	struct chunk facts;                  /* of the chunk that a seek passes through as a whole */
	char error[512];
};

/* At step 0. */
void player_init(struct player *p, struct source *source);
void player_release(struct player *p);
/* Go to a step (clamped to 0..steps).  -1: the trace is damaged, error says where; the player then stands at
 * the last step that was good. */
int player_seek(struct player *p, uint64_t step);
int player_forward(struct player *p); /* one step; at the end nothing happens */
int player_back(struct player *p);
/* The event at a step 1..steps, without moving; NULL: damaged or out of range.  Valid until the next call of
 * any player function. */
const struct event *player_event(struct player *p, uint64_t step);

#endif
