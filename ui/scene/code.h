/* The functions of a map in pseudo-code, and the line that a step stands at.  What they are is the kind's:
 * struct explain_code; this is what views ask.
 */
#ifndef UI_CODE_H
#define UI_CODE_H

#include "ui/scene/listing.h"

/* The functions of a kind, numbered from 0. */
struct explain_code {
	unsigned functions;
	const char *const *name;   /* of each in a word: "assign" */
	const struct listing *all; /* the functions in all forms */
	unsigned listings;
	/* The function that an operation begins with, and the one that runs. */
	unsigned (*of_operation)(enum op_kind kind);
	unsigned (*running)(const struct scene *s);
	/* Function fn in the form that the scene's map has; its title may have a %s for what variant names.
	 */
	const struct listing *(*listing)(const struct scene *s, unsigned fn);
	const char *(*variant)(const struct scene *s, unsigned fn);
	/* What a line says instead in the map's variant, translated; NULL: what is listed. */
	const char *(*other_text)(const struct scene *s, unsigned fn, int line);
	/* The line of fn that has called the function that runs; 0: it has not. */
	int (*calling)(const struct scene *s, unsigned fn);
};

/* A screen of all has places for so many functions; a function beyond takes the place of the first while it
 * runs. */
enum { CODE_FUNCTIONS = 6, CODE_ROWS = 15 };

/* The functions of the map in sight; of no map those of the first kind. */
const struct explain_code *code_of(const struct scene *s);
unsigned code_running(const struct scene *s);
void code_title(const struct scene *s, unsigned fn, char *out, size_t cap);
/* The text of a line from 1 on, NULL behind the last. */
const char *code_text(const struct scene *s, unsigned fn, int line);
/* The line of fn that the step stands at, or that has called what runs; 0: none. */
int code_line(const struct scene *s, unsigned fn);
/* The line that a scene stands at, "assign 12"; "" where it is at none. */
void code_stand(const struct scene *s, char *out, size_t cap);

#endif
