/* False positives of tophash; see false_positives.h. */
#include "ui/pass/false_positives.h"

static bool init(void *state, struct source *source, void *map)
{
	struct false_positives *f = state;
	(void)source;
	f->map = *(const uint32_t *)map;
	return true;
}

/* An equal tophash counts as chance until the key turns out to be equal; then the entry was the key's own. */
static void add_event(struct false_positives *f, const struct event *e)
{
	if (e->kind == EV_OP)
		f->pending = false;
	if (e->map != f->map)
		return;
	if (e->kind == EV_TOPHASH && e->b) {
		f->pending = e->d == TOP_EQUAL;
		f->compared += e->d == TOP_EQUAL || e->d == TOP_DIFFERS;
		f->equal += e->d == TOP_EQUAL;
	} else if (e->kind == EV_KEY) {
		if (f->pending && e->b) {
			f->compared--;
			f->equal--;
		}
		f->pending = false;
	}
}

static uint32_t events(void *state, const struct event *e, uint32_t n, uint64_t step)
{
	(void)step;
	for (uint32_t i = 0; i < n; i++)
		add_event(state, &e[i]);
	return n;
}

static bool copy(void *to, const void *from)
{
	*(struct false_positives *)to = *(const struct false_positives *)from;
	return true;
}

static struct kind_set kinds(void)
{
	return KINDS(EV_OP, EV_TOPHASH, EV_KEY);
}

static const struct pass_info info = { .size = sizeof(struct false_positives),
	.about = sizeof(uint32_t),
	.init = init,
	.events = events,
	.copy = copy,
	.kinds = kinds };

void false_positives_ask(struct pass *p, struct source *source, uint32_t map, uint64_t step)
{
	if (!pass_reads(p, source) || *(const uint32_t *)p->about != map)
		pass_begin(p, &info, source, &map);
	pass_go(p, step, 2);
}

const struct false_positives *false_positives_now(const struct pass *p)
{
	static const struct false_positives none;
	return p->info ? pass_state(p) : &none;
}
