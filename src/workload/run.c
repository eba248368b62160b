/* Carrying out a workload; see run.h. */
#include "src/workload/run.h"

#include "src/memory/collect.h"
#include "trace/base/grown.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

bool run_init(struct run *r, struct sink *sink, const struct gomap_engine *engine, struct run_observer *o)
{
	*r = (struct run){ .sink = sink, .observer = o };
	r->engine = engine ? engine : sink ? gomap_recording : gomap_silent;
	if (arena_init(&r->arena, sink))
		return true;
	snprintf(r->error, sizeof r->error, "no address space for the heap could be reserved");
	return false;
}

void run_release(struct run *r)
{
	for (size_t i = 0; i < r->maps; i++) {
		if (r->map[i])
			free(r->map[i]->sync);
		free(r->map[i]);
	}
	free(r->map);
	free(r->iter);
	free(r->counter);
	arena_release(&r->arena);
}

struct gomap *run_map(const struct run *r, unsigned index)
{
	return index < r->maps ? r->map[index] : NULL;
}

static void tell(struct run *r, struct event e)
{
	if (!r->sink)
		return;
	r->sink->steps++;
	r->sink->event(r->sink, &e);
}

/* ---- operations begin and end ---- */

static const enum op_kind op_kind_of[] = { [DO_PUT] = OP_PUT, [DO_GET] = OP_GET, [DO_DEL] = OP_DEL,
	[DO_CLEAR] = OP_CLEAR, [DO_FILL] = OP_PUT, [DO_PROBE] = OP_GET, [DO_DRAIN] = OP_DEL, [DO_ITER] = OP_ITER,
	[DO_NEXT] = OP_NEXT, [DO_RANGE] = OP_RANGE, [DO_RACE] = OP_RACE, [DO_GC] = OP_GC, [DO_COUNTER] = OP_COUNTER,
	[DO_ADD] = OP_ADD, [DO_LOADORSTORE] = OP_LOADORSTORE, [DO_SWAP] = OP_SWAP, [DO_CAS] = OP_CAS, [DO_CAD] = OP_CAD,
	[DO_LOADANDDELETE] = OP_LOADANDDELETE };

static void begin(struct run *r, struct gomap *m, const struct directive *d, const char *key, const char *elem)
{
	enum op_kind kind = op_kind_of[d->kind];
	r->ops++;
	r->kind = kind;
	r->arena.map = m ? m->number : 0;
	if (!r->sink)
		return;
	struct operation o = { .op = r->ops, .map = r->arena.map, .kind = kind, .key = key, .elem = elem,
		.first_step = r->sink->steps + 1 };
	r->sink->operation(r->sink, &o);
	tell(r, (struct event){ .kind = EV_OP, .map = o.map, .addr = gomap_address(m), .a = o.map, .b = kind });
	if (d->core) /* an operation without is on core 0 */
		tell(r, (struct event){ .kind = EV_CORE, .map = o.map, .a = d->core });
}

static uint64_t map_count(const struct gomap *m)
{
	uint64_t count = 0;
	if (m && m->sync)
		return syncmap_count(m->sync);
	if (m && m->hmap)
		memcpy(&count, arena_host(m->arena, m->hmap + HMAP_COUNT), 8);
	return count;
}

/* true: go on. */
static bool finish(struct run *r, struct gomap *m, enum op_kind kind, enum outcome outcome)
{
	if (m && m->fault >= 0)
		outcome = OUTCOME_FAULT;
	tell(r, (struct event){ .kind = EV_DONE, .map = m ? m->number : 0, .a = outcome, .b = map_count(m) });
	if (m && m->fault >= FAULT_MAP_WRITES)
		r->fatal = true;
	if (r->arena.exhausted) {
		snprintf(r->error, sizeof r->error, "operation %" PRIu64 ": the heap of %" PRIu64 " MiB is full", r->ops,
			 r->arena.reserved >> 20);
		return false;
	}
	if (r->observer && r->observer->done && !r->observer->done(r->observer, m, r->ops, kind))
		return false;
	if (r->interrupt && *r->interrupt)
		return false;
	return !(r->sink && r->sink->failed) && !r->fatal;
}

