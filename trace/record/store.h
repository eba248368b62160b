/* A recording that grows and is read while it grows:
 *
 *     run ──▶ store.sink ──▶ store.source ──▶ player
 *
 * Who reads the source sees every step as soon as its event has been given to the sink.  What was read before
 * stays as it was, so a player stays where it stands.  A session asks for one through a store_new, so that it
 * need not know who keeps the steps.
 */
#ifndef TRACE_STORE_H
#define TRACE_STORE_H

#include "trace/record/source.h"

/* Steps that a store takes at most, to stop a slip of the finger (fill 0 99999999) before memory is full:
 * 400000 inserts are 13.7 million steps.  Its sink fails then. */
enum { STORE_STEPS = 20000000 };

struct store {
	struct sink *sink; /* all three are owned by the store; source->close does nothing */
	struct source *source;
	void (*release)(struct store *s); /* frees s */
};

/* Makes an empty one; name is the recording's, for titles. */
typedef struct store *(*store_new)(const char *name);

#endif
