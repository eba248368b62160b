/* Tests of the image, the codec, the writer, the reader and the player, on streams that synth.c makes up. */
#include "tests/db/synth.h"
#include "db/pack/codec.h"
#include "db/rows/rows.h"
#include "db/rows/schema.h"
#include "db/store.h"
#include "trace/map/kind.h"
#include "trace/record/player.h"

#include <check.h>
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

static char folder[] = "/tmp/test_store.XXXXXX";
static char trace_path[64], other_path[64];
static const struct store_options options = { .overwrite = true, .workload = "synth", .tool = "test" };

static void paths_make(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(trace_path, sizeof trace_path, "%s/a.trace", folder);
	snprintf(other_path, sizeof other_path, "%s/b.trace", folder);
}

static void paths_remove(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	if (system(command) != 0)
		fprintf(stderr, "%s could not be removed\n", folder);
	snprintf(folder, sizeof folder, "/tmp/test_store.XXXXXX");
}

/* ---- the image ---- */

static bool image_event(
	struct image *m, uint16_t kind, uint64_t addr, uint64_t size, uint64_t from, uint64_t to)
{
	struct event e = { .kind = kind, .addr = addr, .size = size, .a = size, .b = ROLE_KEY };
	if (size <= 8)
		e.old.v = from, e.new.v = to;
	return image_apply(m, &e);
}

START_TEST(image_refuses_what_does_not_fit)
{
	struct image *m = image_new();
	uint8_t byte;
	ck_assert(image_event(m, EV_ALLOC, 0x10000, 16, 0, 0));
	ck_assert(!image_event(m, EV_ALLOC, 0x1000f, 1, 0, 0));
	ck_assert(!image_event(m, EV_ALLOC, 0xfff0, 17, 0, 0));
	ck_assert(!image_event(m, EV_ALLOC, 0x8000, 100000, 0, 0));
	ck_assert(!image_event(m, EV_ALLOC, 0, 16, 0, 0));
	ck_assert(!image_event(m, EV_ALLOC, 0x20000, 0, 0, 0));
	ck_assert(!image_event(m, EV_ALLOC, UINT64_MAX - 4, 16, 0, 0));
	ck_assert(!image_event(m, EV_ALLOC, 0x20000, UINT64_MAX, 0, 0));
	ck_assert(image_event(m, EV_ALLOC, 0x10010, 5, 0, 0));
	ck_assert(image_event(m, EV_WRITE, 0x10008, 8, 0, 7));
	ck_assert(!image_event(m, EV_WRITE, 0x10008, 8, 8, 7)); /* other old bytes */
	ck_assert(!image_event(m, EV_WRITE, 0x10013, 8, 0, 7)); /* over the end */
	ck_assert(!image_event(m, EV_WRITE, 0xffff, 1, 0, 7));
	ck_assert(!image_event(m, EV_WRITE, 0x10000, UINT64_MAX, 0, 7));
	ck_assert(!image_event(m, EV_FREE, 0x10008, 8, 7, 0));
	ck_assert(image_event(m, EV_WRITE, 0x10010, 5, 0, 0x0102030405));
	ck_assert(!image_event(m, EV_FREE, 0x10010, 5, 0, 0));
	ck_assert(image_event(m, EV_FREE, 0x10010, 5, 0x0102030405, 0));
	ck_assert(!image_read(m, 0x10010, &byte, 1));
	ck_assert(image_read(m, 0x10008, &byte, 1));
	ck_assert_uint_eq(byte, 7);
	ck_assert_uint_eq(image_live_bytes(m), 16);
	image_free(m);
}
END_TEST

START_TEST(image_finds_blocks)
{
	struct image *m = image_new();
	struct block b;
	uint64_t cursor = 0;
	ck_assert(image_event(m, EV_ALLOC, 0xc000001ff0, 100000, 0, 0));
	ck_assert(image_event(m, EV_ALLOC, 0xc000001fe8, 8, 0, 0));
	ck_assert(image_find(m, 0xc000010000, &b));
	ck_assert_uint_eq(b.addr, 0xc000001ff0);
	ck_assert(image_find(m, 0xc000001fef, &b));
	ck_assert_uint_eq(b.addr, 0xc000001fe8);
	ck_assert(!image_find(m, 0xc000001fe7, &b));
	ck_assert(!image_find(m, 0xc000001ff0 + 100000, &b));
	int n = 0;
	while (image_next(m, &cursor, &b))
		n++;
	ck_assert_int_eq(n, 2);
	uint64_t sum = image_sum(m);
	ck_assert(image_event(m, EV_WRITE, 0xc000004000, 1, 0, 1));
	ck_assert_uint_ne(sum, image_sum(m));
	ck_assert(image_event(
		m, EV_WRITE, 0xc000004000, 1, 1, 0)); /* zeros that have bytes of their own are zeros */
	ck_assert_uint_eq(sum, image_sum(m));
	image_free(m);
}
END_TEST

/* ---- the codec ---- */

/* Keeps the events of a stream, with their bytes. */
struct keeper {
	struct sink sink;
	struct event *events;
	size_t n, cap;
};

static void keep_map(struct sink *s, const struct map_info *m)
{
	(void)s, (void)m;
}
static void keep_operation(struct sink *s, const struct operation *o)
{
	(void)s, (void)o;
}

static union event_bytes keep_bytes(union event_bytes b, uint64_t size)
{
	if (size > 8 && b.p)
		b.p = memcpy(malloc(size), b.p, size);
	return b;
}

static void keep_event(struct sink *s, const struct event *e)
{
	struct keeper *k = (struct keeper *)(void *)s;
	if (k->n == k->cap) {
		k->cap = k->cap ? k->cap * 2 : 1024;
		k->events = realloc(k->events, k->cap * sizeof *k->events);
	}
	struct event *x = &k->events[k->n++];
	*x = *e;
	const char *f = event_info[e->kind].fields;
	if (strchr(f, 'O'))
		x->old = keep_bytes(e->old, e->size);
	if (strchr(f, 'N'))
		x->new = keep_bytes(e->new, e->size);
}

static void keeper_release(struct keeper *k)
{
	for (size_t i = 0; i < k->n; i++) {
		const char *f = event_info[k->events[i].kind].fields;
		if (k->events[i].size > 8 && strchr(f, 'O'))
			free((void *)(uintptr_t)k->events[i].old.p);
		if (k->events[i].size > 8 && strchr(f, 'N'))
			free((void *)(uintptr_t)k->events[i].new.p);
	}
	free(k->events);
}

static void assert_bytes(union event_bytes x, union event_bytes y, uint64_t size)
{
	for (uint64_t i = 0; i < size; i++)
		ck_assert_uint_eq(event_byte(x, size, i), event_byte(y, size, i));
}

static void assert_event(const struct event *x, const struct event *y)
{
	const char *f = event_info[x->kind].fields;
	ck_assert_uint_eq(x->kind, y->kind);
	ck_assert_uint_eq(x->addr, y->addr);
	ck_assert_uint_eq(x->size, y->size);
	ck_assert(x->a == y->a && x->b == y->b && x->c == y->c && x->d == y->d);
	if (strchr(f, 'O'))
		assert_bytes(x->old, y->old, x->size);
	if (strchr(f, 'N'))
		assert_bytes(x->new, y->new, x->size);
}

