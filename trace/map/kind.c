/* What all kinds of map share; see kind.h. */
#include "trace/map/kind.h"

#include <string.h>

#define MAP_KIND(NAME, name) extern const struct map_kind_ops map_kind_##name;
#include "trace/map/kinds.def"
#undef MAP_KIND

const struct map_kind_ops *const map_kinds[MAP_KINDS] = {
#define MAP_KIND(NAME, name) &map_kind_##name,
#include "trace/map/kinds.def"
#undef MAP_KIND
};

bool map_kind_find(const char *name, enum map_kind *ret)
{
	for (int k = 0; k < MAP_KINDS; k++)
		if (strcmp(map_kinds[k]->name, name) == 0) {
			*ret = (enum map_kind)k;
			return true;
		}
	return false;
}

uint64_t map_header(const struct map_info *maps, unsigned number, const struct reader *r)
{
	const struct map_info *m = &maps[number - 1];
	if (!m->part_of)
		return m->hmap;
	const struct map_info *whole = &maps[m->part_of - 1];
	return map_kinds[whole->kind]->part(whole, r, map_part(m) - 1);
}
