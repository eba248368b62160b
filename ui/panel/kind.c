/* The panels that each kind of map draws in its own way. */
#include "ui/panel/panel.h"
#include "ui/scene/explain.h"

/* Without a map the first kind says that there is none; a kind without a picture leaves the place empty. */
static void draw(const struct frame *f, struct rect r, enum panel p)
{
	const struct explain *x = f->scene->map ? explain_of(f->scene->map) : explains[0];
	if (x->panels && x->panels[p])
		x->panels[p](f, r);
}

#define PANEL_OF_KIND(name, NAME) \
	void panel_##name(const struct frame *f, struct rect r) \
	{ \
		draw(f, r, PANEL_##NAME); \
	}
PANEL_OF_KIND(header, HEADER)
PANEL_OF_KIND(strips, STRIPS)
PANEL_OF_KIND(arrays, ARRAYS)
PANEL_OF_KIND(slots, SLOTS)
PANEL_OF_KIND(tables, TABLES)
PANEL_OF_KIND(hash, HASH)