START_TEST(codec_round_trip)
{
	struct keeper k = { .sink = { keep_map, keep_operation, keep_event, NULL, 0, false, "" } };
	struct synth y;
	struct packer p;
	struct unpacker u;
	struct chunk all = { 0 }, facts = { 0 };
	unsigned seen[EV_COUNT] = { 0 };
	synth_init(&y, &k.sink, 1);
	synth_run(&y, 60000);
	ck_assert_int_eq(packer_init(&p), 0);
	ck_assert_int_eq(unpacker_init(&u), 0);
	for (size_t at = 0, count; at < k.n; at += count) {
		struct buffer out = { 0 };
		count = k.n - at < 700 ? k.n - at : 700;
		for (size_t i = 0; i < count; i++)
			ck_assert_int_eq(packer_add(&p, &k.events[at + i]), 0);
		ck_assert_int_eq(packer_finish(&p, &out), 0);
		packer_start(&p);
		all.first = facts.first = at + 1;
		all.count = facts.count = (uint32_t)count;
		ck_assert_ptr_null(chunk_unpack(&u, p.table, out.p, out.n, y.maps, false, &all));
		ck_assert_ptr_null(chunk_unpack(&u, p.table, out.p, out.n, y.maps, true, &facts));
		uint32_t fact = 0;
		for (size_t i = 0; i < count; i++) {
			assert_event(&k.events[at + i], &all.events[i]);
			seen[all.events[i].kind]++;
			if (all.events[i].kind <= EV_FREE)
				assert_event(&all.events[i], &facts.events[fact++]);
		}
		ck_assert_uint_eq(fact, facts.facts);
		/* Any byte may be wrong: it may be noticed or not (the checksum is outside), but nothing
		 * breaks. */
		for (size_t i = 0; i < 20; i++) {
			uint64_t r = synth_random(&y);
			out.p[r % out.n] ^= (uint8_t)(r >> 32);
			chunk_unpack(
				&u, p.table, out.p, out.n - (i == 19 ? r % out.n : 0), y.maps, i & 1, &facts);
			out.p[r % out.n] ^= (uint8_t)(r >> 32);
		}
		buffer_release(&out);
	}
	for (int i = 0; i < EV_COUNT; i++)
		ck_assert_msg(seen[i] > 0, "kind %s did not occur", event_info[i].name);
	chunk_release(&all);
	chunk_release(&facts);
	packer_release(&p);
	unpacker_release(&u);
	synth_release(&y);
	keeper_release(&k);
}
END_TEST

/* A damaged page has a null where the table allows none. */
START_TEST(kinds_may_be_null)
{
	struct kind_table t = { 0 };
	ck_assert_ptr_nonnull(kinds_read(&t, NULL, "", "note"));
	ck_assert_ptr_nonnull(kinds_read(&t, "x", NULL, "note"));
	ck_assert_ptr_nonnull(kinds_read(&t, "x", "", NULL));
	ck_assert_ptr_null(kinds_read(&t, "x", "", "note"));
	ck_assert_ptr_nonnull(kinds_read_predictions(&t, 0, NULL));
}
END_TEST

enum { DENSE = 100 << 20 }; /* bytes that pack into almost none */

/* A packed form whose head says so much, out of one frame that unpacks to it: as a stranger could make it. */
static size_t dense_forge(bool keyframe, const uint8_t *bytes, uint8_t *out, size_t cap)
{
	uint8_t head[64], *p = head;
	size_t n = ZSTD_compress(out + sizeof head, cap - sizeof head, bytes, DENSE, 1);
	ck_assert(!ZSTD_isError(n));
	ck_assert_uint_gt(DENSE, unpack_most(n));
	*p++ = CODEC_VERSION;
	p = varint_put(p, keyframe ? DENSE / 5 : 1); /* blocks; the map of a chunk */
	if (!keyframe)
		p = varint_put(p, 1); /* facts */
	p = varint_put(p, DENSE);
	p = varint_put(p, n);
	if (!keyframe)
		p = varint_put(p, 0); /* notes */
	memmove(out + (p - head), out + sizeof head, n);
	memcpy(out, head, (size_t)(p - head));
	return n + (size_t)(p - head);
}

/* A memory of one block. */
struct one_block {
	struct memory memory;
	struct block block;
};

static bool only_block(const struct memory *m, uint64_t *cursor, struct block *ret)
{
	*ret = ((const struct one_block *)(const void *)m)->block;
	return (*cursor)++ == 0;
}

/* How much is unpacked follows from how much is packed, whatever a file says; what a recorder packs may be unpacked,
 * however well it packs. */
START_TEST(small_files_take_little_memory)
{
	uint8_t *bytes = malloc(DENSE), *forged = malloc(1 << 20);
	struct buffer out = { 0 };
	struct packer p;
	struct unpacker u;
	struct chunk c = { .first = 1, .count = 1 };
	uint64_t raw;
	memset(bytes, 1, DENSE);
	struct image *again = image_new();
	struct one_block one = { { only_block },
		{ .addr = 0xc000000000, .size = DENSE, .rounded = DENSE, .role = ROLE_BUCKETS, .map = 1, .bytes = bytes } };
	struct event gone = { .kind = EV_FREE, .addr = one.block.addr, .size = DENSE, .a = DENSE, .b = ROLE_BUCKETS, .map = 1, .old.p = bytes };
	ck_assert_int_eq(packer_init(&p), 0);
	ck_assert_int_eq(unpacker_init(&u), 0);

	ck_assert_int_eq(packer_add(&p, &gone), 0);
	ck_assert_int_eq(packer_finish(&p, &out), 0);
	ck_assert_ptr_null(chunk_unpack(&u, p.table, out.p, out.n, 1, false, &c));
	ck_assert(c.events[0].size == DENSE && memcmp(c.events[0].old.p, bytes, DENSE) == 0);
	chunk_release(&c);
	c.count = 1;
	size_t n = dense_forge(false, bytes, forged, 1 << 20);
	const char *wrong = chunk_unpack(&u, p.table, forged, n, 1, false, &c);
	ck_assert_ptr_nonnull(wrong);
	ck_assert_msg(strstr(wrong, "more is packed") != NULL, "%s", wrong);
	ck_assert_uint_eq(c.data_cap, 0);

	out.n = 0;
	ck_assert_int_eq(keyframe_pack(p.zstd, &one.memory, &out, &raw), 0);
	wrong = keyframe_unpack(&u, out.p, out.n, 1, again);
	ck_assert_msg(!wrong, "%s", wrong);
	ck_assert_uint_eq(image_live_bytes(again), DENSE);
	image_clear(again);
	n = dense_forge(true, bytes, forged, 1 << 20);
	wrong = keyframe_unpack(&u, forged, n, 1, again);
	ck_assert_ptr_nonnull(wrong);
	ck_assert_msg(strstr(wrong, "more is packed") != NULL, "%s", wrong);

	image_free(again);
	buffer_release(&out);
	chunk_release(&c);
	packer_release(&p);
	unpacker_release(&u);
	free(bytes);
	free(forged);
}
END_TEST

