/* Whose steps those of a race on a classic map are; see ui/scene/race.c. */
#include "ui/scene/classic/classic.h"

static bool writes_hmap(const struct scene *s, const struct event *e)
{
	return e->kind == EV_WRITE && s->live && e->addr == classic_of(s)->hmap.addr + HMAP_FLAGS;
}

/* The second comes between the first's steps when "writing" is set.  Then it is stopped, or finds an empty
 * map and says so; the first goes on where it looks for its bucket.  Otherwise it comes when the first has
 * done. */
bool classic_second_runs(const struct scene *s)
{
	bool second = false, met = false, writing = false;
	for (size_t i = 0; i < s->log->count; i++) {
		const struct event *e = &s->log->event[i];
		if (s->log->first + i < s->op.first)
			continue;
		if (writes_hmap(s, e))
			writing = e->new.v &FLAG_WRITING;
		if (e->kind == EV_SECOND) {
			second = true;
			met = writing;
		} else if (second && met) {
			bool first_goes_on = e->kind == EV_BUCKET || e->kind == EV_EVACUATED ||
				(e->kind == EV_ALLOC && e->b == ROLE_BUCKETS);
			second = !first_goes_on;
		}
	}
	return second;
}
