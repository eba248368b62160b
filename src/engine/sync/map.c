/* sync.Map, step for step; see map.h.
 *
 * Facts: sync/map.go of Go 1.19.8, 1.22.12 and 1.23.5.  What escapes to the heap there is allocated here: the
 * value of a Store as an any that the entry will point to, each readOnly, each entry.
 */
#include "src/engine/sync/map.h"

#include "src/engine/classic/private.h"

#include <string.h>

/* ---- words ---- */

static void emit(struct sync_map *s, struct event e)
{
	struct sink *sink = s->map.arena->sink;
	if (!sink)
		return;
	e.map = s->at->number;
	sink->steps++;
	sink->event(sink, &e);
}
#define EMIT(s, ...) emit((s), (struct event){ __VA_ARGS__ })
#define EMIT_READ(s, at, n) EMIT(s, .kind = EV_READ, .addr = (at), .size = (n))

/* From here on the steps are those of m; the random stream goes with them. */
static void enter(struct sync_map *s, struct map *m)
{
	if (s->at == m)
		return;
	m->random = s->at->random;
	s->at = m;
	m->arena->map = m->number;
	EMIT(s, .kind = EV_USE, .a = m->number);
}

static uint64_t load64(const struct sync_map *s, uint64_t addr)
{
	uint64_t v;
	memcpy(&v, arena_host(s->map.arena, addr), 8);
	return v;
}

static void put(struct sync_map *s, uint64_t addr, unsigned size, uint64_t v)
{
	map_write(s->at, addr, (const uint8_t *)&v, size);
}

/* A pointer: the write barrier sees it first while the collector marks. */
static void put_pointer(struct sync_map *s, uint64_t addr, uint64_t v)
{
	if (s->map.arena->marking)
		map_barrier(s->at, addr, v, false);
	put(s, addr, 8, v);
}

/* What follows changes size bytes at addr in one go, other cores or not. */
static void atomically(struct sync_map *s, uint64_t addr, unsigned size)
{
	EMIT(s, .kind = EV_ATOMIC, .addr = addr, .size = size);
}

static uint64_t new_block(struct sync_map *s, uint64_t size, enum block_role role)
{
	return arena_alloc(s->map.arena, size, true, s->map.release->malloc_headers, role);
}

static uint64_t dirty_hmap(const struct sync_map *s)
{
	return load64(s, s->addr + s->layout->dirty);
}

static uint64_t len_of(struct sync_map *s, uint64_t hmap)
{
	if (!hmap)
		return 0;
	EMIT_READ(s, hmap + HMAP_COUNT, 8);
	return load64(s, hmap + HMAP_COUNT);
}

/* ---- mutex and readOnly ---- */

static void lock(struct sync_map *s)
{
	enter(s, &s->map);
	EMIT(s, .kind = EV_MUTEX, .addr = s->addr + SYNC_MUTEX, .a = 1);
	atomically(s, s->addr + SYNC_MUTEX, 4);
	put(s, s->addr + SYNC_MUTEX, 4, 1);
}

static void unlock(struct sync_map *s)
{
	enter(s, &s->map);
	atomically(s, s->addr + SYNC_MUTEX, 4);
	put(s, s->addr + SYNC_MUTEX, 4, 0);
	EMIT(s, .kind = EV_MUTEX, .addr = s->addr + SYNC_MUTEX, .a = 0);
}

struct read_only {
	uint64_t m;
	bool amended;
};

/* look 1: without the mutex, 2: again, with it. */
static struct read_only load_read(struct sync_map *s, unsigned look)
{
	struct read_only r = { 0 };
	enter(s, &s->map);
	uint64_t p = load64(s, s->addr + s->layout->pointer);
	if (p) {
		r.m = load64(s, p + READONLY_M);
		r.amended = load64(s, p + READONLY_AMENDED) & 1;
	}
	EMIT(s, .kind = EV_SYNCREAD, .addr = s->addr + s->layout->read, .size = s->layout->read_size, .a = p,
		.b = r.amended, .c = look);
	if (p)
		EMIT_READ(s, p, READONLY_SIZE);
	return r;
}

