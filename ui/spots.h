/* What lies where on the screen, for a mouse: views tell it while they draw, so that nobody works it out twice.
 */
#ifndef UI_SPOTS_H
#define UI_SPOTS_H

#include "grid.h"
#include "keys.h"

enum spot_kind { SPOT_NONE,
	SPOT_COVER,     /* hides what lies under it */
	SPOT_BUCKET,    /* a: index, array */
	SPOT_SLOT,      /* the same, depth, slot */
	SPOT_STEP,      /* a: step */
	SPOT_OPERATION, /* a: operation */
	SPOT_BAR,       /* a place on the bar of progress; a: step */
	SPOT_ROW };     /* a: row of the list over the frame */

struct spot { enum spot_kind kind; struct rect rect; uint64_t a; unsigned array, depth; int slot; };

enum { SPOTS_MOST = 1024 };
struct spots { int count; struct spot spot[SPOTS_MOST]; };

/* A spot at x, y of r that is w columns wide, one row high; not more than fit. */
void spots_add(struct spots *s, struct rect r, int x, int y, int w, struct spot spot);
/* What was drawn last at a cell; NULL: nothing. */
const struct spot *spots_at(const struct spots *s, int x, int y);

enum mouse_kind { MOUSE_PRESS, MOUSE_DOUBLE, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

#endif
