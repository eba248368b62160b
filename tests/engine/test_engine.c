/* The engine without real Go: hashes against committed vectors, size classes, the workload language, both
 * engines against each other, and a checker that finds what is wrong. */
#include "src/workload/run.h"
#include "src/engine/classic/private.h"
#include "src/engine/random.h"
#include "src/engine/sync/map.h"
#include "src/workload/tokens.h"
#include "trace/map/classic/model.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_data(const char *name)
{
	char path[4096];
	const char *dir = getenv("srcdir");
	snprintf(path, sizeof path, "%s/tests/engine/data/%s", dir ? dir : ".", name);
	FILE *f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s cannot be read", path);
	return f;
}

START_TEST(hashes_are_those_of_real_runtimes)
{
	char line[256], release[8], kind[8], what[8];
	unsigned long long want;
	uint8_t bytes[300];
	int vectors = 0;
	for (int i = 0; i < 300; i++)
		bytes[i] = (uint8_t)(i * 7 + 3);
	FILE *f = open_data("hashes.txt");
	while (fgets(line, sizeof line, f)) {
		if (line[0] == '#')
			continue;
		ck_assert_int_eq(sscanf(line, "%7s %7s %7s %llx", release, kind, what, &want), 4);
		struct hash_keys keys;
		uint64_t random = 42, got, word;
		/* the schedule is drawn for both, as the program that made the vectors did */
		hash_keys_draw(&keys, &random, release_find(release), true);
		keys.aes = strcmp(kind, "aes") == 0;
		memcpy(&word, bytes, 8);
		if (strcmp(what, "w32") == 0)
			got = hash_word32(&keys, (uint32_t)word, 0x1234abcd);
		else if (strcmp(what, "w64") == 0)
			got = hash_word64(&keys, word, 0x1234abcd);
		else
			got = hash_memory(&keys, bytes, strtoul(what, NULL, 10), 0x1234abcd);
		ck_assert_msg(got == want, "%s: got %016llx", line, (unsigned long long)got);
		if (what[0] != 'w')
			ck_assert_uint_eq(hash_text(&keys, bytes, strtoul(what, NULL, 10), 0x1234abcd), want);
		vectors++;
	}
	fclose(f);
	ck_assert_int_ge(vectors, 174);
}
END_TEST

START_TEST(size_classes_round_as_go_does)
{
	ck_assert_uint_eq(round_up_size(832, true, false), 896);
	ck_assert_uint_eq(round_up_size(832, true, true), 888);
	ck_assert_uint_eq(round_up_size(512, true, true), 512);
	ck_assert_uint_eq(round_up_size(513, false, true), 576);
	ck_assert_uint_eq(round_up_size(32761, true, true), 32768);
	ck_assert_uint_eq(round_up_size(32760, true, true), 32760);
	ck_assert_uint_eq(round_up_size(32768, true, false), 32768);
	ck_assert_uint_eq(round_up_size(32769, false, false), 40960);
	for (unsigned c = 1; c < SIZE_CLASSES; c++) {
		ck_assert_uint_eq(class_of(class_size[c]), c);
		ck_assert_uint_eq(class_of(class_size[c - 1] + 1u), c);
	}
}
END_TEST

/* ---- the language ---- */

static void expect_error(const char *text, const char *want)
{
	struct script s;
	ck_assert_int_eq(script_parse(&s, "f", text, strlen(text)), -1);
	ck_assert_msg(strncmp(s.error, want, strlen(want)) == 0, "%s\ngave: %s", text, s.error);
	script_release(&s);
}