/* ---- keys and elems in the arena ---- */

/* Copies bytes into fresh memory, as the program that owns them would have them. */
static uint64_t place(struct run *r, const struct gomap *m, const uint8_t *bytes, uint64_t n, bool pointers,
		      enum block_role role)
{
	if (n == 0)
		return 0;
	uint64_t addr = arena_alloc(&r->arena, n, pointers, m->release->malloc_headers, role);
	if (!addr)
		return 0;
	memcpy(arena_host(&r->arena, addr), bytes, n);
	if (r->sink) {
		struct event e = { .kind = EV_WRITE, .map = m->number, .addr = addr, .size = n };
		if (n <= 8)
			memcpy(&e.new.v, bytes, n);
		else
			e.new.p = arena_host(&r->arena, addr);
		tell(r, e);
	}
	return addr;
}

/* Gives a value the address it needs to be stored: a string's text, an any's box.  Values stored in place need none. */
static void settle(struct run *r, const struct gomap *m, struct go_value *v, bool key)
{
	enum block_role text = key ? ROLE_KEY_TEXT : ROLE_ELEM_TEXT;
	if (v->is_any && !v->nil) {
		if (v->kind == GO_STRING) {
			uint64_t header[2] = { place(r, m, v->data, v->len, false, text), v->len };
			v->addr = place(r, m, (const uint8_t *)header, sizeof header, true, ROLE_BOX);
		} else {
			v->addr = place(r, m, v->data, v->len, v->kind == GO_SLICE, ROLE_BOX);
		}
	} else if (v->kind == GO_STRING) {
		v->addr = place(r, m, v->data, v->len, false, text);
	}
}

static enum outcome do_put(struct run *r, struct gomap *m, struct go_value key, struct go_value elem)
{
	uint64_t count = map_count(m);
	settle(r, m, &key, true);
	settle(r, m, &elem, false);
	uint64_t at = r->engine[m->type.variant].assign(m, &key);
	if (m->fault >= 0)
		return OUTCOME_FAULT;
	tell(r, (struct event){ .kind = EV_PHASE, .map = m->number, .a = PHASE_STORE });
	gomap_store(m, at, &elem);
	return map_count(m) > count ? OUTCOME_INSERTED : OUTCOME_UPDATED;
}

static void tell_got(struct run *r, struct gomap *m, bool ok, uint64_t at)
{
	tell(r, (struct event){ .kind = EV_GOT, .map = m->number, .addr = at, .a = ok });
	if (r->observer && r->observer->got)
		r->observer->got(r->observer, m, ok, at);
}

static enum outcome do_get(struct run *r, struct gomap *m, const struct go_value *key)
{
	uint64_t at = r->engine[m->type.variant].access(m, key);
	if (m->fault >= 0)
		return OUTCOME_FAULT;
	tell_got(r, m, at != 0, at);
	return at ? OUTCOME_FOUND : OUTCOME_ABSENT;
}

static enum outcome do_del(struct run *r, struct gomap *m, const struct go_value *key)
{
	return r->engine[m->type.variant].remove(m, key) ? OUTCOME_DELETED : OUTCOME_ABSENT;
}

/* ---- sync.Map ---- */

/* A value as a sync.Map has it: in an any.  stored: it will lie in the map, so it needs its text and box. */
static struct go_value in_any(struct run *r, const struct gomap *m, struct go_value v, bool stored, bool key)
{
	v.is_any = true;
	if (stored)
		settle(r, m, &v, key);
	return v;
}

static void sync_item(void *arg, uint64_t key, uint64_t value)
{
	struct run *r = arg;
	if (r->observer && r->observer->item)
		r->observer->item(r->observer, r->ranging, key, value);
}

/* What an operation gave: value is the any's address, 0 for the zero value. */
static enum outcome sync_result(struct run *r, struct gomap *m, bool ok, uint64_t value, enum outcome yes, enum outcome no)
{
	if (m->fault >= 0)
		return OUTCOME_FAULT;
	tell_got(r, m, ok, syncmap_inside(m->sync, &m->type.elem, value));
	return ok ? yes : no;
}

