/* What the files that move a replay share: replay.c, play.c, command.c, lists.c, moves.c. */
#ifndef UI_REPLAY_PRIVATE_H
#define UI_REPLAY_PRIVATE_H

#include "ui/control/replay.h"

enum { SPEED_START = 2 };

/* Words for the last row; an alarm is an error. */
void replay_message(struct replay *r, bool alarm, const char *format, ...) __attribute__((format(printf, 3, 4)));

void replay_back(struct replay *r, uint64_t n);
void replay_forward(struct replay *r, uint64_t n);
/* Can Tab and clicks give it the focus? */
bool replay_panel_takes_focus(enum panel p);
/* The operation of a step, 0: before the first. */
uint64_t replay_op(struct replay *r, uint64_t step);
/* The first step of operation op; 0 before the first, the last step after the last. */
uint64_t replay_op_first_step(struct replay *r, uint64_t op);
void replay_go_op(struct replay *r, uint64_t op);
void replay_op_forward(struct replay *r, uint64_t n);
/* To the beginning of this operation, then of those before. */
void replay_op_back(struct replay *r, uint64_t n);
/* Does a phase begin at a step?  An operation without phases is one. */
bool replay_phase_begins(struct replay *r, uint64_t step);

void replay_change_speed(struct replay *r, int by);
void replay_toggle_play(struct replay *r, bool backwards);

#endif