START_TEST(errors_name_the_place_and_the_nearest)
{
	expect_error("put a 1", "f:1:1: there is no map yet");
	expect_error("map string int64\nputt a 1",
		"f:2:1: \"putt\" is no directive; did you mean put?\n  putt a 1\n  ^");
	expect_error("map strng int64",
		"f:1:5: \"strng\" is no type; did you mean string?\n  map strng int64\n      ^");
	expect_error("map string int8\nput a 300", "f:2:7: \"300\" as int8 is too large");
	expect_error("map string int8\nput a", "f:2:6: something is missing: write put K V");
	expect_error("map string int8\nput a 1 2", "f:2:9: this is too much");
	expect_error("map string int8 seeed=1", "f:1:17: map has no option \"seeed\"; did you mean seed=?");
	expect_error("map string int8 go=1.24", "f:1:20: go=1.24 is unknown");
	expect_error("map string int8 arch=arm64", "f:1:22: arch=arm64 is reserved");
	expect_error("map string int8\nput \"a\\q\" 1", "f:2:7: this is no escape");
	expect_error("map string int8\nput \"abc 1", "f:2:5: this begins a text that has no closing quote");
	expect_error("map string int8\nnext it", "f:2:6: no loop \"it\" has been started");
	expect_error("map string int8\nuse x", "f:2:5: there is no map \"x\"");
	expect_error("map string int8\nrace put a 1", "f:2:13: a race has two operations");
	expect_error("map string int8\nrace put a 1 | gc", "f:2:16: \"gc\" cannot race");
	expect_error("core 64 gc",
		"f:1:6: \"64\" is no core (a whole number from 0 to 63)\n  core 64 gc\n       ^");
	expect_error("core", "f:1:5: something is missing: write core N [OP]");
	expect_error("core 1 map string int8",
		"f:1:8: map is no operation; write core N on a line of its own before it");
	expect_error("core 1 core 2", "f:1:8: core is no operation");
	expect_error("core 1 ad a", "f:1:8: \"ad\" is no directive; did you mean add?");
	expect_error("map string int8\ncore 1 put a 300", "f:2:14: \"300\" as int8 is too large");
	expect_error("map string int8\ncore 1 race put a 1", "f:2:20: a race has two operations");
	expect_error("core 1 gc gc", "f:1:11: \"gc\" is unknown here; write gc, or gc mark");
	expect_error("gc mark\nputs", "f:2:1: \"puts\" is no directive");
	expect_error("gc mark\ngc mark", "f:2:4: the marking that line 1 began goes on; gc ends it");
	expect_error("counter", "f:1:8: something is missing: write counter NAME [pad=N]");
	expect_error(
		"counter a pad=12", "f:1:15: \"12\" is no size to pad to (a multiple of 8 from 8 to 4096)");
	expect_error("counter a pad=4104", "f:1:15: \"4104\" is no size");
	expect_error("counter a padd=8", "f:1:11: a counter has no option \"padd=8\"; did you mean pad=?");
	expect_error("counter a 64", "f:1:11: \"64\" is no option; write pad=N");
	expect_error("counter a\ncounter a", "f:2:9: there is a counter \"a\" already");
	expect_error("counter hits\nadd hist", "f:2:5: there is no counter \"hist\"; did you mean hits?");
	expect_error("add a", "f:1:5: there is no counter \"a\"; make it by a line counter a");
	expect_error("counter a\nadd a x", "f:2:7: \"x\" is no whole number");
	expect_error("map uint8 bool\nput -1 true", "f:2:5: \"-1\" as uint8 is too large");
	expect_error("map float64 bool\nput 1e999 true", "f:2:5: \"1e999\" as float64 is too large");
}
END_TEST

static struct go_value parse(const char *type, const char *word, bool quoted, struct pool *pool)
{
	struct go_type t;
	struct go_value v;
	struct token w = { .text = (char *)(uintptr_t)word,
		.len = strlen(word),
		.raw = word,
		.raw_len = strlen(word),
		.quoted = quoted };
	ck_assert(go_type_parse(type, &t));
	const char *wrong = literal_parse(pool, &t, &w, &v);
	ck_assert_msg(wrong == NULL, "%s %s: %s", type, word, wrong ? wrong : "");
	return v;
}

