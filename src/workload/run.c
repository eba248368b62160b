/* Carrying out a workload; see run.h. */
#include "src/workload/run.h"

#include "src/memory/collect.h"
#include "src/workload/shown.h"
#include "trace/base/grown.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

bool run_init(struct run *r, struct sink *sink, struct run_observer *o)
{
	*r = (struct run){ .sink = sink, .observer = o };
	if (arena_init(&r->arena, sink))
		return true;
	snprintf(r->error, sizeof r->error, "no address space for the heap could be reserved");
	return false;
}

void run_release(struct run *r)
{
	for (size_t i = r->maps; i-- > 0;) /* parts, which go with the whole, come after it */
		if (r->map[i] && !r->map[i]->whole)
			r->map[i]->engine->release(r->map[i]);
	free(r->map);
	free(r->iter);
	free(r->counter);
	free(r->element[0]);
	free(r->element[1]);
	arena_release(&r->arena);
}

struct map *run_map(const struct run *r, unsigned index)
{
	return index < r->maps ? r->map[index] : NULL;
}

static void emit(struct run *r, struct event e)
{
	if (!r->sink)
		return;
	r->sink->steps++;
	r->sink->event(r->sink, &e);
}

/* ---- operations begin and end ---- */

static enum op_kind operation_of(const struct directive *d)
{
	return directive_info[d->kind].operation;
}

/* The values of an operation's words, as slots show them, where they differ from what the workload wrote. */
struct op_values {
	char key[SHOWN_VALUE], elem[SHOWN_VALUE];
};

static bool has_values(const struct directive *d)
{
	switch (operation_of(d)) {
	case OP_PUT:
	case OP_GET:
	case OP_DEL:
	case OP_LOADORSTORE:
	case OP_SWAP:
	case OP_CAD:
	case OP_LOADANDDELETE: return true;
	default: return false;
	}
}

static struct race values_of(const struct map *m, const struct directive *d, struct op_values *v)
{
	struct race ret = { .kind = operation_of(d), .key = d->key_text, .elem = d->elem_text };
	if (m && has_values(d)) {
		if (shown_value(&m->key, &d->op.key, m->engine->in_any, d->key_text, v->key))
			ret.key = v->key;
		if (d->elem_text &&
			shown_value(&m->elem, &d->op.elem, m->engine->in_any, d->elem_text, v->elem))
			ret.elem = v->elem;
	}
	return ret;
}

static const char *unless_same(const char *value, const char *word)
{
	return value != word ? value : NULL;
}

static void operation_begin(struct run *r, struct map *m, const struct directive *d, struct operation *o)
{
	o->op = r->ops;
	o->map = r->arena.map;
	o->kind = r->kind;
	o->core = d->core;
	o->first_step = r->sink->steps + 1;
	r->sink->operation(r->sink, o);
	emit(r,
		(struct event){ .kind = EV_OP,
			.map = o->map,
			.addr = m ? m->engine->address(m) : 0,
			.a = o->map,
			.b = o->kind });
	if (d->core) /* an operation without is on core 0 */
		emit(r, (struct event){ .kind = EV_CORE, .map = o->map, .a = d->core });
}

static bool begins(struct run *r, const struct map *m, const struct directive *d)
{
	r->ops++;
	r->kind = operation_of(d);
	r->arena.map = m ? m->number : 0;
	return r->sink != NULL;
}

static void begin(struct run *r, struct map *m, const struct directive *d)
{
	struct op_values first, second;
	if (!begins(r, m, d))
		return;
	struct operation o = { .key = d->key_text, .elem = d->elem_text };
	struct race shown = values_of(m, d, &first);
	o.key_value = unless_same(shown.key, o.key);
	o.elem_value = unless_same(shown.elem, o.elem);
	if (d->kind == DO_RACE) {
		o.first = values_of(m, d->race.first, &first);
		o.second = values_of(m, d->race.second, &second);
	}
	operation_begin(r, m, d, &o);
}

/* Is the word of an element (literal_element) what a slot of this type shows? */
static bool word_shown(const struct go_type *t)
{
	return t->kind == GO_STRING || t->kind == GO_INT64;
}

