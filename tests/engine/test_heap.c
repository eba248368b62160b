/* The allocator and the collector under the arena: where objects lie, when addresses come back, what the
 * write barrier keeps alive.  Sizes and places against real Go are tests/engine/heap.sh's. */
#include "src/memory/collect.h"
#include "src/engine/classic/map.h"
#include "src/engine/random.h"
#include "src/workload/run.h"
#include "trace/map/classic/model.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a sink that keeps the kinds that these tests look at ---- */

struct heard {
	struct sink sink;
	struct event event[4096];
	size_t count;
	uint64_t op;
};

static void hear(struct sink *s, const struct event *e)
{
	struct heard *h = (struct heard *)(void *)s;
	h->op += e->kind == EV_OP;
	if (e->kind >= EV_SPAN || e->kind == EV_ALLOC || e->kind == EV_FREE)
		if (h->count < 4096)
			h->event[h->count++] = *e;
}

static void hear_map(struct sink *s, const struct map_info *m)
{
	(void)s, (void)m;
}

static void hear_operation(struct sink *s, const struct operation *o)
{
	(void)s, (void)o;
}

static struct heard *heard_new(void)
{
	struct heard *h = calloc(1, sizeof *h);
	ck_assert_ptr_nonnull(h);
	h->sink = (struct sink){ .map = hear_map, .operation = hear_operation, .event = hear };
	return h;
}

static struct event *heard_kind(struct heard *h, int kind, size_t n)
{
	for (size_t i = 0; i < h->count; i++)
		if (h->event[i].kind == kind && n-- == 0)
			return &h->event[i];
	return NULL;
}

static size_t heard_count(struct heard *h, int kind)
{
	size_t n = 0;
	for (size_t i = 0; i < h->count; i++)
		n += h->event[i].kind == kind;
	return n;
}

/* ---- where objects lie ---- */

START_TEST(small_objects_fill_a_span)
{
	struct arena a;
	ck_assert(arena_init(&a, NULL));
	uint64_t first = arena_alloc(&a, 200, true, false, ROLE_KEY);
	for (unsigned i = 1; i < 39; i++)
		ck_assert_uint_eq(arena_alloc(&a, 200 + i % 9, true, false, ROLE_KEY), first + i * 208);
	ck_assert_uint_eq(arena_peek(&a, 200, true, false), first + PAGE_SIZE);
	ck_assert_uint_eq(arena_alloc(&a, 200, true, false, ROLE_KEY), first + PAGE_SIZE);
	/* other span classes have spans of their own */
	ck_assert_uint_eq(arena_alloc(&a, 200, false, false, ROLE_KEY), first + 2 * PAGE_SIZE);
	ck_assert_uint_eq(arena_alloc(&a, 600, true, true, ROLE_KEY) % 64, 8);
	ck_assert_uint_eq(arena_alloc(&a, 40000, true, true, ROLE_KEY) % PAGE_SIZE, 0);
	arena_release(&a);
}
END_TEST

START_TEST(tiny_objects_share_a_block)
{
	struct arena a;
	struct block b;
	ck_assert(arena_init(&a, NULL));
	uint64_t at = arena_alloc(&a, 1, false, true, ROLE_KEY_TEXT);
	ck_assert_uint_eq(arena_alloc(&a, 2, false, true, ROLE_KEY_TEXT), at + 2);
	ck_assert_uint_eq(arena_alloc(&a, 8, false, true, ROLE_BOX), at + 8);
	/* 12 do not fit: a new block, but the old one... has 0 bytes left, so it is replaced */
	ck_assert_uint_eq(arena_alloc(&a, 12, false, true, ROLE_KEY_TEXT), at + 16);
	ck_assert_uint_eq(arena_alloc(&a, 4, false, true, ROLE_KEY_TEXT), at + 28);
	ck_assert_uint_eq(arena_alloc(&a, 5, false, true, ROLE_KEY_TEXT), at + 32);
	/* 15 do not fit, but the block of 15 would have less room than the one that holds 5 */
	ck_assert_uint_eq(arena_alloc(&a, 15, false, true, ROLE_KEY_TEXT), at + 48);
	ck_assert_uint_eq(arena_alloc(&a, 3, false, true, ROLE_KEY_TEXT), at + 37);
	/* 16 bytes are no tiny object, but of the same span class */
	ck_assert_uint_eq(arena_alloc(&a, 16, false, true, ROLE_BOX), at + 64);
	ck_assert(a.reader.block(&a.reader, at + 8, &b));
	ck_assert_uint_eq(b.size, 8);
	ck_assert_int_eq(b.role, ROLE_BOX);
	ck_assert(!a.reader.block(&a.reader, at + 1, &b));
	size_t blocks = 0;
	for (uint64_t cursor = 0, last = 0; a.memory.next(&a.memory, &cursor, &b); last = b.addr, blocks++)
		ck_assert_uint_gt(b.addr, last);
	ck_assert_uint_eq(blocks, 9);
	arena_release(&a);
}
END_TEST