static enum outcome sync_keyed(struct run *r, struct gomap *m, const struct directive *d)
{
	struct syncmap *s = m->sync;
	bool stores = d->kind == DO_PUT || d->kind == DO_SWAP || d->kind == DO_LOADORSTORE;
	struct go_value key = in_any(r, m, d->op.key, stores, true);
	struct go_value elem = in_any(r, m, d->op.elem, stores, false);
	uint64_t value = 0;
	bool ok;
	switch (d->kind) {
	case DO_PUT:
		ok = syncmap_swap(s, &key, &elem, NULL);
		return ok ? OUTCOME_UPDATED : OUTCOME_INSERTED;
	case DO_SWAP:
		ok = syncmap_swap(s, &key, &elem, &value);
		return sync_result(r, m, ok, value, OUTCOME_UPDATED, OUTCOME_INSERTED);
	case DO_GET:
		ok = syncmap_load(s, &key, &value);
		return sync_result(r, m, ok, value, OUTCOME_FOUND, OUTCOME_ABSENT);
	case DO_LOADORSTORE:
		ok = syncmap_load_or_store(s, &key, &elem, &value);
		return sync_result(r, m, ok, value, OUTCOME_FOUND, OUTCOME_INSERTED);
	case DO_DEL:
		return syncmap_load_and_delete(s, &key, &value) ? OUTCOME_DELETED : OUTCOME_ABSENT;
	case DO_LOADANDDELETE:
		ok = syncmap_load_and_delete(s, &key, &value);
		return sync_result(r, m, ok, value, OUTCOME_DELETED, OUTCOME_ABSENT);
	case DO_CAS: {
		struct go_value new = in_any(r, m, d->op.new, true, false);
		ok = syncmap_compare_and_swap(s, &key, &elem, &new);
		return sync_result(r, m, ok, 0, OUTCOME_UPDATED, OUTCOME_KEPT);
	}
	default:
		ok = syncmap_compare_and_delete(s, &key, &elem);
		return sync_result(r, m, ok, 0, OUTCOME_DELETED, OUTCOME_KEPT);
	}
}

static enum outcome sync_work(struct run *r, struct gomap *m, const struct directive *d)
{
	switch (d->kind) {
	case DO_CLEAR:
		syncmap_clear(m->sync);
		return OUTCOME_DONE;
	case DO_RANGE:
		r->ranging = m;
		syncmap_range(m->sync, sync_item, r);
		if (r->observer && r->observer->end)
			r->observer->end(r->observer, m);
		return OUTCOME_END;
	default:
		return sync_keyed(r, m, d);
	}
}

/* ---- range loops ---- */

/* The loop is over: its hiter, on the stack, is gone. */
static void drop_hiter(struct run *r, struct run_iter *it)
{
	if (it->hiter)
		arena_pop(&r->arena, it->hiter);
	it->hiter = 0;
	it->ended = true;
}

static void start_iter(struct run *r, struct gomap *m, struct run_iter *it)
{
	drop_hiter(r, it);
	*it = (struct run_iter){ .map = m, .hiter = arena_push(&r->arena, HITER_SIZE, ROLE_HITER) };
	if (!it->hiter)
		return;
	r->engine[m->type.variant].iter_init(m, it->hiter);
	uint64_t h;
	memcpy(&h, arena_host(&r->arena, it->hiter + HITER_H), 8);
	if (h == 0)
		drop_hiter(r, it); /* an empty or nil map: the loop has ended before it began */
}

