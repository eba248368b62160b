/* The map of a lab; see map.h. */
#include "src/lab/classic/map.h"

#include "trace/base/memory.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- meter ---- */

static void meter_map(struct sink *s, const struct map_info *m)
{
	(void)s;
	(void)m;
}

static void meter_operation(struct sink *s, const struct operation *o)
{
	(void)s;
	(void)o;
}

/* Tophash, length and key of one slot are neighbours in time: one look. */
static void look(struct lab_meter *m, uint64_t key, unsigned slot)
{
	if (m->last_bucket == key && m->last_slot == slot)
		return;
	m->last_bucket = key;
	m->last_slot = slot;
	m->slots++;
}

static void meter_event(struct sink *s, const struct event *e)
{
	struct lab_meter *m = (struct lab_meter *)s;
	m->kind[e->kind]++;
	switch (e->kind) {
	case EV_WRITE: m->written += e->size; break;
	case EV_ALLOC:
		m->zeroed += e->size;
		m->allocated += e->a;
		break;
	case EV_BUCKET:
	case EV_CHAIN:
		m->last_bucket++;
		m->last_slot = SLOTS;
		break;
	case EV_TOPHASH: look(m, m->last_bucket, (unsigned)e->c); break;
	case EV_LENGTH: look(m, m->last_bucket, (unsigned)e->c); break;
	case EV_KEY: look(m, m->last_bucket, (unsigned)e->a); break;
	default: break;
	}
}

void lab_meter_init(struct lab_meter *m)
{
	*m = (struct lab_meter){
		.sink = { .map = meter_map, .operation = meter_operation, .event = meter_event }
	};
}

void lab_meter_reset(struct lab_meter *m)
{
	lab_meter_init(m);
}

/* ---- map ---- */

static bool open_map(struct lab_map *x, const char *key, const char *elem, const struct release *r,
	uint64_t seed, int64_t hint, struct sink *sink)
{
	struct map_options o = { .release = r, .seed = seed, .hint = hint, .number = 1 };
	*x = (struct lab_map){ .text = 0 };
	bool known = go_type_parse(key, &o.key) && go_type_parse(elem, &o.elem);
	assert(known);
	(void)known;
	if (!arena_init(&x->arena, sink))
		return false;
	classic_make(&x->m, &x->arena, &o);
	x->e = sink ? &classic_recording[x->m.type.variant] : &classic_silent[x->m.type.variant];
	return true;
}

bool lab_map_open(struct lab_map *x, const char *key, const char *elem, const struct release *r,
	uint64_t seed, int64_t hint, struct lab_meter *meter)
{
	return open_map(x, key, elem, r, seed, hint, meter ? &meter->sink : NULL);
}

bool lab_map_open_noting(struct lab_map *x, const char *key, const char *elem, const struct release *r,
	uint64_t seed, struct sink *sink)
{
	return open_map(x, key, elem, r, seed, -1, sink);
}

void lab_map_close(struct lab_map *x)
{
	arena_release(&x->arena);
}

void lab_map_again(struct lab_map *x, uint64_t seed, int64_t hint)
{
	struct map_options o = { .key = x->m.type.key,
		.elem = x->m.type.elem,
		.release = x->m.map.release,
		.seed = seed,
		.hint = hint,
		.number = 1 };
	struct sink *sink = x->arena.sink;
	arena_release(&x->arena);
	if (!arena_init(&x->arena, sink))
		memory_out();
	x->text = x->text_end = 0;
	classic_make(&x->m, &x->arena, &o);
}

struct go_value lab_int_key(const int64_t *v)
{
	return (struct go_value){ .kind = GO_INT64, .data = (const uint8_t *)v, .len = 8 };
}

struct go_value lab_text_key(struct lab_map *x, const char *prefix, uint64_t i)
{
	enum { BLOCK = 1 << 16 };
	char text[64];
	uint64_t n = (uint64_t)snprintf(text, sizeof text, "%s%" PRIu64, prefix, i);
	if (x->text + n > x->text_end) {
		x->text = arena_alloc(
			&x->arena, BLOCK, false, x->m.map.release->malloc_headers, ROLE_KEY_TEXT);
		x->text_end = x->text + BLOCK;
	}
	memcpy(arena_host(&x->arena, x->text), text, n);
	struct go_value k = {
		.kind = GO_STRING, .data = arena_host(&x->arena, x->text), .len = n, .addr = x->text
	};
	x->text += n;
	return k;
}