START_TEST(values_are_read_as_go_reads_them)
{
	struct pool pool = { 0 };
	double d;
	float f;
	struct go_value v = parse("float64", "0x1p-2", false, &pool);
	memcpy(&d, v.data, 8);
	ck_assert(d == 0.25);
	v = parse("float64", "NaN", false, &pool);
	ck_assert_int_eq(memcmp(v.data, "\x01\0\0\0\0\0\xf8\x7f", 8), 0);
	v = parse("float32", "1e300", false, &pool);
	memcpy(&f, v.data, 4);
	ck_assert(f > 3.4e38f);
	v = parse("complex128", "1+2i", false, &pool);
	memcpy(&d, v.data + 8, 8);
	ck_assert(d == 2);
	v = parse("[3]byte", "0x01020304", false, &pool);
	ck_assert_int_eq(memcmp(v.data, "\x04\x03\x02", 3), 0);
	v = parse("[4]byte", "-1", false, &pool);
	ck_assert_int_eq(memcmp(v.data, "\xff\xff\xff\xff", 4), 0);
	ck_assert_int_eq(parse("any", "7", false, &pool).kind, GO_INT);
	ck_assert_int_eq(parse("any", "7", true, &pool).kind, GO_STRING);
	ck_assert_int_eq(parse("any", "int64(7)", false, &pool).kind, GO_INT64);
	ck_assert_int_eq(parse("any", "2.5", false, &pool).kind, GO_FLOAT64);
	ck_assert_int_eq(parse("any", "true", false, &pool).kind, GO_BOOL);
	ck_assert_int_eq(parse("any", "word", false, &pool).kind, GO_STRING);
	ck_assert_int_eq(parse("any", "[]int{}", false, &pool).kind, GO_SLICE);
	ck_assert(parse("any", "nil", false, &pool).nil);
	pool_release(&pool);
}
END_TEST

START_TEST(escapes_are_gos)
{
	struct pool pool = { 0 };
	static const char text[] = "\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\x41\\102\\u00e9\\U0001F600\" x#y";
	struct line l = { .file = "f", .text = text, .len = sizeof text - 1 };
	unsigned column;
	ck_assert_ptr_null(tokens_split(&l, &pool, &column));
	ck_assert_uint_eq(l.tokens, 2);
	ck_assert_str_eq(l.token[0].text, "\a\b\f\n\r\t\v\\\"AB\xc3\xa9\xf0\x9f\x98\x80");
	ck_assert_str_eq(l.token[1].text, "x");
	pool_release(&pool);
}
END_TEST

/* ---- running ---- */

static void count_event(struct sink *s, const struct event *e)
{
	(void)s, (void)e;
}
static void count_operation(struct sink *s, const struct operation *o)
{
	(void)s, (void)o;
}
static void count_map(struct sink *s, const struct map_info *m)
{
	(void)s, (void)m;
}

struct dump {
	struct run_observer base;
	struct run *run;
	FILE *out;
	unsigned checked;
};

static bool dump_done(struct run_observer *o, const struct map *m, uint64_t op, enum op_kind kind)
{
	struct dump *d = (struct dump *)o;
	char message[CHECK_MESSAGE];
	(void)kind;
	fprintf(d->out, "op %llu\n", (unsigned long long)op);
	const struct reader *memory = &d->run->arena.reader;
	struct map_view v;
	map_look(m, memory, &v);
	v.kind->dump(&v, d->out);
	unsigned faults = m->engine->check(m, memory, m->fault < FAULT_MAP_WRITES, message);
	ck_assert_msg(faults == 0, "op %llu: %s", (unsigned long long)op, message);
	d->checked++;
	return true;
}

