/* A key that is followed; see follow.h. */
#include "ui/find/follow.h"

#include "trace/base/grown.h"

#include <stdlib.h>
#include <string.h>

struct follow_about {
	char key[ABOUT_KEY];
	uint32_t map;
};

/* ---- the pass ---- */

static bool init(void *state, struct source *source, void *about)
{
	struct life *l = state;
	l->about = about;
	l->source = source;
	l->memory = image_new();
	about_init(&l->events, source);
	return true;
}

static void release(void *state)
{
	struct life *l = state;
	image_free(l->memory);
	free(l->moment);
	free(l->spot);
}

static bool is_mine(const struct life *l, uint32_t map)
{
	const struct map_info *m = map && map <= l->source->maps ? &l->source->map[map - 1] : NULL;
	return m && (map == l->about->map || m->part_of == l->about->map);
}

/* Go's zero has two spellings, which are one key. */
static bool is_key(const struct life *l, const char *key)
{
	const char *mine = l->about->key;
	return strcmp(key + (strcmp(key, "-0") == 0), mine + (strcmp(mine, "-0") == 0)) == 0;
}

/* "3.0:7", as the map is at this step. */
static void place(const struct life *l, uint32_t map, const struct event_key *k, char out[FOLLOW_PLACE])
{
	struct map_view v;
	struct map_group g;
	struct map_array a;
	char label[GROUP_LABEL];
	if (!map_open(&v, l->source->map, map, image_reader(l->memory)) ||
		!v.kind->locate(&v, k->group, &l->hash, 1, &g))
		return;
	v.kind->label(&v, &g, label, sizeof label);
	bool old = v.kind->array(&v, g.array, &a) && a.leaving;
	const char *name = l->source->map[map - 1].name, *part = strrchr(name, '.');
	part = part && map_part(&l->source->map[map - 1]) ? part + 1 : "";
	snprintf(out, FOLLOW_PLACE, "%.8s%s%s%.15s:%u", part, *part ? " " : "", old ? "old " : "", label,
		k->slot);
}

static void add_spot(struct life *l, struct key_spot s)
{
	l->spot = grown(l->spot, &l->spot_cap, l->spots, sizeof *l->spot);
	l->spot[l->spots++] = s;
}

/* The newest spot in a map up to a step, NULL: there is none. */
static const struct key_spot *spot_in(const struct life *l, uint32_t map, uint64_t step)
{
	size_t lo = 0, hi = l->spots;
	while (lo < hi) { /* lo: spots at or before the step */
		size_t mid = lo + (hi - lo) / 2;
		if (l->spot[mid].step <= step)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo-- > 0)
		if (l->spot[lo].map == map)
			return l->spot[lo].group ? &l->spot[lo] : NULL;
	return NULL;
}

static void add_moment(struct life *l, const struct event *e, const struct event_key *k, uint64_t step)
{
	struct moment *last = l->moments ? &l->moment[l->moments - 1] : NULL;
	struct moment m = { .step = step,
		.last = step,
		.op = l->events.op,
		.count = 1,
		.kind = e->kind,
		.op_kind = (uint8_t)l->events.kind,
		.change = (uint8_t)k->change,
		.part = (uint8_t)(e->map ? map_part(&l->source->map[e->map - 1]) : 0) };
	if (last && last->kind == m.kind && !m.change && last->op_kind == m.op_kind && last->part == m.part) {
		last->last = step;
		last->count++;
		return;
	}
	l->cut = l->cut || l->moments == FOLLOW_MOST;
	if (l->cut)
		return;
	if (k->group)
		place(l, e->map, k, m.place);
	l->moment = grown(l->moment, &l->moment_cap, l->moments, sizeof *l->moment);
	l->moment[l->moments++] = m;
}

/* Clearing takes all keys, and says nothing of each. */
static void after_clear(struct life *l, const struct event *e, uint64_t step)
{
	bool was = false;
	for (uint32_t map = 1; map <= l->source->maps; map++)
		if (is_mine(l, map) && spot_in(l, map, step)) {
			add_spot(l, (struct key_spot){ .step = step, .map = map });
			was = true;
		}
	if (was) {
		struct event clear = *e;
		clear.kind = EV_OP;
		add_moment(l, &clear, &(struct event_key){ .change = KEY_GOES }, step);
	}
}

