/* The hash of each key; see hashes.h. */
#include "ui/scene/classic/hashes.h"

#include "trace/base/addresses.h"
#include "trace/record/pass.h"

/* By the address of a slot's tophash. */
struct hashes {
	struct addresses of;
	uint64_t
		own; /* the operation's key's: not that of one that is moved, or that a loop looks up again */
	uint64_t phase;
};

struct followed {
	struct pass pass;
};

static void add_event(struct hashes *h, const struct event *e)
{
	uint64_t *from;
	if (e->kind == EV_PHASE)
		h->phase = e->a;
	else if (e->kind == EV_HASH && h->phase != PHASE_EVACUATE)
		h->own = e->a;
	else if (e->kind == EV_INSERT)
		*addresses_add(&h->of, e->addr + e->a) = h->own;
	else if (e->kind == EV_MOVE && (from = addresses_find(&h->of, e->addr + e->a))) {
		uint64_t hash = *from;
		*addresses_add(&h->of, e->b + e->d) = hash;
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
	struct hashes *t = to;
	const struct hashes *f = from;
	addresses_copy(&t->of, &f->of);
	t->own = f->own;
	t->phase = f->phase;
	return true;
}

static size_t bytes(const void *state)
{
	return sizeof(struct hashes) + addresses_bytes(&((const struct hashes *)state)->of);
}

static void release(void *state)
{
	addresses_release(&((struct hashes *)state)->of);
}

static struct kind_set kinds(const void *about)
{
	(void)about;
	return KINDS(EV_PHASE, EV_HASH, EV_INSERT, EV_MOVE);
}

static const struct pass_info info = { .size = sizeof(struct hashes),
	.events = events,
	.copy = copy,
	.bytes = bytes,
	.release = release,
	.kinds = kinds };

static void follow(void *own, const struct scene *s)
{
	struct followed *w = own;
	if (!pass_reads(&w->pass, s->player->source))
		pass_begin(&w->pass, &info, s->player->source, NULL);
	pass_go(&w->pass, s->step, 2);
}

static bool busy(const void *own)
{
	return pass_busy(&((const struct followed *)own)->pass);
}

static void end(void *own)
{
	pass_release(&((struct followed *)own)->pass);
}

const struct overview_kind key_hashes = { sizeof(struct followed), follow, busy, end };

bool hash_of_slot(const struct frame *f, const struct map_group *g, int slot, uint64_t *ret)
{
	const struct overview *o = &f->pass->overview;
	const struct hashes *h = o->kind == &key_hashes ? pass_known(&((const struct followed *)o->own)->pass)
							: NULL;
	const uint64_t *at = h ? addresses_find(&h->of, g->addr + (uint64_t)slot) : NULL;
	uint8_t top = g->control[slot];
	/* What was followed agrees with what the map keeps, or it is another key's. */
	if (!at || !tophash_full(top) || nan_at(f->scene, g->addr, slot))
		return false;
	*ret = *at;
	uint8_t high = (uint8_t)(*at >> 56);
	return top == (high < MIN_TOPHASH ? high + MIN_TOPHASH : high);
}
