/* Making a map, and storing elems: what Go's compiler does around the runtime's functions. */
#include "src/engine/classic/private.h"
#include "src/engine/random.h"

#include <stdlib.h>

/* Tells a write that has been done. */
static void tell_write(struct gomap *m, uint64_t addr, uint64_t size, const uint8_t *old)
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

void gomap_write(struct gomap *m, uint64_t addr, const uint8_t *src, uint64_t n)
{
	uint8_t *at = n ? arena_host(m->arena, addr) : NULL;
	if (n == 0)
		return;
	if (!m->arena->sink) {
		memcpy(at, src, n);
		return;
	}
	uint8_t small[256], *old = n <= sizeof small ? small : malloc(n);
	if (!old)
		abort();
	memcpy(old, at, n);
	memcpy(at, src, n);
	tell_write(m, addr, n, old);
	if (old != small)
		free(old);
}

static void write_word(struct gomap *m, uint64_t addr, unsigned size, uint64_t v)
{
	gomap_write(m, addr, (const uint8_t *)&v, size);
}

bool gomap_hint_fits(const struct arena *a, const struct gomap_options *o)
{
	struct map_type t = map_type_make(o->key, o->elem);
	unsigned B = gomap_hint_B(&t, o->release, o->hint);
	return B < 40 && arena_fits(a, gomap_array_length(&t, o->release, B) * t.bucketsize);
}

/* A pointer, which the write barrier sees first while the collector marks. */
static void write_pointer(struct gomap *m, uint64_t addr, uint64_t v)
{
	if (m->arena->marking)
		gomap_barrier(m, addr, v, false);
	write_word(m, addr, 8, v);
}

static void make_arrays(struct gomap *m, unsigned B)
{
	uint64_t base = UINT64_C(1) << B, total = gomap_array_length(&m->type, m->release, B);
	bool headers = m->release->malloc_headers;
	uint64_t size = m->type.bucketsize, array = arena_alloc(m->arena, total * size, m->type.pointers, headers,
								ROLE_BUCKETS);
	if (total != base) /* the last preallocated overflow bucket is marked */
		write_pointer(m, array + total * size - 8, array);
	write_pointer(m, m->hmap + HMAP_BUCKETS, array);
	if (total != base) {
		uint64_t extra = arena_alloc(m->arena, EXTRA_SIZE, true, headers, ROLE_EXTRA);
		write_pointer(m, m->hmap + HMAP_EXTRA, extra);
		write_pointer(m, extra + EXTRA_NEXT, array + base * size);
	}
}

uint64_t gomap_peek(struct arena *a, const struct gomap_options *o)
{
	return o->nil ? 0 : o->stack ? arena_push_peek(a, HMAP_SIZE)
		: arena_peek(a, HMAP_SIZE, true, o->release->malloc_headers);
}

static void make_hmap(struct gomap *m, int64_t hint, bool stack)
{
	m->hmap = stack ? arena_push(m->arena, HMAP_SIZE, ROLE_HMAP)
			: arena_alloc(m->arena, HMAP_SIZE, true, m->release->malloc_headers, ROLE_HMAP);
	if (!m->hmap)
		return;
	write_word(m, m->hmap + HMAP_HASH0, 4, (uint32_t)random_next(&m->random));
	unsigned B = gomap_hint_B(&m->type, m->release, hint);
	if (B) {
		write_word(m, m->hmap + HMAP_B, 1, B);
		make_arrays(m, B);
	} else if (stack && hint <= SLOTS) { /* the compiler puts the first bucket beside the hmap; a store to
		its own frame has no barrier */
		write_word(m, m->hmap + HMAP_BUCKETS, 8, arena_push(m->arena, m->type.bucketsize, ROLE_BUCKETS));
	}
}

void gomap_make(struct gomap *m, struct arena *a, const struct gomap_options *o)
{
	*m = (struct gomap){ .arena = a, .release = o->release, .type = map_type_make(o->key, o->elem),
		.random = o->seed, .number = o->number, .fault = -1, .bias = (uintptr_t)a->base - HEAP_BASE };
	a->map = o->number;
	hash_keys_draw(&m->keys, &m->random, o->release, o->aes);
	if (o->nil)
		return;
	make_hmap(m, o->hint, o->stack);
}

void gomap_remake(struct gomap *m, int64_t hint)
{
	m->hmap = 0;
	make_hmap(m, hint, false);
}

void gomap_value_bytes(const struct go_type *t, const struct go_value *v, uint8_t *out)
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

void gomap_store(struct gomap *m, uint64_t addr, const struct go_value *elem)
{
	const struct go_type *t = &m->type.elem;
	uint8_t bytes[16];
	if (t->size > sizeof bytes) {
		gomap_write(m, addr, elem->data, t->size);
		return;
	}
	gomap_value_bytes(t, elem, bytes);
	if (m->arena->marking)
		gomap_barrier_value(m, t, false, false, addr, bytes);
	gomap_write(m, addr, bytes, t->size);
}
