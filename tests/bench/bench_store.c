/* Measures the trace file: recording against plain rows, bytes, seeks, stepping.  Prints ratios with their
 * anchors; no test depends on it.
 *
 *   bench_store [MILLION-EVENTS [DIRECTORY]]
 *
 * Workloads run on the real engine into three sinks in turn: one that counts, one that inserts each event as
 * a row with one prepared statement in one transaction, and the trace.  "all-in" is the whole run, the
 * engine's work included in both; "store" takes the counting run's time off both.
 */
#include "db/store.h"
#include "src/workload/run.h"
#include "trace/record/player.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void die(const char *what, const char *why)
{
	fprintf(stderr, "bench_store: %s: %s\n", what, why);
	exit(1);
}

static double file_size(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? (double)st.st_size : 0;
}

/* ---- sinks ---- */

static void sink_no_map(struct sink *s, const struct map_info *m)
{
	(void)s, (void)m;
}
static void sink_no_operation(struct sink *s, const struct operation *o)
{
	(void)s, (void)o;
}
static void sink_no_event(struct sink *s, const struct event *e)
{
	(void)s, (void)e;
}

struct plain {
	struct sink sink;
	sqlite3 *db;
	sqlite3_stmt *insert;
};

static void bind_bytes(sqlite3_stmt *st, int i, union event_bytes b, uint64_t size)
{
	if (size <= 8)
		sqlite3_bind_int64(st, i, (int64_t)b.v);
	else if (b.p)
		sqlite3_bind_blob64(st, i, b.p, size, SQLITE_STATIC);
	else
		sqlite3_bind_zeroblob64(st, i, size);
}

static void plain_event(struct sink *s, const struct event *e)
{
	struct plain *p = (struct plain *)(void *)s;
	sqlite3_stmt *st = p->insert;
	sqlite3_bind_int64(st, 1, (int64_t)s->steps);
	sqlite3_bind_int(st, 2, e->kind);
	sqlite3_bind_int64(st, 3, (int64_t)e->addr);
	sqlite3_bind_int64(st, 4, (int64_t)e->size);
	const char *fields = event_info[e->kind].fields;
	if (strchr(fields, 'O'))
		bind_bytes(st, 5, e->old, e->size);
	else
		sqlite3_bind_null(st, 5);
	if (strchr(fields, 'N'))
		bind_bytes(st, 6, e->new, e->size);
	else
		sqlite3_bind_null(st, 6);
	sqlite3_bind_int64(st, 7, (int64_t)e->a);
	sqlite3_bind_int64(st, 8, (int64_t)e->b);
	sqlite3_bind_int64(st, 9, (int64_t)e->c);
	sqlite3_bind_int64(st, 10, (int64_t)e->d);
	sqlite3_step(st);
	sqlite3_reset(st);
}

/* ---- one recording ---- */

struct timing {
	double seconds, bytes;
	uint64_t steps, measured; /* all; of the last directive, whose time it is */
};

/* Runs the script; the time is that of its last directive alone, with what ends the recording. */
static struct timing record(struct script *s, struct sink *sink, struct source **ret)
{
	struct timing t = { 0 };
	struct run r;
	char error[STORE_ERROR];
	size_t count = s->count;
	if (!run_init(&r, sink, NULL))
		die("run", r.error);
	s->count = count - 1;
	if (run_script(&r, s, 0) != 0)
		die("run", r.error);
	s->count = count;
	t.measured = sink ? sink->steps : 0;
	if (sink && sink->event != sink_no_event && sink->event != plain_event)
		store_commit(sink);
	double begin = seconds();
	if (run_script(&r, s, count - 1) != 0)
		die("run", r.error);
	t.steps = sink ? sink->steps : 0;
	t.measured = t.steps - t.measured;
	if (sink && sink->event == plain_event)
		sqlite3_exec(((struct plain *)(void *)sink)->db, "COMMIT", NULL, NULL, NULL);
	else if (sink && sink->event != sink_no_event && store_finish(sink, false, ret, error) != 0)
		die("store", error);
	t.seconds = seconds() - begin;
	run_release(&r);
	return t;
}

static struct timing record_nothing(struct script *s)
{
	struct sink sink = { sink_no_map, sink_no_operation, sink_no_event, NULL, 0, false, "" };
	return record(s, &sink, NULL);
}

/* The engine that records nothing: what the program costs without mapscope. */
static struct timing record_off(struct script *s)
{
	return record(s, NULL, NULL);
}