void lab_put(struct lab_map *x, const struct go_value *k, uint64_t v)
{
	uint64_t at = x->e->assign(&x->m.map, k);
	uint8_t bytes[16] = { 0 };
	memcpy(bytes, &v, 8);
	struct go_value elem = { .kind = x->m.type.elem.kind, .data = bytes, .len = x->m.type.elem.size };
	if (x->m.type.elem.size <= sizeof bytes)
		map_store(&x->m.map, at, &elem);
}

void lab_put_int(struct lab_map *x, int64_t key)
{
	struct go_value k = lab_int_key(&key);
	lab_put(x, &k, (uint64_t)key);
}

bool lab_has(struct lab_map *x, const struct go_value *k)
{
	return x->e->access(&x->m.map, k) != 0;
}

bool lab_has_int(struct lab_map *x, int64_t key)
{
	struct go_value k = lab_int_key(&key);
	return lab_has(x, &k);
}

/* ---- what is in memory ---- */

static const uint8_t *host(const struct lab_map *x, uint64_t addr)
{
	return arena_host(&x->arena, addr);
}

static uint64_t word_at(const struct lab_map *x, uint64_t addr, unsigned size)
{
	uint64_t v = 0;
	memcpy(&v, host(x, addr), size);
	return v;
}

uint64_t lab_count(const struct lab_map *x)
{
	return word_at(x, x->m.hmap + HMAP_COUNT, 8);
}

unsigned lab_B(const struct lab_map *x)
{
	return (unsigned)word_at(x, x->m.hmap + HMAP_B, 1);
}

bool lab_growing(const struct lab_map *x)
{
	return word_at(x, x->m.hmap + HMAP_OLDBUCKETS, 8) != 0;
}

uint64_t lab_array(const struct lab_map *x)
{
	return word_at(x, x->m.hmap + HMAP_BUCKETS, 8);
}

unsigned lab_noverflow(const struct lab_map *x)
{
	return (unsigned)word_at(x, x->m.hmap + HMAP_NOVERFLOW, 2);
}

uint64_t lab_hash(struct lab_map *x, const struct go_value *k)
{
	return hash_value(&x->m.map.keys, k, word_at(x, x->m.hmap + HMAP_HASH0, 4), &x->m.map.random);
}

uint64_t lab_entries_at(struct lab_map *x, const struct go_value *k)
{
	uint64_t index = lab_hash(x, k) & ((UINT64_C(1) << lab_B(x)) - 1), entries = 0;
	uint64_t b = word_at(x, x->m.hmap + HMAP_BUCKETS, 8) + index * x->m.type.bucketsize;
	for (; b; b = word_at(x, b + x->m.type.overflow, 8))
		for (unsigned slot = 0; slot < SLOTS; slot++)
			entries += host(x, b)[slot] >= MIN_TOPHASH;
	return entries;
}

void lab_shape_add(struct lab_shape *s, const struct lab_map *x)
{
	uint64_t first = word_at(x, x->m.hmap + HMAP_BUCKETS, 8), n = UINT64_C(1) << lab_B(x);
	for (uint64_t i = 0; first && i < n; i++) {
		uint64_t entries = 0, length = 0;
		for (uint64_t b = first + i * x->m.type.bucketsize; b;
			b = word_at(x, b + x->m.type.overflow, 8)) {
			const uint8_t *top = host(x, b);
			for (unsigned slot = 0; slot < SLOTS; slot++)
				if (top[slot] >= MIN_TOPHASH)
					s->hit_probes += ++entries;
			length++;
		}
		s->buckets++;
		s->entries += entries;
		s->overflow += length - 1;
		s->by_entries[entries < LAB_SHAPE ? entries : LAB_SHAPE - 1]++;
		s->by_length[length < LAB_SHAPE ? length : LAB_SHAPE - 1]++;
		s->longest = entries > s->longest ? entries : s->longest;
	}
}
