/* Who wrote this byte: the facts that changed one byte, and the operations that touched one cache line, found
 * by passing over the trace a chunk at a time.
 *
 * The pass begins at the step in sight and goes back to the allocation of the byte's block, then ahead to its
 * end, so that the answer people ask for comes first.  history_work does one slice, some milliseconds, and
 * the rows found so far can be looked at at any time.
 */
#ifndef UI_HISTORY_H
#define UI_HISTORY_H

#include "trace/record/pass.h"

enum { HISTORY_MOST = 4096 /* rows each way */, HISTORY_CELLS = 256 };

struct history_row {
	uint64_t step, op;
	uint16_t kind;     /* EV_ALLOC, EV_WRITE, EV_FREE */
	uint64_t old, new; /* of the bytes asked for, the first the lowest */
	uint8_t phase;     /* enum phase, PHASE_NONE where it is not known */
};

struct history_side {
	struct history_row *row;
	size_t count, cap;
	uint64_t next; /* 0: done */
	bool cut;
};

struct history {
	struct source *source; /* borrowed; NULL: nothing has been asked */
	uint64_t addr, at;
	unsigned size;                   /* bytes of the value asked for: 1, or a field's */
	struct history_side back, ahead; /* back: newest first */
	struct walk walk;
	bool stopped, failed;
};
void history_release(struct history *h);
/* Asks for the byte at addr, seen from step at.  What is known already is kept when it is the same life of
 * the byte. */
void history_ask(struct history *h, struct source *s, uint64_t addr, uint64_t at);
/* The same for a value of size (1..8) bytes, which whoever writes it writes whole. */
void history_ask_value(struct history *h, struct source *s, uint64_t addr, unsigned size, uint64_t at);
/* A slice of the work.  false: there is none left. */
bool history_work(struct history *h);
bool history_busy(const struct history *h);
size_t history_count(const struct history *h);
/* Row i of history_count, in the order of steps. */
const struct history_row *history_get(const struct history *h, size_t i);
/* How many rows are at or before a step. */
size_t history_before(const struct history *h, uint64_t step);
/* Percent of the trace that has been looked at. */
unsigned history_percent(const struct history *h);

/* Which operations read or wrote a range of bytes: a cell for each, or for as many as share one. */
enum { LINE_READ = 1, LINE_WRITTEN = 2 };
struct line_history {
	uint64_t lo, size, op;
	const struct source *source; /* borrowed */
	size_t n;
	uint8_t cell[HISTORY_CELLS];
};
void line_history_ask(struct pass *p, struct source *s, uint64_t lo, uint64_t size, size_t cells);
/* As far as it is known; without cells before it was asked for. */
const struct line_history *line_history_now(const struct pass *p);

#endif
