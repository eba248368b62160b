/* What engines share: the head of a map, values in memory, and writes by the code that the compiler makes
 * around the runtime's functions.  See engine.h. */
#include "src/engine/engine.h"

#include "trace/base/memory.h"
#include "trace/go/data.h"

#include <stdlib.h>

void map_init(struct map *m, const struct engine *e, struct arena *a, const struct map_options *o)
{
	*m = (struct map){ .engine = e,
		.arena = a,
		.bias = a ? (uintptr_t)a->base - HEAP_BASE : 0,
		.release = o->release,
		.number = o->number,
		.fault = -1,
		.key = o->key,
		.elem = o->elem,
		.random = o->seed };
	if (a)
		a->map = o->number;
	hash_keys_draw(&m->keys, &m->random, o->release, o->aes);
}

bool map_look(const struct map *m, const struct reader *r, struct map_view *ret)
{
	return map_open_at(
		ret, m->engine->kind, m->release->name, &m->key, &m->elem, m->engine->address(m), r);
}

void map_emit(const struct map *m, struct event e)
{
	struct sink *s = m->arena->sink;
	if (!s)
		return;
	e.map = m->number;
	s->steps++;
	s->event(s, &e);
}

/* Emits a write that has been done. */
static void emit_write(const struct map *m, uint64_t addr, uint64_t size, const uint8_t *old)
{
	struct sink *s = m->arena->sink;
	const uint8_t *now = arena_host(m->arena, addr);
	struct event e = { .kind = EV_WRITE, .map = m->number, .addr = addr, .size = size };
	if (size <= 8) {
		memcpy(&e.old.v, old, size);
		memcpy(&e.new.v, now, size);
	} else {
		e.old.p = old;
		e.new.p = now;
	}
	s->steps++;
	s->event(s, &e);
}

void map_write(struct map *m, uint64_t addr, const uint8_t *src, uint64_t n)
{
	uint8_t *at = n ? arena_host(m->arena, addr) : NULL;
	if (n == 0)
		return;
	if (!m->arena->sink) {
		memcpy(at, src, n);
		return;
	}
	uint8_t small[256], *old = n <= sizeof small ? small : memory_need(malloc(n));
	memcpy(old, at, n);
	memcpy(at, src, n);
	emit_write(m, addr, n, old);
	if (old != small)
		free(old);
}

/* ---- values ---- */

void value_bytes(const struct go_type *t, const struct go_value *v, uint8_t *out)
{
	uint64_t word[2] = { 0, 0 };
	if (t->kind == GO_STRING) {
		word[0] = v->addr;
		word[1] = v->len;
		memcpy(out, word, 16);
	} else if (t->kind == GO_ANY) {
		if (!v->nil) {
			word[0] = go_type_address(v->kind);
			word[1] = v->addr;
		}
		memcpy(out, word, 16);
	} else if (t->size) {
		memcpy(out, v->data, t->size);
	}
}

/* Copies bytes into fresh memory, as the program that owns them would have them. */
static uint64_t place(struct map *m, const uint8_t *bytes, uint64_t n, bool pointers, enum block_role role)
{
	if (n == 0)
		return 0;
	uint64_t addr = arena_alloc(m->arena, n, pointers, m->release->malloc_headers, role);
	memcpy(arena_host(m->arena, addr), bytes, n);
	if (!m->arena->sink)
		return addr;
	struct event e = { .kind = EV_WRITE, .addr = addr, .size = n };
	if (n <= 8)
		memcpy(&e.new.v, bytes, n);
	else
		e.new.p = arena_host(m->arena, addr);
	map_emit(m, e);
	return addr;
}

/* What the second word of an any points to: a box, where the program's data does not have the value. */
static uint64_t place_box(struct map *m, const struct go_value *v, enum block_role text)
{
	uint64_t addr = go_data_value(v->kind, v->data, v->len);
	if (addr)
		return addr;
	if (v->kind != GO_STRING)
		return place(m, v->data, v->len, v->kind == GO_SLICE, ROLE_BOX);
	uint64_t header[2] = { place(m, v->data, v->len, false, text), v->len };
	return place(m, (const uint8_t *)header, sizeof header, true, ROLE_BOX);
}

void value_settle(struct map *m, struct go_value *v, bool key)
{
	enum block_role text = key ? ROLE_KEY_TEXT : ROLE_ELEM_TEXT;
	if (v->is_any && !v->nil)
		v->addr = place_box(m, v, text);
	else if (v->kind == GO_STRING)
		v->addr = place(m, v->data, v->len, false, text);
}

const uint8_t *value_host(const struct map *m, uint64_t addr, uint64_t n)
{
	return addr >= HEAP_BASE ? arena_host(m->arena, addr) : go_data_bytes(addr, n);
}

void map_store(struct map *m, uint64_t addr, const struct go_value *elem)
{
	const struct go_type *t = &m->elem;
	uint8_t bytes[16];
	if (t->size > sizeof bytes) {
		map_write(m, addr, elem->data, t->size);
		return;
	}
	value_bytes(t, elem, bytes);
	if (m->arena->marking)
		map_barrier_value(m, t, false, false, addr, bytes);
	map_write(m, addr, bytes, t->size);
}