/* An element of fill, probe, drain: kinds whose words are what slots show need no second look. */
static void begin_element(
	struct run *r, struct map *m, const struct directive *d, const struct directive *one)
{
	struct op_values values;
	if (!begins(r, m, d))
		return;
	struct operation o = { .key = one->key_text, .elem = one->elem_text };
	if (!m->engine->in_any && word_shown(&m->key) && (!o.elem || word_shown(&m->elem))) {
		operation_begin(r, m, d, &o);
		return;
	}
	struct race shown = values_of(m, one, &values);
	o.key_value = unless_same(shown.key, o.key);
	o.elem_value = unless_same(shown.elem, o.elem);
	operation_begin(r, m, d, &o);
}

static uint64_t map_count(const struct map *m)
{
	return m ? m->engine->count(m) : 0;
}

/* true: go on. */
static bool finish(struct run *r, struct map *m, enum op_kind kind, enum outcome outcome)
{
	if (m && m->fault >= 0)
		outcome = OUTCOME_FAULT;
	emit(r, (struct event){ .kind = EV_DONE, .map = m ? m->number : 0, .a = outcome, .b = map_count(m) });
	if (m && fault_is_fatal(m->fault))
		r->fatal = true;
	if (r->observer && r->observer->done && !r->observer->done(r->observer, m, r->ops, kind))
		return false;
	if (r->interrupt && *r->interrupt)
		return false;
	return !(r->sink && r->sink->failed) && !r->fatal;
}

/* ---- operations of one key ---- */

static enum outcome do_put(struct run *r, struct map *m, struct go_value key, struct go_value elem)
{
	uint64_t count = map_count(m);
	value_settle(m, &key, true);
	value_settle(m, &elem, false);
	uint64_t at = m->call->assign(m, &key);
	if (m->fault >= 0)
		return OUTCOME_FAULT;
	emit(r, (struct event){ .kind = EV_PHASE, .map = m->number, .a = PHASE_STORE });
	map_store(m, at, &elem);
	return map_count(m) > count ? OUTCOME_INSERTED : OUTCOME_UPDATED;
}

static void emit_got(struct run *r, struct map *m, bool ok, uint64_t at)
{
	emit(r, (struct event){ .kind = EV_GOT, .map = m->number, .addr = at, .a = ok });
	if (r->observer && r->observer->got)
		r->observer->got(r->observer, m, ok, at);
}

static enum outcome do_get(struct run *r, struct map *m, const struct go_value *key)
{
	uint64_t at = m->call->access(m, key);
	if (m->fault >= 0)
		return OUTCOME_FAULT;
	emit_got(r, m, at != 0, at);
	return at ? OUTCOME_FOUND : OUTCOME_ABSENT;
}

static enum outcome do_del(struct map *m, const struct go_value *key)
{
	return m->call->remove(m, key) ? OUTCOME_DELETED : OUTCOME_ABSENT;
}

/* ---- operations that an engine does in its own way ---- */

struct items {
	struct run_observer *observer;
	const struct map *map;
};

static void give_item(void *arg, uint64_t key, uint64_t elem)
{
	const struct items *i = arg;
	if (i->observer && i->observer->item)
		i->observer->item(i->observer, i->map, key, elem);
}

/* The outcome; -1: the operation is one of map_calls. */
static int engine_work(struct run *r, struct map *m, enum op_kind kind, const struct directive *d)
{
	struct items items = { r->observer, m };
	struct map_operation o = { .kind = kind,
		.key = d->op.key,
		.elem = d->op.elem,
		.new = d->op.new,
		.item = give_item,
		.arg = &items };
	struct map_result result = { .gives = false };
	int outcome = m->engine->operate(m, &o, &result);
	if (m->fault >= 0)
		return OUTCOME_FAULT;
	if (result.gives)
		emit_got(r, m, result.ok, result.elem);
	if (outcome == OUTCOME_END && r->observer && r->observer->end)
		r->observer->end(r->observer, m);
	return outcome;
}

/* ---- range loops ---- */

/* The loop is over: its variable, on the stack, is gone. */
static void drop_frame(struct run *r, struct run_iter *it)
{
	if (it->frame)
		arena_pop(&r->arena, it->frame);
	it->frame = 0;
	it->ended = true;
}

static void start_iter(struct run *r, struct map *m, struct run_iter *it)
{
	drop_frame(r, it);
	*it = (struct run_iter){ .map = m, .frame = arena_push(&r->arena, m->engine->frame, ROLE_HITER) };
	if (!m->call->iter_init(m, it->frame))
		drop_frame(r, it);
}