/* read.Store(readOnly{m, amended}).  An interface (up to 1.19) gets a copy as a whole, a composite literal
 * field by field, and only what is not zero. */
static void store_read(struct sync_map *s, uint64_t m, bool amended)
{
	const struct sync_layout *l = s->layout;
	uint64_t p = new_block(s, READONLY_SIZE, ROLE_READONLY), words[2] = { m, amended };
	if (l->read_size == 16) {
		if (s->map.arena->marking)
			map_barrier(s->at, p, m, true);
		map_write(s->at, p, (const uint8_t *)words, sizeof words);
		if (!load64(s, s->addr + l->read)) { /* the first Store of an atomic.Value */
			put(s, s->addr + l->read, 8, SYNC_STORING);
			put_pointer(s, s->addr + l->pointer, p);
			put(s, s->addr + l->read, 8, SYNC_READONLY_TYPE);
			return;
		}
	} else {
		if (m)
			put_pointer(s, p + READONLY_M, m);
		if (amended)
			put(s, p + READONLY_AMENDED, 1, 1);
	}
	put_pointer(s, s->addr + l->pointer, p);
}

/* A variable of Range's that lies on the heap is assigned. */
static void assign_read(struct sync_map *s, uint64_t variable, struct read_only r)
{
	uint64_t words[2] = { r.m, r.amended };
	if (s->map.arena->marking)
		map_barrier(s->at, variable, r.m, false);
	map_write(s->at, variable, (const uint8_t *)words, sizeof words);
}

/* dirty is read from now on.  variable: where Range has its readOnly, so that read gets its address; 0: read
 * gets a new one. */
static void promote(struct sync_map *s, enum promote_why why, uint64_t variable)
{
	uint64_t dirty = dirty_hmap(s);
	EMIT(s, .kind = EV_PROMOTE, .a = dirty ? load64(s, dirty + HMAP_COUNT) : 0, .b = why,
		.c = s->dirty.map.number);
	if (variable) {
		assign_read(s, variable, (struct read_only){ .m = dirty });
		put_pointer(s, s->addr + s->layout->read, variable);
	} else {
		store_read(s, dirty, false);
	}
	put_pointer(s, s->addr + s->layout->dirty, 0);
	put(s, s->addr + s->layout->misses, 8, 0);
}

static void miss_locked(struct sync_map *s)
{
	enter(s, &s->map);
	uint64_t misses = load64(s, s->addr + s->layout->misses) + 1;
	put(s, s->addr + s->layout->misses, 8, misses);
	uint64_t dirty = len_of(s, dirty_hmap(s));
	EMIT(s, .kind = EV_MISS, .a = misses, .b = dirty);
	if ((int64_t)misses >= (int64_t)dirty)
		promote(s, PROMOTE_MISSES, 0);
}

/* ---- the two maps ---- */

/* e, ok := m[key]: the entry, 0: none. */
static uint64_t find(struct sync_map *s, struct classic_map *m, uint64_t hmap, const struct go_value *key)
{
	enter(s, &m->map);
	m->hmap = hmap;
	uint64_t at = m->map.call->access(&m->map, key);
	if (m->map.fault >= 0)
		s->map.fault = m->map.fault;
	if (at)
		EMIT_READ(s, at, 8);
	uint64_t entry = at ? load64(s, at) : 0;
	enter(s, &s->map);
	return entry;
}

static uint64_t find_read(struct sync_map *s, struct read_only r, const struct go_value *key)
{
	return find(s, &s->read, r.m, key);
}

static uint64_t find_dirty(struct sync_map *s, const struct go_value *key)
{
	return find(s, &s->dirty, dirty_hmap(s), key);
}

/* m.dirty[key] = entry */
static void put_dirty(struct sync_map *s, const struct go_value *key, uint64_t entry)
{
	enter(s, &s->dirty.map);
	s->dirty.hmap = dirty_hmap(s);
	uint64_t at = s->dirty.map.call->assign(&s->dirty.map, key);
	EMIT(s, .kind = EV_PHASE, .a = PHASE_STORE);
	put_pointer(s, at, entry);
	enter(s, &s->map);
}