/* The example at the head of codec.c, byte for byte: the format is a promise. */
START_TEST(codec_example)
{
	const struct event events[] = {
		{ .kind = EV_OP, .addr = 0xc000010000, .a = 1, .b = OP_PUT },
		{ .kind = EV_WRITE, .addr = 0xc000010000, .size = 8, .old.v = 41, .new.v = 42 },
		{ .kind = EV_WRITE, .addr = 0xc000020000, .size = 1, .new.v = 0x9c },
	};
	const uint8_t facts[] = { 0x81, 0x80, 0x80, 0x88, 0x80, 0x80, 0x30, 0x91, 0x29, 0x11, 0x80, 0x80,
		0x08, 0x10, 0x9c };
	const uint8_t notes[] = { 0x03, 0x80, 0x80, 0x88, 0x80, 0x80, 0x30, 0x01, 0x01, 0x01, 0x01 };
	struct packer p;
	ck_assert_int_eq(packer_init(&p), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(packer_add(&p, &events[i]), 0);
	ck_assert_uint_eq(p.facts.n, sizeof facts);
	ck_assert_mem_eq(p.facts.p, facts, sizeof facts);
	ck_assert_uint_eq(p.notes.n, sizeof notes);
	ck_assert_mem_eq(p.notes.p, notes, sizeof notes);
	packer_release(&p);
}
END_TEST

START_TEST(codec_kinds)
{
	struct kind_table t;
	struct kind_set back;
	uint32_t kinds[EV_COUNT] = { [EV_WRITE] = 1, [EV_GROWN] = 4096 };
	const uint8_t packed[] = { 0, 1, 0, 0, 0x80, 0x20 };
	struct buffer out = { 0 };
	kinds_init(&t);
	kinds_code(&t, EV_OP);
	kinds_code(&t, EV_GROWN);
	kinds_code(&t, EV_GROWTH);
	ck_assert_int_eq(kinds_pack(&t, kinds, &out), 0);
	ck_assert_uint_eq(out.n, sizeof packed);
	ck_assert_mem_eq(out.p, packed, sizeof packed);
	ck_assert_int_eq(kinds_unpack(&t, out.p, out.n, &back), 0);
	for (unsigned k = 0; k < EV_COUNT; k++)
		ck_assert_int_eq(kinds_have(&back, k), k == EV_WRITE || k == EV_GROWN);
	uint8_t bad[EV_COUNT + 1] = { 0 };
	ck_assert_int_eq(kinds_unpack(&t, bad, sizeof bad, &back), -1);
	ck_assert_int_eq(kinds_unpack(&t, (const uint8_t *)"\xff", 1, &back), -1);
	buffer_release(&out);
}
END_TEST

/* ---- writer, reader, player ---- */

static struct synth recorded; /* of the last recording */

static void record(const char *path, uint64_t seed, uint64_t steps, struct source **ret)
{
	char error[STORE_ERROR] = "";
	struct sink *s = store_create(path, &options, error);
	ck_assert_msg(s != NULL, "%s", error);
	synth_init(&recorded, s, seed);
	synth_run(&recorded, steps);
	ck_assert_msg(!s->failed, "%s", s->error);
	ck_assert_msg(store_finish(s, false, ret, error) == 0, "%s", error);
}

static struct source *open_trace(const char *path)
{
	char error[STORE_ERROR] = "";
	struct source *s = store_open(path, error);
	ck_assert_msg(s != NULL, "%s", error);
	return s;
}

static void check_rows(const char *path)
{
	char error[STORE_ERROR] = "";
	long n = store_check_rows(path, stderr, error);
	ck_assert_msg(n == 0, "%ld rows differ %s", n, error);
}

START_TEST(trace_round_trip)
{
	record(trace_path, (uint64_t)_i + 10, 40000, NULL);
	struct source *s = open_trace(trace_path);
	struct player p;
	struct operation o;
	ck_assert(s->complete);
	ck_assert_uint_eq(s->ops, recorded.ops);
	ck_assert_uint_eq(s->maps, 3);
	ck_assert_str_eq(s->map[1].name, "m2");
	ck_assert_int_eq(s->map[0].hint, -1);
	ck_assert_int_eq(s->map[1].hint, 0);
	ck_assert_str_eq(s->workload, "synth");
	player_init(&p, s);
	uint64_t *sum = calloc(s->steps + 1, sizeof *sum), random = 5;
	while (p.step < s->steps) {
		sum[p.step] = p.step % 64 ? 0 : image_sum(p.image);
		ck_assert_msg(player_forward(&p) == 0, "%s", p.error);
	}
	ck_assert(synth_equals(&recorded, p.image));
	/* Back: the same memory at each step, and nothing at the beginning. */
	while (p.step > 0) {
		ck_assert_msg(player_back(&p) == 0, "%s", p.error);
		if (p.step % 64 == 0)
			ck_assert_uint_eq(image_sum(p.image), sum[p.step]);
	}
	ck_assert_uint_eq(image_live_bytes(p.image), 0);
	/* Anywhere. */
	for (int i = 0; i < 300; i++) {
		random = random * UINT64_C(6364136223846793005) + 1;
		uint64_t step = (random >> 20) % (s->steps / 64) * 64;
		ck_assert_msg(player_seek(&p, step) == 0, "%s", p.error);
		ck_assert_uint_eq(p.step, step);
		ck_assert_uint_eq(image_sum(p.image), sum[step]);
	}
	ck_assert_int_eq(player_seek(&p, UINT64_MAX), 0);
	ck_assert(synth_equals(&recorded, p.image));
	/* Operations. */
	for (uint64_t op = 1; op <= s->ops; op += 7) {
		uint64_t at;
		ck_assert_msg(s->operation(s, op, &o) == 0, "%s", s->error);
		ck_assert_uint_eq(player_event(&p, o.first_step)->kind, EV_OP);
		ck_assert_int_eq(s->operation_at(s, o.first_step, &at), 0);
		ck_assert_uint_eq(at, op);
		ck_assert_int_eq(s->operation_at(s, o.first_step - 1, &at), 0);
		ck_assert_uint_eq(at, op - 1);
	}
	ck_assert_int_eq(s->operation(s, s->ops + 1, &o), -1);
	ck_assert_ptr_null(player_event(&p, 0));
	ck_assert_ptr_null(player_event(&p, s->steps + 1));
	free(sum);
	player_release(&p);
	s->close(s);
	synth_release(&recorded);
	check_rows(trace_path);
}
END_TEST

START_TEST(memory_recording)
{
	struct source *s;
	struct player p;
	record(":memory:", 3, 20000, &s);
	ck_assert_ptr_nonnull(s);
	player_init(&p, s);
	ck_assert_int_eq(player_seek(&p, s->steps), 0);
	ck_assert(synth_equals(&recorded, p.image));
	player_release(&p);
	s->close(s);
	synth_release(&recorded);
}
END_TEST

START_TEST(empty_recording)
{
	char error[STORE_ERROR];
	struct sink *sink = store_create(trace_path, &options, error);
	struct player p;
	ck_assert_int_eq(store_finish(sink, false, NULL, error), 0);
	struct source *s = open_trace(trace_path);
	ck_assert_uint_eq(s->steps, 0);
	player_init(&p, s);
	ck_assert_int_eq(player_forward(&p), 0);
	ck_assert_int_eq(player_seek(&p, 10), 0);
	ck_assert_uint_eq(p.step, 0);
	player_release(&p);
	s->close(s);
}
END_TEST

START_TEST(timeline_is_exact)
{
	record(trace_path, 21, 150000, NULL);
	struct source *s = open_trace(trace_path);
	const uint64_t ranges[][3] = { { 1, s->ops, 40 }, { 1, s->ops, 1 }, { 5, 9, 40 }, { 1000, 1100, 7 },
		{ s->ops, s->ops, 3 }, { 1, s->ops, s->ops } };
	for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
		size_t n = ranges[r][2];
		struct timeline_cell *cells = calloc(n, sizeof *cells);
		ck_assert_msg(s->timeline(s, ranges[r][0], ranges[r][1], cells, n) == 0, "%s", s->error);
		ck_assert_uint_eq(cells[0].first_op, ranges[r][0]);
		ck_assert_uint_eq(cells[n - 1].last_op, ranges[r][1]);
		for (size_t i = 0; i < n; i += 1 + n / 50) {
			uint64_t most = 0;
			for (uint64_t op = cells[i].first_op; op <= cells[i].last_op; op++) {
				struct operation a, b = { .first_step = s->steps + 1 };
				ck_assert_int_eq(s->operation(s, op, &a), 0);
				if (op < s->ops)
					ck_assert_int_eq(s->operation(s, op + 1, &b), 0);
				most = b.first_step - a.first_step > most ? b.first_step - a.first_step
									  : most;
			}
			ck_assert_uint_eq(cells[i].max_steps, most);
		}
		free(cells);
	}
	s->close(s);
	synth_release(&recorded);
}
END_TEST

/* ---- what goes wrong ---- */

/* Records in a child that is killed after so many steps, and more that are not committed. */
static void record_killed(uint64_t committed, uint64_t more)
{
	pid_t child = fork();
	if (child == 0) {
		char error[STORE_ERROR];
		struct synth y;
		struct sink *s = store_create(trace_path, &options, error);
		synth_init(&y, s, 8);
		synth_run(&y, committed);
		store_commit(s);
		synth_run(&y, committed + more);
		kill(getpid(), SIGKILL);
	}
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
}

static void open_killed(uint64_t committed)
{
	struct source *s = open_trace(trace_path);
	struct player p;
	ck_assert(!s->complete);
	ck_assert_uint_ge(s->steps, committed);
	player_init(&p, s);
	ck_assert_msg(player_seek(&p, s->steps) == 0, "%s", p.error);
	ck_assert_msg(player_seek(&p, 0) == 0, "%s", p.error);
	player_release(&p);
	struct timeline_cell cells[10];
	ck_assert_msg(s->timeline(s, 1, s->ops, cells, 10) == 0, "%s", s->error);
	s->close(s);
	check_rows(trace_path);
}

START_TEST(killed_recording_opens)
{
	char wal[80];
	record_killed(30000, 20000);
	snprintf(wal, sizeof wal, "%s-wal", trace_path);
	ck_assert_int_eq(access(wal, F_OK), 0);
	open_killed(30000);
	ck_assert_int_eq(access(wal, F_OK), 0); /* looking changes nothing */
	open_killed(30000);
	ck_assert_int_eq(chmod(folder, 0555), 0);
	if (geteuid() == 0) { /* root may write anywhere: be somebody else */
		pid_t child = fork();
		if (child == 0) {
			chmod(trace_path, 0644);
			chmod(wal, 0644);
			if (setgid(65534) != 0 || setuid(65534) != 0)
				_exit(0);
			open_killed(30000);
			_exit(0);
		}
		int status;
		waitpid(child, &status, 0);
		ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	} else {
		open_killed(30000);
	}
	chmod(folder, 0755);
}
END_TEST