START_TEST(stack_variables_lie_at_its_end)
{
	struct arena a;
	ck_assert(arena_init(&a, NULL));
	uint64_t peek = arena_push_peek(&a, 48), h = arena_push(&a, 48, ROLE_HMAP);
	ck_assert_uint_eq(h, peek);
	ck_assert_uint_eq((h + 48) % (STACK_PAGES * PAGE_SIZE), 0);
	uint64_t it = arena_push(&a, 96, ROLE_HITER), other = arena_push(&a, 20, ROLE_BUCKETS);
	ck_assert_uint_eq(it, h - 96);
	ck_assert_uint_eq(other, it - 24);
	ck_assert(arena_on_stack(&a, it) && arena_on_stack(&a, it + 95));
	arena_pop(&a, it);
	ck_assert_uint_eq(arena_push(&a, 96, ROLE_HITER), it);
	uint64_t big = arena_push(&a, 32000, ROLE_BUCKETS);
	ck_assert_uint_eq(big, other - 32000);
	ck_assert_uint_eq(
		arena_push(&a, 32000, ROLE_BUCKETS) / PAGE_SIZE, (big + STACK_PAGES * PAGE_SIZE) / PAGE_SIZE);
	arena_release(&a);
}
END_TEST

/* ---- workloads ---- */

static void run_text(struct run *r, struct script *s, struct heard *h, const char *text)
{
	ck_assert_msg(script_parse(s, "t", text, strlen(text)) == 0, "%s", s->error);
	ck_assert(run_init(r, &h->sink, NULL));
	ck_assert_int_eq(run_script(r, s, 0), 0);
}

static void run_done(struct run *r, struct script *s, struct heard *h)
{
	run_release(r);
	script_release(s);
	free(h);
}

START_TEST(swept_addresses_come_back)
{
	struct run r;
	struct script s;
	struct heard *h = heard_new();
	run_text(&r, &s, h, "map int64 int64\nfill 0 60\ngc\nmap int64 int64 name=b\nfill 0 9\n");
	/* the arrays of B 0 to 3 are freed with their spans; the second map's first array lies where the
	 * first map's did */
	const struct event *first = heard_kind(h, EV_ALLOC, 1), *again = NULL;
	for (const struct event *e = first; e < h->event + h->count; e++)
		if (e->kind == EV_ALLOC && e->b == ROLE_BUCKETS && e->map == 2 && !again)
			again = e;
	ck_assert_ptr_nonnull(again);
	ck_assert_uint_eq(again->addr, first->addr);
	ck_assert_ptr_nonnull(heard_kind(h, EV_UNSPAN, 0));
	run_done(&r, &s, h);
}
END_TEST

START_TEST(gc_leaves_the_stack_alone)
{
	struct run r;
	struct script s;
	struct heard *h = heard_new();
	run_text(&r, &s, h, "map string int64 place=stack\nfill 0 30\ngc\nprobe 0 30\n");
	struct classic_map *m = classic_of(run_map(&r, 0));
	char message[CHECK_MESSAGE];
	ck_assert(arena_on_stack(&r.arena, m->hmap));
	ck_assert_uint_eq(classic_check(m, &r.arena.reader, true, message), 0);
	for (size_t i = 0; i < heard_count(h, EV_FREE); i++)
		ck_assert_uint_ne(heard_kind(h, EV_FREE, i)->c, SPAN_STACK);
	ck_assert_uint_eq(heard_kind(h, EV_ALLOC, 1)->c, SPAN_STACK); /* the first bucket */
	run_done(&r, &s, h);
}
END_TEST