static struct timing record_plain(struct script *s, const char *path)
{
	struct plain p = { .sink = { sink_no_map, sink_no_operation, plain_event, NULL, 0, false, "" } };
	unlink(path);
	if (sqlite3_open(path, &p.db) != SQLITE_OK ||
		sqlite3_exec(p.db,
			"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE e(step INTEGER "
			"PRIMARY KEY,"
			" kind, address, size, old, new, a, b, c, d); BEGIN",
			NULL, NULL, NULL) != SQLITE_OK ||
		sqlite3_prepare_v2(p.db, "INSERT INTO e VALUES(?,?,?,?,?,?,?,?,?,?)", -1, &p.insert, NULL) !=
			SQLITE_OK)
		die(path, sqlite3_errmsg(p.db));
	struct timing t = record(s, &p.sink, NULL);
	sqlite3_finalize(p.insert);
	sqlite3_close(p.db);
	t.bytes = file_size(path);
	unlink(path);
	return t;
}

static struct timing record_trace(struct script *s, const char *path)
{
	char error[STORE_ERROR];
	struct store_options o = { .overwrite = true, .workload = "bench", .tool = "bench_store" };
	struct sink *sink = store_create(path, &o, error);
	if (!sink)
		die("store", error);
	struct timing t = record(s, sink, NULL);
	t.bytes = file_size(path);
	return t;
}

static void parse(struct script *s, const char *text)
{
	script_init(s);
	if (script_parse(s, "bench", text, strlen(text)) != 0)
		die("workload", s->error);
}

/* ---- recording against rows ---- */

static void bench_record(const char *name, const char *text, const char *path)
{
	enum { RUNS = 3 };
	struct script s;
	double best[3] = { 1e9, 1e9, 1e9 }, off = 1e9;
	struct timing t = { 0 }, rows = { 0 }, trace = { 0 };
	parse(&s, text);
	for (int i = 0; i < RUNS; i++) { /* interleaved, so that a busy machine is fair */
		t = record_off(&s);
		off = t.seconds < off ? t.seconds : off;
		t = record_nothing(&s);
		best[0] = t.seconds < best[0] ? t.seconds : best[0];
		trace = record_trace(&s, path);
		best[2] = trace.seconds < best[2] ? trace.seconds : best[2];
		if (i == 0 || RUNS < 2) {
			rows = record_plain(&s, path);
			best[1] = rows.seconds;
		}
	}
	double n = (double)t.measured;
	const struct directive *last = &s.directive[s.count - 1];
	double ops = (double)(last->loop.hi - last->loop.lo);
	printf("%-14s %4.1f events an op; M events/s: rows %.2f, trace %.2f, ratio %.1f (without the engine "
	       "%.1f)\n",
		name, n / ops, n / best[1] / 1e6, n / best[2] / 1e6, best[1] / best[2],
		(best[1] - best[0]) / (best[2] - best[0]));
	printf("%-14s bytes an event: rows %.1f, trace %.2f, 1/%.1f; ns an op: off %.0f, recorded %.0f, "
	       "ratio %.1f\n",
		"", rows.bytes / (double)t.steps, trace.bytes / (double)t.steps, rows.bytes / trace.bytes,
		off / ops * 1e9, best[2] / ops * 1e9, best[2] / off);
	fflush(stdout);
	script_release(&s);
}

/* ---- moving ---- */

static int compare_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double bench_seeks(struct source *source, double *ret_first)
{
	enum { SEEKS = 200 };
	struct player p;
	double at[SEEKS];
	uint64_t random = 1;
	player_init(&p, source);
	double begin = seconds();
	player_seek(&p, source->steps / 2);
	*ret_first = seconds() - begin;
	for (int i = 0; i < SEEKS; i++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
		begin = seconds();
		if (player_seek(&p, 1 + (random >> 16) % source->steps) != 0)
			die("seek", p.error);
		at[i] = seconds() - begin;
	}
	qsort(at, SEEKS, sizeof *at, compare_double);
	player_release(&p);
	return at[SEEKS * 95 / 100] * 1e3;
}