/* The layouts after each operation, with one engine or the other; checked on the way. */
static char *layouts(const char *text, bool recording, unsigned *ret_checked)
{
	struct script s;
	struct run r;
	struct sink sink = { count_map, count_operation, count_event, NULL, 0, false, "" };
	char *out;
	size_t len;
	struct dump d = { .base = { .done = dump_done }, .run = &r, .out = open_memstream(&out, &len) };
	ck_assert_int_eq(script_parse(&s, "f", text, strlen(text)), 0);
	ck_assert(run_init(&r, recording ? &sink : NULL, &d.base));
	ck_assert_int_eq(run_script(&r, &s, 0), 0);
	fclose(d.out);
	if (ret_checked)
		*ret_checked = d.checked;
	run_release(&r);
	script_release(&s);
	return out;
}

static const char *const workloads[] = {
	"syncmap string int64 seed=230\nfill 0 40\nprobe 0 60\ndrain 0 20\nfill 30 70\nrange\nswap k3 1\ncas "
	"k3 1 2\ncad k3 2\nput k4 4\n"
	"loadorstore k5 5\nloadanddelete k5\ngc mark\nfill 0 30\nprobe 100 140\ngc\nclear\nput a 1\n",
	"map string int64 seed=230\nfill 0 120\nput k5 9\nprobe 0 10\ndrain 3 90\nrange\nfill 0 "
	"30\nclear\nfill 0 9\n",
	"map int64 int64 seed=7 go=1.19\nfill 0 30\niter a\nnext a 5\nfill 30 60\nnext a all\nclear\nnext "
	"a\n",
	"map int32 string seed=3\nfill 0 100\ndrain 0 100\nfill 0 100\ngc\nrange\ngc\n",
	"map [200]byte [200]byte seed=9\nfill 0 60\ndrain 10 20\nput 11 5\ngc\nrange\n",
	"map float64 any seed=5\nput NaN 1\nput NaN x\nput -0 2\nput 0 3\nfill 1 40\niter i\nnext i 3\nfill "
	"40 90\nnext i all\n",
	"map any struct{} seed=5\nput 1 {}\nput []int{} {}\nget []int{}\nput word {}\nput nil {}\nget "
	"nil\ndel nil\n",
	"map string int64 seed=2 place=stack\nrace put a 1 | get b\n",
	"map string int64 seed=2\nput a 1\nrace put b 1 | put c 1\nput never 1\n",
	"nilmap string int64\nget a\ndel a\nput a 1\nrange\nclear\n",
	"syncmap any any\nput 1 []int{}\ncas 1 []int{} 9\nget 1\ncas 1 5 6\ncad 1 []int{}\nput 2 5\ncas 2 []int{} 7\nrange\n",
	"syncmap any any go=1.21\nrange\nput 1 300\nrange\nput 2 \"\"\nrange\nrange\n",
	"map int64 int64 seed=11\nfill 0 26\ndrain 0 20\nfill 100 120\ndrain 100 118\nfill 200 222\ndrain "
	"200 220\nfill 300 320\n",
};

/* Runs a workload on a heap of so many pages.  true: they were enough. */
static bool run_on(const char *text, uint64_t pages, bool recording)
{
	struct script s;
	struct run r;
	struct sink sink = { count_map, count_operation, count_event, NULL, 0, false, "" };
	ck_assert_int_eq(script_parse(&s, "full", text, strlen(text)), 0);
	ck_assert(run_init(&r, recording ? &sink : NULL, NULL));
	r.arena.heap.limit = pages;
	bool enough = run_script(&r, &s, 0) == 0;
	ck_assert_msg(
		enough || strstr(r.error, "heap of"), "%llu pages: %s", (unsigned long long)pages, r.error);
	ck_assert(enough == !*r.error);
	run_release(&r);
	script_release(&s);
	return enough;
}

/* Whichever span does not fit, the operation ends there with a sentence. */
START_TEST(a_full_heap_ends_the_operation)
{
	uint64_t pages = 0;
	while (!run_on(workloads[_i], pages, _i & 1))
		pages++;
	ck_assert_uint_ge(pages, strncmp(workloads[_i], "nil", 3) != 0);
	ck_assert(run_on(workloads[_i], pages + 1, !(_i & 1)));
}
END_TEST

