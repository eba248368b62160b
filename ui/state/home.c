/* Where things are kept between sessions; see state.h. */
#include "ui/state/home.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *state_file(const char *name)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *out = NULL;
	int n = -1;
	if (state && state[0] == '/') /* the XDG specification: others are to be ignored */
		n = asprintf(&out, "%s/mapscope/%s", state, name);
	else if (home && home[0] == '/')
		n = asprintf(&out, "%s/.local/state/mapscope/%s", home, name);
	return n < 0 ? NULL : out;
}

void state_make_folders(const char *path)
{
	char *copy = strdup(path);
	for (char *p = copy ? strchr(copy + 1, '/') : NULL; p; p = strchr(p + 1, '/')) {
		*p = 0;
		mkdir(copy, 0700);
		*p = '/';
	}
	free(copy);
}
