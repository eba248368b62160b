/* The table of releases; see release.h. */
#include "trace/go/release.h"

#include <string.h>

/* 1.21's load of 6 is an integer division that went wrong, mended in 1.22 (golang/go#63438).  clear:
 * since 1.21's builtin (golang/go#59411).  Batches of barriers: the compiler's, since 1.21 (gcWriteBarrier1
 * to 8).  range: since 1.20's atomic.Pointer, mended in 1.22
 * (golang/go#62404).  The rest as measured. */
const struct release releases[RELEASES] = {
	/* name    proved load consts marks  batches headers nan32 value  range  hashes */
	{ "1.18", false, 13, true, false, false, false, true, true, false, true },
	{ "1.19", true, 13, true, false, false, false, true, true, false, true },
	{ "1.20", false, 13, true, false, false, false, true, false, true, true },
	{ "1.21", false, 12, true, true, true, false, true, false, true, true },
	{ "1.22", true, 13, true, true, true, true, false, false, false, false },
	{ "1.23", true, 13, false, true, true, true, false, false, false, false },
};

const struct release *release_find(const char *name)
{
	for (int i = 0; i < RELEASES; i++)
		if (strcmp(releases[i].name, name) == 0)
			return &releases[i];
	return NULL;
}

const struct release *release_default(void)
{
	return &releases[RELEASES - 1];
}

bool release_since(const struct release *r, const char *name)
{
	return r >= release_find(name);
}