START_TEST(interrupted_recording_opens)
{
	char error[STORE_ERROR];
	struct sink *sink = store_create(trace_path, &options, error);
	synth_init(&recorded, sink, 4);
	synth_run(&recorded, 10000);
	uint64_t steps = sink->steps;
	ck_assert_int_eq(store_finish(sink, true, NULL, error), 0);
	struct source *s = open_trace(trace_path);
	ck_assert(!s->complete);
	ck_assert_uint_eq(s->steps, steps);
	s->close(s);
	synth_release(&recorded);
	char wal[80];
	snprintf(wal, sizeof wal, "%s-wal", trace_path);
	ck_assert_int_eq(access(wal, F_OK), -1);
}
END_TEST

static void assert_refused(const char *path, const char *words)
{
	char error[STORE_ERROR] = "";
	struct source *s = store_open(path, error);
	ck_assert_ptr_null(s);
	ck_assert_msg(strstr(error, words) != NULL, "\"%s\" lacks \"%s\"", error, words);
	ck_assert_msg(strstr(error, path) != NULL, "%s", error);
	ck_assert_ptr_null(strchr(error, '\n'));
}

static void write_file(const char *path, const void *data, size_t n)
{
	FILE *f = fopen(path, "wb");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(data, 1, n, f), n);
	fclose(f);
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(
		sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

START_TEST(what_is_no_trace_is_refused)
{
	assert_refused(other_path, "No such file");
	assert_refused(folder, "directory");
	write_file(other_path, "", 0);
	assert_refused(other_path, "empty");
	write_file(other_path, "map string int\nfill 0 10\n", 25);
	assert_refused(other_path, "not a trace");
	ck_assert(!store_is_trace(other_path));
	write_file(other_path, "SQLite format 3\0xx", 18);
	assert_refused(other_path, "truncated");
	unlink(other_path);
	run_sql(other_path, "CREATE TABLE t(x)");
	assert_refused(other_path, "not a trace");
	ck_assert(store_is_trace(other_path));
	record(trace_path, 1, 5000, NULL);
	synth_release(&recorded);
	run_sql(trace_path, "PRAGMA user_version=4");
	assert_refused(trace_path, "newer");
	run_sql(trace_path, "PRAGMA user_version=1");
	assert_refused(trace_path, "record it again");
}
END_TEST

static bool trace_walk(const char *path);

START_TEST(recording_at_work_is_refused)
{
	int ready[2];
	char byte;
	ck_assert_int_eq(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		char error[STORE_ERROR];
		struct synth y;
		struct sink *s = store_create(trace_path, &options, error);
		synth_init(&y, s, 8);
		synth_run(&y, 10000);
		store_commit(s);
		if (write(ready[1], "x", 1) == 1)
			pause();
		_exit(0);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	assert_refused(trace_path, "being recorded");
	char error[STORE_ERROR] = "";
	ck_assert_ptr_null(store_create(trace_path, &options, error));
	ck_assert_msg(strstr(error, "being recorded"), "%s", error);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	ck_assert(trace_walk(trace_path));
	close(ready[0]);
	close(ready[1]);
}
END_TEST

static uint8_t *read_file(const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	ck_assert_ptr_nonnull(f);
	fseek(f, 0, SEEK_END);
	*ret_n = (size_t)ftell(f);
	rewind(f);
	uint8_t *p = malloc(*ret_n);
	ck_assert_uint_eq(fread(p, 1, *ret_n, f), *ret_n);
	fclose(f);
	return p;
}

START_TEST(truncated_trace_is_refused)
{
	size_t n;
	record(trace_path, 1, 20000, NULL);
	synth_release(&recorded);
	uint8_t *p = read_file(trace_path, &n);
	for (size_t left = 100; left < n; left += n / 9) {
		write_file(other_path, p, left);
		assert_refused(other_path, "truncated");
	}
	free(p);
}
END_TEST

/* Goes through everything a trace has; says whether all was well. */
static bool trace_walk(const char *path)
{
	char error[STORE_ERROR] = "";
	struct source *s = store_open(path, error);
	if (!s) {
		ck_assert(error[0] != 0);
		return false;
	}
	struct player p;
	struct operation o;
	const struct growth_row *g;
	struct timeline_cell cells[20];
	size_t growths;
	bool good = true;
	player_init(&p, s);
	good &= player_seek(&p, s->steps / 2) == 0;
	good &= player_seek(&p, s->steps) == 0;
	good &= player_seek(&p, s->steps / 3) == 0;
	good &= player_seek(&p, 0) == 0;
	struct chunk chunk = { 0 };
	for (uint64_t step = 1; good && step <= s->steps; step = chunk.first + chunk.count)
		good = s->chunk(s, step, &chunk) == 0;
	chunk_release(&chunk);
	for (uint64_t op = 1; op <= s->ops && op < 2000; op++)
		good &= s->operation(s, op, &o) == 0;
	good &= s->growths(s, &g, &growths) == 0;
	good &= s->timeline(s, 1, s->ops < 100000 ? s->ops : 100000, cells, 20) == 0;
	player_release(&p);
	s->close(s);
	return good;
}

START_TEST(flipped_bits_do_not_crash)
{
	size_t n;
	int noticed = 0;
	uint64_t random = (uint64_t)_i + 1;
	record(trace_path, 2, 60000, NULL);
	synth_release(&recorded);
	uint8_t *p = read_file(trace_path, &n);
	for (int i = 0; i < 40; i++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		size_t at = (random >> 20) % n;
		p[at] ^= (uint8_t)(1 << (random >> 60 & 7));
		write_file(other_path, p, n);
		noticed += !trace_walk(other_path);
		p[at] ^= (uint8_t)(1 << (random >> 60 & 7));
	}
	ck_assert_int_gt(noticed, 15); /* the rest hit free space or texts */
	free(p);
}
END_TEST

START_TEST(hostile_tables_are_refused)
{
	static const char *const hostile[] = {
		"DROP TABLE chunk",
		"ALTER TABLE chunk RENAME TO c; CREATE VIEW chunk AS SELECT * FROM c",
		"DROP TABLE operation; CREATE TABLE operation(op INTEGER PRIMARY KEY, map, kind, key, elem, "
		"first_step)",
		"DROP TABLE operation; CREATE TABLE operation(op INTEGER PRIMARY KEY, map INTEGER, kind TEXT "
		"AS ('put'), key TEXT,"
		" elem TEXT, first_step INTEGER) STRICT",
		"DROP TABLE keyframe; CREATE TABLE keyframe(step INTEGER, bytes INTEGER, checksum INTEGER, "
		"data BLOB,"
		" PRIMARY KEY(bytes, step)) STRICT, WITHOUT ROWID",
		"DROP TABLE meta; CREATE VIRTUAL TABLE meta USING fts5(name, value)",
		"UPDATE map SET key_type='nonsense'",
		"UPDATE map SET map=map+5",
		"UPDATE map SET kind='nonsense'",
		"UPDATE map SET kind='sync' WHERE map=(SELECT max(map) FROM map)",
		"UPDATE map SET part_of=map",
		"UPDATE map SET part_of=1099511627776",
		"UPDATE event_kind SET name='wrote' WHERE name='write'", /* a fact that nobody knows */
		"UPDATE event_kind SET name='alloc' WHERE kind=5",       /* doubled */
		"UPDATE event_kind SET kind=kind+1000 WHERE kind>3",
		"UPDATE event_kind SET fields='ASQ' WHERE name='header'",
		"UPDATE event_kind SET fields='AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', name='other' WHERE "
		"name='header'",
		"UPDATE event_kind SET role='nonsense' WHERE name='header'",
		"UPDATE event_kind SET role='fact' WHERE name='header'",
		"UPDATE event_kind SET name=x'1b5b6d' || 'm' WHERE name='header'",
		"UPDATE event_kind SET predictions='header.z' WHERE name='header'",
		"UPDATE event_kind SET predictions='low(header.a' WHERE name='header'",
		"UPDATE event_kind SET predictions='- - - - - - - - -' WHERE name='header'",
		"UPDATE event_kind SET predictions='bits(header.a,64)' WHERE name='header'",
		"WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i+1 FROM n WHERE i<2000) INSERT INTO "
		"event_kind"
		" SELECT (SELECT max(kind) FROM event_kind)+i-999, 'k'||i, 'A', '', 'note', '', 'x' FROM n",
		"UPDATE chunk SET count=9223372036854775807",
		"UPDATE chunk SET first_step=-first_step",
		"INSERT INTO operation(op,map,kind,key,elem,first_step) "
		"VALUES(9223372036854775807,1,'put','','',1)",
	};
	static const char *const wrong[] = {
		/* these open, but must end in an error, not in a crash */
		"UPDATE chunk SET count=count+1",
		"UPDATE chunk SET data=x'01'",
		"UPDATE chunk SET data=zeroblob(100000000) WHERE first_step=1",
		"DELETE FROM chunk WHERE first_step=1",
		"UPDATE keyframe SET data=substr(data,1,100)",
		"UPDATE operation SET kind='nonsense'",
		"UPDATE operation SET map=70000",
		"UPDATE operation SET first_step=-1",
		"DELETE FROM operation WHERE op=5",
		"UPDATE growth SET old_B=1000000",
		"UPDATE timeline SET count=9223372036854775807",
	};
	size_t n;
	record(trace_path, 2, 100000, NULL);
	synth_release(&recorded);
	uint8_t *p = read_file(trace_path, &n);
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		write_file(other_path, p, n);
		run_sql(other_path, hostile[i]);
		fprintf(stderr, "%s", trace_walk(other_path) ? hostile[i] : ""); /* names the culprit */
		assert_refused(other_path, "damaged");
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		write_file(other_path, p, n);
		run_sql(other_path, wrong[i]);
		ck_assert_msg(!trace_walk(other_path), "%s was not noticed", wrong[i]);
	}
	free(p);
}
END_TEST

/* A newer program's recording: kinds that nobody here knows are shown by their names, all others stay what
 * they are. */
START_TEST(unknown_kinds_are_passed_over)
{
	char name[EVENT_NAME], line[200];
	struct chunk before = { 0 }, after = { 0 };
	record(trace_path, 3, 20000, NULL);
	synth_release(&recorded);
	struct source *s = open_trace(trace_path);
	ck_assert_int_eq(s->chunk(s, 1, &before), 0);
	s->close(s);
	run_sql(trace_path, "UPDATE event_kind SET name='later_read' WHERE name='header'");
	run_sql(trace_path, "UPDATE event_kind SET name='op2' WHERE name='check'");
	run_sql(trace_path,
		"UPDATE event_kind SET "
		"predictions=replace(replace(predictions,'header.','later_read.'),'check.','op2.')");
	s = open_trace(trace_path);
	ck_assert_int_eq(s->chunk(s, 1, &after), 0);
	ck_assert_uint_eq(before.count, after.count);
	unsigned renamed = 0;
	for (uint32_t i = 0; i < before.count; i++) {
		const struct event *b = &before.events[i], *a = &after.events[i];
		bool header = b->kind == EV_HEADER;
		if (!header && b->kind != EV_CHECK) {
			assert_event(b, a);
			continue;
		}
		ck_assert_uint_eq(a->kind, EV_UNKNOWN);
		ck_assert_str_eq(event_name(a, name), header ? "later_read" : "op2");
		ck_assert_uint_eq(a->addr, b->addr);
		event_print(a, 7, line, sizeof line);
		ck_assert_str_eq(line, header ? "7 later_read" : "7 op2");
		renamed++;
	}
	ck_assert_uint_gt(renamed, 10);
	chunk_release(&before);
	chunk_release(&after);
	ck_assert(trace_walk(trace_path));
	s->close(s);
}
END_TEST

/* The synth's types: 1 string, 2 int64, 3 map[string]int64, 4 hmap, 5 mapextra, 6 hiter, 7 to 9 the buckets.
 */
START_TEST(hostile_types_are_refused)
{
	static const struct {
		const char *sql, *wrong;
	} hostile[] = {
		{ "UPDATE type SET key=3 WHERE type=3", "does not come before it" }, /* circles */
		{ "UPDATE type SET key=7 WHERE type=3", "does not come before it" },
		{ "UPDATE type SET elem=-1 WHERE type=3", "does not come before it" },
		{ "UPDATE type SET elem=1099511627776 WHERE type=3", "does not come before it" },
		{ "UPDATE type SET key=NULL WHERE type=3", "lacks a key or elem" },
		{ "UPDATE type SET size=1152921504606846976 WHERE type=2", "no sound size" },
		{ "UPDATE type SET size=-8 WHERE type=2", "no sound size" },
		{ "UPDATE type SET size=4 WHERE type=2", "no sound size" }, /* no multiple of align */
		{ "UPDATE type SET align=3 WHERE type=2", "no sound size" },
		{ "UPDATE type SET align=0 WHERE type=2", "no sound size" },
		{ "UPDATE type SET size=16 WHERE type=2", "is not as Go has it" },
		{ "UPDATE type SET pointers=1 WHERE type=2", "is not as Go has it" },
		{ "UPDATE type SET kind='array' WHERE type=2", "is not as Go has it" },
		{ "UPDATE type SET name='' WHERE type=2", "no name" },
		{ "UPDATE type SET name=x'1b5b6d' || 'm' WHERE type=2", "no name" },
		{ "UPDATE type SET name='a' || x'ff' WHERE type=2", "no name" },
		{ "UPDATE type SET kind='' WHERE type=2", "no name or kind" },
		{ "DELETE FROM type WHERE type=2", "not numbered" },
		{ "DELETE FROM type; DELETE FROM field", "is of a type that is not there" },
		{ "CREATE TABLE t(type INTEGER NOT NULL, name TEXT, map INTEGER, size INTEGER, kind TEXT, "
		  "align INTEGER,"
		  " pointers INTEGER, key INTEGER, elem INTEGER, count INTEGER) STRICT; INSERT INTO t SELECT "
		  "* FROM type;"
		  " INSERT INTO t SELECT * FROM type; DROP TABLE type; ALTER TABLE t RENAME TO type",
			"not numbered" },
		{ "UPDATE type SET map=1 WHERE type=8", "two types of groups" },
		{ "UPDATE type SET map=70000 WHERE type=8", "of a map that is not there" },
		{ "UPDATE type SET map=1 WHERE type=2", "of a map that is not there" },
		{ "UPDATE type SET map=NULL WHERE type=8", "of a map that is not there" },
		{ "UPDATE type SET kind='struct', map=NULL WHERE type=8", "lacks the type of its groups" },
		{ "UPDATE type SET count=7 WHERE type=8", "laid out" },
		{ "UPDATE type SET size=216 WHERE type=8", "laid out" },
		{ "UPDATE type SET elem=1 WHERE type=8", "laid out" },
		{ "UPDATE type SET name='bmap' WHERE type=8", "laid out" },
		{ "UPDATE type SET name='hmap2' WHERE type=4", "laid out" },
		{ "UPDATE field SET offset=offset+8 WHERE type=7 AND name='overflow'", "outside of it" },
		{ "UPDATE field SET offset=-8 WHERE type=7 AND name='keys'", "outside of it" },
		{ "UPDATE field SET count=1152921504606846976 WHERE type=7 AND name='keys'",
			"outside of it" },
		{ "UPDATE field SET size=4294967297 WHERE type=7 AND name='keys'", "outside of it" },
		{ "UPDATE field SET offset=4 WHERE type=7 AND name='keys'", "overlap" },
		{ "UPDATE field SET name='keys' WHERE type=7", "have one name" },
		{ "INSERT INTO field SELECT * FROM field WHERE type=4", "overlap" },
		{ "INSERT INTO field VALUES(2,'none',0,0,1,'elem',NULL),(2,'none',0,0,1,'elem',NULL)",
			"have one name" },
		{ "UPDATE field SET type=1000 WHERE type=4", "of a type that is not there" },
		{ "UPDATE field SET type=-1 WHERE type=4", "of a type that is not there" },
		{ "UPDATE field SET name='' WHERE type=4 AND name='B'", "no name or role" },
		{ "UPDATE field SET role=x'9b' || '' WHERE type=4 AND name='B'", "no name or role" },
		{ "UPDATE field SET item=7 WHERE type=7 AND name='keys'", "does not come before it" },
		{ "UPDATE field SET item=2 WHERE type=7 AND name='keys'", "does not come before it" },
		{ "UPDATE field SET name='b' WHERE type=4 AND name='B'", "laid out" },
		{ "UPDATE field SET role='key' WHERE type=4 AND name='B'", "laid out" },
		{ "UPDATE field SET count=7 WHERE type=8 AND name='elems'", "laid out" },
		{ "DELETE FROM field WHERE type=5 AND name='oldoverflow'", "laid out" },
		{ "UPDATE map SET type=2 WHERE map=1", "of a type that is not there" },
		{ "UPDATE map SET type=NULL WHERE map=1", "of a type that is not there" },
		{ "UPDATE map SET type=9223372036854775807 WHERE map=1", "of a type that is not there" },
		{ "UPDATE map SET elem_type='string' WHERE map=1", "of two types" },
	};
	size_t n;
	record(trace_path, 2, 5000, NULL);
	synth_release(&recorded);
	uint8_t *p = read_file(trace_path, &n);
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		write_file(other_path, p, n);
		run_sql(other_path, hostile[i].sql);
		fprintf(stderr, "%s", trace_walk(other_path) ? hostile[i].sql : ""); /* names the culprit */
		assert_refused(other_path, hostile[i].wrong);
	}
	free(p);
}
END_TEST