/* ---- entries ---- */

/* A value that an entry can point to: an any of its own. */
static uint64_t new_value(struct sync_map *s, const struct go_value *v)
{
	struct go_type any = go_type_basic(GO_ANY);
	uint8_t bytes[ANY_SIZE];
	enter(s, &s->map);
	uint64_t cell = new_block(s, ANY_SIZE, ROLE_VALUE);
	value_bytes(&any, v, bytes);
	if (s->map.arena->marking)
		map_barrier_value(s->at, &any, false, false, cell, bytes);
	map_write(s->at, cell, bytes, ANY_SIZE);
	return cell;
}

static uint64_t new_entry(struct sync_map *s, const struct go_value *v)
{
	uint64_t cell = new_value(s, v), entry = new_block(s, ENTRY_SIZE, ROLE_ENTRY);
	put_pointer(s, entry, cell);
	return entry;
}

static uint64_t load_entry(struct sync_map *s, uint64_t entry)
{
	uint64_t p = load64(s, entry);
	enter(s, &s->map);
	EMIT(s, .kind = EV_ENTRY, .addr = entry, .size = ENTRY_SIZE, .a = p, .b = entry_state_of(p));
	return p;
}

static void set_entry(struct sync_map *s, uint64_t entry, uint64_t from, uint64_t to, bool conditional)
{
	EMIT(s, .kind = EV_CAS, .addr = entry, .a = entry_state_of(from), .b = entry_state_of(to),
		.c = conditional);
	atomically(s, entry, ENTRY_SIZE);
	put_pointer(s, entry, to);
}

/* *p, for a result or a comparison. */
static uint64_t read_value(struct sync_map *s, uint64_t p)
{
	EMIT_READ(s, p, ANY_SIZE);
	return p;
}

/* Entry's load: a value, 0 when it is deleted or expunged. */
static uint64_t entry_load(struct sync_map *s, uint64_t entry)
{
	uint64_t p = load_entry(s, entry);
	return entry_state_of(p) == ENTRY_LIVE ? read_value(s, p) : 0;
}

static bool entry_unexpunge(struct sync_map *s, uint64_t entry)
{
	if (load_entry(s, entry) != SYNC_EXPUNGED)
		return false;
	EMIT(s, .kind = EV_UNEXPUNGE, .addr = entry);
	atomically(s, entry, ENTRY_SIZE);
	put_pointer(s, entry, 0);
	return true;
}

/* Is it expunged?  A deleted one becomes so. */
static bool entry_expunge(struct sync_map *s, uint64_t entry)
{
	uint64_t p = load_entry(s, entry);
	if (p == 0) {
		EMIT(s, .kind = EV_EXPUNGE, .addr = entry);
		atomically(s, entry, ENTRY_SIZE);
		put_pointer(s, entry, SYNC_EXPUNGED);
	}
	return p == 0 || p == SYNC_EXPUNGED;
}

/* The value of an any in memory; its text or box is not copied. */
static void value_at(const struct sync_map *s, uint64_t any, struct go_value *ret)
{
	struct go_type inside;
	uint64_t box = load64(s, any + 8);
	*ret = (struct go_value){ .is_any = true };
	if (!go_type_from_address(load64(s, any), &inside)) {
		ret->nil = true;
		return;
	}
	ret->kind = inside.kind;
	ret->len = inside.size;
	ret->data = value_host(&s->map, box, inside.size);
	if (inside.kind == GO_STRING) {
		uint64_t word[2];
		memcpy(word, ret->data, sizeof word);
		ret->len = word[1];
		ret->data = word[0] ? arena_host(s->map.arena, word[0]) : NULL;
	}
}

