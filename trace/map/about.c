/* The key that an event is about; see about.h. */
#include "trace/map/about.h"
#include "trace/map/value.h"

#include <string.h>

void about_init(struct about *a, struct source *source)
{
	memset(a, 0, sizeof *a);
	a->source = source;
}

const struct map_view *about_view(struct about *a, const struct reader *r, uint32_t map)
{
	unsigned at = map % ABOUT_VIEWS;
	if (!map || map > a->source->maps)
		return NULL;
	if (a->viewed[at] != map)
		map_open_type(&a->view[at], &a->source->map[map - 1]);
	a->viewed[at] = map;
	a->view[at].r = r;
	return &a->view[at];
}

static void own_key(struct about *a, const char *text)
{
	a->has_own = a->has_call = text != NULL;
	snprintf(a->own, sizeof a->own, "%s", text ? text : "");
	snprintf(a->call, sizeof a->call, "%s", a->own);
}

static void begin(struct about *a, bool second)
{
	struct operation o;
	if (a->op < 1 || a->op > a->source->ops || a->source->operation(a->source, a->op, &o) != 0) {
		own_key(a, NULL);
		return;
	}
	const struct race *half = second ? &o.second : &o.first;
	a->kind = o.first.kind == OP_NONE ? o.kind : half->kind;
	a->map = o.map;
	own_key(a, o.first.kind != OP_NONE ? half->key : o.key_value ? o.key_value : o.key);
}

void about_begin(struct about *a, uint64_t op)
{
	a->op = op;
	begin(a, false);
}

/* The key at addr is that of the calls that follow. */
static void take(struct about *a, const struct reader *r, const struct event *e)
{
	struct event_key k = { 0 };
	const struct map_view *v = about_view(a, r, e->map);
	if (!v || !v->kind->key || !v->kind->key(v, e, &k) || k.of != KEY_AT)
		return;
	a->has_call = map_value_print(r, &k.value, VALUE_HUMAN, a->call, sizeof a->call) != 0;
}

void about_event(struct about *a, const struct reader *r, const struct event *e)
{
	switch (e->kind) {
	case EV_OP:
		a->op++;
		begin(a, false);
		break;
	case EV_SECOND: begin(a, true); break;
	case EV_ITEM: take(a, r, e); break;
	case EV_END:
	case EV_DONE:
		snprintf(a->call, sizeof a->call, "%s", a->own);
		a->has_call = a->has_own;
		break;
	default: break;
	}
}

bool about_key(struct about *a, const struct reader *r, const struct event *e, struct event_key *ret,
	char *key, size_t cap)
{
	const struct map_view *v;
	*ret = (struct event_key){ 0 };
	if (e->kind == EV_OP || e->kind == EV_DONE)
		ret->of = KEY_OF_CALL;
	else if (!(v = about_view(a, r, e->map)) || !v->kind->key || !v->kind->key(v, e, ret))
		return false;
	if (ret->of == KEY_AT)
		return map_value_print(r, &ret->value, VALUE_HUMAN, key, cap) != 0;
	snprintf(key, cap, "%s", a->call);
	return ret->of == KEY_OF_CALL && a->has_call;
}
