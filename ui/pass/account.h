/* The memory account (trace/heap/account.h) of the map in sight at a step, before its operation, and over all
 * operations.
 *
 * All of it is worked out in slices on players of its own; what is known depends on the recording alone, so
 * the cells are the same whichever way one came.  Over operations: at the ends of at most ACCOUNT_TIME_CELLS
 * of them, evenly, in an order that halves the gaps, so that a rough picture comes first.
 */
#ifndef UI_ACCOUNT_H
#define UI_ACCOUNT_H

#include "trace/heap/account.h"
#include "trace/record/player.h"

/* SLICE: units of accounting a slice, some milliseconds.  MAPS: of a recording with more maps the first ones
 * are kept over time. */
enum { ACCOUNT_TIME_CELLS = 256, ACCOUNT_TIME_SLICE = 20000, ACCOUNT_TIME_MAPS = 64 };
enum account_time_kind {
	ACCOUNT_TIME_GIVEN,
	ACCOUNT_TIME_LIVE,
	ACCOUNT_TIME_DEAD,
	ACCOUNT_TIME_ENTRY,
	ACCOUNT_TIME_KINDS
};

/* The account after one step. */
struct account_time_side {
	struct player player;
	bool open, known;
	uint64_t step;
	uint32_t map;
	struct accounting *work; /* under way */
	struct account account;  /* when known */
};

struct account_time_cell {
	bool known;
	double value[ACCOUNT_TIME_KINDS];
};

struct account_time {
	struct source *source; /* borrowed; NULL: nothing has been asked */
	uint64_t steps;        /* it had */
	bool failed;
	struct account_time_side now, before;
	struct account_time_side over;  /* of all maps, at the end of the operation of a cell */
	size_t n, done;                 /* cells; how many of the order have been worked out */
	struct account_time_cell *cell; /* n for each map */
};

void account_time_release(struct account_time *l);
/* The map's account at step, and at before; works for a few milliseconds on these. */
void account_time_ask(
	struct account_time *l, struct source *source, uint32_t map, uint64_t step, uint64_t before);
/* A slice.  false: all is known. */
bool account_time_work(struct account_time *l);
bool account_time_busy(const struct account_time *l);
unsigned account_time_percent(const struct account_time *l);
/* The cells of a map; NULL: none are kept. */
const struct account_time_cell *account_time_cells(const struct account_time *l, uint32_t map);

#endif
