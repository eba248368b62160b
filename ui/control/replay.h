/* The replay: what its user has done so far, and what keys do to it.  No terminal, no clock of its own.
 *
 *     keys, time ──▶ replay ──▶ replay_draw ──▶ grid
 *
 * Two players share the work.  One stands at the step in sight, the other at the step that was shown before
 * it, so that a frame can say what has changed; a move swaps them, so that it costs one seek.
 */
#ifndef UI_REPLAY_H
#define UI_REPLAY_H

#include "ui/find/find.h"
#include "ui/grid/grid.h"
#include "ui/mode/mode.h"
#include "ui/pass/passes.h"
#include "ui/scene/scene.h"
#include "ui/state/hits.h"
#include "ui/state/state.h"

enum { REPLAY_SHOWN = 16 };

struct replay {
	struct state state;
	struct find find;
	struct passes passes;
	struct player player[2];
	int now;      /* which of them is at the step in sight */
	bool moved;   /* since the last frame */
	bool compare; /* the other player stands at the step shown before */
	struct log log;

	double owed;  /* steps, or operations, that are due */
	double clock; /* seconds played */
	struct {
		double at;
		uint64_t step;
	} shown[REPLAY_SHOWN]; /* the last frames while playing, newest first */
	int frames;

	struct layout layout; /* of the last frame */
	struct hits hits;     /* of it */
	int drag_y;           /* the row of the timeline that the mouse is held down on, -1: none */
	struct mode *mode; /* what has taken over keys and screen; it goes with the person from recording to
			      recording */
	struct replay *below; /* the replay of the recording that was left for this one, NULL: none was */
};

/* Are only ASCII texts to be drawn?  UTF-8 is for locales that know it and draw lines in one column. */
bool locale_is_ascii(void);
void replay_init(struct replay *r, struct source *s, const struct ui_options *o);
void replay_release(struct replay *r);
/* Goes over to another recording, to its beginning; what was found out about the one before is forgotten. */
void replay_adopt(struct replay *r, struct source *s);
/* The same, but what is left stays as it is, below this one. */
void replay_push(struct replay *r, struct source *s);
/* Back to what is below. */
void replay_pop(struct replay *r);
uint64_t replay_step(const struct replay *r);
/* Goes to a step (clamped). */
void replay_go(struct replay *r, uint64_t step);
void replay_key(struct replay *r, int key);
/* What a mouse does at a cell. */
void replay_mouse(struct replay *r, enum mouse_kind kind, int x, int y);
/* false: there is no theme of that name. */
bool replay_set_theme(struct replay *r, const char *name);
/* Plays for some seconds.  true: a new frame is due. */
bool replay_tick(struct replay *r, double seconds);
/* What takes long is worked out between frames: a piece of it, some milliseconds.  true: a new frame is due.
 */
bool replay_work(struct replay *r);
/* Is there such work? */
bool replay_busy(const struct replay *r);
/* The steps whose marks are those of now: while playing, all since the last frame, and a mark stays for 150
 * ms at least. */
void replay_marks(const struct replay *r, uint64_t *ret_from, uint64_t *ret_to);
/* A frame of the step in sight has been drawn. */
void replay_shown(struct replay *r);
/* Draws the frame over the whole grid. */
void replay_draw(struct replay *r, struct grid *g);

#endif
