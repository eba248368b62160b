/* What lies where on the screen, for a mouse: views add hit areas while they draw, so that nobody works it
 * out twice.
 *
 *     draw ──hits_add──▶ struct hits of the frame ──hits_at──▶ mouse.c: what a click there means
 *
 * A hit area may be a row of cells that each mean the next one: a bucket of the overview, a byte of a line.
 */
#ifndef UI_HITS_H
#define UI_HITS_H

#include "ui/grid/grid.h"
#include "ui/state/keys.h"

enum hit_kind {
	HIT_NONE,
	HIT_COVER,     /* hides what lies under it */
	HIT_BUCKET,    /* a: index, array */
	HIT_SLOT,      /* the same, depth, slot */
	HIT_BYTE,      /* a: offset in the bucket of index, array, depth */
	HIT_OWN_BYTE,  /* a: offset in the object of the view of bytes */
	HIT_STEP,      /* a: step */
	HIT_OPERATION, /* a: operation; holding the button down scrubs */
	HIT_BAR,       /* a place on the bar of progress; a: step; the same */
	HIT_WRITES,    /* the list of writes to a byte */
	HIT_WRITE,     /* a: row of it */
	HIT_OWN,       /* a and array: what the view that is open says they are */
	HIT_ROW
}; /* a: row of the list over the frame */

struct hit {
	enum hit_kind kind;
	struct rect rect;
	uint64_t a, each; /* a is `each` more every `cell` columns; cell 0: one thing */
	int cell;
	uint64_t index;
	unsigned array, depth;
	int slot;
};

enum { HITS_MOST = 1024 };
struct hits {
	int count;
	struct hit hit[HITS_MOST];
};

/* A hit area at x, y of r that is w columns wide and one row high; those that do not fit are left out. */
void hits_add(struct hits *s, struct rect r, int x, int y, int w, struct hit hit);
/* The same over h rows. */
void hits_add_area(struct hits *s, struct rect r, int x, int y, int w, int h, struct hit hit);
/* What was drawn last at a cell, a counted to there; HIT_NONE: nothing. */
struct hit hits_at(const struct hits *s, int x, int y);

enum mouse_kind { MOUSE_PRESS, MOUSE_DOUBLE, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

#endif