/* *p == old: types first, so only two of the same type can be a panic (runtime.efaceeq). */
static bool holds(struct sync_map *s, uint64_t p, const struct go_value *old)
{
	struct go_value have;
	value_at(s, read_value(s, p), &have);
	if (have.nil || old->nil || have.kind != GO_SLICE || old->kind != GO_SLICE)
		return values_equal(&have, old);
	s->map.fault = FAULT_UNCOMPARABLE;
	EMIT(s, .kind = EV_FAULT, .a = FAULT_UNCOMPARABLE, .b = 0);
	return false;
}

/* ---- dirty is made ---- */

static void copy_to_dirty(struct sync_map *s, struct read_only r)
{
	uint64_t it = arena_push(s->map.arena, HITER_SIZE, ROLE_HITER);
	enter(s, &s->read.map);
	s->read.hmap = r.m;
	const struct map_calls *call = s->read.map.call;
	bool more = call->iter_init(&s->read.map, it);
	while (more && call->iter_next(&s->read.map, it)) {
		uint64_t key = load64(s, it + HITER_KEY), elem = load64(s, it + HITER_ELEM);
		EMIT_READ(s, elem, 8);
		uint64_t entry = load64(s, elem);
		struct go_value k;
		if (!entry_expunge(s, entry)) {
			value_at(s, key, &k);
			k.addr = load64(s, key + 8);
			put_dirty(s, &k, entry);
		}
		enter(s, &s->read.map);
	}
	enter(s, &s->map);
	arena_pop(s->map.arena, it);
}

static void dirty_locked(struct sync_map *s)
{
	if (dirty_hmap(s)) /* 1.23's Clear leaves it, empty */
		return;
	struct read_only r = load_read(s, 2);
	uint64_t n = len_of(s, r.m);
	EMIT(s, .kind = EV_DIRTYCOPY, .a = n);
	enter(s, &s->dirty.map);
	classic_remake(&s->dirty, (int64_t)n);
	enter(s, &s->map);
	put_pointer(s, s->addr + s->layout->dirty, s->dirty.hmap);
	copy_to_dirty(s, r);
}

/* The key is in neither map: a new entry in dirty.  Where its value stands. */
static uint64_t add(
	struct sync_map *s, struct read_only r, const struct go_value *key, const struct go_value *value)
{
	if (!r.amended) {
		dirty_locked(s);
		EMIT(s, .kind = EV_AMENDED, .addr = s->addr + s->layout->read, .a = 1);
		store_read(s, r.m, true);
	}
	uint64_t entry = new_entry(s, value);
	put_dirty(s, key, entry);
	return load64(s, entry);
}

/* ---- the operations ---- */

/* What Load, LoadAndDelete and CompareAndDelete begin with: the entry of a key, from dirty only where read
 * cannot tell; then `drop` takes it out of dirty. */
static uint64_t find_entry(struct sync_map *s, const struct go_value *key, bool drop)
{
	struct read_only r = load_read(s, 1);
	uint64_t e = find_read(s, r, key);
	if (s->map.fault >= 0 || e || !r.amended)
		return e;
	lock(s);
	r = load_read(s, 2);
	e = find_read(s, r, key);
	if (!e && r.amended) {
		e = find_dirty(s, key);
		if (drop) {
			enter(s, &s->dirty.map);
			s->dirty.hmap = dirty_hmap(s);
			s->dirty.map.call->remove(&s->dirty.map, key);
		}
		miss_locked(s);
	}
	unlock(s);
	return e;
}

bool sync_map_load(struct sync_map *s, const struct go_value *key, uint64_t *ret_value)
{
	uint64_t e = find_entry(s, key, false);
	*ret_value = e ? entry_load(s, e) : 0;
	return *ret_value != 0;
}

bool sync_map_load_and_delete(struct sync_map *s, const struct go_value *key, uint64_t *ret_value)
{
	uint64_t e = find_entry(s, key, true), p = e ? load_entry(s, e) : 0;
	*ret_value = 0;
	if (entry_state_of(p) != ENTRY_LIVE)
		return false;
	set_entry(s, e, p, 0, true);
	*ret_value = read_value(s, p);
	return true;
}

