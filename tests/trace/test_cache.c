/* The model of caches and what is counted with it; its counts against cachegrind's are compared by cache.sh.
 */
#include "tests/screen/screen.h"
#include "trace/map/classic/fit.h"
#include "trace/cache/traffic.h"
#include "ui/pass/cache.h"

#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct cache_shape shape(uint32_t line, uint32_t l1, uint32_t w1, uint32_t l2, uint32_t w2)
{
	return (struct cache_shape){ line, { l1, w1 }, { l2, w2 } };
}

START_TEST(sizes_are_read)
{
	static const char *const wrong[] = { "", "32K", "32K,", "K,8", "32K,8x", "-1,8", "32G,8", "32K,65",
		"99999999999999999999,1", "300M,4", "32K 8" };
	struct cache_level l = { 7, 7 };
	char text[40];
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_msg(!cache_level_parse(wrong[i], &l) && l.size == 7, "%s", wrong[i]);
	ck_assert(cache_level_parse("48K,12", &l) && l.size == 48 << 10 && l.ways == 12);
	cache_level_print(l, text, sizeof text);
	ck_assert_str_eq(text, "48K,12");
	ck_assert(cache_level_parse("512,1", &l) && l.size == 512);
	ck_assert(cache_level_parse("2m,16", &l) && l.size == 2 << 20);
}
END_TEST

START_TEST(shapes_are_checked)
{
	char error[CACHE_ERROR];
	struct cache_shape s = cache_shape_usual();
	ck_assert(cache_shape_check(&s, error));
	s = shape(64, 48 << 10, 12, 1 << 20, 16);
	ck_assert(cache_shape_check(&s, error));
	const struct {
		struct cache_shape s;
		const char *word;
	} bad[] = { { shape(48, 32 << 10, 8, 1 << 20, 16), "48" },
		{ shape(16, 32 << 10, 8, 1 << 20, 16), "16" },
		{ shape(512, 32 << 10, 8, 1 << 20, 16), "512" },
		{ shape(64, 48 << 10, 8, 1 << 20, 16), "L1" }, { shape(64, 32 << 10, 8, 3 << 20, 16), "L2" },
		{ shape(64, 256, 8, 1 << 20, 16), "L1" }, { shape(64, 32 << 10, 0, 1 << 20, 16), "L1" },
		{ shape(64, 32 << 10, 8, 16 << 10, 16), "L2" }, { shape(64, 0, 8, 16 << 10, 16), "L1" } };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert(!cache_shape_check(&bad[i].s, error));
		ck_assert_msg(strstr(error, bad[i].word) != NULL, "%s", error);
	}
}
END_TEST

/* The rules of cache.h once more, written another way: a set is what was used, the newest last. */
struct slow {
	uint64_t used[4096];
	size_t n;
};

static bool slow_use(struct slow *s, uint64_t line, uint32_t sets, uint32_t ways)
{
	uint32_t others = 0;
	bool hit = false;
	size_t i = s->n;
	while (i-- > 0 && others < ways) {
		if (s->used[i] == line) {
			hit = true;
			break;
		}
		bool again = false;
		for (size_t k = i + 1; k < s->n; k++)
			again = again || s->used[k] == s->used[i];
		others += !again && s->used[i] % sets == line % sets;
	}
	s->used[s->n++] = line;
	return hit;
}

START_TEST(the_model_keeps_its_rules)
{
	static struct slow l1, l2;
	struct cache_shape s = shape(32, 256, 2, 1024, 4);
	struct cache c, copy = { 0 };
	uint64_t random = 1;
	l1.n = l2.n = 0;
	ck_assert(cache_init(&c, &s));
	for (int i = 0; i < 1500; i++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		uint64_t addr = 0xc000000000 + (random >> 33) % 4000;
		unsigned size = 1u << (random >> 62);
		uint64_t first = addr / 32, last = (addr + size - 1) / 32;
		bool hit = slow_use(&l1, first, 4, 2);
		if (last != first)
			hit &= slow_use(&l1, last, 4, 2);
		enum cache_place want = CACHE_L1;
		if (!hit) {
			hit = slow_use(&l2, first, 8, 4);
			if (last != first)
				hit &= slow_use(&l2, last, 8, 4);
			want = hit ? CACHE_L2 : CACHE_MEMORY;
		}
		if (i == 700)
			ck_assert(cache_copy(&copy, &c));
		enum cache_place before = cache_where(&c, addr);
		ck_assert_int_eq(cache_where(&c, addr), before);
		ck_assert_int_eq(cache_access(&c, addr, size), want);
		if (first == last)
			ck_assert_int_eq(before, want);
		ck_assert_int_eq(cache_where(&c, addr + size - 1), CACHE_L1);
		if (i >= 700)
			ck_assert_int_eq(cache_access(&copy, addr, size), want);
	}
	cache_release(&c);
	cache_release(&copy);
}
END_TEST

