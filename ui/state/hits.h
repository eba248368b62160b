/* What lies where on the screen, for a mouse: views tell it while they draw, so that nobody works it out twice.
 *
 *     view_* ──spots_add──▶ struct spots of the frame ──spots_at──▶ mouse.c: what a click there means
 *
 * A spot may be a row of cells that each mean the next one: a bucket of the overview, a byte of a line.
 */
#ifndef UI_SPOTS_H
#define UI_SPOTS_H

#include "ui/grid/grid.h"
#include "ui/state/keys.h"

enum spot_kind { SPOT_NONE,
	SPOT_COVER,     /* hides what lies under it */
	SPOT_BUCKET,    /* a: index, array */
	SPOT_SLOT,      /* the same, depth, slot */
	SPOT_BYTE,      /* a: offset in the bucket of index, array, depth */
	SPOT_OWN_BYTE,  /* a: offset in the object of the view of bytes */
	SPOT_CELL,      /* a: first bucket of a cell of the overview, array */
	SPOT_STEP,      /* a: step */
	SPOT_OPERATION, /* a: operation; holding the button down scrubs */
	SPOT_BAR,       /* a place on the bar of progress; a: step; the same */
	SPOT_OP_ROW,    /* a: operation, in the list of them */
	SPOT_WRITES,    /* the list of writes to a byte */
	SPOT_WRITE,     /* a: row of it */
	SPOT_SPAN,      /* a: address of a page in the map of spans */
	SPOT_FIELD,     /* a: row of the list of hmap's fields */
	SPOT_LINE,      /* a: number of a cache line in the view of false sharing */
	SPOT_ROW };     /* a: row of the list over the frame */

struct spot {
	enum spot_kind kind;
	struct rect rect;
	uint64_t a, each;   /* a is `each` more every `cell` columns; cell 0: one thing */
	int cell;
	uint64_t index;
	unsigned array, depth;
	int slot;
};

enum { SPOTS_MOST = 1024 };
struct spots { int count; struct spot spot[SPOTS_MOST]; };

/* A spot at x, y of r that is w columns wide and one row high; those that do not fit are left out. */
void spots_add(struct spots *s, struct rect r, int x, int y, int w, struct spot spot);
/* The same over h rows. */
void spots_add_area(struct spots *s, struct rect r, int x, int y, int w, int h, struct spot spot);
/* What was drawn last at a cell, a counted to there; SPOT_NONE: nothing. */
struct spot spots_at(const struct spots *s, int x, int y);

enum mouse_kind { MOUSE_PRESS, MOUSE_DOUBLE, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

#endif
