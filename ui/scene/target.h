/* What can be watched of the map in sight, by what people point at or type. */
#ifndef UI_TARGET_H
#define UI_TARGET_H

#include "ui/find/watch.h"
#include "ui/scene/scene.h"

/* A slot of a group (its control byte, key and elem), or with slot -1 all of it. */
void target_group(struct watch *w, const struct scene *s, const struct map_group *g, int slot);
/* Field of the header of the scene's map, "count" or "hmap.count".  false: there is none of that name, or no
 * map. */
bool target_field(struct watch *w, const struct scene *s, const char *name);
/* What people type: a place as map_find knows it (count, old 3.1:2, 3:2 key), or ADDR[+SIZE].  false: error
 * says why. */
bool target_parse(struct watch *w, const struct scene *s, const char *text, char *error, size_t cap);

#endif
