/* What gomap/main.go does with Go's own map, with the engine that records nothing.  Prints one line a
 * measurement: operation, key type, size, nanoseconds an operation. */
#include "src/engine/classic/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TOTAL = 1000000 };

static volatile int64_t sink;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void report(const char *op, const char *key, int n, double ns)
{
	printf("%s %s %d %.3f\n", op, key, n, ns / (double)(TOTAL / n * n));
}

static struct arena arena;
static const struct map_calls *e; /* of the map's variant */

static void make(struct classic_map *m, enum go_kind key)
{
	struct map_options o = { .key = go_type_basic(key),
		.elem = go_type_basic(GO_INT64),
		.seed = 1,
		.hint = -1,
		.release = release_default(),
		.number = 1 };
	classic_make(m, &arena, &o);
	e = &classic_silent[m->type.variant];
}

/* The memory of the maps before is given back, as Go's collector does between measurements. */
static void fresh(void)
{
	arena_release(&arena);
	if (!arena_init(&arena, NULL))
		exit(1);
}

static int64_t elem(uint64_t addr)
{
	int64_t v = 0;
	if (addr)
		memcpy(&v, arena_host(&arena, addr), 8);
	return v;
}

static double iterate(struct classic_map *m, int rounds)
{
	int64_t sum = 0;
	double start = now();
	for (int r = 0; r < rounds; r++) {
		uint64_t it = arena_push(&arena, HITER_SIZE, ROLE_HITER);
		const uint8_t *h = arena_host(&arena, it);
		e->iter_init(&m->map, it);
		while (e->iter_next(&m->map, it)) {
			uint64_t key, value;
			memcpy(&key, h + HITER_KEY, 8);
			memcpy(&value, h + HITER_ELEM, 8);
			sum += elem(key) + elem(value);
		}
		arena_pop(&arena, it);
	}
	double spent = now() - start;
	sink += sum;
	return spent;
}

static void put(struct classic_map *m, const struct go_value *k, int64_t v)
{
	memcpy(arena_host(&arena, e->assign(&m->map, k)), &v, 8);
}

static void ints(int n)
{
	int rounds = TOTAL / n;
	int64_t i, sum = 0;
	struct go_value k = { .kind = GO_INT64, .data = (const uint8_t *)&i, .len = 8 };
	struct classic_map m;
	fresh();
	double start = now(), spent = 0;
	for (int r = 0; r < rounds; r++) {
		make(&m, GO_INT64);
		for (i = 0; i < n; i++)
			put(&m, &k, i);
	}
	report("insert", "int64", n, now() - start);
	start = now();
	for (int r = 0; r < rounds; r++)
		for (i = 0; i < n; i++)
			sum += elem(e->access(&m.map, &k));
	report("hit", "int64", n, now() - start);
	start = now();
	for (int r = 0; r < rounds; r++)
		for (i = n; i < 2 * n; i++)
			sum += elem(e->access(&m.map, &k));
	report("miss", "int64", n, now() - start);
	report("iterate", "int64", n, iterate(&m, rounds));
	for (int r = 0; r < rounds; r++) {
		for (i = 0; i < n; i++)
			put(&m, &k, i);
		start = now();
		for (i = 0; i < n; i++)
			e->remove(&m.map, &k);
		spent += now() - start;
	}
	report("delete", "int64", n, spent);
	sink += sum;
}

/* n keys from key-FROM on, one after the other in a block of the arena. */
static struct go_value *texts(int from, int n)
{
	struct go_value *k = calloc((size_t)n, sizeof *k);
	char text[32];
	uint64_t total = 0;
	if (!k)
		exit(1);
	for (int i = 0; i < n; i++)
		total += (uint64_t)snprintf(text, sizeof text, "key-%d", from + i);
	uint64_t at = arena_alloc(&arena, total, false, true, ROLE_KEY_TEXT);
	for (int i = 0; i < n; i++) {
		int len = snprintf(text, sizeof text, "key-%d", from + i);
		memcpy(arena_host(&arena, at), text, (size_t)len);
		k[i] = (struct go_value){
			.kind = GO_STRING, .data = arena_host(&arena, at), .len = (uint64_t)len, .addr = at
		};
		at += (uint64_t)len;
	}
	return k;
}

static void strings(int n)
{
	int rounds = TOTAL / n;
	int64_t sum = 0;
	struct classic_map m;
	fresh();
	struct go_value *keys = texts(0, n), *same = texts(0, n), *other = texts(n, n);
	double start = now(), spent = 0;
	for (int r = 0; r < rounds; r++) {
		make(&m, GO_STRING);
		for (int i = 0; i < n; i++)
			put(&m, &keys[i], i);
	}
	report("insert", "string", n, now() - start);
	start = now();
	for (int r = 0; r < rounds; r++)
		for (int i = 0; i < n; i++)
			sum += elem(e->access(&m.map, &same[i]));
	report("hit", "string", n, now() - start);
	start = now();
	for (int r = 0; r < rounds; r++)
		for (int i = 0; i < n; i++)
			sum += elem(e->access(&m.map, &other[i]));
	report("miss", "string", n, now() - start);
	report("iterate", "string", n, iterate(&m, rounds));
	for (int r = 0; r < rounds; r++) {
		for (int i = 0; i < n; i++)
			put(&m, &keys[i], i);
		start = now();
		for (int i = 0; i < n; i++)
			e->remove(&m.map, &same[i]);
		spent += now() - start;
	}
	report("delete", "string", n, spent);
	sink += sum;
	free(keys);
	free(same);
	free(other);
}

int main(void)
{
	fresh();
	for (int n = 10000; n <= 1000000; n *= 100) {
		ints(n);
		strings(n);
	}
	return 0;
}
