/* The memory account (trace/heap/account.h) of the map in sight at a step, before its operation, and over all operations.
 *
 * All of it is worked out in slices on players of its own; what is known depends on the recording alone, so the cells are
 * the same whichever way one came.  Over operations: at the ends of at most LEDGER_CELLS of them, evenly, in an order that
 * halves the gaps, so that a rough picture comes first.
 */
#ifndef UI_LEDGER_H
#define UI_LEDGER_H

#include "trace/heap/account.h"
#include "trace/record/player.h"

/* SLICE: units of accounting a slice, some milliseconds.  MAPS: of a recording with more maps the first ones are kept over time. */
enum { LEDGER_CELLS = 256, LEDGER_SLICE = 20000, LEDGER_MAPS = 64 };
enum ledger_kind { LEDGER_GIVEN, LEDGER_LIVE, LEDGER_DEAD, LEDGER_ENTRY, LEDGER_KINDS };

/* The account after one step. */
struct ledger_side {
	struct player player;
	bool open, known;
	uint64_t step;
	uint32_t map;
	struct accounting *work;     /* under way */
	struct account account;      /* when known */
};

struct ledger_cell { bool known; double value[LEDGER_KINDS]; };

struct ledger {
	struct source *source;       /* borrowed; NULL: nothing has been asked */
	uint64_t steps;              /* it had */
	bool failed;
	struct ledger_side now, before;
	struct ledger_side over;     /* of all maps, at the end of the operation of a cell */
	size_t n, done;              /* cells; how many of the order have been worked out */
	struct ledger_cell *cell;    /* n for each map */
};

void ledger_release(struct ledger *l);
/* The map's account at step, and at before; works for a few milliseconds on these. */
void ledger_ask(struct ledger *l, struct source *source, uint32_t map, uint64_t step, uint64_t before);
/* A slice.  false: all is known. */
bool ledger_work(struct ledger *l);
bool ledger_busy(const struct ledger *l);
unsigned ledger_percent(const struct ledger *l);
/* The cells of a map; NULL: none are kept. */
const struct ledger_cell *ledger_cells(const struct ledger *l, uint32_t map);

#endif
