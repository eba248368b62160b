/* Two sides: what compare.c moves and compare_draw.c draws. */
#ifndef UI_COMPARE_H
#define UI_COMPARE_H

#include "ui/mode/private.h"

struct compare_side {
	struct source *source; /* borrowed */
	struct player player;
	struct log log;
	struct costs costs;
	struct scene scene; /* of the frame being drawn */
	int64_t want;    /* the operation to stand at; locked sides keep their distance, so it may be none */
	uint64_t offset; /* steps past its first; more than it has: its last */
	uint64_t op, first, last, step; /* what follows from these: the nearest operation that there is */
};

struct compare_mode {
	struct compare_side side[2];
	int active;
	bool locked; /* both sides move, in step by operation */
	bool help;
	int searching; /* 1, -1: for the next, previous operation that differs; 0: not */
	int64_t search_op;
	char difference[1024]; /* what differs, at these steps: */
	uint64_t difference_step[2];
	bool difference_known;
};

/* Which row has what; the same for every step.  Heights of 0 are not there. */
struct compare_plan {
	int w, h, half; /* columns of a half */
	int old, strip, op, op_rows, slots, more, more_rows, last, last_rows, what, what_rows, line,
		line_rows;
};

enum { COMPARE_GUTTER = 3 };

void compare_plan(struct compare_plan *p, int w, int h);
/* The operations of the line under the halves: its column, the first one of the side that moves, how many. */
struct compare_line {
	int x;
	int64_t first;
	int n;
};
struct compare_line compare_line(const struct compare_mode *v, const struct compare_plan *p);
/* Title and what lies below the halves, help over it (compare_foot.c); different: rows that differ. */
void compare_title(const struct frame *f, const struct compare_mode *v);
void compare_foot(const struct frame *f, const struct compare_mode *v, const struct compare_plan *p,
	unsigned different);

/* To the end of operation op on the active side. */
void compare_go(struct compare_mode *v, int64_t op);
/* How many operations the side that does not move is ahead of the other. */
int64_t compare_apart(const struct compare_mode *v);
/* The last operation that the side that moves can be brought to. */
int64_t compare_last(const struct compare_mode *v);

#endif
