/* What is counted for the overview of a kind of map; see overview.h. */
#include "ui/pass/overview.h"

#include "trace/base/memory.h"

#include <stdlib.h>

void overview_release(struct overview *o)
{
	if (o->kind)
		o->kind->release(o->own);
	free(o->own);
	*o = (struct overview){ 0 };
}

void overview_ask(struct overview *o, const struct overview_kind *kind, const struct scene *s)
{
	if (o->kind != kind) {
		overview_release(o);
		*o = (struct overview){ kind, memory_get(kind->size) };
	}
	overview_follow(o, s);
}

void overview_follow(struct overview *o, const struct scene *s)
{
	if (o->kind)
		o->kind->follow(o->own, s);
}

bool overview_busy(const struct overview *o)
{
	return o->kind && o->kind->busy(o->own);
}
