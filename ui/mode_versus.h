/* Two sides: what mode_versus.c moves and view_versus.c draws. */
#ifndef UI_MODE_VERSUS_H
#define UI_MODE_VERSUS_H

#include "mode_private.h"
#include "versus.h"

struct versus_side {
	struct source *source;       /* borrowed */
	struct player player;
	struct log log;
	struct costs costs;
	struct scene scene;          /* of the frame being drawn */
	uint64_t op, past;           /* operation, steps past its first; more than it has: its last */
	uint64_t first, last, step;  /* what follows from these */
};

struct versus_mode {
	struct versus_side side[2];
	int active;
	bool locked;                 /* both sides move, in step by operation */
	bool help;
	int searching;               /* 1, -1: for the next, previous operation that differs; 0: not */
	uint64_t search_op;
	unsigned rows;               /* that differ in the last frame */
	struct map_difference difference; /* at these steps: */
	uint64_t difference_step[2];
	bool difference_known;
};

/* To the end of operation op on the active side. */
void versus_go(struct versus_mode *v, uint64_t op);
/* Are two operations placed differently, or does something else come of them? */
bool versus_op_differs(struct versus_mode *v, uint64_t op_a, uint64_t op_b);
void versus_mark(struct replay *r);
void versus_open(struct replay *r);
void versus_key(struct replay *r, int key);
bool versus_work(struct replay *r);
void versus_draw(struct replay *r, struct grid *g);

#endif
