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

const struct engine *engine_find(const char *make_word)
{
	for (const struct engine *const *e = engines; *e; e++)
		if (strcmp((*e)->make_word, make_word) == 0)
			return *e;
	return NULL;
}

const struct engine *engine_of(enum map_kind kind)
{
	for (const struct engine *const *e = engines; *e; e++)
		if ((*e)->kind == kind)
			return *e;
	return engines[0];
}

const struct release *engine_release(const struct engine *e, const char *name)
{
	const struct release *r = release_find(name);
	return r && r >= release_find(e->oldest) && r <= release_find(e->newest) ? r : NULL;
}
