/* Hit areas of a frame; see hits.h. */
#include "ui/state/hits.h"

void hits_add_area(struct hits *s, struct rect r, int x, int y, int w, int h, struct hit hit)
{
	if (!s || s->count == HITS_MOST || x < 0 || x >= r.w || y < 0 || y >= r.h)
		return;
	hit.rect = (struct rect){ r.x + x, r.y + y, x + w > r.w ? r.w - x : w, y + h > r.h ? r.h - y : h };
	s->hit[s->count++] = hit;
}

void hits_add(struct hits *s, struct rect r, int x, int y, int w, struct hit hit)
{
	hits_add_area(s, r, x, y, w, 1, hit);
}

static bool inside(struct rect r, int x, int y)
{
	return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

struct hit hits_at(const struct hits *s, int x, int y)
{
	for (int i = s->count; i > 0; i--) {
		struct hit hit = s->hit[i - 1];
		if (!inside(hit.rect, x, y))
			continue;
		if (hit.cell)
			hit.a += (uint64_t)((x - hit.rect.x) / hit.cell) * hit.each;
		return hit;
	}
	return (struct hit){ .kind = HIT_NONE };
}