/* Takes n items (n < 0: all). */
static enum outcome take(struct run *r, struct run_iter *it, int64_t n)
{
	struct gomap *m = it->map;
	struct run_observer *o = r->observer;
	m->fault = -1;
	tell(r, (struct event){ .kind = EV_PHASE, .map = m->number, .a = PHASE_ITERATE });
	for (; n != 0; n -= n > 0) {
		if (!it->ended && r->engine[m->type.variant].iter_next(m, it->hiter)) {
			uint64_t at[2];
			memcpy(at, arena_host(&r->arena, it->hiter + HITER_KEY), 16);
			if (o && o->item)
				o->item(o, m, at[0], at[1]);
			continue;
		}
		if (m->fault >= 0)
			return OUTCOME_FAULT;
		if (it->ended)
			tell(r, (struct event){ .kind = EV_END, .map = m->number });
		else
			drop_hiter(r, it);
		if (o && o->end)
			o->end(o, m);
		return OUTCOME_END;
	}
	return OUTCOME_DONE;
}

/* ---- directives ---- */

static bool one_operation(struct run *r, const struct directive *d);

/* Carries out an operation's work, without beginning or ending it: its outcome. */
static enum outcome work_of(struct run *r, struct gomap *m, const struct directive *d)
{
	if (m->sync)
		return sync_work(r, m, d);
	switch (d->kind) {
	case DO_PUT: return do_put(r, m, d->op.key, d->op.elem);
	case DO_GET: return do_get(r, m, &d->op.key);
	case DO_DEL: return do_del(r, m, &d->op.key);
	case DO_CLEAR:
		r->engine[m->type.variant].clear(m);
		return OUTCOME_DONE;
	case DO_ITER:
		start_iter(r, m, &r->iter[d->iter.index]);
		return OUTCOME_DONE;
	case DO_NEXT:
		return take(r, &r->iter[d->iter.index], d->iter.n);
	case DO_RANGE: {
		struct run_iter it = { .ended = true };
		start_iter(r, m, &it);
		enum outcome outcome = take(r, &it, -1);
		drop_hiter(r, &it);
		return outcome;
	}
	default:
		return OUTCOME_DONE;
	}
}

struct intruder {
	struct run *r;
	const struct directive *d;
};

/* The second of a race, on the first's map while that is being written. */
static bool intrude(void *arg)
{
	struct intruder *i = arg;
	struct gomap *m = run_map(i->r, i->d->map);
	tell(i->r, (struct event){ .kind = EV_RIVAL, .map = m->number, .a = op_kind_of[i->d->kind] });
	work_of(i->r, m, i->d);
	bool fatal = m->fault >= FAULT_MAP_WRITES;
	if (!fatal) /* a panic of the second goroutine is not the first's */
		m->fault = -1;
	return fatal;
}

static enum outcome do_race(struct run *r, struct gomap *m, const struct directive *d)
{
	struct intruder i = { r, d->race.second };
	m->intruder = intrude;
	m->intruder_arg = &i;
	enum outcome outcome = work_of(r, m, d->race.first);
	bool came = m->intruder == NULL;
	m->intruder = NULL;
	if (!came && m->fault < 0) { /* the first never wrote: they do not meet */
		tell(r, (struct event){ .kind = EV_RIVAL, .map = m->number, .a = op_kind_of[d->race.second->kind] });
		outcome = work_of(r, m, d->race.second);
	}
	return outcome;
}

static bool one_operation(struct run *r, const struct directive *d)
{
	struct gomap *m = run_map(r, d->map);
	enum op_kind kind = op_kind_of[d->kind];
	m->fault = -1;
	begin(r, m, d, d->key_text, d->elem_text);
	enum outcome outcome = d->kind == DO_RACE ? do_race(r, m, d) : work_of(r, m, d);
	return finish(r, m, kind, outcome);
}