/* Objects of a role that a workload allocates. */
static unsigned allocated(const char *text, enum block_role role)
{
	struct run r;
	struct script s;
	struct heard *h = heard_new();
	unsigned n = 0;
	run_text(&r, &s, h, text);
	for (size_t i = 0; i < heard_count(h, EV_ALLOC); i++)
		n += heard_kind(h, EV_ALLOC, i)->b == role;
	run_done(&r, &s, h);
	return n;
}

/* Each kind of value at the edge of what the program's data has: tests/engine/allocations.sh asks real Go. */
static const struct {
	const char *value;
	unsigned boxes;
} in_an_any[] = { { "true", 0 }, { "int8(-1)", 0 }, { "uint8(255)", 0 }, { "int16(255)", 0 },
	{ "int16(256)", 1 }, { "int16(-1)", 1 }, { "int32(255)", 0 }, { "uint32(256)", 1 }, { "255", 0 },
	{ "256", 1 }, { "-1", 1 }, { "0.0", 0 }, { "-0.0", 1 }, { "1.0", 1 }, { "float32(0)", 0 },
	{ "float32(1)", 1 }, { "5e-324", 0 }, { "complex64(0)", 1 }, { "complex128(0)", 1 }, { "\"\"", 0 },
	{ "a", 1 }, { "nil", 0 }, { "[]int{}", 1 } };

START_TEST(some_values_need_no_box)
{
	char text[200];
	snprintf(text, sizeof text, "map int64 any\nput 1000 %s\n", in_an_any[_i].value);
	ck_assert_uint_eq(allocated(text, ROLE_BOX), in_an_any[_i].boxes);
	snprintf(text, sizeof text, "syncmap int64 any\nput 1 %s\nget 1\nput 1 %s\nrange\n",
		in_an_any[_i].value, in_an_any[_i].value);
	ck_assert_uint_eq(allocated(text, ROLE_BOX), 2 * in_an_any[_i].boxes);
}
END_TEST

/* golang/go#62404 */
START_TEST(ranges_of_two_releases_allocate)
{
	static const struct {
		const char *go;
		unsigned objects;
	} of[] = { { "1.18", 2 }, { "1.19", 2 }, { "1.20", 4 }, { "1.21", 4 }, { "1.22", 2 }, { "1.23", 2 } };
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		char text[100]; /* what is amended, and what the first range promotes */
		snprintf(text, sizeof text, "syncmap int64 int64 go=%s\nput 1 5\nrange\nrange\nrange\n",
			of[i].go);
		ck_assert_uint_eq(allocated(text, ROLE_READONLY), of[i].objects);
	}
}
END_TEST

/* The growth drops the old array while marking: the barrier of oldbuckets shades it, so this gc keeps it and
 * the next frees it. */
START_TEST(old_array_floats_for_a_cycle)
{
	struct run r;
	struct script s;
	struct heard *h = heard_new();
	run_text(&r, &s, h, "map int64 int64\nfill 0 8\ngc mark\nfill 8 14\ngc\ngc\n");
	struct event *first = heard_kind(h, EV_ALLOC, 1); /* the array of one bucket */
	ck_assert_int_eq(first->b, ROLE_BUCKETS);
	bool shaded = false;
	unsigned ended = 0, freed_after = 0;
	for (const struct event *e = h->event; e < h->event + h->count; e++) {
		shaded |= e->kind == EV_SHADE && (e->b == SHADE_OLD || e->b == SHADE_NEW) &&
			e->addr == first->addr && !ended;
		ended += e->kind == EV_MARKING && !e->a;
		if (e->kind == EV_FREE && e->addr == first->addr)
			freed_after = ended;
	}
	ck_assert(shaded);
	ck_assert_uint_eq(freed_after, 2);
	run_done(&r, &s, h);
}
END_TEST