/* What the tables promise each other: sessions find the directive of an operation by its name. */
START_TEST(the_tables_agree)
{
	for (int k = 1; k < OP_KINDS; k++) {
		const struct directive_info *d = directive_find(op_kind_name[k]);
		ck_assert_msg(d && d->operation == (enum op_kind)k, "no directive is the operation %s",
			op_kind_name[k]);
	}
	for (int i = 0; i < DIRECTIVES; i++) {
		const struct directive_info *d = &directive_info[i];
		ck_assert_msg(directive_find(d->name) == d, "%s stands twice", d->name);
		ck_assert(!d->since.release || release_find(d->since.release));
		ck_assert(d->only < 0 || engine_of((enum map_kind)d->only)->kind == (enum map_kind)d->only);
	}
	for (const struct engine *const *e = engines; *e; e++) {
		ck_assert_msg(directive_find((*e)->make_word) != NULL,
			"no directive makes maps of the engine %s", (*e)->name);
		ck_assert_ptr_eq(engine_of((*e)->kind), *e);
		ck_assert_ptr_nonnull(
			engine_find((*e)->make_word, release_default())); /* a line without go= */
		ck_assert_ptr_eq(engine_find((*e)->make_word, release_find((*e)->oldest)), *e);
		ck_assert_ptr_eq(engine_find((*e)->make_word, release_find((*e)->newest)), *e);
		ck_assert((*e)->operate || (*e)->frame);
	}
}
END_TEST

struct outcomes {
	struct sink sink;
	char text[400]; /* "updated fault ..." */
	int fault;      /* the last one */
};

static void hear_outcome(struct sink *s, const struct event *e)
{
	struct outcomes *o = (struct outcomes *)s;
	if (e->kind == EV_FAULT)
		o->fault = (int)e->a;
	if (e->kind == EV_DONE)
		snprintf(o->text + strlen(o->text), sizeof o->text - strlen(o->text), "%s ",
			outcome_name[e->a]);
}

static void hear_nothing_of_maps(struct sink *s, const struct map_info *m)
{
	(void)s, (void)m;
}

static void hear_nothing_of_operations(struct sink *s, const struct operation *o)
{
	(void)s, (void)o;
}

/* Go compares types first: only two values of the same type that has no == are a panic. */
START_TEST(comparing_slices_is_a_panic)
{
	static const char text[] =
		"syncmap any any go=1.23\nput 1 5\ncas 1 []int{} 9\ncad 1 []int{}\nget 1\n" /* in dirty */
		"put 1 []int{}\ncas 1 5 6\ncad 1 nil\ncas 1 []int{} 9\ncad 1 []int{}\nget 1\n"
		"put 2 []int{}\ncas 2 []int{} 9\nget 3\ncas 3 []int{} 9\ncas []int{} 1 2\n";
	struct outcomes o = { .sink = { .event = hear_outcome,
				      .map = hear_nothing_of_maps,
				      .operation = hear_nothing_of_operations } };
	struct script s;
	struct run r;
	ck_assert_msg(script_parse(&s, "f", text, strlen(text)) == 0, "%s", s.error);
	ck_assert(run_init(&r, &o.sink, NULL));
	ck_assert_int_eq(run_script(&r, &s, 0), 0);
	ck_assert_str_eq(o.text,
		"inserted kept kept found updated kept kept fault fault found inserted fault absent kept fault ");
	ck_assert_int_eq(o.fault, FAULT_UNHASHABLE);
	ck_assert_str_eq(
		fault_text[FAULT_UNCOMPARABLE], "panic: runtime error: comparing uncomparable type []int");
	ck_assert(!fault_is_fatal(FAULT_UNCOMPARABLE) && !fault_is_fatal(-1) &&
		fault_is_fatal(FAULT_ITER_WRITE));
	run_release(&r);
	script_release(&s);
}
END_TEST