/* Takes n items (n < 0: all). */
static enum outcome take(struct run *r, struct run_iter *it, int64_t n)
{
	struct map *m = it->map;
	struct run_observer *o = r->observer;
	m->fault = -1;
	emit(r, (struct event){ .kind = EV_PHASE, .map = m->number, .a = PHASE_ITERATE });
	for (; n != 0; n -= n > 0) {
		if (!it->ended && m->call->iter_next(m, it->frame)) {
			uint64_t key, elem;
			m->engine->item(m, it->frame, &key, &elem);
			if (o && o->item)
				o->item(o, m, key, elem);
			continue;
		}
		if (m->fault >= 0)
			return OUTCOME_FAULT;
		if (it->ended)
			emit(r, (struct event){ .kind = EV_END, .map = m->number });
		else
			drop_frame(r, it);
		if (o && o->end)
			o->end(o, m);
		return OUTCOME_END;
	}
	return OUTCOME_DONE;
}

/* ---- directives ---- */

/* Carries out an operation's work, without beginning or ending it: its outcome. */
static enum outcome work_of(struct run *r, struct map *m, enum op_kind kind, const struct directive *d)
{
	int outcome = m->engine->operate ? engine_work(r, m, kind, d) : -1;
	if (outcome >= 0)
		return (enum outcome)outcome;
	switch (kind) {
	case OP_PUT: return do_put(r, m, d->op.key, d->op.elem);
	case OP_GET: return do_get(r, m, &d->op.key);
	case OP_DEL: return do_del(m, &d->op.key);
	case OP_CLEAR: m->call->clear(m); return OUTCOME_DONE;
	case OP_ITER: start_iter(r, m, &r->iter[d->iter.index]); return OUTCOME_DONE;
	case OP_NEXT: return take(r, &r->iter[d->iter.index], d->iter.n);
	case OP_RANGE: {
		struct run_iter it = { .ended = true };
		start_iter(r, m, &it);
		outcome = take(r, &it, -1);
		drop_frame(r, &it);
		return (enum outcome)outcome;
	}
	default: return OUTCOME_DONE;
	}
}

struct second {
	struct run *r;
	const struct directive *d;
};

/* The second of a race, on the first's map while that is being written. */
static bool begin_second(void *arg)
{
	struct second *s = arg;
	struct map *m = run_map(s->r, s->d->map);
	emit(s->r, (struct event){ .kind = EV_SECOND, .map = m->number, .a = operation_of(s->d) });
	work_of(s->r, m, operation_of(s->d), s->d);
	bool fatal = fault_is_fatal(m->fault);
	if (!fatal) /* a panic of the second goroutine is not the first's */
		m->fault = -1;
	return fatal;
}

static enum outcome do_race(struct run *r, struct map *m, const struct directive *d)
{
	struct second s = { r, d->race.second };
	m->second = begin_second;
	m->second_arg = &s;
	enum outcome outcome = work_of(r, m, operation_of(d->race.first), d->race.first);
	bool came = m->second == NULL;
	m->second = NULL;
	if (!came && m->fault < 0) { /* the first never wrote: they do not meet */
		emit(r,
			(struct event){
				.kind = EV_SECOND, .map = m->number, .a = operation_of(d->race.second) });
		outcome = work_of(r, m, operation_of(d->race.second), d->race.second);
	}
	return outcome;
}

static bool one_operation(struct run *r, const struct directive *d)
{
	struct map *m = run_map(r, d->map);
	enum op_kind kind = operation_of(d);
	m->fault = -1;
	begin(r, m, d);
	enum outcome outcome = d->kind == DO_RACE ? do_race(r, m, d) : work_of(r, m, kind, d);
	return finish(r, m, kind, outcome);
}

/* fill, probe, drain: an operation for each i. */
static bool do_loop(struct run *r, const struct directive *d)
{
	struct map *m = run_map(r, d->map);
	enum op_kind kind = operation_of(d);
	uint8_t *kb = r->element[0] = memory_resize(r->element[0], LITERAL_BUFFER + m->key.size),
		*vb = r->element[1] = memory_resize(r->element[1], LITERAL_BUFFER + m->elem.size);
	char key_text[32], elem_text[32];
	bool go_on = true;
	for (int64_t i = d->loop.lo; go_on && i < d->loop.hi; i++) {
		struct go_value key, elem = { 0 };
		literal_element(&m->key, i, 'k', kb, &key, r->sink ? key_text : NULL);
		if (kind == OP_PUT)
			literal_element(&m->elem, i, 'v', vb, &elem, r->sink ? elem_text : NULL);
		struct directive one = { .kind = kind == OP_PUT ? DO_PUT
				: kind == OP_GET                ? DO_GET
								: DO_DEL,
			.key_text = key_text,
			.elem_text = kind == OP_PUT ? elem_text : NULL,
			.op = { .key = key, .elem = elem } };
		begin_element(r, m, d, &one);
		m->fault = -1;
		go_on = finish(r, m, kind, work_of(r, m, kind, &one));
	}
	return go_on;
}

