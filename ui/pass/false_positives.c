/* False positives of control bytes; see false_positives.h. */
#include "ui/pass/false_positives.h"

static bool init(void *state, struct source *source, void *about)
{
	struct false_positives *f = state;
	(void)source;
	f->about = *(const struct false_positives_about *)about;
	return true;
}

/* An equal control byte counts as chance until the key turns out to be equal; then the entry was the key's
 * own. */
static void add_event(struct false_positives *f, const struct event *e)
{
	if (e->kind == EV_OP)
		f->pending = false;
	enum control_news news = e->map == f->about.map ? f->about.kind->news(e) : CONTROL_NOTHING;
	if (news == CONTROL_NOTHING)
		return;
	f->compared += news == CONTROL_EQUAL || news == CONTROL_DIFFERS;
	f->equal += news == CONTROL_EQUAL;
	if (news == CONTROL_KEY_EQUAL && f->pending) {
		f->compared--;
		f->equal--;
	}
	f->pending = news == CONTROL_EQUAL;
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

static struct kind_set kinds(const void *about)
{
	return kinds_union(KINDS(EV_OP), ((const struct false_positives_about *)about)->kind->kinds());
}

static const struct pass_info info = { .size = sizeof(struct false_positives),
	.about = sizeof(struct false_positives_about),
	.init = init,
	.events = events,
	.copy = copy,
	.kinds = kinds };

void false_positives_ask(
	struct pass *p, struct source *source, uint32_t map, const struct control_kind *kind, uint64_t step)
{
	const struct false_positives_about about = { map, kind };
	if (!pass_reads(p, source) || false_positives_now(p)->about.map != map)
		pass_begin(p, &info, source, &about);
	pass_go(p, step, 2);
}

const struct false_positives *false_positives_now(const struct pass *p)
{
	static const struct false_positives none;
	return p->info ? pass_state(p) : &none;
}