static double bench_stepping(struct source *source, uint64_t steps)
{
	struct player p;
	double best[2] = { 1e9, 1e9 };
	player_init(&p, source);
	uint64_t lo = source->steps / 2, hi = lo + steps < source->steps ? lo + steps : source->steps;
	for (int i = 0; i < 3; i++) {
		player_seek(&p, lo);
		double begin = seconds();
		while (p.step < hi)
			if (player_forward(&p) != 0)
				die("forward", p.error);
		double middle = seconds();
		while (p.step > lo)
			if (player_back(&p) != 0)
				die("back", p.error);
		double end = seconds();
		best[0] = middle - begin < best[0] ? middle - begin : best[0];
		best[1] = end - middle < best[1] ? end - middle : best[1];
	}
	player_release(&p);
	printf("  forward %.1f M/s, back %.1f M/s: %.2f\n", (double)(hi - lo) / best[0] / 1e6,
		(double)(hi - lo) / best[1] / 1e6, best[0] / best[1]);
	return best[0] / best[1];
}

/* keys are put, then drained and put again, a part at a time, until the trace has as many events as asked
 * for. */
static void bench_trace(const char *name, const char *types, long keys, double events, const char *path)
{
	char text[256], error[STORE_ERROR];
	struct script s;
	int n = snprintf(text, sizeof text, "map %s\nfill 0 %ld\n", types, keys);
	double left = events - 42.0 * (double)keys;
	long part = keys > 20 ? keys / 20 : 1,
	     rounds = (long)(left / (strchr(types, '[') ? 34 : 55) / (double)part);
	char *script = malloc(sizeof text + (size_t)(rounds > 0 ? rounds : 0) * 64);
	if (!script)
		die("bench", "no memory");
	memcpy(script, text, (size_t)n + 1);
	for (long i = 0; i < rounds; i++) {
		long lo = i % 20 * part;
		/* large elems are replaced in place: deleting them would leave garbage, and more of it in a
		 * longer trace */
		n += sprintf(script + n, "%s %ld %ld\nfill %ld %ld\n", strchr(types, '[') ? "probe" : "drain",
			lo, lo + part, lo, lo + part);
	}
	parse(&s, script);
	free(script);
	struct timing t = record_trace(&s, path);
	double begin = seconds(), first;
	struct source *source = store_open(path, error);
	if (!source)
		die("open", error);
	double open = seconds() - begin, p95 = bench_seeks(source, &first);
	struct player p;
	player_init(&p, source);
	player_seek(&p, source->steps);
	double live = (double)image_live_bytes(p.image);
	player_release(&p);
	printf("%-12s %6.2f M events, %5.2f MB live, %5.2f bytes/event: seek p95 %6.2f ms; open %.1f ms,"
	       " first seek %.1f ms\n",
		name, (double)t.steps / 1e6, live / 1e6, t.bytes / (double)t.steps, p95, open * 1e3,
		first * 1e3);
	bench_stepping(source, 1000000);
	fflush(stdout);
	source->close(source);
	script_release(&s);
	unlink(path);
}

int main(int argc, char **argv)
{
	double events = (argc > 1 ? atof(argv[1]) : 10) * 1e6;
	char path[4096];
	snprintf(path, sizeof path, "%s/bench_store.trace", argc > 2 ? argv[2] : "/tmp");
	bench_record("insert int64", "map int64 int64\nfill 0 100000\n", path);
	bench_record("hit int64", "map int64 int64\nfill 0 100000\nprobe 0 100000\n", path);
	bench_record("insert string", "map string int64\nfill 0 100000\n", path);
	bench_record("hit string", "map string int64\nfill 0 100000\nprobe 0 100000\n", path);
	bench_record("delete int64", "map int64 int64\nfill 0 100000\ndrain 0 100000\n", path);
	const struct {
		const char *name, *types;
		long keys;
	} sizes[] = { { "1000 keys", "int64 int64", 1000 }, { "6 MB", "int64 int64", 100000 },
		{ "33 MB", "int64 [20]byte", 220000 } };
	for (int i = 0; i < 3; i++) {
		bench_trace(sizes[i].name, sizes[i].types, sizes[i].keys, events, path);
		if (i == 0) /* the larger ones are not filled by then */
			bench_trace("  a tenth", sizes[i].types, sizes[i].keys, events / 10, path);
	}
	/* few keys with large elems, so that a tenth of the trace has the same live memory */
	const struct {
		const char *name, *types;
		long keys;
	} large[] = { { "6 MB, large", "int64 [240]byte", 20000 },
		{ "33 MB, large", "int64 [1400]byte", 20000 } };
	for (int i = 0; i < 2; i++) {
		bench_trace(large[i].name, large[i].types, large[i].keys, events, path);
		bench_trace("  a tenth", large[i].types, large[i].keys, events / 10, path);
	}
	return 0;
}
