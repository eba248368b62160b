/* The pictures of the classic map: panels, and what its views share. */
#ifndef UI_SCENE_CLASSIC_DRAW_H
#define UI_SCENE_CLASSIC_DRAW_H

#include "ui/panel/panel.h"

panel_draw classic_header, classic_strips, classic_arrays, classic_slots, classic_tables, classic_hash;

/* Every key by the low bits of its hash, and the buckets that the next doublings would make of them. */
panel_draw classic_keys;

/* A key and an elem side by side in width columns from x: the key at the left, the elem at the right. */
void classic_entry(
	const struct frame *f, struct rect r, int x, int y, int width, const struct scene_group *b, int slot);
/* A click on a slot of a bucket. */
struct hit classic_slot_hit(const struct map_group *b, int slot);

#endif