/* What is known of where the key is in one map holds for another from now on. */
static void passed(struct life *l, const struct event_key *k, uint64_t step)
{
	const struct key_spot *s = spot_in(l, k->from, step);
	struct key_spot to = { .step = step, .map = k->to };
	if (s) {
		to.group = s->group;
		to.slot = s->slot;
	}
	add_spot(l, to);
	add_spot(l, (struct key_spot){ .step = step, .map = k->from });
}

static void one(struct life *l, const struct event *e, uint64_t step)
{
	const struct reader *r = image_reader(l->memory);
	struct event_key k;
	char key[ABOUT_KEY];
	if (e->kind <= EV_FREE) {
		image_apply(l->memory, e);
		return;
	}
	about_event(&l->events, r, e);
	if (e->kind == EV_DONE && l->events.kind == OP_CLEAR && l->events.map == l->about->map)
		after_clear(l, e, step);
	if (e->kind == EV_OP || e->kind == EV_DONE || e->kind == EV_GOT || !is_mine(l, e->map))
		return;
	bool told = about_key(&l->events, r, e, &k, key, sizeof key);
	if (k.change == KEY_PASS && is_mine(l, k.from) && is_mine(l, k.to))
		passed(l, &k, step);
	if (!told || !is_key(l, key))
		return;
	if (e->kind == EV_HASH)
		l->hash = e->a;
	add_moment(l, e, &k, step);
	if (k.change != KEY_STAYS)
		add_spot(l,
			(struct key_spot){ .step = step,
				.map = e->map,
				.group = k.change == KEY_GOES ? 0 : k.group,
				.slot = k.slot });
}

static uint32_t events(void *state, const struct event *e, uint32_t n, uint64_t step)
{
	for (uint32_t i = 0; i < n; i++)
		one(state, &e[i], step + i);
	return n;
}

static const struct pass_info info = { .size = sizeof(struct life),
	.about = sizeof(struct follow_about),
	.init = init,
	.events = events,
	.release = release };

/* ---- following ---- */

void follow_release(struct follow *f)
{
	pass_release(&f->pass);
	f->on = false;
}

static void begin(struct follow *f, struct source *s)
{
	struct follow_about about = { .map = f->map };
	snprintf(about.key, sizeof about.key, "%s", f->key);
	pass_begin(&f->pass, &info, s, &about);
}

void follow_key(struct follow *f, struct source *s, uint32_t map, const char *key)
{
	f->on = true;
	f->map = map;
	snprintf(f->key, sizeof f->key, "%s", key);
	begin(f, s);
}

void follow_stop(struct follow *f)
{
	follow_release(f);
}

bool follow_work(struct follow *f, struct source *s)
{
	if (!f->on)
		return false;
	if (!pass_reads(&f->pass, s)) /* another recording, or one that has lost steps */
		begin(f, s);
	pass_go(&f->pass, s->steps, 1);
	return pass_busy(&f->pass);
}

bool follow_busy(const struct follow *f)
{
	return f->on && pass_busy(&f->pass);
}

bool follow_due(const struct follow *f, const struct source *s)
{
	return f->on && (pass_busy(&f->pass) || !pass_reads(&f->pass, s) || f->pass.steps != s->steps);
}

const struct life *follow_life(const struct follow *f)
{
	static const struct life none;
	return f->on && pass_state(&f->pass) ? pass_state(&f->pass) : &none;
}

size_t life_before(const struct life *l, uint64_t step)
{
	size_t lo = 0, hi = l->moments;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (l->moment[mid].step <= step)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Control byte, key and elem of a slot. */
static void slot_parts(const struct life *l, const struct key_spot *spot, struct watch *ret)
{
	struct map_view v;
	struct map_slot s;
	const struct map_group g = { .addr = spot->group };
	map_open_type(&v, &l->source->map[spot->map - 1]);
	v.kind->slot(&v, &g, spot->slot, &s);
	*ret = (struct watch){ .parts = 2,
		.part = { { s.key.addr, s.key.size }, { s.elem.addr, s.elem.size } } };
	if (s.control_at) {
		ret->part[ret->parts].addr = s.control_at;
		ret->part[ret->parts++].size = 1;
	}
}

unsigned follow_at(const struct follow *f, uint64_t step, struct watch ret[FOLLOW_PARTS])
{
	const struct life *l = follow_life(f);
	unsigned n = 0;
	for (uint32_t map = f->map; l->spots && map <= l->source->maps && n < FOLLOW_PARTS; map++) {
		const struct key_spot *s = is_mine(l, map) ? spot_in(l, map, step) : NULL;
		if (!is_mine(l, map))
			break;
		if (s)
			slot_parts(l, s, &ret[n++]);
	}
	return n;
}