/* The map of a script's index. */
static void add_map(struct run *r, unsigned index, struct map *m)
{
	r->map = grown(r->map, &r->maps_cap, index, sizeof *r->map);
	r->map[index] = m;
	r->maps = index + 1u;
}

/* The sink hears of a map before it is made. */
static void describe_map(struct run *r, const struct script_map *sm, uint64_t address)
{
	const struct map_options *o = &sm->options;
	struct map_info info = { .map = o->number,
		.arch = "amd64",
		.seed = o->seed,
		.hint = o->hint,
		.kind = (uint8_t)sm->kind,
		.header = address,
		.part_of = sm->part_of,
		.key = o->key,
		.elem = o->elem };
	if (!r->sink)
		return;
	memcpy(info.name, sm->name, sizeof info.name);
	memcpy(info.place, sm->place, sizeof info.place);
	memcpy(info.hash, sm->hash, sizeof info.hash);
	snprintf(info.go, sizeof info.go, "%s", o->release->name);
	r->sink->map(r->sink, &info);
}

static bool do_map(struct run *r, const struct script *s, const struct directive *d)
{
	const struct script_map *sm = &s->maps[d->map];
	const struct map_options *o = &sm->options;
	const struct engine *e = sm->engine;
	if (!e->fits(&r->arena, o)) {
		snprintf(r->error, sizeof r->error,
			"line %u: an array for %" PRId64 " elements does not fit into the heap", d->line,
			o->hint);
		return false;
	}
	uint64_t address = e->peek(&r->arena, o);
	describe_map(r, sm, address);
	for (unsigned i = 1; i <= sm->parts;
		i++) /* before the event: a chunk that it ends has the whole map */
		describe_map(r, sm + i, 0);
	emit(r, (struct event){ .kind = EV_MAP, .map = o->number, .addr = address, .a = o->number });
	add_map(r, d->map, NULL);
	e->make(&r->arena, o, &r->map[d->map]);
	for (unsigned i = 0; i < sm->parts; i++)
		add_map(r, d->map + 1 + i, e->part(r->map[d->map], i));
	return true;
}

static void do_say(struct run *r, const struct directive *d)
{
	struct event e = { .kind = EV_SAY, .size = d->say.len };
	if (d->say.len <= 8)
		memcpy(&e.new.v, d->say.text, d->say.len);
	else
		e.new.p = (const uint8_t *)d->say.text;
	emit(r, e);
}

/* Whose blocks are scanned: one map's, mostly many of them one after the other. */
struct scanning {
	const struct run *r;
	const struct map *map;
	struct map_view view;
};

static bool block_points(void *arg, const struct block *b, void (*pointer)(void *to, uint64_t addr), void *to)
{
	struct scanning *s = arg;
	const struct map *m = b->map ? run_map(s->r, b->map - 1u) : NULL;
	struct map_pointers p;
	if (!m)
		return false;
	if (m != s->map)
		map_look(m, &s->r->arena.reader, &s->view);
	s->map = m;
	if (!s->view.kind->pointers(&s->view, b->role, &p))
		return false;
	uint64_t stride = p.stride ? p.stride : b->size;
	for (uint64_t at = 0; p.n && at + stride <= b->size; at += stride)
		for (unsigned i = 0; i < p.n; i++)
			pointer(to, b->addr + at + p.offset[i]);
	return true;
}

/* The program's variables: its maps and its counters.  A map's parts hang on it. */
static uint64_t *new_roots(const struct run *r, size_t *ret_count)
{
	uint64_t *object = memory_array(r->maps + r->counters + 1, sizeof *object);
	size_t n = 0;
	for (size_t i = 0; i < r->maps; i++)
		if (r->map[i] && !r->map[i]->whole)
			object[n++] = r->map[i]->engine->address(r->map[i]);
	for (size_t i = 0; i < r->counters; i++)
		object[n++] = r->counter[i];
	*ret_count = n;
	return object;
}