/* The kind of a type says what its values are, its name may be any. */
START_TEST(types_have_any_name)
{
	char name[5000], sql[sizeof name * 3];
	memset(name, 'x', sizeof name - 1);
	memcpy(name, "main.", 5);
	name[sizeof name - 1] = 0;
	record(trace_path, 2, 5000, NULL);
	synth_release(&recorded);
	snprintf(sql, sizeof sql, "UPDATE type SET name='%s' WHERE type=2; UPDATE map SET elem_type='%s'",
		name, name);
	run_sql(trace_path, sql);
	struct source *s = open_trace(trace_path);
	ck_assert_int_eq(s->map[0].elem.kind, GO_INT64);
	ck_assert_str_eq(s->map[0].elem.name, name);
	s->close(s);
	ck_assert(trace_walk(trace_path));
	run_sql(trace_path, "UPDATE type SET kind='chan', pointers=1 WHERE type=2");
	s = open_trace(trace_path);
	ck_assert_int_eq(s->map[1].elem.kind, GO_OPAQUE);
	ck_assert_uint_eq(s->map[1].elem.size, 8);
	ck_assert_uint_eq(s->map[1].elem.align, 8);
	ck_assert(s->map[1].elem.pointers);
	s->close(s);
	ck_assert(trace_walk(trace_path));
}
END_TEST

