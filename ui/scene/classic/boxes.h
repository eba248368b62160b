/* Buckets as boxes: eight slots each, in a box that hangs below what has no room in them.  A map of few
 * buckets is shown so in the overview; of more buckets than fit a cell stands for each.
 *
 *     old     ┌─ 0 × ──┬─[1 ▒ 7 of 11]┐       a bucket that waits is named where its entries will come
 *     new     ┌─ 0 ▃ 3 ┬─ 1 ░ ────────┐
 *           0 │4f apple│              │
 *             └────────┴──────────────┘
 */
#ifndef UI_SCENE_CLASSIC_BOXES_H
#define UI_SCENE_CLASSIC_BOXES_H

#include "ui/scene/classic/classic.h"

#include "ui/panel/panel.h"

/* Why 64: four rows of sixteen fill the largest usual screen. */
enum { BOXES_MOST = 64, BOXES_LABEL = 4 };

struct boxes {
	uint64_t old, all; /* buckets of the arrays; old 0: no growth is under way */
	int across,
		old_each; /* boxes a row; columns in a box, and in one of the old array, 0: it is a strip */
	int each;
	int gap;                /* rows for what hangs below a row of boxes */
	enum which_array array; /* the bucket in focus, which has brackets: chosen by who draws */
	uint64_t index;
};

/* How the map's buckets fit into w columns and h rows, and `spare` rows more that may be left to other
 * things.  The same for all steps between two growths, so that nothing jumps.  false: they do not. */
bool boxes_fit(struct boxes *b, const struct scene *s, int w, int h, int spare);
/* Rows that they take; rows above them, for the old array as a strip. */
int boxes_rows(const struct boxes *b);
int boxes_strip(const struct boxes *b);
/* Draws them, the strip above them. */
void boxes_draw(const struct boxes *b, const struct frame *f, struct rect r);

#endif
