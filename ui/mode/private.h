/* What the modes share. */
#ifndef UI_MODE_PRIVATE_H
#define UI_MODE_PRIVATE_H

#include "ui/mode/mode.h"
#include "ui/control/replay_private.h"
#include "ui/panel/panel.h"

struct mode {
	enum mode_kind open;
	struct session_mode session;
	struct compare_mode *compare;
	struct source *marked;       /* moment A for it is in this recording; NULL: none is set */
	uint64_t mark;               /* the step */
	struct predict_mode *predict;
};

/* The replay's mode, made when there is none yet. */
struct mode *mode_of(struct replay *r);

/* Title, hmap, arrays, slots: the head of a frame as the default layout has it; returns the first row under it.  Leaves
 * at least below rows. */
int mode_head(const struct frame *f, int below);
/* One row of words in a style, from column x on, cut with `…`. */
void mode_words(const struct frame *f, int x, int y, int end, style s, const char *text);
/* A line being typed, from column x to end; the cursor is a reversed cell, or `_` behind the text. */
void mode_prompt(const struct frame *f, const struct prompt *p, int x, int y, int end);

void session_open(struct replay *r);
void session_key(struct replay *r, int key);
void session_draw(struct replay *r, const struct frame *f);
bool session_return(struct replay *r);
void session_release(struct session_mode *m);
void compare_release(struct compare_mode *v);

#endif