/* ---- events ---- */

struct taken {
	char text[512];
};

static void note(void *context, uint64_t addr, unsigned size, bool write)
{
	struct taken *l = context;
	size_t n = strlen(l->text);
	snprintf(l->text + n, sizeof l->text - n, "%c%x+%u ", write ? 'W' : 'R', (unsigned)addr, size);
}

static struct map_info small_map = {
	.map = 1, .key = { GO_STRING, 16, 8, true, "string" }, .elem = { GO_INT32, 4, 4, false, "int32" }
};
static struct source source = { .maps = 1, .map = &small_map };

START_TEST(events_are_divided_into_words)
{
	struct access_types t = { .source = &source };
	static const struct {
		struct event e;
		const char *words;
	} table[] = { { { .kind = EV_WRITE, .addr = 0x100, .size = 1 }, "W100+1 " },
		{ { .kind = EV_TOPHASH, .addr = 0x103, .size = 1 }, "R103+1 " },
		{ { .kind = EV_WRITE, .addr = 0x101, .size = 23 }, "W101+8 W109+8 W111+4 W115+2 W117+1 " },
		{ { .kind = EV_KEY, .addr = 0x200, .size = 5 }, "R200+4 R204+1 " },
		{ { .kind = EV_HASH, .addr = 0, .size = 0 }, "" },
		{ { .kind = EV_ALLOC, .addr = 0x100, .size = 64 }, "" },
		{ { .kind = EV_FREE, .addr = 0x100, .size = 64 }, "" },
		{ { .kind = EV_BUCKET, .addr = 0x100 }, "" },
		/* A slot of map[string]int32: keys from 8 on, elems from 136. */
		{ { .kind = EV_MOVE, .map = 1, .addr = 0x1000, .a = 3 }, "R1038+8 R1040+8 R1094+4 " },
		{ { .kind = EV_MOVE, .map = 2, .addr = 0x1000, .a = 3 }, "" },
		{ { .kind = EV_MOVE, .map = 1, .addr = 0x1000, .a = 8 }, "" } };
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct taken l = { "" };
		access_each(&t, &table[i].e, note, &l);
		ck_assert_str_eq(l.text, table[i].words);
	}
}
END_TEST

static void feed(struct traffic *t, const struct event *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		traffic_event(t, &e[i]);
}

