/* What the events of a classic map say of keys; see trace/map/about.h. */
#include "trace/map/classic/private.h"

static void in_slot(const struct map_view *v, uint64_t bucket, uint64_t slot, struct event_key *ret)
{
	const struct map_group g = { .addr = bucket };
	struct map_slot s;
	v->kind->slot(v, &g, (unsigned)(slot % SLOTS), &s);
	ret->of = KEY_AT;
	ret->value = s.key;
}

/* A key as such: what a slot of indirect keys points to. */
static void at_address(const struct map_view *v, uint64_t addr, struct event_key *ret)
{
	ret->of = KEY_AT;
	ret->value = (struct map_value){ .type = &v->key, .addr = addr, .size = v->key.size };
}

static void goes_to(struct event_key *ret, enum key_change change, uint64_t bucket, uint64_t slot)
{
	ret->change = change;
	ret->group = bucket;
	ret->slot = (unsigned)(slot % SLOTS);
}

bool classic_key(const struct map_view *v, const struct event *e, struct event_key *ret)
{
	ret->of = KEY_OF_CALL;
	switch (e->kind) {
	case EV_HASH:
		if (e->addr)
			at_address(v, e->addr, ret);
		return true;
	case EV_KEY:
	case EV_ITEM: at_address(v, e->addr, ret); return true;
	case EV_FOUND: in_slot(v, e->addr, e->a, ret); return true;
	case EV_ABSENT:
	case EV_GOT: return true;
	case EV_INSERT: goes_to(ret, KEY_COMES, e->addr, e->a); return true;
	case EV_REMOVE:
		in_slot(v, e->addr, e->a, ret);
		goes_to(ret, KEY_GOES, e->addr, e->a);
		return true;
	case EV_MOVE:
		in_slot(v, e->addr, e->a, ret);
		goes_to(ret, KEY_MOVES, e->b, e->d);
		return true;
	default: return false;
	}
}
