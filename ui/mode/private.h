/* What the modes share. */
#ifndef UI_MODE_PRIVATE_H
#define UI_MODE_PRIVATE_H

#include "ui/mode/mode.h"
#include "ui/panel/panel.h"

#define MODE(NAME, name, title) \
	void name##_key(struct mode *mode, int key); \
	void name##_ready(struct mode *mode, const struct frame *f); \
	void name##_draw(const struct mode *mode, const struct frame *f); \
	bool name##_work(struct mode *mode); \
	bool name##_busy(const struct mode *mode); \
	const struct scene *name##_scene(struct mode *mode);
#include "ui/mode/modes.def"
#undef MODE

/* The head of a frame as the default layout has it: title, header, arrays, slots.  At least below rows are
 * left under it; both return the first of them. */
int mode_head_rows(const struct frame *f, int below);
int mode_head(const struct frame *f, int below);
/* One row of words in a style, from column x on, cut with `…`. */
void mode_words(const struct frame *f, int x, int y, int end, style s, const char *text);
/* A line being typed, from column x to end; the cursor is a reversed cell, or `_` behind the text. */
void mode_prompt(const struct frame *f, const struct prompt *p, int x, int y, int end);

void session_open(struct mode *mode);
bool session_return(struct mode *mode);
void session_returned(struct mode *mode);
void session_release(struct session_mode *m);
/* The line that help of the prompt begins with, not beyond the last one that it can begin with. */
int session_help_from(const struct mode *mode, const struct frame *f);
void compare_mark(struct mode *mode);
void compare_open(struct mode *mode);
void compare_release(struct compare_mode *v);
void predict_open(struct mode *mode);
void predict_arrived(struct mode *mode);

#endif
