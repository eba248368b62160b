/* False positives of tophash; see false_positives.h. */
#include "ui/pass/false_positives.h"

#include "trace/base/grown.h"

#include <stdlib.h>
#include <string.h>

void false_positives_release(struct false_positives *d)
{
	chunk_release(&d->events);
	free(d->mark);
	memset(d, 0, sizeof *d);
}

void false_positives_ask(struct false_positives *d, struct source *source, uint32_t map)
{
	if (d->source == source && d->map == map)
		return;
	false_positives_release(d);
	d->source = source;
	d->map = map;
	d->next = source->steps ? 1 : 0;
}

/* An equal tophash counts as chance until the key turns out to be equal; then the entry was the key's own. */
static void add_event(struct false_positive *d, uint32_t map, const struct event *e)
{
	if (e->kind == EV_OP)
		d->pending = false;
	if (e->map != map)
		return;
	if (e->kind == EV_TOPHASH && e->b) {
		d->pending = e->d == TOP_EQUAL;
		d->compared += e->d == TOP_EQUAL || e->d == TOP_DIFFERS;
		d->equal += e->d == TOP_EQUAL;
	} else if (e->kind == EV_KEY) {
		if (d->pending && e->b) {
			d->compared--;
			d->equal--;
		}
		d->pending = false;
	}
}

bool false_positives_work(struct false_positives *d)
{
	struct chunk *c = &d->events;
	if (!false_positives_busy(d))
		return false;
	if (d->source->chunk(d->source, d->next, c) != 0 || d->next < c->first || d->next - c->first >= c->count) {
		d->next = 0;
		return false;
	}
	d->mark = grown(d->mark, &d->marks_cap, d->marks, sizeof *d->mark);
	for (uint32_t i = (uint32_t)(d->next - c->first); i < c->count; i++)
		add_event(&d->now, d->map, &c->events[i]);
	d->now.step = c->first + c->count - 1;
	d->mark[d->marks++] = d->now;
	d->next = d->now.step < d->source->steps ? d->now.step + 1 : 0;
	return d->next != 0;
}

void false_positives_at(const struct false_positives *d, struct player *p, uint64_t step, struct false_positive *ret)
{
	size_t lo = 0, hi = d->marks; /* marks before hi are at or before step */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (d->mark[mid].step <= step)
			lo = mid + 1;
		else
			hi = mid;
	}
	*ret = lo ? d->mark[lo - 1] : (struct false_positive){ 0 };
	if (lo == d->marks) /* not counted yet, or the end */
		return;
	while (ret->step < step) {
		const struct event *e = player_event(p, ret->step + 1);
		if (!e)
			return;
		add_event(ret, d->map, e);
		ret->step++;
	}
}
