/* The table of engines; see engine.h. */
#include "src/engine/engine.h"

#include <string.h>

#define ENGINE(name) extern const struct engine engine_##name;
#include "src/engine/engines.def"
#undef ENGINE

const struct engine *const engines[] = {
#define ENGINE(name) &engine_##name,
#include "src/engine/engines.def"
#undef ENGINE
	NULL
};

const struct engine *engine_find(const char *make_word, const struct release *r)
{
	for (const struct engine *const *e = engines; *e; e++)
		if (strcmp((*e)->make_word, make_word) == 0 && r >= release_find((*e)->oldest) &&
			r <= release_find((*e)->newest))
			return *e;
	return NULL;
}

void engine_releases(const char *make_word, const char **ret_oldest, const char **ret_newest)
{
	*ret_oldest = *ret_newest = NULL;
	for (const struct engine *const *e = engines; *e; e++) {
		if (strcmp((*e)->make_word, make_word) != 0)
			continue;
		if (!*ret_oldest || release_find((*e)->oldest) < release_find(*ret_oldest))
			*ret_oldest = (*e)->oldest;
		if (!*ret_newest || release_find((*e)->newest) > release_find(*ret_newest))
			*ret_newest = (*e)->newest;
	}
}

const struct engine *engine_of(enum map_kind kind)
{
	for (const struct engine *const *e = engines; *e; e++)
		if ((*e)->kind == kind)
			return *e;
	return engines[0];
}
