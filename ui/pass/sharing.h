/* The states of cache lines in cores' caches (trace/cache/mesi.h) at the step in sight: a pass. */
#ifndef UI_SHARING_H
#define UI_SHARING_H

#include "trace/cache/mesi.h"
#include "trace/map/locate.h"
#include "trace/record/pass.h"

/* At most so many lines are followed: a copy of the model takes some 8 MB then. */
enum { SHARING_LINES = 8192 };

/* The model shall go to a step; what costs at most two chunks is done at once. */
void sharing_ask(struct pass *p, struct source *source, uint64_t step);
/* As far as it has come; before it was asked for, without any lines. */
const struct mesi *sharing_model(const struct pass *p);
/* Knows the names in the events up to the last step that the model has been at. */
const struct locator *sharing_locator(const struct pass *p);

#endif
