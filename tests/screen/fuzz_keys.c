/* Random keys, mouse and sizes in the replay of a recording.
 *
 *	fuzz_keys keys ROUNDS SEED WORKLOAD...	ROUNDS keys, in replays of some hundred keys each
 *	fuzz_keys spoilt ROUNDS SEED TRACE	in each round numbers of the trace are spoilt in a way that its checksums do not
 *						see, and some keys are pressed in it
 *
 * As on a slow terminal many keys come before the first frame, and before what a view needs has been worked out; windows
 * are often too small. Nothing may crash. A number printed on stderr is the seed with which a round can be run again.
 */
#include "db/pack/codec.h"
#include "src/workload/run.h"
#include "tests/screen/screen.h"
#include "ui/grid/text.h"
#include "ui/view/view.h"
#include "db/store.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
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

static int below(int n)
{
	return n > 0 ? (int)(draw() % (uint64_t)n) : 0;
}

/* ---- keys ---- */

static const int named[] = { K_LEFT, K_RIGHT, K_UP, K_DOWN, K_HOME, K_END, K_PAGE_UP, K_PAGE_DOWN, K_INSERT, K_DELETE,
	K_BACK_TAB, K_BACKSPACE, K_ENTER, K_ESCAPE, K_TAB, K_F1 };
static const char *const typed[] = { ":op 3", ":step 999999", ":50%", ":follow k3", ":size", ":theme light", ":filter growth",
	":mark x", ":note words", ":save", "/growth", "/k1", "?tophash", ":find nothing", "put a 1", "get k3", "evil", "fill 0 9",
	"undo", ":0", ":watch hmap", ":watch 0xc000000000", ":ask", ":view bytes" };

static void press_typed(struct replay *r)
{
	const char *p = typed[below(sizeof typed / sizeof *typed)];
	while (*p)
		replay_key(r, *p++);
	if (below(4))
		replay_key(r, K_ENTER);
}

/* One of everything that a person can do; returns keys pressed. */
static int press_one(struct replay *r)
{
	int k = below(100);
	if (k < 30)
		replay_key(r, 'A' + below(26));
	else if (k < 60)
		replay_key(r, below(40) ? "abcdefghijklmnoprstuvwxyz0123456789 '[]{}<>.,;:/?!%"[below(51)] : ' ' + below(95));
	else if (k < 85)
		replay_key(r, named[below(sizeof named / sizeof *named)]);
	else if (k < 88)
		replay_key(r, 1 + below(31) == 26 ? 'x' : 1 + below(25));
	else if (k < 91)
		press_typed(r);
	else if (k < 93)
		replay_key(r, below(0x3000) | (below(2) ? K_META : 0));
	else if (k < 98)
		replay_mouse(r, (enum mouse_kind)below(MOUSE_WHEEL_DOWN + 1), below(220) - 5, below(70) - 5);
	else
		replay_tick(r, below(1000) / 100.0);
	return 1;
}

static void resize(struct replay *r, struct grid *g)
{
	static const int w[] = { 80, 120, 200, 60, 59, 40, 20, 1, 300, 80 }, h[] = { 24, 40, 60, 16, 15, 10, 5, 1, 100, 24 };
	bool ascii = r->state.ascii;
	grid_release(g);
	if (below(2))
		grid_init(g, w[below(10)], h[below(10)], ascii);
	else
		grid_init(g, 1 + below(200), 1 + below(60), ascii);
}

/* Presses up to n keys, fewer when one of them quits; frames and work come when they come. */
static int play_with(struct source *s, int n)
{
	int pressed = 0;
	struct replay r;
	struct grid g;
	struct ui_options o = { .fleeting = true, .ascii = below(4) == 0, .step = below(3) ? (uint64_t)below((int)s->steps + 2) : 0 };
	replay_init(&r, s, &o);
	grid_init(&g, 80, 24, o.ascii);
	resize(&r, &g);
	int patience = below(3) ? 1 + below(60) : 1;
	while (pressed < n && !r.state.quit) {
		pressed += press_one(&r);
		if (below(patience))
			continue;
		if (below(8) == 0)
			resize(&r, &g);
		if (below(3))
			replay_draw(&r, &g);
		for (int k = below(3) ? below(20) : 100000; k > 0 && replay_work(&r); k--)
			continue;
		replay_draw(&r, &g);
	}
	replay_draw(&r, &g);
	grid_release(&g);
	replay_release(&r);
	return pressed;
}

static struct source *record_file(const char *path)
{
	static char text[1 << 16];
	FILE *in = fopen(path, "rb");
	size_t n = in ? fread(text, 1, sizeof text - 1, in) : 0;
	text[n] = 0;
	if (in)
		fclose(in);
	return n ? record(text) : NULL;
}

static int fuzz_keys(long rounds, uint64_t seed, char **files, int n)
{
	enum { KEYS = 200 };
	long done = 0;
	for (uint64_t i = seed; done < rounds; i++) {
		state = i;
		struct source *s = record_file(files[i % (uint64_t)n]);
		if (!s)
			return 1;
		fprintf(stderr, "round %" PRIu64 "\n", i);
		done += play_with(s, KEYS);
		s->close(s);
	}
	printf("%ld keys, no crash\n", done);
	return 0;
}

/* ---- spoilt traces ---- */