START_TEST(operations_are_counted_apart)
{
	static const struct event before[] = { { .kind = EV_ALLOC, .addr = 0x1000, .size = 48 },
		{ .kind = EV_WRITE, .addr = 0x1000, .size = 8 } };
	static const struct event get[] = { { .kind = EV_OP, .map = 1, .a = 1, .b = OP_GET },
		{ .kind = EV_TOPHASH, .addr = 0x1000, .size = 1 }, /* in L1 */
		{ .kind = EV_LENGTH, .addr = 0x207c, .size = 8 },  /* over a border, and new */
		{ .kind = EV_KEY, .addr = 0x2080, .size = 16 }, { .kind = EV_DONE, .a = OUTCOME_FOUND },
		{ .kind = EV_WRITE, .addr = 0x5000, .size = 8 } }; /* between operations */
	static const struct event put[] = { { .kind = EV_OP, .map = 1, .a = 1, .b = OP_PUT },
		{ .kind = EV_WRITE, .addr = 0x1000, .size = 8 }, { .kind = EV_FAULT },
		{ .kind = EV_DONE, .a = OUTCOME_FAULT } };
	struct cache_shape s = cache_shape_usual();
	struct traffic t, copy = { 0 };
	ck_assert(traffic_init(&t, &source, &s));
	feed(&t, before, 2);
	ck_assert_uint_eq(t.zeroed, 48);
	ck_assert_uint_eq(t.now.writes, 1);
	feed(&t, get, 3);
	ck_assert_uint_eq(t.lines, 3);
	ck_assert_uint_eq(t.now.reads, 1);
	ck_assert_uint_eq(t.now.straddling, 1);
	ck_assert_uint_eq(t.now.l1_read_misses, 1); /* one miss, though of two lines */
	ck_assert_int_eq(t.line[0].found, CACHE_L1);
	ck_assert_int_eq(t.line[1].found, CACHE_MEMORY);
	ck_assert_uint_eq(t.line[2].step, t.step);
	ck_assert(traffic_copy(&copy, &t));
	feed(&t, get + 3, 3);
	feed(&copy, get + 3, 3);
	feed(&t, put, 4);
	feed(&copy, put, 4);
	for (struct traffic *k = &t; k; k = k == &t ? &copy : NULL) {
		traffic_end(k);
		ck_assert_uint_eq(k->sum[TRAFFIC_GET_HIT].operations, 1);
		ck_assert_uint_eq(k->sum[TRAFFIC_GET_HIT].lines, 3);
		ck_assert_uint_eq(k->sum[TRAFFIC_GET_HIT].n.reads, 4);
		ck_assert_uint_eq(k->sum[TRAFFIC_OTHER].operations, 1);
		ck_assert_uint_eq(k->sum[TRAFFIC_OTHER].n.writes, 1);
		ck_assert_uint_eq(k->all.writes, 3); /* one before, one between, one of the put */
		ck_assert_uint_eq(k->all.l2_write_misses, 2);
		ck_assert_uint_eq(k->lines, 1);
	}
	traffic_release(&t);
	traffic_release(&copy);
}
END_TEST

/* An operation of very many lines, then a small one: the lines of each are known and none is left over. */
START_TEST(lines_of_large_operations_are_different_ones)
{
	struct cache_shape s = cache_shape_usual();
	struct traffic t;
	struct event begin = { .kind = EV_OP, .map = 1, .a = 1, .b = OP_RANGE },
		     read = { .kind = EV_READ, .size = 8 }, end = { .kind = EV_DONE, .a = OUTCOME_END };
	ck_assert(traffic_init(&t, &source, &s));
	for (int round = 0; round < 3; round++) {
		uint64_t n = round == 1 ? 3 : 20000;
		traffic_event(&t, &begin);
		for (uint64_t i = 0; i < 2 * n; i++) {
			read.addr = 0xc000000000 + i * 7919 % n * 64 + 8;
			traffic_event(&t, &read);
		}
		ck_assert_uint_eq(t.lines, n);
		traffic_event(&t, &end);
	}
	ck_assert_uint_eq(t.sum[TRAFFIC_LOOP].lines, 40003);
	traffic_release(&t);
}
END_TEST

START_TEST(buckets_lie_on_lines)
{
	struct go_type k, v;
	ck_assert(go_type_parse("string", &k) && go_type_parse("int64", &v));
	struct map_type t = map_type_make(k, v); /* 208 bytes */
	struct bucket_fit f = bucket_fit(&t, 0, 64);
	ck_assert_uint_eq(f.lines, 4);
	ck_assert_uint_eq(f.keys, 1 << 3 | 1 << 7); /* key i at 8 + 16 i: 3 is at 56, 7 at 120 */
	ck_assert_uint_eq(f.elems, 0);
	f = bucket_fit(&t, 16, 64); /* SCREENS.md: keys 2 and 6 */
	ck_assert_uint_eq(f.keys, 1 << 2 | 1 << 6);
	ck_assert_uint_eq(f.elems, 0);
	f = bucket_fit(&t, 56, 64);
	ck_assert_uint_eq(f.keys | f.elems, 0);
	ck_assert_uint_eq(f.lines, 5);
	ck_assert_uint_eq(bucket_fit(&t, 56, 256).lines, 2);
	ck_assert_uint_eq(bucket_fit(&t, 0, 256).lines, 1);
	ck_assert_uint_eq(bucket_fit(&t, 0, 32).lines, 7);
	ck_assert_uint_eq(line_count(63, 2, 64), 2);
	ck_assert_uint_eq(line_count(63, 0, 64), 0);
	ck_assert(line_straddles(60, 8, 64) && !line_straddles(56, 8, 64));
}
END_TEST