START_TEST(tophash_needs_no_barrier)
{
	struct run r;
	struct script s;
	struct heard *h = heard_new();
	run_text(&r, &s, h, "map int64 int64 hint=8\nput 1 1\ngc mark\nput 2 2\nput 3 3\ndel 1\ngc\n");
	ck_assert_uint_eq(heard_count(h, EV_BARRIER), 0);
	run_done(&r, &s, h);
	h = heard_new();
	run_text(&r, &s, h,
		"map string int64\nput a-key-of-20-letters 1\ngc mark\nput another-of-20-letter 2\ndel "
		"a-key-of-20-letters\ngc\n");
	ck_assert_uint_eq(
		heard_count(h, EV_BARRIER), 2); /* the new key's pointer; the deleted key's, now nil */
	ck_assert_uint_eq(heard_kind(h, EV_BARRIER, 1)->c, 1); /* the deleted one was white: it is shaded */
	run_done(&r, &s, h);
}
END_TEST

/* Random workloads with marking: nothing that a map or a loop still needs is ever freed. */
START_TEST(marking_frees_nothing_in_use)
{
	static const char *const maps[] = { "string string", "string int64 place=stack", "int64 string",
		"any any", "[200]byte [200]byte", "int64 int64", "string [200]byte", "float64 any go=1.19" };
	uint64_t state = (uint64_t)_i * 977 + 1;
	char text[16384];
	size_t n = (size_t)snprintf(text, sizeof text, "map %s seed=%d\n", maps[_i % 8], _i + 1);
	bool marking = false;
	for (unsigned i = 0; i < 60; i++) {
		unsigned lo = random_next(&state) % 200, count = random_next(&state) % 60;
		switch (random_next(&state) % 8) {
		case 0:
		case 1:
		case 2:
			n += (size_t)snprintf(text + n, sizeof text - n, "fill %u %u\n", lo, lo + count);
			break;
		case 3:
			n += (size_t)snprintf(text + n, sizeof text - n, "drain %u %u\n", lo, lo + count);
			break;
		case 4: n += (size_t)snprintf(text + n, sizeof text - n, "iter a\nnext a %u\n", count); break;
		case 5:
			n += (size_t)snprintf(text + n, sizeof text - n, i % 3 ? "range\n" : "clear\n");
			break;
		default:
			marking = !marking;
			n += (size_t)snprintf(text + n, sizeof text - n, marking ? "gc mark\n" : "gc\n");
		}
	}
	struct run r;
	struct script s;
	struct heard *h = heard_new();
	ck_assert_msg(script_parse(&s, "t", text, n) == 0, "%s", s.error);
	ck_assert(run_init(&r, &h->sink, NULL));
	ck_assert_int_eq(run_script(&r, &s, 0), 0);
	struct classic_map *m = classic_of(run_map(&r, 0));
	char message[CHECK_MESSAGE];
	ck_assert_msg(classic_check(m, &r.arena.reader, true, message) == 0, "%s\n%s", message, text);
	FILE *nowhere = fopen("/dev/null", "w");
	ck_assert(layout_print(
		nowhere, &r.arena.reader, &m->type, m->hmap)); /* every text and box can be read */
	fclose(nowhere);
	run_done(&r, &s, h);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("heap");
	TCase *c = tcase_create("heap");
	tcase_add_test(c, small_objects_fill_a_span);
	tcase_add_test(c, tiny_objects_share_a_block);
	tcase_add_test(c, stack_variables_lie_at_its_end);
	tcase_add_test(c, swept_addresses_come_back);
	tcase_add_test(c, gc_leaves_the_stack_alone);
	tcase_add_loop_test(c, some_values_need_no_box, 0, sizeof in_an_any / sizeof *in_an_any);
	tcase_add_test(c, ranges_of_two_releases_allocate);
	tcase_add_test(c, old_array_floats_for_a_cycle);
	tcase_add_test(c, tophash_needs_no_barrier);
	tcase_add_loop_test(c, marking_frees_nothing_in_use, 0, 200);
	suite_add_tcase(s, c);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
