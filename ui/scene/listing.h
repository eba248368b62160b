/* Pseudo-code as data: a function is a list of lines, and each line names the events that stand at it. */
#ifndef UI_LISTING_H
#define UI_LISTING_H

#include "ui/scene/scene.h"

enum { LISTING_LINES = 16, LISTING_STANDS = 8 };

/* An event that stands at a line: always, or when a condition holds, or when it writes the field of that name
 * (and the condition holds). */
struct listing_stand {
	bool used;
	uint8_t event;
	const char *field;
	bool (*when)(const struct scene *s, const struct event *e);
};
#define AT(NAME) \
	{ \
		true, EV_##NAME, NULL, NULL \
	}
#define AT_WHEN(NAME, condition) \
	{ \
		true, EV_##NAME, NULL, condition \
	}
#define AT_FIELD(field) \
	{ \
		true, EV_WRITE, field, NULL \
	}
#define AT_FIELD_WHEN(field, condition) \
	{ \
		true, EV_WRITE, field, condition \
	}

struct listing_line {
	const char *text;
	struct listing_stand at[LISTING_STANDS];
};
/* Lines are numbered from 1; the text behind the last is NULL. */
struct listing {
	const char *title;
	struct listing_line line[LISTING_LINES];
};

/* The line that the scene's event stands at, 0: none.  A field that matches comes first, then a condition
 * that holds, then what always stands there; of several the line that is further up. */
int listing_line_of(const struct listing *l, const struct scene *s);
/* Does an event of this kind stand at any line? */
bool listing_names(const struct listing *l, int event);

#endif
