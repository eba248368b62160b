/* What the overview of a kind of map counts: a pass that follows the scene's step.
 *
 * What is counted, and how a step changes it, is the kind's own; here it is only kept, for the kind that was
 * asked for last.
 */
#ifndef UI_OVERVIEW_H
#define UI_OVERVIEW_H

#include <stdbool.h>
#include <stddef.h>

struct scene;

struct overview_kind {
	size_t size; /* bytes of what it counts, which begins as zeros */
	/* Brings it to the scene's step, which may be of a map of another kind, and counts a slice of what is
	 * not known yet. */
	void (*follow)(void *own, const struct scene *s);
	bool (*busy)(const void *own);
	void (*release)(void *own);
};

struct overview {
	const struct overview_kind *kind; /* NULL: nothing is counted */
	void *own;
};

/* Counts for this kind from now on. */
void overview_ask(struct overview *o, const struct overview_kind *kind, const struct scene *s);
void overview_follow(struct overview *o, const struct scene *s);
bool overview_busy(const struct overview *o);
void overview_release(struct overview *o);

#endif