/* A column of numbers, of any table, gets a number that it should not have, in some rows. */
static void spoil_number(sqlite3 *db)
{
	static const char *const values[] = { "0", "-1", "1", "9223372036854775807", "281474976710656", "%s+1", "%s-1", "%s*2",
		"4294967296", "65536", "255", "abs(random())%%100", "824633720832+abs(random())%%65536", "NULL",
		"(SELECT max(first_step) FROM operation)" };
	sqlite3_stmt *st;
	char table[64] = "", column[64] = "", value[96], sql[400];
	if (sqlite3_prepare_v2(db,
		    "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type='table' AND"
		    " m.name NOT IN ('keyframe') AND c.type='INTEGER' AND c.name NOT IN ('checksum') ORDER BY random() LIMIT 1",
		    -1, &st, NULL) != SQLITE_OK)
		return;
	if (sqlite3_step(st) == SQLITE_ROW) {
		snprintf(table, sizeof table, "%s", sqlite3_column_text(st, 0));
		snprintf(column, sizeof column, "%s", sqlite3_column_text(st, 1));
	}
	sqlite3_finalize(st);
	snprintf(value, sizeof value, values[below(sizeof values / sizeof *values)], column);
	snprintf(sql, sizeof sql, "UPDATE OR IGNORE %s SET %s=%s WHERE abs(random())%%%d=0", table, column, value, 1 + below(8));
	sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* Bytes of a chunk, with the checksum that they ask for. */
static void spoil_chunk(sqlite3 *db)
{
	sqlite3_stmt *get, *put;
	if (sqlite3_prepare_v2(db, "SELECT first_step, count, data FROM chunk ORDER BY random() LIMIT 1", -1, &get, NULL) != SQLITE_OK)
		return;
	if (sqlite3_step(get) == SQLITE_ROW &&
		sqlite3_prepare_v2(db, "UPDATE chunk SET checksum=?2, data=?3 WHERE first_step=?1", -1, &put, NULL) == SQLITE_OK) {
		int n = sqlite3_column_bytes(get, 2);
		uint64_t first = (uint64_t)sqlite3_column_int64(get, 0), count = (uint64_t)sqlite3_column_int64(get, 1);
		uint8_t *p = malloc((size_t)n + 1);
		if (n)
			memcpy(p, sqlite3_column_blob(get, 2), (size_t)n);
		for (int k = 1 + below(3); n && k > 0; k--)
			p[below(n)] = (uint8_t)draw();
		sqlite3_bind_int64(put, 1, (int64_t)first);
		sqlite3_bind_int64(put, 2, (int64_t)codec_checksum(p, (size_t)n, first, count));
		sqlite3_bind_blob(put, 3, p, n, SQLITE_STATIC);
		sqlite3_step(put);
		sqlite3_finalize(put);
		free(p);
	}
	sqlite3_finalize(get);
}

static bool spoil(const char *path)
{
	sqlite3 *db;
	if (sqlite3_open(path, &db) != SQLITE_OK)
		return false;
	sqlite3_exec(db, "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY; BEGIN", NULL, NULL, NULL);
	for (int n = 1 + below(3); n > 0; n--)
		if (below(4))
			spoil_number(db);
		else
			spoil_chunk(db);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
	return true;
}

static bool copy_file(const char *from, const char *to)
{
	static char bytes[1 << 22];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	size_t n = in && out ? fread(bytes, 1, sizeof bytes, in) : 0;
	bool good = n > 0 && n < sizeof bytes && fwrite(bytes, 1, n, out) == n;
	if (in)
		fclose(in);
	return out && fclose(out) == 0 && good;
}

static int fuzz_spoilt(long rounds, uint64_t seed, const char *trace)
{
	char path[] = "/tmp/fuzz_keys.XXXXXX", error[STORE_ERROR];
	int fd = mkstemp(path), opened = 0;
	if (fd < 0)
		return 1;
	close(fd);
	for (long i = 0; i < rounds; i++) {
		state = seed + (uint64_t)i;
		fprintf(stderr, "round %" PRIu64 "\n", state);
		if (!copy_file(trace, path) || !spoil(path))
			return 1;
		struct source *s = store_open(path, error);
		if (!s)
			continue;
		opened++;
		if (s->steps < 1000000)
			play_with(s, 20);
		s->close(s);
	}
	unlink(path);
	printf("%ld spoilt traces, %d opened, no crash\n", rounds, opened);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 5 || (strcmp(argv[1], "keys") != 0 && strcmp(argv[1], "spoilt") != 0)) {
		fputs("usage: fuzz_keys keys|spoilt ROUNDS SEED FILE...\n", stderr);
		return 2;
	}
	char folder[] = "/tmp/fuzz_keys_saves.XXXXXX"; /* what keys save goes there */
	long rounds = atol(argv[2]);
	uint64_t seed = strtoull(argv[3], NULL, 10);
	for (int i = 4; i < argc; i++)
		if (!(argv[i] = realpath(argv[i], NULL)))
			return 1;
	if (!mkdtemp(folder) || chdir(folder) != 0)
		return 1;
	int status = argv[1][0] == 'k' ? fuzz_keys(rounds, seed, argv + 4, argc - 4) : fuzz_spoilt(rounds, seed, argv[4]);
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command) == 0 ? status : 1;
}
