/* States of cache lines at a step; see sharing.h. */
#include "ui/pass/sharing.h"

/* What all models share.  The locator has seen the events up to step named. */
struct about {
	struct locator locator;
	uint64_t named;
};
struct model {
	struct mesi mesi;
	struct about *about;
};

static bool init(void *state, struct source *source, void *about)
{
	struct model *m = state;
	m->about = about;
	mesi_init(&m->mesi, LINE_USUAL, SHARING_LINES, source);
	return true;
}

static uint32_t events(void *state, const struct event *e, uint32_t n, uint64_t step)
{
	struct model *m = state;
	for (uint32_t i = 0; i < n; i++) {
		if (e[i].kind >= EV_COUNT)
			continue;
		if (step + i > m->about->named) {
			locator_event(&m->about->locator, &e[i]);
			m->about->named = step + i;
		}
		mesi_event(&m->mesi, &e[i], step + i);
	}
	return n;
}

static bool copy(void *to, const void *from)
{
	const struct model *m = from;
	((struct model *)to)->about = m->about;
	mesi_copy(&((struct model *)to)->mesi, &m->mesi);
	return true;
}

static size_t bytes(const void *state)
{
	return mesi_bytes(&((const struct model *)state)->mesi);
}

static void release(void *state)
{
	mesi_release(&((struct model *)state)->mesi);
}
static void end(void *about)
{
	locator_release(&((struct about *)about)->locator);
}

static const struct pass_info info = { .size = sizeof(struct model),
	.about = sizeof(struct about),
	.init = init,
	.events = events,
	.copy = copy,
	.bytes = bytes,
	.release = release,
	.end = end,
	.apart = 1 << 17 };

void sharing_ask(struct pass *p, struct source *source, uint64_t step)
{
	if (!pass_reads(p, source)) {
		struct about about = { .named = 0 };
		locator_init(&about.locator, source);
		pass_begin(p, &info, source, &about);
	}
	pass_go(p, step, 2);
}

const struct mesi *sharing_model(const struct pass *p)
{
	static const struct mesi none;
	const struct model *m = pass_state(p);
	return m ? &m->mesi : &none;
}

const struct locator *sharing_locator(const struct pass *p)
{
	return &((const struct about *)p->about)->locator;
}