/* A table of rows is common, or a kind of map makes its rows; and those of a kind are all there. */
START_TEST(each_table_of_rows_is_made_by_its_kind)
{
	unsigned own = 0, of_kinds = 0;
	for (int t = 0; t < ROW_TABLES; t++)
		own += strcmp(row_forms[t].of, "common") != 0;
	for (int k = 0; k < MAP_KINDS; k++)
		for (int i = 0; map_kinds[k]->rows && map_kinds[k]->rows->tables[i]; i++, of_kinds++) {
			bool there = false;
			for (int t = 0; t < ROW_TABLES; t++)
				there |= strcmp(row_forms[t].name, map_kinds[k]->rows->tables[i]) == 0 &&
					strcmp(row_forms[t].of, map_kinds[k]->name) == 0;
			ck_assert_msg(there, "%s: %s", map_kinds[k]->name, map_kinds[k]->rows->tables[i]);
		}
	ck_assert_uint_eq(own, of_kinds);
	ck_assert_uint_eq(own, 4);
}
END_TEST

/* Every name can be written in SQL without quotes. */
START_TEST(no_name_is_a_word_of_sql)
{
	sqlite3 *db;
	record(trace_path, 3, 5000, NULL);
	synth_release(&recorded);
	ck_assert_int_eq(sqlite3_open(trace_path, &db), SQLITE_OK);
	for (const struct schema_table *t = schema_tables; t->name; t++) {
		char columns[300], sql[400];
		snprintf(columns, sizeof columns, "%s", t->columns);
		for (char *c = strtok(columns, " "); c; c = strtok(NULL, " ")) {
			snprintf(sql, sizeof sql,
				"SELECT %s.%s, max(%s) FROM %s WHERE %s IS NOT NULL ORDER BY %s", t->name, c,
				c, t->name, c, c);
			ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
				sqlite3_errmsg(db));
		}
	}
	sqlite3_close(db);
}
END_TEST

START_TEST(existing_file_is_kept)
{
	char error[STORE_ERROR] = "";
	struct store_options keep = options;
	size_t n;
	keep.overwrite = false;
	write_file(trace_path, "precious", 8);
	ck_assert_ptr_null(store_create(trace_path, &keep, error));
	ck_assert_ptr_nonnull(strstr(error, "exists"));
	/* With leave to replace it, it still stands until there is something to replace it with. */
	struct sink *s = store_create(trace_path, &options, error);
	ck_assert_ptr_nonnull(s);
	uint8_t *p = read_file(trace_path, &n);
	ck_assert_mem_eq(p, "precious", 8);
	free(p);
	synth_init(&recorded, s, 1);
	synth_run(&recorded, 10000);
	ck_assert_int_eq(store_finish(s, false, NULL, error), 0);
	synth_release(&recorded);
	ck_assert(trace_walk(trace_path));
	char command[128];
	snprintf(command, sizeof command, "test $(ls %s | wc -l) = 1", folder);
	ck_assert_int_eq(system(command), 0); /* nothing is left beside it */
	snprintf(other_path, sizeof other_path, "%s/none/b.trace", folder);
	ck_assert_ptr_null(store_create(other_path, &options, error));
	ck_assert_msg(strstr(error, "No such file") && strstr(error, other_path), "%s", error);
	ck_assert_ptr_null(store_create(folder, &options, error));
}
END_TEST

/* A limit on the size of files stands for a full disk. */
START_TEST(full_disk_is_an_error)
{
	char error[STORE_ERROR] = "";
	pid_t child = fork();
	if (child == 0) {
		struct rlimit limit = { 1 << 20, 1 << 20 };
		struct sink *s = store_create(trace_path, &options, error);
		synth_init(&recorded, s, 1);
		synth_run(&recorded, 10000);
		store_commit(s);
		setrlimit(RLIMIT_FSIZE, &limit);
		while (!s->failed && s->steps < 2000000) {
			synth_run(&recorded, s->steps + 10000);
			store_commit(s);
		}
		bool good = s->failed && strstr(s->error, trace_path);
		good &= store_finish(s, false, NULL, error) == -1 && strstr(error, trace_path);
		_exit(good ? 0 : 1);
	}
	int status;
	waitpid(child, &status, 0);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	struct source *s = open_trace(trace_path);
	ck_assert(!s->complete);
	ck_assert_uint_ge(s->steps, 10000);
	s->close(s);
	ck_assert(trace_walk(trace_path));
}
END_TEST

/* ---- replacing a trace ---- */

enum { NEW_STEPS = 5000 };

/* $T is the trace. */
static void shell(const char *command)
{
	ck_assert_int_eq(setenv("T", trace_path, 1), 0);
	ck_assert_msg(system(command) == 0, "%s", command);
}

/* Puts the old trace back, cut off (its operations are in the WAL) or whole, and a stranger's file beside it.
 */
static void old_trace(bool cut_off)
{
	shell("rm -f $T* && echo precious > $T.before");
	shell(cut_off ? "cp ${T%/*}/cut/* ${T%/*}" : "cp ${T%/*}/whole/* ${T%/*}");
}

static void old_traces_make(void)
{
	record_killed(30000, 20000);
	shell("cd ${T%/*} && mkdir cut whole && mv $T* cut");
	record(trace_path, 5, 30000, NULL);
	synth_release(&recorded);
	shell("mv $T ${T%/*}/whole");
}

static void count_trace(uint64_t *ret_ops, uint64_t *ret_steps)
{
	struct source *s = open_trace(trace_path);
	*ret_ops = s->ops;
	*ret_steps = s->steps;
	s->close(s);
	shell("test \"$(cat $T.before)\" = precious");
}

/* A recording over the trace, with a limit on the size of files from its beginning or from its first commit
 * on. */
static int replace_limited(rlim_t most, bool from_beginning)
{
	char error[STORE_ERROR];
	struct rlimit limit = { most, most };
	struct synth y;
	if (from_beginning)
		setrlimit(RLIMIT_FSIZE, &limit);
	struct sink *s = store_create(trace_path, &options, error);
	if (!s)
		return strstr(error, trace_path) ? 0 : 1;
	synth_init(&y, s, 1);
	synth_run(&y, 10000);
	store_commit(s);
	setrlimit(RLIMIT_FSIZE, &limit);
	while (!s->failed && s->steps < 300000) {
		synth_run(&y, s->steps + 10000);
		store_commit(s);
	}
	return store_finish(s, false, NULL, error) == -1 && strstr(error, trace_path) ? 0 : 2;
}

