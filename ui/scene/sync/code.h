/* The methods of sync.Map in pseudo-code of our own, and which line a step stands at.
 *
 * A step may be in three functions at once: Store calls dirtyLocked, which puts an entry into dirty's map.
 * Each has its line: own, nested, and that of the map's function, which view_code.c knows.
 */
#ifndef UI_CODE_SYNC_H
#define UI_CODE_SYNC_H

#include "ui/scene/scene.h"

#include "trace/map/sync/sync.h"

enum { CODE_LINES = 16 };
/* A listing: lines are numbered from 1; NULL after the last. */
struct code {
	const char *title;
	const char *line[CODE_LINES];
};

enum sync_function {
	SYNC_LOAD,
	SYNC_STORE,
	SYNC_DELETE,
	SYNC_LOADORSTORE,
	SYNC_CAS,
	SYNC_CAD,
	SYNC_CLEAR,
	SYNC_RANGE,
	SYNC_MISSLOCKED,
	SYNC_DIRTYLOCKED,
	SYNC_FUNCTIONS
};

struct sync_code {
	enum sync_function own; /* of the operation */
	int own_line;           /* 0: none, the operation has not begun or is over */
	int nested;             /* SYNC_MISSLOCKED or SYNC_DIRTYLOCKED, -1: none */
	int nested_line;
	int inner; /* the part that its map plays, SYNC_READ or SYNC_DIRTY, 0: the step is of no map of its
		      own */
	enum op_kind inner_op; /* what it does there: get put del range clear; OP_NONE: the map is made */
};

/* s->outer must be there. */
struct sync_code sync_code_at(const struct scene *s);
/* Title and lines as the release of s->outer has them; fn SYNC_STORE is titled Swap in one. */
const char *sync_code_title(const struct scene *s, enum sync_function fn);
const char *sync_code_line(const struct scene *s, enum sync_function fn, int line); /* NULL after the last */

#endif