/* As in Go's TestIgnoreBogusMapHint. */
START_TEST(a_negative_hint_is_none)
{
	char *none = layouts("map int64 int64 seed=4\nfill 0 9\n", false, NULL),
	     *negative = layouts("map int64 int64 seed=4 hint=-9223372036854775808\nfill 0 9\n", false, NULL),
	     *stack = layouts("map int64 int64 seed=4 hint=-1 place=stack\nfill 0 9\n", false, NULL);
	ck_assert_str_eq(none, negative);
	ck_assert_str_eq(none, stack);
	free(none);
	free(negative);
	free(stack);
}
END_TEST

START_TEST(both_engines_change_the_same_bytes)
{
	unsigned checked = 0;
	char *silent = layouts(workloads[_i], false, &checked),
	     *recorded = layouts(workloads[_i], true, NULL);
	ck_assert_str_eq(silent, recorded);
	ck_assert_uint_gt(checked, 0);
	free(silent);
	free(recorded);
}
END_TEST

/* Spoils one byte of a good map after the other: whatever the check says, it must not fall over, and it must
 * find every change of a tophash, of a key, and of count. */
START_TEST(the_check_finds_what_is_wrong)
{
	static const char text[] = "map int64 int64 seed=230\nfill 0 40\n";
	struct script s;
	struct run r;
	char message[CHECK_MESSAGE];
	ck_assert_int_eq(script_parse(&s, "f", text, strlen(text)), 0);
	ck_assert(run_init(&r, NULL, NULL));
	ck_assert_int_eq(run_script(&r, &s, 0), 0);
	struct classic_map *m = classic_of(run_map(&r, 0));
	struct hmap_view h;
	ck_assert(hmap_read(&r.arena.reader, &m->type, m->hmap, &h));
	ck_assert_uint_eq(classic_check(m, &r.arena.reader, true, message), 0);
	unsigned found = 0;
	for (uint64_t at = 0; at < 8ull * m->type.bucketsize; at++) {
		uint8_t *byte = arena_host(&r.arena, h.buckets + at), old = *byte;
		uint64_t in_bucket = at % m->type.bucketsize,
			 slot = in_bucket < 8 ? in_bucket : (in_bucket - 8) / 8;
		uint8_t top = *(uint8_t *)arena_host(
			&r.arena, h.buckets + at - in_bucket + (slot < 8 ? slot : 0));
		bool matters = in_bucket < 72 && top >= MIN_TOPHASH;
		*byte ^= 0x55;
		unsigned faults = classic_check(m, &r.arena.reader, true, message);
		if (matters)
			ck_assert_msg(faults > 0, "a change of byte %u of a bucket is not found",
				(unsigned)in_bucket);
		found += faults > 0;
		*byte = old;
	}
	ck_assert_uint_gt(found, 40 * 9 - 1);
	uint8_t *count = arena_host(&r.arena, m->hmap);
	*count += 1;
	ck_assert_uint_gt(classic_check(m, &r.arena.reader, true, message), 0);
	*count -= 1;
	*(uint8_t *)arena_host(&r.arena, m->hmap + HMAP_NOVERFLOW) += 1;
	ck_assert_uint_gt(classic_check(m, &r.arena.reader, true, message), 0);
	run_release(&r);
	script_release(&s);
}
END_TEST