/* The disk is full while a trace is replaced: the old one has all its operations, also those in its WAL. */
START_TEST(replaced_trace_survives_full_disk)
{
	static const rlim_t limits[] = { 0, 8192, 65536, 200000, 1 << 20 };
	old_traces_make();
	for (int i = 0; i < 20; i++) {
		uint64_t ops, steps, ops_now, steps_now;
		int status;
		old_trace(i & 1);
		count_trace(&ops, &steps);
		ck_assert_uint_gt(ops, 0);
		pid_t child = fork();
		if (child == 0)
			_exit(replace_limited(limits[i / 4], i & 2));
		waitpid(child, &status, 0);
		ck_assert(WIFEXITED(status));
		ck_assert_int_eq(WEXITSTATUS(status), 0);
		count_trace(&ops_now, &steps_now);
		ck_assert_msg(ops_now == ops && steps_now == steps,
			"limit %lu: %" PRIu64 " operations, %" PRIu64 " before", (unsigned long)limits[i / 4],
			ops_now, ops);
		check_rows(trace_path);
		shell("test -z \"$(ls $T.* | grep -v before)\"");
	}
}
END_TEST

static int replace_trace(void)
{
	char error[STORE_ERROR];
	struct synth y;
	struct sink *s = store_create(trace_path, &options, error);
	if (!s)
		return 1;
	synth_init(&y, s, 1);
	synth_run(&y, NEW_STEPS / 2);
	store_commit(s);
	synth_run(&y, NEW_STEPS);
	int status = store_finish(s, false, NULL, error);
	synth_release(&y);
	return status == 0 ? 0 : 1;
}

/* Kills what records (0: it went well) at its nth entry into the system or return from it; false: it came to
 * its end before. -1: there is no way to do that here. */
static int killed_at(long n, int (*records)(void))
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(77);
		raise(SIGSTOP);
		_exit(records());
	}
	waitpid(child, &status, 0);
	for (long i = 0; i < n && WIFSTOPPED(status); i++) {
		ptrace(PTRACE_SYSCALL, child, NULL, NULL);
		waitpid(child, &status, 0);
	}
	if (WIFSTOPPED(status)) {
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		return true;
	}
	ck_assert(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77));
	return WEXITSTATUS(status) == 77 ? -1 : false;
}

/* A recording that replaces a trace is killed at many points: the old one or the new one is there, whole, and
 * a file of the name that is kept is nobody's but its owner's.  MAPSCOPE_KILL_ALL in the environment: at
 * every point (with CK_TIMEOUT_MULTIPLIER=20). */
START_TEST(replaced_trace_survives_kill)
{
	long by = getenv("MAPSCOPE_KILL_ALL") ? 1 : 43, at = _i * 7 % by;
	uint64_t ops, steps, now_ops, now_steps;
	char left[128];
	int killed, was_left = 0, was_new = 0;
	old_traces_make();
	do {
		old_trace(_i & 1);
		count_trace(&ops, &steps);
		killed = killed_at(at, replace_trace);
		count_trace(&now_ops, &now_steps);
		bool old = now_ops == ops && now_steps == steps;
		ck_assert_msg(old || now_steps >= NEW_STEPS, "killed at %ld: %" PRIu64 " steps; old %" PRIu64,
			at, now_steps, steps);
		ck_assert(killed || !old);
		if (!old) {
			was_new++;
			check_rows(trace_path);
			shell("test -z \"$(ls $T-* 2> /dev/null)\"");
		}
		if (store_unfinished(trace_path, left, sizeof left)) {
			was_left++;
			ck_assert_msg(old && access(left, F_OK) == 0, "%s", left);
			ck_assert_int_eq(replace_trace(), 0); /* the next one leaves it alone */
			ck_assert_int_eq(access(left, F_OK), 0);
		}
		at += by;
	} while (killed == true);
	ck_assert(killed == -1 || (was_left > 0 && was_new > 0));
}
END_TEST

/* A map that is made of others, which follow it: the whole and so many of its parts. */
static void sync_map_begin(struct sink *s, unsigned first, unsigned parts)
{
	struct map_info whole = { .map = first,
		.name = "sync",
		.key = go_type_basic(GO_STRING),
		.elem = go_type_basic(GO_INT64),
		.go = "1.23",
		.arch = "amd64",
		.place = "heap",
		.hash = "mem",
		.hint = -1,
		.header = UINT64_C(0xc0f0000000),
		.kind = MAP_SYNC };
	s->map(s, &whole);
	for (unsigned i = 1; i <= parts; i++) {
		struct map_info part = whole;
		part.map = first + i;
		part.part_of = first;
		part.header = 0;
		part.kind = MAP_CLASSIC;
		part.key = go_type_basic(GO_ANY);
		part.elem = go_type_basic(GO_ENTRY);
		s->map(s, &part);
	}
}

static void emit_map(struct sink *s, unsigned map)
{
	s->steps++;
	s->event(s, &(struct event){ .kind = EV_MAP, .map = map, .a = map });
}

/* Killed when so many of the parts had been committed: it lacks the others and is refused, or is whole. */
START_TEST(killed_between_a_map_and_its_parts)
{
	unsigned parts = map_kinds[MAP_SYNC]->parts;
	char error[STORE_ERROR] = "";
	int status;
	pid_t child = fork();
	if (child == 0) {
		struct sink *s = store_create(trace_path, &options, error);
		sync_map_begin(s, 1, (unsigned)_i);
		emit_map(s, 1);
		_exit(store_commit(s) == 0 && kill(getpid(), SIGKILL) == 0);
	}
	waitpid(child, &status, 0);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	struct source *s = store_open(trace_path, error);
	ck_assert_msg((s != NULL) == ((unsigned)_i == parts), "%s", error);
	if (s) {
		ck_assert_uint_eq(s->maps, 1 + parts);
		s->close(s);
		check_rows(trace_path);
	} else {
		ck_assert_msg(strstr(error, "map 1 lacks a map that it is made of") != NULL, "%s", error);
		ck_assert_int_eq(store_check_rows(trace_path, stdout, error), -1);
	}
}
END_TEST

enum { BEFORE_SYNC = 40000, WITH_SYNC = 80000 };

/* The map comes in the middle of a chunk, between two commits of others. */
static int record_sync(void)
{
	char error[STORE_ERROR];
	struct synth y;
	struct sink *s = store_create(trace_path, &options, error);
	if (!s)
		return 1;
	synth_init(&y, s, 1);
	synth_run(&y, BEFORE_SYNC);
	sync_map_begin(s, y.maps + 1, map_kinds[MAP_SYNC]->parts);
	emit_map(s, y.maps + 1);
	synth_run(&y, WITH_SYNC);
	int status = store_finish(s, false, NULL, error);
	synth_release(&y);
	return status == 0 ? 0 : 1;
}

/* Wherever a recording is killed, its maps are there with all of their parts or not at all.
 * MAPSCOPE_KILL_ALL: as above. */
START_TEST(parts_of_maps_survive_kill)
{
	const unsigned parts = map_kinds[MAP_SYNC]->parts;
	long by = getenv("MAPSCOPE_KILL_ALL") ? 1 : 37, at = 0;
	int killed, was_without = 0, was_with = 0, was_nothing = 0;
	do {
		char error[STORE_ERROR] = "";
		shell("rm -f $T*");
		killed = killed_at(at, record_sync);
		struct source *s = store_open(trace_path, error);
		if (!s) { /* nothing had been committed */
			ck_assert_msg(*error && was_without + was_with == 0, "killed at %ld: %s", at, error);
			was_nothing++;
		} else {
			bool none = s->steps == 0, with = s->maps == 3 + 1 + parts;
			ck_assert_msg(s->maps ==
					(none                  ? 0
							: with ? 3 + 1 + parts
							       : 3),
				"killed at %ld: %u maps", at, s->maps);
			ck_assert(with || s->steps <= BEFORE_SYNC + CHUNK_STEPS);
			*(none ? &was_nothing : with ? &was_with : &was_without) += 1;
			s->close(s);
			check_rows(trace_path);
		}
		at += by;
	} while (killed == true);
	ck_assert(killed == -1 || (was_nothing > 0 && was_without > 0 && was_with > 0));
}
END_TEST

/* What cannot be brought into the old file stops a recording before it begins. */
START_TEST(replacing_needs_what_lies_beside)
{
	char error[STORE_ERROR] = "";
	write_file(trace_path, "precious", 8);
	shell("echo precious > $T-wal");
	ck_assert_ptr_null(store_create(trace_path, &options, error));
	ck_assert_msg(strstr(error, "-wal"), "%s", error);
	shell("test \"$(cat $T-wal)\" = precious && test $(ls $T* | wc -l) = 2");
}
END_TEST

