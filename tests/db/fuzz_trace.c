/* Damages a trace in many ways and uses each copy as mapscope would: open, seek, step, ask, check.  Nothing
 * may crash; run it built with -fsanitize=address,undefined.
 *
 *   fuzz_trace TRACE [ROUNDS [SEED]]
 *
 * Half the rounds change bytes of the file, which SQLite or a checksum notices mostly.  The other half change
 * what lies under the checksums: blobs and numbers, through SQL, with the checksum made right again; so the
 * decoders themselves are reached.
 */
#include "db/pack/codec.h"
#include "db/store.h"
#include "trace/map/classic/model.h"
#include "trace/map/value.h"
#include "trace/record/player.h"
#include "trace/map/sync/sync.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t state;

static uint64_t draw(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t below(uint64_t n)
{
	return n ? draw() % n : 0;
}

/* ---- damaging ---- */

static void bytes_damage(uint8_t *p, size_t n)
{
	static const uint8_t likely[] = { 0, 1, 0x7f, 0x80, 0xff };
	for (uint64_t i = 1 + below(4); i > 0; i--) {
		size_t at = below(n), len = 1 + below(8);
		for (size_t k = at; k < at + len && k < n; k++)
			switch (below(4)) {
			case 0: p[k] = likely[below(sizeof likely)]; break;
			case 1: p[k] ^= (uint8_t)(1 << below(8)); break;
			case 2: p[k] = (uint8_t)draw(); break;
			default: p[k] = p[below(n)]; break;
			}
	}
}

/* Damages a blob of a random row and makes its checksum right.  first and second are what the checksum covers
 * besides. */
static void blob_damage(sqlite3 *db, const char *select, const char *update)
{
	sqlite3_stmt *get, *put;
	if (sqlite3_prepare_v2(db, select, -1, &get, NULL) != SQLITE_OK)
		return;
	sqlite3_bind_int64(get, 1, (int64_t)(draw() >> 1));
	if (sqlite3_step(get) == SQLITE_ROW && sqlite3_prepare_v2(db, update, -1, &put, NULL) == SQLITE_OK) {
		size_t n = (size_t)sqlite3_column_bytes(get, 2);
		uint64_t first = (uint64_t)sqlite3_column_int64(get, 0),
			 second = (uint64_t)sqlite3_column_int64(get, 1);
		uint8_t *p = malloc(n + 1);
		if (n)
			memcpy(p, sqlite3_column_blob(get, 2), n);
		if (n && below(8) == 0)
			n = below(n);
		if (n)
			bytes_damage(p, below(2) && n > 40 ? 40 : n); /* often the head */
		if (below(16) == 0)
			second += below(2) ? 1 : -1;
		sqlite3_bind_int64(put, 1, (int64_t)first);
		sqlite3_bind_int64(put, 2, (int64_t)second);
		sqlite3_bind_int64(put, 3, (int64_t)codec_checksum(p, n, first, second));
		sqlite3_bind_blob64(put, 4, p, n, SQLITE_STATIC);
		sqlite3_step(put);
		sqlite3_finalize(put);
		free(p);
	}
	sqlite3_finalize(get);
}

static void number_damage(sqlite3 *db)
{
	static const char *const columns[] = { "chunk SET count", "chunk SET first_step", "keyframe SET step",
		"keyframe SET bytes", "operation SET first_step", "operation SET map", "map SET hmap",
		"map SET seed", "growth SET old_B", "growth SET first_step", "timeline SET count",
		"timeline SET first_op", "timeline SET max_steps", "bucket_array SET B",
		"allocation SET freed_step", "event_kind SET kind", "event_kind SET name",
		"event_kind SET fields", "event_kind SET role", "event_kind SET predictions",
		"map SET part_of", "map SET kind", "operation SET core", "race SET kind", "type SET kind",
		"type SET size", "type SET align", "type SET key", "type SET elem", "type SET count",
		"type SET map", "type SET name", "field SET type", "field SET offset", "field SET size",
		"field SET count", "field SET name", "field SET item", "map SET type" };
	static const char *const values[] = { "0", "-1", "1", "9223372036854775807", "-9223372036854775808",
		"%s+1", "%s-1", "%s*2", "4294967296", "65536", "255", "'ASPQcd'", "'abcdef'", "'note'",
		"'header.a+1 low(hash.a,op.b)'", "(SELECT name FROM event_kind ORDER BY random() LIMIT 1)",
		"'x'||%s", "'sync'", "NULL", "'opaque'", "'array'" };
	char sql[256], value[64];
	const char *column = columns[below(sizeof columns / sizeof *columns)];
	snprintf(
		value, sizeof value, values[below(sizeof values / sizeof *values)], strrchr(column, ' ') + 1);
	snprintf(sql, sizeof sql, "UPDATE OR IGNORE %s=%s WHERE abs(random())%%%" PRIu64 "=0", column, value,
		1 + below(5));
	sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static void rows_damage(const char *path)
{
	sqlite3 *db;
	if (sqlite3_open(path, &db) != SQLITE_OK)
		exit(1);
	sqlite3_exec(db, "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY; BEGIN", NULL, NULL, NULL);
	for (uint64_t i = 1 + below(3); i > 0; i--)
		switch (below(4)) {
		case 0:
		case 1:
			blob_damage(db,
				"SELECT first_step, count, data FROM chunk LIMIT 1 OFFSET ?1 % (SELECT "
				"count(*) FROM chunk)",
				"UPDATE chunk SET count=?2, checksum=?3, data=?4 WHERE first_step=?1");
			break;
		case 2:
			blob_damage(db,
				"SELECT step, bytes, data FROM keyframe LIMIT 1 OFFSET ?1 %"
				" max(1, (SELECT count(*) FROM keyframe))",
				"UPDATE keyframe SET bytes=?2, checksum=?3, data=?4 WHERE step=?1");
			break;
		default: number_damage(db);
		}
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
}

/* ---- using ---- */

static void look(struct player *p)
{
	char line[300], text[300];
	const struct event *e = player_event(p, p->step);
	if (e)
		event_print(e, p->step, line, sizeof line);
	for (unsigned i = 0; i < p->source->maps && i < 4; i++) {
		const struct map_info *m = &p->source->map[i];
		const struct reader *r = image_reader(p->image);
		struct hmap_view h;
		struct bucket_view b;
		struct map_type t = map_type_make(m->key, m->elem);
		if (!hmap_read(r, &t, map_hmap(p->source->map, m->map, r), &h) ||
			!bucket_first(r, &t, &h, ARRAY_NEW, below(array_buckets(&h, ARRAY_NEW)), &b))
			continue;
		for (int n = 0; n < 10; n++) {
			uint8_t raw[INDIRECT_OVER];
			if (t.keysize <= sizeof raw && r->read(r, b.addr + t.keys, raw, t.keysize))
				slot_value_print(
					r, &m->key, t.indirect_key, raw, VALUE_HUMAN, text, sizeof text);
			if (!bucket_next(r, &t, &h, &b))
				break;
		}
	}
}

static bool use_source(struct source *s)
{
	struct player p;
	struct operation o;
	const struct growth_row *g;
	size_t growths;
	struct timeline_cell cells[50];
	uint64_t op;
	bool good = true;
	player_init(&p, s);
	for (int i = 0; i < 12; i++) {
		good &= player_seek(&p, i == 0 ? s->steps : below(s->steps + 2)) == 0;
		look(&p);
		for (int k = 0; k < 200 && good; k++)
			good &= (i & 1 ? player_forward(&p) : player_back(&p)) == 0;
		look(&p);
	}
	for (int i = 0; i < 20; i++) {
		s->operation(s, below(s->ops + 2), &o);
		good &= s->operation_at(s, below(s->steps + 2), &op) == 0;
	}
	good &= s->growths(s, &g, &growths) == 0;
	if (s->ops < 1000000) /* a hostile number of operations may take as long as it says */
		good &= s->timeline(s, 1 + below(s->ops), s->ops, cells, 1 + below(50)) == 0;
	player_release(&p);
	return good;
}

static bool use(const char *path, FILE *null)
{
	static const char *const queries[] = { "SELECT count(*), max(text) FROM event", "SELECT * FROM move",
		"SELECT * FROM event WHERE kind='growth' ORDER BY step DESC",
		"SELECT * FROM bucket LIMIT 1000", "SELECT * FROM slot WHERE step=1000 LIMIT 1000",
		"SELECT * FROM operation, map USING(map) LIMIT 100" };
	char error[STORE_ERROR];
	struct source *s = store_open(path, error);
	if (!s)
		return false;
	bool good = use_source(s);
	bool small = s->steps < 2000000;
	s->close(s);
	if (small && below(4) == 0)
		good &= store_sql(path, queries[below(sizeof queries / sizeof *queries)],
				(enum store_format)below(3), false, null, error) == 0;
	if (small && below(8) == 0)
		good &= store_check_rows(path, null, error) == 0;
	return good;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("usage: fuzz_trace TRACE [ROUNDS [SEED]]\n", stderr);
		return 2;
	}
	long rounds = argc > 2 ? atol(argv[2]) : 1000, noticed = 0;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	char path[] = "/tmp/fuzz_trace.XXXXXX";
	FILE *f = fopen(argv[1], "rb"), *null = fopen("/dev/null", "w");
	int fd = mkstemp(path);
	if (!f || !null || fd < 0) {
		perror("fuzz_trace");
		return 1;
	}
	close(fd);
	fseek(f, 0, SEEK_END);
	size_t n = (size_t)ftell(f);
	rewind(f);
	uint8_t *whole = malloc(n), *copy = malloc(n);
	if (!whole || !copy || fread(whole, 1, n, f) != n)
		return 1;
	for (long i = 0; i < rounds; i++) {
		state = seed + (uint64_t)i; /* so that one round can be run again: SEED+i, 1 round */
		memcpy(copy, whole, n);
		bool bytes = below(2);
		if (bytes)
			bytes_damage(copy, below(3) ? n : 4096 < n ? 4096 : n);
		size_t left = below(20) ? n : below(n);
		FILE *out = fopen(path, "wb");
		if (!out || fwrite(copy, 1, left, out) != left || fclose(out) != 0)
			return 1;
		if (!bytes)
			rows_damage(path);
		if (getenv("FUZZ_VERBOSE"))
			fprintf(stderr, "round %" PRIu64 "\n", seed + (uint64_t)i);
		noticed += !use(path, null);
	}
	printf("%ld rounds, %ld noticed, no crash\n", rounds, noticed);
	unlink(path);
	free(whole);
	free(copy);
	fclose(f);
	fclose(null);
	return 0;
}
