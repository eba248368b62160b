/* Which of a sync.Map's maps a step is about; see ui/scene/explain.h. */
#include "ui/scene/sync/sync.h"

/* Of a sync.Map's three maps the one to look at: that of the step, else the one that this operation was at
 * last, else the one that there is. */
unsigned sync_inner(struct scene *s, unsigned number)
{
	const struct map_info *m = &s->player->source->map[number - 1];
	unsigned outer = number - map_part(m);
	s->outer = m - (number - outer);
	s->outer_ok = sync_read(s->mem, s->outer->go, s->outer->header, (struct sync_view *)s->outer_own);
	if (number != outer)
		return number;
	for (size_t i = s->log->count; i-- > 0 && s->log->first + i >= s->op.first;)
		if (s->log->event[i].kind == EV_USE &&
			(s->log->event[i].a == outer + 1 || s->log->event[i].a == outer + 2))
			return (unsigned)s->log->event[i].a;
	return outer + (sync_of(s)->read || !sync_of(s)->dirty ? 1 : 2);
}