/* ---- SQL ---- */

static char *ask(const char *query, enum store_format format, bool header, int *ret_status)
{
	char *text = NULL, error[STORE_ERROR] = "";
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	*ret_status = store_sql(trace_path, query, format, header, f, error);
	if (*ret_status != 0)
		fputs(error, f);
	fclose(f);
	return text;
}

static void assert_answer(const char *query, enum store_format format, bool header, const char *want)
{
	int status;
	char *have = ask(query, format, header, &status);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(have, want);
	free(have);
}

static void assert_number(const char *query, uint64_t want)
{
	char text[32];
	snprintf(text, sizeof text, "%" PRIu64 "\n", want);
	assert_answer(query, STORE_TABS, false, text);
}

START_TEST(sql_asks)
{
	int status;
	record(trace_path, 6, 30000, NULL);
	synth_release(&recorded);
	struct source *s = open_trace(trace_path);
	struct operation last;
	ck_assert_int_eq(s->operation(s, s->ops, &last), 0);
	assert_number("SELECT count(*) FROM event", s->steps);
	assert_number("SELECT count(*) FROM event WHERE step > 100 AND step <= 5000", 4900);
	assert_number("SELECT step FROM event WHERE step = 777", 777);
	assert_number("SELECT step FROM event WHERE rowid = 777", 777);
	assert_number("SELECT count(*) FROM event WHERE step = NULL", 0);
	assert_number("SELECT count(*) FROM event WHERE step < -5", 0);
	assert_number("SELECT count(*) FROM event WHERE step > 10.5 AND step < 20.5", 10);
	assert_number("SELECT count(*) FROM event WHERE kind = 'op'", s->ops);
	assert_number("SELECT count(*) FROM event WHERE kind = 'nonsense'", 0);
	assert_number(
		"SELECT max(step) FROM event WHERE kind = 'op' AND op = (SELECT max(op) FROM operation)",
		last.first_step);
	assert_number(
		"SELECT count(*) FROM event e JOIN operation o ON e.step = o.first_step WHERE e.kind = 'op'"
		" AND e.op = o.op",
		s->ops);
	assert_number("SELECT count(*) FROM (SELECT op FROM event ORDER BY step DESC) WHERE op IS NOT NULL",
		s->steps - 3);
	assert_number(
		"SELECT (SELECT count(*) FROM move) = (SELECT count(*) FROM event WHERE kind = 'move')", 1);
	assert_number("SELECT count(*) >= 0 FROM bucket WHERE step = 500", 1);
	assert_number("SELECT count(*) >= 0 FROM slot", 1);
	assert_answer("SELECT 1 AS a, 'x' || char(9) || char(27) || char(10) AS b, x'00ff' AS c, NULL AS d, "
		      "1.5 AS e",
		STORE_TABS, true, "a\tb\tc\td\te\n1\tx\\x09\\x1b\\x0a\t00ff\t\t1.5\n");
	assert_answer("SELECT 1 AS a, 'q\"' || char(10) AS b, NULL AS c", STORE_JSON, false,
		"[\n{\"a\": 1, \"b\": \"q\\\"\\u000a\", \"c\": null}\n]\n");
	assert_answer(
		"SELECT 'a,b' AS x, 'c\"d', 5", STORE_CSV, true, "x,\"'c\"\"d'\",5\n\"a,b\",\"c\"\"d\",5\n");
	assert_answer("SELECT 1 WHERE 0", STORE_JSON, false, "[]\n");
	static const char *const refused[] = { "DELETE FROM meta", "ATTACH 'x' AS y",
		"PRAGMA journal_mode=OFF", "SELECT 1; SELECT 2", "", "SELECT * FROM nothing",
		"CREATE TEMP TABLE t(x)", "VACUUM INTO 'x'", "SELECT load_extension('x')", "BEGIN" };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		free(ask(refused[i], STORE_TABS, false, &status));
		ck_assert_msg(status == -1, "%s", refused[i]);
	}
	s->close(s);
}
END_TEST

START_TEST(unpack_writes_tables)
{
	char error[STORE_ERROR] = "";
	sqlite3 *db;
	sqlite3_stmt *st;
	record(trace_path, 6, 20000, NULL);
	synth_release(&recorded);
	struct source *s = open_trace(trace_path);
	ck_assert_msg(store_unpack(trace_path, other_path, false, error) == 0, "%s", error);
	ck_assert_int_eq(store_unpack(trace_path, other_path, false, error), -1);
	ck_assert_msg(store_unpack(trace_path, other_path, true, error) == 0, "%s", error);
	ck_assert_int_eq(sqlite3_open(other_path, &db), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_prepare_v2(db,
			"SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM operation),"
			" (SELECT count(*) FROM allocation), (SELECT value FROM meta WHERE name='complete')",
			-1, &st, NULL),
		SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	ck_assert_uint_eq((uint64_t)sqlite3_column_int64(st, 0), s->steps);
	ck_assert_uint_eq((uint64_t)sqlite3_column_int64(st, 1), s->ops);
	ck_assert_int_gt(sqlite3_column_int(st, 2), 0);
	ck_assert_int_eq(sqlite3_column_int(st, 3), 1);
	sqlite3_finalize(st);
	sqlite3_close(db);
	s->close(s);
}
END_TEST

START_TEST(check_rows_notices)
{
	static const char *const changes[] = { "UPDATE growth SET new_B=99 WHERE growth=1",
		"DELETE FROM allocation WHERE rowid=3",
		"UPDATE allocation SET freed_step=freed_step+1 WHERE freed_step IS NOT NULL",
		"UPDATE overflow SET depth=77", "INSERT INTO evacuation VALUES(1,1,1,1,1,1,1,1)",
		"UPDATE operation SET kind='get'", "UPDATE bucket_array SET B=B+1",
		"UPDATE allocation SET freed_step=7 WHERE freed_step IS NULL" };
	size_t n;
	record(trace_path, 6, 20000, NULL);
	synth_release(&recorded);
	uint8_t *p = read_file(trace_path, &n);
	FILE *null = fopen("/dev/null", "w");
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		char error[STORE_ERROR];
		write_file(other_path, p, n);
		run_sql(other_path, changes[i]);
		ck_assert_msg(
			store_check_rows(other_path, null, error) > 0, "%s was not noticed", changes[i]);
	}
	fclose(null);
	free(p);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("store");
	TCase *t = tcase_create("store");
	tcase_add_checked_fixture(t, paths_make, paths_remove);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, image_refuses_what_does_not_fit);
	tcase_add_test(t, image_finds_blocks);
	tcase_add_test(t, codec_round_trip);
	tcase_add_test(t, kinds_may_be_null);
	tcase_add_test(t, small_files_take_little_memory);
	tcase_add_test(t, codec_example);
	tcase_add_test(t, codec_kinds);
	tcase_add_loop_test(t, trace_round_trip, 0, 3);
	tcase_add_test(t, memory_recording);
	tcase_add_test(t, empty_recording);
	tcase_add_test(t, timeline_is_exact);
	tcase_add_test(t, killed_recording_opens);
	tcase_add_test(t, interrupted_recording_opens);
	tcase_add_test(t, what_is_no_trace_is_refused);
	tcase_add_test(t, recording_at_work_is_refused);
	tcase_add_test(t, truncated_trace_is_refused);
	tcase_add_loop_test(t, flipped_bits_do_not_crash, 0, 2);
	tcase_add_test(t, hostile_tables_are_refused);
	tcase_add_test(t, unknown_kinds_are_passed_over);
	tcase_add_test(t, each_table_of_rows_is_made_by_its_kind);
	tcase_add_test(t, no_name_is_a_word_of_sql);
	tcase_add_test(t, existing_file_is_kept);
	tcase_add_test(t, full_disk_is_an_error);
	tcase_add_test(t, replaced_trace_survives_full_disk);
	tcase_add_loop_test(t, replaced_trace_survives_kill, 0, 2);
	tcase_add_loop_test(t, killed_between_a_map_and_its_parts, 0, 3);
	tcase_add_test(t, parts_of_maps_survive_kill);
	tcase_add_test(t, replacing_needs_what_lies_beside);
	tcase_add_test(t, hostile_types_are_refused);
	tcase_add_test(t, types_have_any_name);
	tcase_add_test(t, sql_asks);
	tcase_add_test(t, unpack_writes_tables);
	tcase_add_test(t, check_rows_notices);
	suite_add_tcase(suite, t);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