/* fill, probe, drain: an operation for each i. */
static bool do_loop(struct run *r, const struct directive *d)
{
	struct gomap *m = run_map(r, d->map);
	enum op_kind kind = op_kind_of[d->kind];
	const struct map_type *t = &m->type;
	uint8_t *kb = malloc(LITERAL_BUFFER + t->key.size), *vb = malloc(LITERAL_BUFFER + t->elem.size);
	char key_text[32], elem_text[32];
	bool go_on = true;
	if (!kb || !vb)
		abort();
	for (int64_t i = d->loop.lo; go_on && i < d->loop.hi; i++) {
		struct go_value key, elem = { 0 };
		literal_element(&t->key, i, 'k', kb, &key, r->sink ? key_text : NULL);
		if (kind == OP_PUT)
			literal_element(&t->elem, i, 'v', vb, &elem, r->sink ? elem_text : NULL);
		begin(r, m, d, key_text, kind == OP_PUT ? elem_text : NULL);
		struct directive one = { .kind = kind == OP_PUT ? DO_PUT : kind == OP_GET ? DO_GET : DO_DEL,
			.op = { .key = key, .elem = elem } };
		m->fault = -1;
		go_on = finish(r, m, kind, m->sync ? sync_work(r, m, &one) : kind == OP_PUT ? do_put(r, m, key, elem)
			       : kind == OP_GET ? do_get(r, m, &key) : do_del(r, m, &key));
	}
	free(kb);
	free(vb);
	return go_on;
}

/* Room for the map of a script's index. */
static struct gomap *new_map(struct run *r, unsigned index)
{
	r->map = grown(r->map, &r->maps_cap, index, sizeof *r->map);
	r->map[index] = calloc(1, sizeof **r->map);
	if (!r->map[index])
		abort();
	r->maps = index + 1u;
	return r->map[index];
}

/* The address is known when the map is made, but the sink hears of the map first. */
static void tell_map(struct run *r, const struct script_map *sm, uint64_t sync)
{
	const struct gomap_options *o = &sm->options;
	struct map_info info = { .map = o->number, .arch = "amd64", .seed = o->seed, .hint = o->hint, .kind = (uint8_t)sm->kind,
		.part_of = sm->part_of };
	if (!r->sink)
		return;
	if (sm->kind == MAP_SYNC)
		info.hmap = sync;
	else if (!sm->part_of)
		info.hmap = gomap_peek(&r->arena, o);
	memcpy(info.name, sm->name, sizeof info.name);
	memcpy(info.key_type, sm->type.key.name, sizeof info.key_type);
	memcpy(info.elem_type, sm->type.elem.name, sizeof info.elem_type);
	memcpy(info.place, sm->place, sizeof info.place);
	memcpy(info.hash, sm->hash, sizeof info.hash);
	snprintf(info.go, sizeof info.go, "%s", o->release->name);
	r->sink->map(r->sink, &info);
	if (!sm->part_of) /* those two are not made yet */
		tell(r, (struct event){ .kind = EV_MAP, .map = o->number, .addr = info.hmap, .a = o->number });
}

static void make_sync(struct run *r, const struct script *s, unsigned index)
{
	const struct gomap_options *o = &s->maps[index].options;
	struct syncmap *sync = calloc(1, sizeof *sync);
	struct gomap *map[3];
	if (!sync)
		abort();
	for (unsigned i = 0; i < 3; i++)
		map[i] = new_map(r, index + i);
	uint64_t addr = arena_peek(&r->arena, sync_layout(o->release->name)->size, true, o->release->malloc_headers);
	for (unsigned i = 0; i < 3; i++)
		tell_map(r, &s->maps[index + i], addr);
	syncmap_make(sync, &r->arena, &r->engine[VARIANT_GENERAL], o, map[0], map[1], map[2]);
}

static bool do_map(struct run *r, const struct script *s, const struct directive *d)
{
	const struct script_map *sm = &s->maps[d->map];
	const struct gomap_options *o = &sm->options;
	if (sm->kind == MAP_SYNC) {
		make_sync(r, s, d->map);
		return true;
	}
	if (!gomap_hint_fits(&r->arena, o)) {
		snprintf(r->error, sizeof r->error, "line %u: an array for %" PRId64 " elements does not fit into the heap",
			 d->line, o->hint);
		return false;
	}
	struct gomap *m = new_map(r, d->map);
	tell_map(r, sm, 0);
	gomap_make(m, &r->arena, o);
	return true;
}

