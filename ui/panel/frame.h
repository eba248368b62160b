/* A frame: what is drawn on, and all that may be seen while it is drawn.  It is const but for the grid and
 * the hit areas, so that a frame depends on nothing but what it shows.
 */
#ifndef UI_FRAME_H
#define UI_FRAME_H

#include "ui/find/find.h"
#include "ui/pass/passes.h"
#include "ui/scene/scene.h"
#include "ui/state/hits.h"
#include "ui/state/state.h"

struct frame {
	struct grid *grid;
	const struct state *state;
	const struct find *find;   /* markers, what is watched, bookmarks */
	const struct passes *pass; /* what has been worked out in the background */
	const struct scene *scene;
	const struct layout *layout;
	struct watch followed[FOLLOW_PARTS]; /* the slots of the key that is followed, follows of them */
	unsigned follows;
	const char *name;  /* what is open, for the title: "overview", "help" */
	struct hits *hits; /* for the mouse; may be NULL */
};

#endif