/* ---- at any step ---- */

static uint64_t sum_of(const struct cache_sets *s)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < (size_t)s->sets * s->ways; i++)
		sum = (sum ^ s->tag[i]) * UINT64_C(0x9e3779b97f4a7c15) + 1;
	return sum;
}

/* All that a frame can show of it. */
static void same_state(const struct traffic *a, const struct traffic *b, uint64_t step)
{
	NEED(a->step == step && b->step == step && a->op == b->op, "step %lu: not there",
		(unsigned long)step);
	NEED(memcmp(&a->all, &b->all, sizeof a->all) == 0 && memcmp(&a->now, &b->now, sizeof a->now) == 0 &&
			memcmp(&a->operation, &b->operation, sizeof a->operation) == 0 &&
			memcmp(a->sum, b->sum, sizeof a->sum) == 0,
		"step %lu: counts differ", (unsigned long)step);
	NEED(sum_of(&a->cache.l1) == sum_of(&b->cache.l1) && sum_of(&a->cache.l2) == sum_of(&b->cache.l2),
		"step %lu: caches differ", (unsigned long)step);
	NEED(a->lines == b->lines && a->open == b->open, "step %lu: lines differ", (unsigned long)step);
	for (size_t i = 0; i < a->lines; i++)
		NEED(a->line[i].addr == b->line[i].addr && a->line[i].step == b->line[i].step &&
				a->line[i].found == b->line[i].found && a->line[i].flags == b->line[i].flags,
			"step %lu: line %lu differs", (unsigned long)step, (unsigned long)i);
}

/* From the beginning, without any copies. */
static void straight(struct traffic *t, struct source *s, const struct cache_shape *shape_of, uint64_t step)
{
	struct chunk c = { 0 };
	if (!t->cache.l1.tag || t->step > step) {
		traffic_release(t);
		ck_assert(traffic_init(t, s, shape_of));
	}
	while (t->step < step) {
		ck_assert_int_eq(s->chunk(s, t->step + 1, &c), 0);
		for (uint64_t i = t->step + 1 - c.first; i < c.count && t->step < step; i++)
			traffic_event(t, &c.events[i]);
	}
	chunk_release(&c);
}

START_TEST(every_way_leads_to_the_same_state)
{
	/* A range over all: an operation much longer than a slice.  The second shape is so large that copies
	 * have to go. */
	static const char workload[] =
		"map string int64 seed=9\nfill 0 4000\nrange\nprobe 2000 5000\ndrain 100 900\n";
	const struct cache_shape shapes[] = { { 64, { 4 << 10, 4 }, { 64 << 10, 8 } },
		{ 64, { 32 << 10, 8 }, { 32 << 20, 16 } } };
	struct source *s = record(workload);
	ck_assert_uint_gt(s->steps, 200000);
	for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
		struct pass run = { 0 };
		struct traffic plain = { 0 };
		uint64_t random = 5, step = 0;
		size_t most = 0;
		bool waited = false;
		for (int i = 0; i < (k ? 40 : 160); i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
			uint64_t to = i == 5 ? s->steps
				: i % 4 == 0 ? (random >> 30) % (s->steps + 1)
				: i % 4 == 1 ? step + 1
				: i % 4 == 2 ? step - !!step
					     : step + 3000;
			step = to < s->steps ? to : s->steps;
			cache_ask(&run, s, &shapes[k], step);
			waited = waited || (pass_busy(&run) && !cache_known(&run));
			while (pass_work(&run) == PASS_MORE)
				;
			most = run.copies > most ? run.copies : most;
			ck_assert_ptr_nonnull(cache_known(&run));
			straight(&plain, s, &shapes[k], step);
			same_state(cache_known(&run), &plain, step);
		}
		ck_assert(waited); /* a far step is not answered at once */
		ck_assert_uint_gt(most, 3);
		ck_assert_uint_le(run.bytes, PASS_BYTES);
		if (k)
			ck_assert_uint_gt(run.apart, PASS_APART);
		pass_release(&run);
		traffic_release(&plain);
	}
	s->close(s);
}
END_TEST