static void do_say(struct run *r, const struct directive *d)
{
	struct event e = { .kind = EV_SAY, .size = d->say.len };
	if (d->say.len <= 8)
		memcpy(&e.new.v, d->say.text, d->say.len);
	else
		e.new.p = (const uint8_t *)d->say.text;
	tell(r, e);
}

/* A collection, or with `gc mark` its first half, is shown with the map that is selected. */
static bool do_gc(struct run *r, struct gomap *m, const struct directive *d)
{
	struct roots roots = { r->map, r->maps, r->counter, r->counters };
	uint64_t blocks, bytes;
	if (m)
		m->fault = -1;
	begin(r, m, d, d->key_text, NULL);
	if (d->gc.mark)
		collect_begin(&r->arena, &roots);
	else
		collect_end(&r->arena, &roots, &blocks, &bytes);
	return finish(r, m, OP_GC, OUTCOME_DONE);
}

/* ---- counters ---- */

/* new(int64) without pointers, as a program's variable would hold it; it stays to the end. */
static void make_counter(struct run *r, const struct gomap *m, const struct directive *d)
{
	bool headers = m ? m->release->malloc_headers : release_default()->malloc_headers;
	r->counter = grown(r->counter, &r->counters_cap, d->counter.index, sizeof *r->counter);
	r->counter[d->counter.index] = arena_alloc(&r->arena, (uint64_t)d->counter.n, false, headers, ROLE_COUNTER);
	r->counters = d->counter.index + 1u;
}

/* One locked instruction: it reads, and what it then writes nobody can have changed in between. */
static void add_counter(struct run *r, const struct directive *d)
{
	uint64_t addr = r->counter[d->counter.index];
	uint64_t *at = arena_host(&r->arena, addr), old = *at;
	tell(r, (struct event){ .kind = EV_ATOMIC, .addr = addr, .size = COUNTER_SIZE });
	*at = old + (uint64_t)d->counter.n;
	tell(r, (struct event){ .kind = EV_WRITE, .addr = addr, .size = COUNTER_SIZE, .old.v = old, .new.v = *at });
}

/* Shown with the map that is selected, like a collection. */
static bool do_counter(struct run *r, struct gomap *m, const struct directive *d)
{
	if (m)
		m->fault = -1;
	begin(r, m, d, d->key_text, d->elem_text);
	if (d->kind == DO_COUNTER)
		make_counter(r, m, d);
	else if (r->counter[d->counter.index])
		add_counter(r, d);
	return finish(r, m, op_kind_of[d->kind], d->kind == DO_ADD ? OUTCOME_UPDATED : OUTCOME_DONE);
}

int run_script(struct run *r, const struct script *s, size_t from)
{
	if (s->iter_count > 0) {
		r->iter = grown(r->iter, &r->iters_cap, s->iter_count, sizeof *r->iter);
		for (; r->iters < s->iter_count; r->iters++)
			r->iter[r->iters] = (struct run_iter){ .ended = true };
	}
	bool go_on = true;
	for (size_t i = from; go_on && i < s->count; i++) {
		const struct directive *d = &s->directive[i];
		switch (d->kind) {
		case DO_MAP:
			go_on = do_map(r, s, d);
			r->selected = (uint32_t)(d->map + 1);
			break;
		case DO_USE:
			r->selected = (uint32_t)(d->map + 1);
			break;
		case DO_CORE: break; /* each directive knows its own */
		case DO_SAY: do_say(r, d); break;
		case DO_FILL: case DO_PROBE: case DO_DRAIN: go_on = do_loop(r, d); break;
		case DO_GC:
			go_on = do_gc(r, run_map(r, d->map), d);
			break;
		case DO_COUNTER: case DO_ADD:
			go_on = do_counter(r, run_map(r, d->map), d);
			break;
		default: go_on = one_operation(r, d);
		}
	}
	if (*r->error)
		return -1;
	if (r->selected != r->arena.map) /* who looks at the end of the trace sees the map that was selected last */
		tell(r, (struct event){ .kind = EV_USE, .map = r->selected, .a = r->selected });
	return go_on || r->fatal ? 0 : 1;
}