/* A collection, or with `gc mark` its first half, is shown with the map that is selected. */
static bool do_gc(struct run *r, struct map *m, const struct directive *d)
{
	uint64_t blocks, bytes, *object;
	struct scanning scanning = { .r = r };
	struct roots roots = { .points = block_points, .arg = &scanning };
	roots.object = object = new_roots(r, &roots.objects);
	if (m)
		m->fault = -1;
	begin(r, m, d);
	if (d->gc.mark)
		collect_begin(&r->arena, &roots);
	else
		collect_end(&r->arena, &roots, &blocks, &bytes);
	free(object);
	return finish(r, m, OP_GC, OUTCOME_DONE);
}

/* ---- counters ---- */

/* new(int64) without pointers, as a program's variable would hold it; it stays to the end. */
static void make_counter(struct run *r, const struct map *m, const struct directive *d)
{
	bool headers = m ? m->release->malloc_headers : release_default()->malloc_headers;
	r->counter = grown(r->counter, &r->counters_cap, d->counter.index, sizeof *r->counter);
	r->counter[d->counter.index] = arena_alloc(
		&r->arena, (uint64_t)d->counter.n, false, headers, ROLE_COUNTER);
	r->counters = d->counter.index + 1u;
}

/* One locked instruction: it reads, and what it then writes nobody can have changed in between. */
static void add_counter(struct run *r, const struct directive *d)
{
	uint64_t addr = r->counter[d->counter.index];
	uint64_t *at = arena_host(&r->arena, addr), old = *at;
	emit(r, (struct event){ .kind = EV_ATOMIC, .addr = addr, .size = COUNTER_SIZE });
	*at = old + (uint64_t)d->counter.n;
	emit(r,
		(struct event){
			.kind = EV_WRITE, .addr = addr, .size = COUNTER_SIZE, .old.v = old, .new.v = *at });
}

/* Shown with the map that is selected, like a collection. */
static bool do_counter(struct run *r, struct map *m, const struct directive *d)
{
	if (m)
		m->fault = -1;
	begin(r, m, d);
	if (d->kind == DO_COUNTER)
		make_counter(r, m, d);
	else
		add_counter(r, d);
	return finish(r, m, operation_of(d), d->kind == DO_ADD ? OUTCOME_UPDATED : OUTCOME_DONE);
}

/* Carries out directives, as far as that goes. */
struct part {
	struct run *r;
	const struct script *s;
	size_t from;
	bool go_on;
};

static void run_part(void *arg)
{
	struct part *p = arg;
	struct run *r = p->r;
	const struct script *s = p->s;
	for (size_t i = p->from; p->go_on && i < s->count; i++) {
		const struct directive *d = &s->directive[i];
		switch (d->kind) {
		case DO_MAP:
			p->go_on = do_map(r, s, d);
			r->selected = (uint32_t)(d->map + 1);
			break;
		case DO_USE: r->selected = (uint32_t)(d->map + 1); break;
		case DO_CORE: break; /* each directive knows its own */
		case DO_SAY: do_say(r, d); break;
		case DO_FILL:
		case DO_PROBE:
		case DO_DRAIN: p->go_on = do_loop(r, d); break;
		case DO_GC: p->go_on = do_gc(r, run_map(r, d->map), d); break;
		case DO_COUNTER:
		case DO_ADD: p->go_on = do_counter(r, run_map(r, d->map), d); break;
		default: p->go_on = one_operation(r, d);
		}
	}
}

int run_script(struct run *r, const struct script *s, size_t from)
{
	struct part p = { r, s, from, true };
	if (s->iters.count > 0) {
		r->iter = grown(r->iter, &r->iters_cap, s->iters.count, sizeof *r->iter);
		for (; r->iters < s->iters.count; r->iters++)
			r->iter[r->iters] = (struct run_iter){ .ended = true };
	}
	if (!arena_try(&r->arena, run_part, &p))
		snprintf(r->error, sizeof r->error,
			"operation %" PRIu64 ": the heap of %" PRIu64 " MiB is full", r->ops,
			r->arena.reserved >> 20);
	if (*r->error)
		return -1;
	if (r->selected !=
		r->arena.map) /* who looks at the end of the trace sees the map that was selected last */
		emit(r, (struct event){ .kind = EV_USE, .map = r->selected, .a = r->selected });
	return p.go_on || r->fatal ? 0 : 1;
}