bool sync_map_compare_and_delete(struct sync_map *s, const struct go_value *key, const struct go_value *old)
{
	uint64_t e = find_entry(s, key, false), p = e ? load_entry(s, e) : 0;
	if (entry_state_of(p) != ENTRY_LIVE || !holds(s, p, old))
		return false;
	set_entry(s, e, p, 0, true);
	return true;
}

/* swapLocked, or storeLocked. */
static uint64_t swap_locked(struct sync_map *s, uint64_t e, uint64_t cell)
{
	uint64_t p = load64(s, e);
	enter(s, &s->map);
	set_entry(s, e, p, cell, false);
	return p;
}

bool sync_map_swap(
	struct sync_map *s, const struct go_value *key, const struct go_value *value, uint64_t *ret_value)
{
	uint64_t cell = new_value(s, value), p = 0;
	struct read_only r = load_read(s, 1);
	uint64_t e = find_read(s, r, key);
	if (s->map.fault >= 0)
		return false;
	if (e && (p = load_entry(s, e)) != SYNC_EXPUNGED) {
		set_entry(s, e, p, cell, true);
	} else {
		lock(s);
		r = load_read(s, 2);
		if ((e = find_read(s, r, key)) != 0) {
			if (entry_unexpunge(s, e))
				put_dirty(s, key, e);
			p = swap_locked(s, e, cell);
		} else if ((e = find_dirty(s, key)) != 0) {
			p = swap_locked(s, e, cell);
		} else {
			add(s, r, key, value);
			p = 0;
		}
		if (p && ret_value)
			read_value(s, p);
		unlock(s);
	}
	if (ret_value)
		*ret_value = p;
	return p != 0;
}

/* tryLoadOrStore: *ret_value is what is there in the end, *ret_loaded whether it was before.  false:
 * expunged. */
static bool try_load_or_store(
	struct sync_map *s, uint64_t e, const struct go_value *value, uint64_t *ret_value, bool *ret_loaded)
{
	uint64_t p = load_entry(s, e);
	if (p == SYNC_EXPUNGED)
		return false;
	*ret_loaded = p != 0;
	if (p) {
		*ret_value = read_value(s, p);
		return true;
	}
	*ret_value = new_value(s, value);
	set_entry(s, e, 0, *ret_value, true);
	return true;
}

bool sync_map_load_or_store(
	struct sync_map *s, const struct go_value *key, const struct go_value *value, uint64_t *ret_value)
{
	struct read_only r = load_read(s, 1);
	uint64_t e = find_read(s, r, key);
	bool loaded = false;
	*ret_value = 0;
	if (s->map.fault >= 0 || (e && try_load_or_store(s, e, value, ret_value, &loaded)))
		return loaded;
	lock(s);
	r = load_read(s, 2);
	if ((e = find_read(s, r, key)) != 0) {
		if (entry_unexpunge(s, e))
			put_dirty(s, key, e);
		try_load_or_store(s, e, value, ret_value, &loaded);
	} else if ((e = find_dirty(s, key)) != 0) {
		try_load_or_store(s, e, value, ret_value, &loaded);
		miss_locked(s);
	} else {
		*ret_value = add(s, r, key, value);
	}
	unlock(s);
	return loaded;
}

static bool try_compare_and_swap(
	struct sync_map *s, uint64_t e, const struct go_value *old, const struct go_value *new)
{
	uint64_t p = load_entry(s, e);
	if (entry_state_of(p) != ENTRY_LIVE || !holds(s, p, old))
		return false;
	set_entry(s, e, p, new_value(s, new), true);
	return true;
}

bool sync_map_compare_and_swap(struct sync_map *s, const struct go_value *key, const struct go_value *old,
	const struct go_value *new)
{
	struct read_only r = load_read(s, 1);
	uint64_t e = find_read(s, r, key);
	if (s->map.fault >= 0)
		return false;
	if (e)
		return try_compare_and_swap(s, e, old, new);
	if (!r.amended)
		return false;
	bool swapped = false;
	lock(s);
	r = load_read(s, 2);
	if ((e = find_read(s, r, key)) != 0) {
		swapped = try_compare_and_swap(s, e, old, new);
	} else if ((e = find_dirty(s, key)) != 0) {
		swapped = try_compare_and_swap(s, e, old, new);
		if (s->map.fault < 0)
			miss_locked(s);
	}
	unlock(s); /* deferred in Go, so after a panic too */
	return swapped;
}

