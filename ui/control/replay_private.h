/* What the files that move a replay share. */
#ifndef UI_REPLAY_PRIVATE_H
#define UI_REPLAY_PRIVATE_H

#include "ui/control/replay.h"
#include "ui/panel/frame.h"

enum { SPEED_START = 2 };

/* The first step from one on, in a direction (1, -1), that keys stop at: the allocator's may be folded. */
uint64_t replay_unfolded(struct replay *r, uint64_t step, int by);
void replay_back(struct replay *r, uint64_t n);
void replay_forward(struct replay *r, uint64_t n);
/* Goes to a step, so that one can come back. */
void replay_jump(struct replay *r, uint64_t step);
/* Can Tab and clicks give it the focus? */
bool replay_panel_takes_focus(enum panel p);
void replay_go_op(struct replay *r, uint64_t op);
void replay_op_forward(struct replay *r, uint64_t n);
/* To the beginning of this operation, then of those before. */
void replay_op_back(struct replay *r, uint64_t n);
/* Does a phase begin at a step?  An operation without phases is one. */
bool replay_phase_begins(struct replay *r, uint64_t step);
/* The scene of the step in sight, for keys.  false: the trace cannot be read there, and
 * little is known. */
bool replay_scene(struct replay *r, struct scene *s);
/* A frame without a grid, for keys: what is to be seen of the replay.  It borrows the scene. */
struct frame replay_frame(struct replay *r, const struct scene *s);
/* The mode, with what it works on as of now. */
struct mode *replay_mode(struct replay *r);
/* Carries out what has been asked for while a key was answered. */
void replay_request(struct replay *r);

void replay_change_speed(struct replay *r, int by);
void replay_toggle_play(struct replay *r, bool backwards);

void find_init(struct replay *r);
void find_release(struct replay *r);
/* What a key does; n is the number before it.  false: it is none of these. */
bool find_key(struct replay *r, enum action a, uint64_t n);
/* Work on what is looked for: a piece of it, about a millisecond.  false: it is over. */
bool find_work(struct replay *r);
/* The same for the key that is followed. */
bool find_follow_work(struct replay *r);
/* Follows a key as people write it; "": no longer. */
void find_follow(struct replay *r, const char *key);
/* A list is open: every key is the list's. */
void find_list_key(struct replay *r, int key);
/* Asks for a line. */
void find_ask(struct replay *r, enum ask ask, const char *text);
void find_prompt_key(struct replay *r, int key);
/* What was entered, for each kind of prompt. */
void find_search(struct replay *r, const char *text);
bool find_watch(struct replay *r, const char *text);
/* Puts the frame into a file, or asks whether the file that is there may be replaced. */
void frame_save(struct replay *r, const char *path, bool replace);
/* Asks for that. */
void find_save(struct replay *r, const char *path, bool replace);
/* What is under the cursor, to be watched: of the view that is open, or of the panel in focus.  false:
 * nothing. */
bool find_target(struct replay *r, struct watch *ret);
/* The first marker on the way from one step to another that play has to stop at, or `to`. */
uint64_t find_stop(struct replay *r, uint64_t from, uint64_t to);

#endif