/* Every field of a sync.Map, and the pointer of each entry, spoilt one after the other. */
START_TEST(the_check_finds_what_is_wrong_with_a_sync_map)
{
	static const char text[] =
		"syncmap string int64 seed=230\nfill 0 5\nrange\ndel k1\nput new 1\nget none\n";
	struct script s;
	struct run r;
	char message[CHECK_MESSAGE];
	struct sync_view v;
	struct sync_entry *e;
	size_t n;
	ck_assert_int_eq(script_parse(&s, "f", text, strlen(text)), 0);
	ck_assert(run_init(&r, NULL, NULL));
	ck_assert_int_eq(run_script(&r, &s, 0), 0);
	const struct sync_map *m = (const struct sync_map *)run_map(&r, 0);
	const struct classic_map *keys = &m->read;
	const struct reader *memory = &r.arena.reader;
	const struct sync_layout *l = sync_layout("1.23");
	ck_assert(sync_read(memory, "1.23", m->addr, &v));
	ck_assert(sync_entries(memory, &v, 0, &e, &n));
	ck_assert_uint_eq(n, 6);
	ck_assert_msg(sync_map_check(keys, memory, m->addr, message) == 0, "%s", message);
	struct {
		uint64_t addr, value;
	} wrong[] = { { m->addr + SYNC_MUTEX, 1 }, { m->addr + l->misses, 5 },
		{ m->addr + l->misses, UINT64_MAX }, { m->addr + l->dirty, 0 },
		{ m->addr + l->dirty, v.read }, { v.readonly + READONLY_AMENDED, 0 },
		{ v.readonly + READONLY_M, v.addr } };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		uint64_t *word = arena_host(&r.arena, wrong[i].addr), old = *word;
		*word = wrong[i].value;
		ck_assert_msg(
			sync_map_check(keys, memory, m->addr, message) > 0, "change %zu is not found", i);
		*word = old;
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t *p = arena_host(&r.arena, e[i].entry), old = *p;
		*p = old == SYNC_EXPUNGED ? 0 : SYNC_EXPUNGED;
		ck_assert_msg(sync_map_check(keys, memory, m->addr, message) > 0,
			"a change of entry %zu is not found", i);
		*p = old;
	}
	ck_assert_uint_eq(sync_map_check(keys, memory, m->addr, message), 0);
	free(e);
	run_release(&r);
	script_release(&s);
}
END_TEST

START_TEST(the_collector_frees_and_addresses_come_again)
{
	static const char text[] = "map string int64 seed=1\nfill 0 200\niter i\nnext i\ndrain 0 "
				   "200\ngc\nfill 0 200\nnext i all\ngc\n";
	struct script s;
	struct run r;
	ck_assert_int_eq(script_parse(&s, "f", text, strlen(text)), 0);
	ck_assert(run_init(&r, NULL, NULL));
	ck_assert_int_eq(run_script(&r, &s, 0), 0);
	uint64_t cursor = 0, texts = 0, arrays = 0;
	struct block b;
	while (r.arena.memory.next(&r.arena.memory, &cursor, &b)) {
		texts += b.role == ROLE_KEY_TEXT;
		arrays += b.role == ROLE_BUCKETS;
	}
	ck_assert_uint_eq(texts, 200); /* those of the first fill are gone */
	ck_assert_uint_eq(arrays, 1);  /* and so are the old arrays, now that the loop has ended */
	run_release(&r);
	script_release(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("engine");
	TCase *t = tcase_create("engine");
	tcase_set_timeout(t, 120);
	tcase_add_test(t, hashes_are_those_of_real_runtimes);
	tcase_add_test(t, size_classes_round_as_go_does);
	tcase_add_test(t, errors_name_the_place_and_the_nearest);
	tcase_add_test(t, values_are_read_as_go_reads_them);
	tcase_add_test(t, escapes_are_gos);
	tcase_add_test(t, the_tables_agree);
	tcase_add_test(t, comparing_slices_is_a_panic);
	tcase_add_test(t, a_negative_hint_is_none);
	tcase_add_loop_test(t, both_engines_change_the_same_bytes, 0, sizeof workloads / sizeof *workloads);
	tcase_add_loop_test(
		t, a_full_heap_ends_the_operation, 0, (int)(sizeof workloads / sizeof *workloads));
	tcase_add_test(t, the_check_finds_what_is_wrong);
	tcase_add_test(t, the_check_finds_what_is_wrong_with_a_sync_map);
	tcase_add_test(t, the_collector_frees_and_addresses_come_again);
	suite_add_tcase(suite, t);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