void sync_map_clear(struct sync_map *s)
{
	struct read_only r = load_read(s, 1);
	if (len_of(s, r.m) == 0 && !r.amended)
		return;
	lock(s);
	r = load_read(s, 2);
	if (len_of(s, r.m) > 0 || r.amended)
		store_read(s, 0, false);
	enter(s, &s->dirty.map);
	s->dirty.hmap = dirty_hmap(s);
	s->dirty.map.call->clear(&s->dirty.map);
	enter(s, &s->map);
	put(s, s->addr + s->layout->misses, 8, 0);
	unlock(s);
}

void sync_map_range(struct sync_map *s, void (*item)(void *arg, uint64_t key, uint64_t value), void *arg)
{
	uint64_t variable = 0;
	enter(s, &s->map);
	if (s->map.release->range_allocates)
		variable = new_block(s, READONLY_SIZE, ROLE_READONLY);
	struct read_only r = load_read(s, 1);
	if (variable)
		assign_read(s, variable, r);
	if (r.amended) {
		lock(s);
		r = load_read(s, 2);
		if (variable)
			assign_read(s, variable, r);
		if (r.amended) {
			r = (struct read_only){ .m = dirty_hmap(s) };
			promote(s, PROMOTE_RANGE, variable);
		}
		unlock(s);
	}
	uint64_t it = arena_push(s->map.arena, HITER_SIZE, ROLE_HITER);
	enter(s, &s->read.map);
	s->read.hmap = r.m;
	const struct map_calls *call = s->read.map.call;
	bool more = call->iter_init(&s->read.map, it);
	while (more && call->iter_next(&s->read.map, it)) {
		uint64_t key = load64(s, it + HITER_KEY), elem = load64(s, it + HITER_ELEM);
		EMIT_READ(s, elem, 8);
		uint64_t value = entry_load(s, load64(s, elem));
		if (value) {
			key = sync_map_inside(s, &s->map.key, key);
			value = sync_map_inside(s, &s->map.elem, value);
			EMIT(s, .kind = EV_ITEM, .addr = key, .a = value);
			if (item)
				item(arg, key, value);
		}
		enter(s, &s->read.map);
	}
	enter(s, &s->map);
	EMIT(s, .kind = EV_END);
	arena_pop(s->map.arena, it);
}

/* ---- around them ---- */

uint64_t sync_map_inside(const struct sync_map *s, const struct go_type *t, uint64_t any)
{
	return t->kind == GO_ANY || !any ? any : load64(s, any + 8);
}

void sync_map_refresh(struct sync_map *s)
{
	uint64_t p = s->addr ? load64(s, s->addr + s->layout->pointer) : 0;
	s->read.hmap = p ? load64(s, p + READONLY_M) : 0;
	s->dirty.hmap = s->addr ? dirty_hmap(s) : 0;
}

void sync_map_init(struct sync_map *s, struct arena *a, const struct map_options *o)
{
	struct map_options part = *o;
	struct map_type t = sync_map_type();
	map_init(&s->map, &engine_sync, a, o);
	part.key = t.key;
	part.elem = t.elem;
	part.number++;
	classic_init(&s->read, a, &part);
	part.number++;
	classic_init(&s->dirty, a, &part);
	s->read.map.whole = s->dirty.map.whole = s->at = &s->map;
	s->layout = sync_layout(o->release->name);
}

void sync_map_make(struct sync_map *s, struct arena *a, const struct map_options *o)
{
	sync_map_init(s, a, o);
	a->map = o->number;
	s->addr = arena_alloc(a, s->layout->size, true, o->release->malloc_headers, ROLE_SYNC);
}