/* ---- on the screen ---- */

START_TEST(lines_have_the_size_that_was_asked_for)
{
	struct screen c;
	screen_record(&c, fruit, NULL, 120, 40);
	press(&c, "2 9 G > > 7 0 . K");
	ck_assert(on_screen(&c, "a model: lines of 64, L1 32K,8, L2 1M,16") &&
		on_screen(&c, "4 lines of 64 bytes; keys that straddle: 2 6"));
	press(&c, "+ +");
	ck_assert(on_screen(&c, "a model: lines of 256"));
	press(&c, "+");
	ck_assert(on_screen(&c, "a line of 256 bytes is the longest") && c.replay.state.caches.line == 256);
	press(&c, "- - - -");
	ck_assert(on_screen(&c, "a line of 32 bytes is the shortest") && on_screen(&c, "lines of 32 bytes"));
	type(&c, ":line 128", "Enter");
	ck_assert(on_screen(&c, "caches of the model: lines of 128 bytes") &&
		c.replay.state.caches.line == 128);
	type(&c, ":line 100", "Enter");
	ck_assert(on_screen(&c, "a line has 32, 64, 128 or 256 bytes, not 100") &&
		c.replay.state.caches.line == 128);
	type(&c, ":line x", "Enter");
	ck_assert(on_screen(&c, "how long is a line?"));
	type(&c, ":l1 48K,12", "Enter");
	ck_assert_uint_eq(c.replay.state.caches.l1.size, 48 << 10);
	type(&c, ":l1 48K,7", "Enter");
	ck_assert(on_screen(&c, "power of two") && c.replay.state.caches.l1.ways == 12);
	type(&c, ":l2 2M", "Enter");
	ck_assert(on_screen(&c, "which size and ways? l2 1M,16"));
	press(&c, "Y");
	ck_assert(on_screen(&c, "8/40.."));
	type(&c, ":line 64", "Enter");
	ck_assert(!on_screen(&c, "8/40..") && on_screen(&c, "8/40"));
	screen_close(&c);
}
END_TEST

/* The same numbers on the screen at the end as stats has them: both are the model's, by different ways. */
START_TEST(the_view_has_the_sums_of_stats)
{
	struct screen c;
	struct traffic plain = { 0 };
	struct cache_shape s = cache_shape_usual();
	char words[160];
	screen_record(&c, "map string int64 seed=4\nfill 0 2000\nprobe 0 100\n", NULL, 80, 24);
	press(&c, "K G");
	straight(&plain, c.source, &s, c.source->steps);
	snprintf(words, sizeof words, "all so far%28lu %10lu %10lu %10lu",
		(unsigned long)counts_accesses(&plain.all), (unsigned long)plain.all.straddling,
		(unsigned long)counts_l1_misses(&plain.all), (unsigned long)counts_l2_misses(&plain.all));
	ck_assert_msg(on_screen(&c, words), "not on the screen: %s", words);
	snprintf(words, sizeof words, "get hit%12lu", (unsigned long)plain.sum[TRAFFIC_GET_HIT].operations);
	ck_assert_msg(on_screen(&c, words), "not on the screen: %s", words);
	traffic_release(&plain);
	screen_close(&c);
}
END_TEST

int main(void)
{
	if (!setlocale(LC_ALL, "C.UTF-8"))
		setlocale(LC_ALL, "");
	Suite *s = suite_create("cache");
	TCase *c = tcase_create("cache");
	tcase_add_test(c, sizes_are_read);
	tcase_add_test(c, shapes_are_checked);
	tcase_add_test(c, the_model_keeps_its_rules);
	tcase_add_test(c, events_are_divided_into_words);
	tcase_add_test(c, operations_are_counted_apart);
	tcase_add_test(c, lines_of_large_operations_are_different_ones);
	tcase_add_test(c, buckets_lie_on_lines);
	tcase_add_test(c, every_way_leads_to_the_same_state);
	tcase_add_test(c, lines_have_the_size_that_was_asked_for);
	tcase_add_test(c, the_view_has_the_sums_of_stats);
	tcase_set_timeout(c, 60);
	suite_add_tcase(s, c);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
