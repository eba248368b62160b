/* Sessions, questions, comparisons: what a replay goes on with, tested against recordings made the ordinary
 * way.
 *
 * Golden frames are in tests/screen/frames; MAPSCOPE_REGENERATE=1 in the environment writes them anew.
 */
#include "tests/screen/screen.h"
#include "ui/scene/classic/classic.h"
#include "db/store.h"
#include "src/session/session.h"
#include "trace/record/player.h"
#include "ui/mode/predict.h"
#include "ui/scene/classic/predict.h"
#include "ui/mode/compare.h"
#include "trace/map/classic/align.h"
#include "ui/mode/prompt_history.h"
#include "ui/ui.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const char mixed[] =
	"map string string seed=7\nsay \"words, of more than eight bytes\"\nput \"\\x00\\x1b[31m\" "
	"\"\\xff\"\nput \"\" empty\nfill 0 30\n"
	"iter i\nnext i 5\nfill 30 60\nnext i all\ndrain 0 40\nrange\nclear\ngc\n"
	"map int64 int64 seed=3 name=n hint=20\nfill 0 60\nprobe 55 65\ndrain 10 60\n"
	"map [200]byte [300]byte seed=4 name=big\nfill 0 12\ndrain 0 4\n"
	"map any struct{} seed=5 name=a place=stack go=1.19\nput text {}\nput 7 {}\nput []int{} {}\n"
	"nilmap string int64\nget x\nput x 1\nuse n\nput 1 2\nrace put 1 2 | put 3 4\n";

static const char cores[] = "map string int64 seed=7\ncounter a pad=64\ncore 1 fill 0 20\ncore 2\nfill 20 "
			    "30\nadd a\ncore 0 add a 5\ncore 3 probe 0 9\nrange\n"
			    "map int64 int64 name=n\ncore 5 put 1 2\nput 3 4\ngc\ncounter b\nadd b -1\n";

static uint64_t sum_at(struct source *s, uint64_t step)
{
	struct player p;
	player_init(&p, s);
	ck_assert_msg(player_seek(&p, step) == 0, "%s", p.error);
	uint64_t sum = image_sum(p.image);
	player_release(&p);
	return sum;
}

static uint64_t op_end(struct source *s, uint64_t op)
{
	struct operation row;
	if (op >= s->ops)
		return s->steps;
	ck_assert(s->operation(s, op + 1, &row) == 0);
	return row.first_step - 1;
}

/* ---- the recording that grows, and the session ---- */

/* Step by step the same events as the trace file gives. */
static void same_events(struct source *a, struct source *b)
{
	struct player p, q;
	ck_assert_uint_eq(a->steps, b->steps);
	ck_assert_uint_eq(a->ops, b->ops);
	ck_assert_uint_eq(a->maps, b->maps);
	player_init(&p, a);
	player_init(&q, b);
	for (uint64_t step = 1; step <= a->steps; step++) {
		char x[512], y[512];
		const struct event *e = player_event(&p, step), *f = player_event(&q, step);
		ck_assert(e && f);
		event_print(e, step, x, sizeof x);
		event_print(f, step, y, sizeof y);
		if (strcmp(x, y) != 0 || e->map != f->map)
			ck_abort_msg("step %lu: %s, map %u; %s, map %u", (unsigned long)step, x, e->map, y,
				f->map);
	}
	player_release(&p);
	player_release(&q);
	for (uint64_t op = 1; op <= a->ops; op++) {
		struct operation x, y;
		uint64_t at;
		ck_assert(a->operation(a, op, &x) == 0 && b->operation(b, op, &y) == 0);
		ck_assert(x.kind == y.kind && x.map == y.map && x.first_step == y.first_step);
		ck_assert(b->operation_at(b, x.first_step, &at) == 0 && at == op);
	}
	struct timeline_cell c[7], d[7];
	ck_assert(a->timeline(a, 1, a->ops, c, 7) == 0 && b->timeline(b, 1, b->ops, d, 7) == 0);
	for (int i = 0; i < 7; i++)
		ck_assert(c[i].first_op == d[i].first_op && c[i].max_steps == d[i].max_steps &&
			c[i].growing == d[i].growing && c[i].overflow == d[i].overflow);
}

START_TEST(test_same)
{
	const char *const workloads[] = { fruit, mixed, cores };
	for (int i = 0; i < 3; i++) {
		struct source *s = record(workloads[i]);
		struct session *session = session_new("same", store_memory);
		ck_assert_msg(session_begin_text(session, workloads[i], strlen(workloads[i])) == 0, "%s",
			session->error);
		same_events(s, session->store->source);
		session_free(session);
		s->close(s);
	}
}
END_TEST

static bool bytes_same(union event_bytes a, union event_bytes b, uint64_t size)
{
	if (size <= 8)
		return a.v == b.v;
	for (uint64_t i = 0; i < size; i++)
		if (event_byte(a, size, i) != event_byte(b, size, i))
			return false;
	return true;
}

static bool event_same(const struct event *a, const struct event *b)
{
	bool facts = a->kind == EV_WRITE || a->kind == EV_FREE || a->kind == EV_SAY;
	return a->kind == b->kind && a->map == b->map && a->addr == b->addr && a->size == b->size &&
		a->a == b->a && a->b == b->b && a->c == b->c && a->d == b->d &&
		(facts ? bytes_same(a->old, b->old, a->size) && bytes_same(a->new, b->new, a->size)
		       : a->e == b->e && a->f == b->f);
}

/* The chunks that were read at the growing end, one after each line: of each step the newest is kept. */
struct tails {
	struct chunk chunk[64];
	int n;
};

static void tail_read(struct tails *t, struct source *s)
{
	ck_assert_int_lt(t->n, 64);
	ck_assert_int_eq(s->chunk(s, s->steps, &t->chunk[t->n++]), 0);
}

/* What was read at the growing end is what stands there when it has been packed, all facts of it when facts
 * alone are read. */
static void tails_compare(const struct tails *t, struct source *s)
{
	struct chunk all = { 0 }, facts = { 0 };
	for (int i = 0; i < t->n; i++) {
		const struct chunk *c = &t->chunk[i];
		ck_assert_int_eq(s->chunk(s, c->first, &all), 0);
		ck_assert_int_eq(s->facts(s, c->first, &facts), 0);
		ck_assert(all.first == c->first && all.count >= c->count && all.facts == facts.facts &&
			facts.first == all.first);
		for (uint32_t k = 0; k < c->count; k++)
			NEED(event_same(&c->events[k], &all.events[k]), "step %lu, kind %s",
				(unsigned long)(c->first + k), event_info[c->events[k].kind].name);
		for (uint32_t k = 0, f = 0; k < all.count; k++)
			if (all.events[k].kind <= EV_FREE) {
				facts.events[f].map =
					all.events[k].map; /* of facts alone that of a write is not known */
				NEED(event_same(&all.events[k], &facts.events[f++]), "fact of step %lu",
					(unsigned long)(c->first + k));
			}
	}
	chunk_release(&all);
	chunk_release(&facts);
}

/* A store's steps stay what they were, while it grows and is packed; a player that stands in it goes on. */
START_TEST(test_store)
{
	static struct tails t;
	char line[256], said[512];
	struct session *session = session_new("store", store_memory);
	ck_assert(session_begin_text(session, "map string string seed=7", 24) == 0);
	struct source *s = session->store->source;
	struct player p;
	player_init(&p, s);
	t.n = 0;
	for (const char *at = strchr(mixed, '\n') + 1; *at; at = strchr(at, '\n') + 1) {
		snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
		uint64_t stands = p.step, sum = image_sum(p.image);
		ck_assert_msg(session_run(session, line, 0, said, sizeof said) == 0, "%s: %s", line,
			session->error);
		ck_assert(s == session->store->source && p.step == stands && image_sum(p.image) == sum);
		tail_read(&t, s);
		ck_assert_msg(player_seek(&p, s->steps) == 0, "%s", p.error);
	}
	ck_assert_uint_gt(s->steps, 3 * 512); /* some chunks of it are packed */
	tails_compare(&t, s);
	ck_assert_uint_eq(image_sum(p.image), sum_at(s, s->steps));
	ck_assert_int_eq(player_seek(&p, 0), 0);
	struct chunk c = { 0 };
	ck_assert(s->chunk(s, 0, &c) != 0 && s->chunk(s, s->steps + 1, &c) != 0 && s->error[0]);
	chunk_release(&c);
	player_release(&p);
	while (t.n > 0)
		chunk_release(&t.chunk[--t.n]);
	session_free(session);
}
END_TEST

static void same_growths(struct source *a, struct source *b)
{
	const struct growth_row *x, *y;
	size_t n, m;
	ck_assert(a->growths(a, &x, &n) == 0 && b->growths(b, &y, &m) == 0);
	ck_assert_uint_eq(n, m);
	for (size_t i = 0; i < n; i++)
		ck_assert(x[i].growth == y[i].growth && x[i].op == y[i].op && x[i].map == y[i].map &&
			x[i].reason == y[i].reason && x[i].old_B == y[i].old_B && x[i].new_B == y[i].new_B &&
			x[i].first_step == y[i].first_step && x[i].last_step == y[i].last_step);
}

static void same_spans(struct source *a, struct source *b)
{
	const struct span_row *x, *y;
	const struct mcache_row *v, *w;
	size_t n[4];
	ck_assert(a->spans(a, &x, &n[0], &v, &n[1]) == 0 && b->spans(b, &y, &n[2], &w, &n[3]) == 0);
	ck_assert(n[0] == n[2] && n[1] == n[3] && n[0] > 0 && n[1] > 0);
	for (size_t i = 0; i < n[0]; i++)
		ck_assert(x[i].step == y[i].step && x[i].op == y[i].op &&
			x[i].freed_step == y[i].freed_step && x[i].addr == y[i].addr &&
			x[i].pages == y[i].pages && x[i].objects == y[i].objects && x[i].map == y[i].map &&
			x[i].spanclass == y[i].spanclass);
	for (size_t i = 0; i < n[1]; i++)
		ck_assert(
			v[i].step == w[i].step && v[i].addr == w[i].addr && v[i].spanclass == w[i].spanclass);
}

static bool text_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Rows are those of the file. */
START_TEST(test_store_rows)
{
	const char *const workloads[] = { fruit, mixed, cores };
	for (int i = 0; i < 3; i++) {
		struct source *s = record(workloads[i]);
		struct session *session = session_new("rows", store_memory);
		ck_assert_msg(session_begin_text(session, workloads[i], strlen(workloads[i])) == 0, "%s",
			session->error);
		struct source *m = session->store->source;
		same_growths(s, m);
		same_spans(s, m);
		for (uint64_t op = 1; op <= s->ops; op++) {
			struct operation x, y;
			ck_assert(s->operation(s, op, &x) == 0 && m->operation(m, op, &y) == 0);
			ck_assert(text_same(x.key, y.key) && text_same(x.elem, y.elem) &&
				text_same(x.key_value, y.key_value) &&
				text_same(x.elem_value, y.elem_value) && x.core == y.core &&
				x.first.kind == y.first.kind && text_same(x.second.key, y.second.key));
		}
		session_free(session);
		s->close(s);
	}
}
END_TEST

static void say(struct session *s, const char *line)
{
	char said[512];
	ck_assert_msg(session_run(s, line, 0, said, sizeof said) == 0, "%s: %s", line, s->error);
}

START_TEST(test_session)
{
	struct source *s = record(fruit);
	struct session *session = session_new("play", store_memory);
	char said[512];
	ck_assert(session_begin_text(session, "map string int64 seed=230", 25) == 0);
	for (const char *line = strchr(fruit, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
		char one[64];
		snprintf(one, sizeof one, "%.*s", (int)strcspn(line, "\n"), line);
		say(session, one);
		ck_assert_uint_eq(sum_at(session->store->source, session->store->source->steps),
			sum_at(s, op_end(s, session->run.ops)));
	}
	same_events(s, session->store->source);
	/* mistakes change nothing */
	const char *const wrong[] = { "putt x 1", "put x", "put x y", "next i", "undo now", "evil 0",
		"evil x", "fill 0 99999999" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		ck_assert_int_eq(session_run(session, wrong[i], 0, said, sizeof said), -1);
		ck_assert(session->error[0] && !strchr(session->error, '\n'));
		same_events(s, session->store->source);
	}
	ck_assert_int_eq(session_run(session, "put x y", 0, said, sizeof said), -1);
	ck_assert_uint_eq(session->column, 7);
	/* undo takes lines back one by one */
	say(session, "fill 0 40");
	say(session, "evil 12");
	ck_assert_uint_eq(session->run.ops, 35 + 40 + 12);
	say(session, "undo");
	say(session, "undo");
	same_events(s, session->store->source);
	for (int i = 0; i < 35; i++)
		say(session, "undo");
	ck_assert_uint_eq(session->run.ops, 0);
	ck_assert_int_eq(session_run(session, "undo", 0, said, sizeof said), -1);
	session_free(session);
	s->close(s);
}
END_TEST

/* A branch from anywhere has the memory that the recording had there, and undo gives the rest back. */
START_TEST(test_branch)
{
	const char *const workloads[] = { fruit, mixed, cores };
	for (int i = 0; i < 3; i++) {
		struct source *s = record(workloads[i]);
		for (uint64_t op = 0; op <= s->ops; op += 1 + s->ops / 23) {
			struct session *session = session_new("play", store_memory);
			ck_assert_msg(session_begin_source(session, s, op) == 0, "%s", session->error);
			ck_assert_uint_eq(session->run.ops, op);
			if (op < s->ops) /* all maps come before the last operation */
				ck_assert_uint_eq(
					sum_at(session->store->source, session->store->source->steps),
					sum_at(s, op_end(s, op)));
			session_free(session);
		}
		struct session *session = session_new("play", store_memory);
		char said[128];
		ck_assert(session_begin_text(session, workloads[i], strlen(workloads[i])) == 0);
		for (uint64_t op = 1; op < s->ops; op += 1 + s->ops / 11) {
			ck_assert_msg(session_branch(session, op) == 0, "%s", session->error);
			ck_assert_uint_eq(session->run.ops, op);
			ck_assert(session_run(session, "undo", 0, said, sizeof said) == 0);
			same_events(s, session->store->source);
		}
		session_free(session);
		s->close(s);
	}
}
END_TEST

/* What is typed goes to the map that the recording had selected, also when an older one has its name. */
START_TEST(test_selected)
{
	struct source *s = record("map string int64 seed=1\nput a 1\nput b 1\nmap string int64 seed=2 "
				  "name=n\nput c 2\niter i\nnext i 1\nuse m\n");
	struct map_info map[2] = { s->map[0], s->map[1] };
	for (int same = 0; same < 2; same++) {
		if (same) { /* as no workload can say it */
			strcpy(map[1].name, map[0].name);
			s->map = map;
		}
		struct session *session = session_new("play", store_memory);
		ck_assert_msg(session_begin_source(session, s, s->ops) == 0, "%s", session->error);
		ck_assert_uint_eq(session->run.selected, 1);
		say(session, "put x 1");
		struct operation o;
		ck_assert(session->store->source->operation(session->store->source, s->ops + 1, &o) == 0 &&
			o.map == 1);
		session_free(session);
		session = session_new("play", store_memory); /* before the last operation the other one is */
		ck_assert_msg(session_begin_source(session, s, s->ops - 1) == 0, "%s", session->error);
		ck_assert_uint_eq(session->run.selected, 2);
		session_free(session);
	}
	s->close(s);
}
END_TEST

START_TEST(test_evil)
{
	const char *const maps[] = { "map string int64 seed=5\nfill 0 100", "map int64 bool seed=6\nfill 0 9",
		"map any int32 seed=7", "map [16]byte string seed=8", "map string int64 hash=aes seed=9" };
	for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
		struct session *s = session_new("evil", store_memory);
		struct costs *costs = calloc(1, sizeof *costs);
		char said[512];
		ck_assert(session_begin_text(s, maps[i], strlen(maps[i])) == 0);
		uint64_t before = s->run.ops;
		ck_assert_msg(session_run(s, "evil 30 0", 0, said, sizeof said) == 0, "%s", s->error);
		ck_assert_uint_eq(s->run.ops, before + 30);
		for (uint64_t op = before + 1; op <= s->run.ops; op++) {
			const struct op_cost *c = cost_of(costs, s->store->source, op);
			ck_assert(c && c->placed && c->place.index == 0);
		}
		costs_release(costs);
		free(costs);
		session_free(s);
	}
	struct session *s = session_new("evil", store_memory);
	char said[512];
	ck_assert(session_begin_text(s, "map bool int64", 14) == 0);
	ck_assert_int_eq(session_run(s, "evil 5", 0, said, sizeof said), -1);
	ck_assert_uint_eq(s->run.ops, 0);
	session_free(s);
}
END_TEST

START_TEST(test_complete)
{
	struct session *s = session_new("play", store_memory);
	static char words[64][SESSION_WORD];
	size_t typed;
	ck_assert(session_begin_text(s, fruit, strlen(fruit)) == 0);
	ck_assert_uint_eq(session_complete(s, "get gra", words, 64, &typed), 2);
	ck_assert_str_eq(words[0], "grape");
	ck_assert_str_eq(words[1], "grapefruit");
	ck_assert_uint_eq(session_complete(s, "get ", words, 64, &typed), 35);
	ck_assert_uint_eq(session_complete(s, "put x ", words, 64, &typed), 0);
	ck_assert_uint_eq(session_complete(s, "e", words, 64, &typed), 1);
	ck_assert_str_eq(words[0], "evil");
	ck_assert_uint_eq(session_complete(s, "get ", words, 3, &typed), 3);
	say(s, "put \"two words\" 1");
	ck_assert_uint_eq(session_complete(s, "get \"t", words, 64, &typed), 1);
	ck_assert_str_eq(words[0], "\"two words\"");
	ck_assert_uint_eq(
		session_complete(s, "get \"two wo", words, 64, &typed), 1); /* a blank between quotes */
	ck_assert_uint_eq(typed, 7);
	ck_assert_uint_eq(session_complete(s, "get tw", words, 64, &typed), 1); /* quotes are put in */
	ck_assert_uint_eq(typed, 2);
	ck_assert_uint_eq(session_complete(s, "put \"two words\" 1", words, 64, &typed), 0);
	say(s, "counter hits");
	ck_assert_uint_eq(session_complete(s, "add ", words, 64, &typed), 1);
	ck_assert_str_eq(words[0], "hits");
	ck_assert_uint_eq(session_complete(s, "core 3 add h", words, 64, &typed),
		1); /* as if the core were not there */
	ck_assert_uint_eq(session_complete(s, "core 3 get gra", words, 64, &typed), 2);
	ck_assert_uint_eq(session_complete(s, "core 3 ad", words, 64, &typed), 1);
	session_free(s);
}
END_TEST

/* ---- modes of the replay ---- */

/* A small engine for frames: what cmd_play.c has, without files. */
struct fake {
	struct ui_engine ui;
	struct session *session;
};

static int fake_run(
	struct ui_engine *e, const char *line, uint64_t bucket, char *said, size_t cap, unsigned *column)
{
	struct fake *f = (struct fake *)(void *)e;
	int status = session_run(f->session, line, bucket, said, cap);
	if (status)
		snprintf(said, cap, "%s", f->session->error);
	*column = f->session->column;
	e->source = f->session->store->source;
	e->generation = f->session->generation;
	return status;
}

static int fake_from(struct ui_engine *e, struct source *s, uint64_t op, char *said, size_t cap)
{
	struct fake *f = (struct fake *)(void *)e;
	int status = s == e->source ? session_branch(f->session, op)
				    : session_begin_source(f->session, s, op);
	snprintf(said, cap, "%s", status ? f->session->error : "");
	e->source = f->session->store->source;
	e->generation = f->session->generation;
	return status;
}

static int fake_save(struct ui_engine *e, const char *name, char *said, size_t cap)
{
	(void)e;
	snprintf(said, cap, "saved as %s", *name ? name : "play-1");
	return 0;
}

static size_t fake_complete(
	struct ui_engine *e, const char *text, char (*words)[UI_WORD], size_t n, size_t *typed)
{
	return session_complete(((struct fake *)(void *)e)->session, text, words, n, typed);
}

static void fake_growth(struct ui_engine *e, char *out, size_t cap)
{
	session_growth(((struct fake *)(void *)e)->session, out, cap);
}

static bool fake_directive(struct ui_engine *e, size_t i, struct ui_directive *ret)
{
	(void)e;
	for (const struct directive_info *h = directive_info; h->name; h++)
		if (directive_serves(h, MAP_CLASSIC) && i-- == 0) {
			*ret = (struct ui_directive){ h->name, h->arguments, h->sentence };
			return true;
		}
	return false;
}

static void fake_open(struct fake *f)
{
	*f = (struct fake){ .ui = { .run = fake_run,
				    .from = fake_from,
				    .save = fake_save,
				    .complete = fake_complete,
				    .growth = fake_growth,
				    .directive = fake_directive,
				    .saved_as = "play-1.map" },
		.session = session_new("play-1.trace", store_memory) };
}

START_TEST(test_session_frames)
{
	static const int sizes[][2] = { { 80, 24 }, { 120, 40 }, { 60, 16 }, { 200, 60 } };
	struct source *s = record(fruit);
	for (int i = 0; i < 4; i++) {
		struct fake f;
		struct screen c;
		fake_open(&f);
		struct ui_options o = { .engine = &f.ui };
		screen_open(&c, s, &o, sizes[i][0], sizes[i][1]);
		press(&c, "2 6 G p g e t Space g r a Tab"); /* to operation 26: it is done */
		ck_assert_uint_eq(f.session->run.ops, 26);
		golden(&c, "play");
		press(&c, "C-u g e t t Space x Enter");
		golden(&c, "play-wrong");
		press(&c, "C-u p u t Space x Space 1 Enter");
		ck_assert_uint_eq(f.session->run.ops, 27);
		ck_assert_uint_eq(replay_step(&c.replay), c.replay.state.source->steps);
		press(&c, "Escape . ."); /* through its steps (one is folded), and back to the prompt, another
					    operation dropped */
		struct operation row;
		ck_assert(c.replay.state.source->operation(c.replay.state.source, 27, &row) == 0);
		ck_assert_uint_eq(replay_step(&c.replay), row.first_step + 3);
		press(&c, "p e v i l Space 3 Enter u n d o Enter u n d o Enter Escape 5 G p");
		ck_assert_uint_eq(f.session->run.ops, 5);
		press(&c, "u n d o Enter ?");
		ck_assert_uint_eq(f.session->run.ops, 26);
		golden(&c, "play-help");
		press(&c, "Escape q u i t Enter");
		ck_assert(c.replay.state.quit);
		screen_close(&c);
		session_free(f.session);
	}
	s->close(s);
}
END_TEST

/* From a recording to what is played from it, and back to where one was. */
START_TEST(test_return)
{
	struct source *s = record(fruit);
	struct fake f;
	struct screen c;
	fake_open(&f);
	struct ui_options o = { .engine = &f.ui, .name = "test" };
	setenv("XDG_STATE_HOME", "/nonexistent", 1);
	screen_open(&c, s, &o, 80, 24);
	press(&c, "5 0 0 g O x p"); /* in the middle of an operation, in a view, with a moment A */
	uint64_t op = f.session->run.ops;
	ck_assert_uint_gt(op, 0);
	ck_assert(on_screen(&c, "was under way: this is its end; "));
	ck_assert(c.replay.state.source == f.ui.source && on_screen(&c, "from test.trace, op"));
	ck_assert(!c.replay.state.options.name); /* bookmarks are the recording's */
	type(&c, "put x 1", "Enter Escape");
	ck_assert(!mode_title(c.replay.mode) && on_screen(&c, "Esc again: back to test.trace"));
	press(&c, ". Escape");
	ck_assert(c.replay.state.source == s && c.replay.state.options.name);
	ck_assert_uint_eq(at(&c), 500);
	ck_assert_int_eq(c.replay.state.view, VIEW_OVERVIEW);
	ck_assert(on_screen(&c, "p goes on with play-1.trace"));
	press(&c, "p"); /* and there again, at its end */
	ck_assert_uint_eq(f.session->run.ops, op + 1);
	ck_assert(c.replay.state.source == f.ui.source);
	press(&c, "Escape X"); /* the moment A of the recording, compared with what was played */
	ck_assert(c.replay.mode->compare && c.replay.mode->compare->side[0].source == s &&
		c.replay.mode->compare->side[1].source == f.ui.source);
	press(&c, "X q"); /* q closes what was played first */
	ck_assert(!c.replay.state.quit && c.replay.state.source == s);
	press(&c, "9 G p"); /* from elsewhere: another session */
	ck_assert_uint_eq(f.session->run.ops, 9);
	press(&c, "Escape Tab Escape Escape q");
	ck_assert(c.replay.state.quit && c.replay.state.source == s);
	screen_close(&c);
	session_free(f.session);
	s->close(s);
}
END_TEST

/* Nothing has been played: what is left shows the empty map, and says so. */
START_TEST(test_empty)
{
	struct fake f;
	struct screen c;
	fake_open(&f);
	ck_assert(session_begin_text(f.session, "map string int64", 16) == 0);
	f.ui.source = f.session->store->source;
	f.ui.generation = f.session->generation;
	struct ui_options o = { .engine = &f.ui, .play = true, .step = f.ui.source->steps };
	screen_open(&c, f.ui.source, &o, 80, 24);
	press(&c, "Escape");
	ck_assert_uint_eq(at(&c), f.ui.source->steps);
	ck_assert(on_screen(&c, "nothing has been played yet: p types"));
	press(&c, "Escape p"); /* nowhere to go back to */
	type(&c, "put a 1", "Enter");
	ck_assert_uint_eq(f.session->run.ops, 1);
	uint64_t end = at(&c);
	press(&c, "Left Left"); /* steps, while nothing is typed */
	ck_assert_uint_eq(at(&c), end - 2);
	ck_assert(on_screen(&c, "← → step"));
	golden(&c, "play-step");
	press(&c, "Home");
	ck_assert_uint_eq(at(&c), op_end(f.ui.source, 0) + 1);
	press(&c, "a Left"); /* in what is typed */
	ck_assert_uint_eq(at(&c), op_end(f.ui.source, 0) + 1);
	press(&c, "BSpace Delete End");
	ck_assert_uint_eq(at(&c), end);
	press(&c, "q u i t Enter");
	ck_assert(c.replay.state.quit);
	screen_close(&c);
	session_free(f.session);
}
END_TEST

/* A sync.Map in an empty play: its directives complete and work, and it is the one that the prompt names. */
START_TEST(test_sync_map)
{
	struct fake f;
	struct screen c;
	fake_open(&f);
	ck_assert(session_begin_text(f.session, "", 0) == 0);
	f.ui.source = f.session->store->source;
	f.ui.generation = f.session->generation;
	struct ui_options o = { .engine = &f.ui, .play = true, .step = f.ui.source->steps };
	screen_open(&c, f.ui.source, &o, 80, 24);
	type(&c, "sync", "Tab");
	type(&c, "string int64", "Enter");
	type(&c, "put a 1", "Enter");
	ck_assert_uint_eq(f.session->run.ops, 1);
	ck_assert(on_screen(&c, " m> "));
	type(&c, "sw", "Tab");
	type(&c, "a 2", "Enter");
	ck_assert_uint_eq(f.session->run.ops, 2);
	type(&c, "get a", "Enter");
	ck_assert(on_screen(&c, "= 2"));
	type(&c, "load", "Tab");
	ck_assert(on_screen(&c, "loadanddelete  loadorstore"));
	screen_close(&c);
	session_free(f.session);
}
END_TEST

/* What was typed comes back in the next session, and only the newest lines are kept. */
START_TEST(test_past)
{
	char folder[] = "/tmp/mapscope-past-XXXXXX", path[64], command[64];
	struct prompt p;
	ck_assert(mkdtemp(folder) != NULL);
	setenv("XDG_STATE_HOME", folder, 1);
	for (int session = 0; session < 2; session++) {
		struct fake f;
		struct screen c;
		fake_open(&f);
		ck_assert(session_begin_text(f.session, "map string int64", 16) == 0);
		f.ui.source = f.session->store->source;
		f.ui.generation = f.session->generation;
		struct ui_options o = { .engine = &f.ui, .play = true, .history = true };
		screen_open(&c, f.ui.source, &o, 80, 24);
		if (session == 0) {
			type(&c, "put a 1", "Enter");
			type(&c, "put a 1", "Enter"); /* once is enough */
			type(&c, "get \"two words\"", "Enter");
			type(&c, "wrong", "Enter"); /* to be mended */
		} else {
			press(&c, "Up Up");
			ck_assert_str_eq(c.replay.mode->session.prompt.text, "get \"two words\"");
			press(&c, "Up");
			ck_assert_str_eq(c.replay.mode->session.prompt.text, "put a 1");
			press(&c, "Up Down Down Down");
			ck_assert_str_eq(c.replay.mode->session.prompt.text, "");
		}
		screen_close(&c);
		session_free(f.session);
	}
	snprintf(path, sizeof path, "%s/mapscope/many", folder);
	FILE *out = fopen(path, "w");
	ck_assert(out != NULL);
	for (int i = 0; i < 30000; i++)
		fprintf(out, "put %d 1\n%s", i, i % 1000 == 0 ? "bad \x1b[31m\n" : "");
	fclose(out);
	prompt_init(&p);
	prompt_history_load(&p, "many");
	ck_assert_int_eq(p.lines, PROMPT_HISTORY);
	ck_assert_str_eq(p.history[p.lines - 1], "put 29999 1");
	prompt_release(&p);
	FILE *in = fopen(path, "r");
	int lines = 0;
	for (int ch; (ch = fgetc(in)) != EOF;)
		lines += ch == '\n';
	fclose(in);
	ck_assert_int_eq(lines, PROMPT_HISTORY);
	setenv("XDG_STATE_HOME", "/dev/null/nowhere", 1); /* no place: no harm */
	prompt_init(&p);
	prompt_history_add("play.history", "put a 1");
	prompt_history_load(&p, "play.history");
	ck_assert_int_eq(p.lines, 0);
	snprintf(command, sizeof command, "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

/* What the maps of the two sides differ in. */
static struct map_difference difference_of(const struct screen *c)
{
	const struct scene *a = &c->replay.mode->compare->side[0].scene,
			   *b = &c->replay.mode->compare->side[1].scene;
	struct map_difference d;
	align_maps(&d, a->mem, &classic_of(a)->type, a->live ? classic_of(a)->hmap.addr : 0, b->mem,
		&classic_of(b)->type, b->live ? classic_of(b)->hmap.addr : 0);
	return d;
}

/* Rows with a mark in the gutter between the two sides. */
static unsigned rows_that_differ(const struct screen *c)
{
	unsigned n = 0;
	for (int y = 0; y < c->grid.h; y++)
		n += c->grid.cell[y * c->grid.w + (c->grid.w - COMPARE_GUTTER) / 2 + 1].ch == 0x2260;
	return n;
}

START_TEST(test_compare)
{
	static const int sizes[][2] = { { 80, 24 }, { 120, 40 }, { 60, 16 }, { 200, 60 } };
	char *other = strdup(fruit);
	memcpy(strstr(other, "230"), "234", 3);
	struct source *a = record(fruit), *b = record(other), *again = record(fruit);
	free(other);
	for (int i = 0; i < 4; i++) {
		struct screen c;
		struct ui_options o = { .other = b };
		screen_open(&c, a, &o, sizes[i][0], sizes[i][1]);
		struct compare_mode *v = c.replay.mode->compare;
		press(&c, "2 6 G");
		golden(&c, "compare");
		press(&c, "?");
		golden(&c, "compare-help");
		press(&c, "?");
		ck_assert_uint_eq(v->side[0].op, 26);
		ck_assert_uint_eq(v->side[1].op, 26);
		ck_assert_uint_gt(rows_that_differ(&c), 0);
		if (sizes[i][1] > 16) { /* there is room for what differs */
			ck_assert_uint_eq(difference_of(&c).both, 26);
			ck_assert_uint_eq(difference_of(&c).same_bucket, 7); /* as two real maps have it */
			ck_assert(
				difference_of(&c).hash0 && !difference_of(&c).count && !difference_of(&c).B);
		}
		press(&c, "g ]");
		ck_assert_uint_eq(v->side[0].op, 9); /* the first growth */
		press(&c, "] [ [");
		ck_assert_uint_eq(v->side[0].op, 9); /* nothing before it */
		uint64_t step = v->side[1].step;
		for (int n = 0; n < 40; n++)
			press(&c, ".");
		for (int n = 0; n < 40; n++)
			press(&c, ",");
		ck_assert_uint_eq(v->side[0].op, 9);
		ck_assert_uint_eq(v->side[1].step, step);
		press(&c, "= Tab PageDown");
		ck_assert_uint_eq(v->side[0].op, 9);
		ck_assert_uint_eq(v->side[1].op, 10);
		press(&c, "G = g ?");
		press(&c, "Escape"); /* b is the side in focus: the replay stays where it was */
		screen_close(&c);
		/* itself: nothing differs */
		struct ui_options same = { .other = again };
		screen_open(&c, a, &same, sizes[i][0], sizes[i][1]);
		press(&c, "G");
		ck_assert_uint_eq(rows_that_differ(&c), 0);
		ck_assert(sizes[i][1] <= 16 ||
			!align_differs(&(struct map_difference[]){ difference_of(&c) }[0]));
		screen_close(&c);
		/* two moments */
		struct ui_options plain = { 0 };
		screen_open(&c, a, &plain, sizes[i][0], sizes[i][1]);
		press(&c, "X");
		ck_assert(c.replay.state.message[0] && !mode_title(c.replay.mode));
		press(&c, "9 0 g x 3 0 0 g X");
		ck_assert_uint_eq(c.replay.mode->compare->side[0].step, 90);
		ck_assert_uint_eq(c.replay.mode->compare->side[1].step, 300);
		press(&c, "PageDown X");
		ck_assert_uint_gt(replay_step(&c.replay), 300);
		screen_close(&c);
	}
	a->close(a);
	b->close(b);
	again->close(again);
}
END_TEST

/* Locked sides keep their distance, also over the ends of a shorter recording. */
START_TEST(test_compare_apart)
{
	struct source *a = record(fruit),
		      *b = record("map string int64 seed=230 hint=30 go=1.19\nput apple 1\nput apricot "
				  "2\nput avocado 3\n");
	struct screen c;
	struct ui_options o = { .other = b };
	screen_open(&c, a, &o, 120, 40);
	struct compare_mode *v = c.replay.mode->compare;
	press(&c, "G");
	ck_assert_uint_eq(v->side[0].op, a->ops);
	ck_assert_uint_eq(v->side[1].op, 3);
	ck_assert(on_screen(&c, "it ends after operation 3"));
	ck_assert(on_screen(&c, "no hint go1.23") && on_screen(&c, "hint 30 go1.19") &&
		on_screen(&c, "go1.23 ≠ go1.19"));
	ck_assert(on_screen(&c, "given another hint, go"));
	press(&c, "2 G");
	ck_assert_uint_eq(v->side[0].op, 2);
	ck_assert_uint_eq(v->side[1].op, 2);
	press(&c,
		"g , , , , , , , , , , , , , , , , , , , , , , , , , , , , , , , , , ,"); /* before the first,
											     no further */
	ck_assert_uint_eq(v->side[0].step, 0);
	press(&c, "= 5 G = 5 0 PageUp 4 PageDown");
	ck_assert_int_eq(v->side[0].want, 4); /* locked again: the same operation */
	ck_assert_int_eq(v->side[1].want, 4);
	press(&c, "Tab 1 G Tab G");
	ck_assert_uint_eq(v->side[0].op, a->ops);
	screen_close(&c);
	o.other = a; /* the shorter one is A: what only B has can be reached */
	screen_open(&c, b, &o, 80, 24);
	press(&c, "G");
	ck_assert_uint_eq(c.replay.mode->compare->side[1].op, a->ops);
	screen_close(&c);
	/* two moments, five operations apart */
	o = (struct ui_options){ 0 };
	screen_open(&c, a, &o, 80, 24);
	press(&c, "1 0 G x 1 5 G X");
	v = c.replay.mode->compare;
	ck_assert_int_eq(v->side[1].want - v->side[0].want, 5);
	press(&c, "G");
	ck_assert_uint_eq(v->side[1].op, a->ops); /* not past its own end */
	ck_assert_uint_eq(v->side[0].op, a->ops - 5);
	press(&c, "1 G G 1 8 G"); /* and back from the beginning, where the other is before its first */
	ck_assert_uint_eq(v->side[1].op, 18);
	ck_assert_uint_eq(v->side[0].op, 13);
	screen_close(&c);
	a->close(a);
	b->close(b);
}
END_TEST

/* What cannot be compared is not, and is said. */
START_TEST(test_compare_types)
{
	static const struct {
		const char *workload, *words;
		bool keys;
	} other[] = { { "map int64 int64 seed=230\nput 1 1\nput 2 2\n",
			      "Keys are string in A, int64 in B: they cannot be compared", false },
		{ "map string string seed=230\nput apple x\nput zebra y\n",
			"Elems are int64 and string: they cannot be compared", true } };
	static const int sizes[][2] = { { 80, 24 }, { 200, 60 } };
	struct source *a = record(fruit);
	for (int i = 0; i < 2; i++)
		for (int k = 0; k < 2; k++) {
			struct source *b = record(other[i].workload);
			struct screen c;
			struct ui_options o = { .other = b };
			screen_open(&c, a, &o, sizes[k][0], sizes[k][1]);
			ck_assert_int_eq(on_screen(&c, "keys are string in A, int64 in B"), !other[i].keys);
			press(&c, "2 G");
			struct map_difference d = difference_of(&c);
			ck_assert_int_eq(d.other_key_type, !other[i].keys);
			ck_assert_int_eq(d.other_elem_type, other[i].keys);
			ck_assert_uint_eq(d.both, other[i].keys ? 1 : 0);
			ck_assert_uint_eq(d.other_elem, 0);
			ck_assert(align_differs(&d));
			ck_assert(k == 0 || on_screen(&c, other[i].words));
			golden(&c, other[i].keys ? "compare-elems" : "compare-keys");
			screen_close(&c);
			b->close(b);
		}
	a->close(a);
}
END_TEST

/* Every answer is what the next events do. */
static void check_answer(struct source *s, const struct predict_mode *q)
{
	struct player p;
	player_init(&p, s);
	const struct event *e = player_event(&p, q->now.reveal);
	ck_assert(e && q->now.reveal > q->now.at);
	switch (q->now.sort) {
	case PREDICT_BUCKET:
		ck_assert(e->kind == EV_BUCKET && strtoull(q->now.answer, NULL, 10) == e->a);
		break;
	case PREDICT_TOP:
		e = player_event(&p, q->now.at);
		ck_assert(e->kind == EV_HASH && strtoull(q->now.answer, NULL, 16) == e->c);
		break;
	case PREDICT_SLOT:
		if (q->now.answer[0] == 'n')
			ck_assert(e->kind == EV_ABSENT && q->op_kind != OP_PUT);
		else
			ck_assert((e->kind == EV_INSERT || e->kind == EV_FOUND) &&
				strtoull(q->now.answer, NULL, 10) == e->a);
		break;
	case PREDICT_GROW: ck_assert(q->now.answer[0] == (e->kind == EV_GROWTH ? 'y' : 'n')); break;
	default: ck_assert(e->kind == EV_MOVE && q->now.answer[0] == (e->c ? 'y' : 'x')); break;
	}
	player_release(&p);
}

START_TEST(test_predict)
{
	const char *const workloads[] = { fruit, mixed, cores };
	for (int i = 0; i < 3; i++) {
		struct source *s = record(workloads[i]);
		struct screen c;
		struct ui_options o = { 0 };
		unsigned n = 0, wrong = 0;
		screen_open(&c, s, &o, 80, 24);
		press(&c, "Q");
		const struct predict_mode *q = c.replay.mode->predict;
		while (mode_title(c.replay.mode)) {
			ck_assert(q->asking);
			ck_assert_uint_eq(replay_step(&c.replay), q->now.at);
			check_answer(s, q);
			char keys[64] = "";
			for (const char *a = q->now.answer; *a; a++)
				snprintf(keys + strlen(keys), sizeof keys - strlen(keys), "%c ", *a);
			if (n % 5 == 4) { /* a wrong one, with a hint */
				press(&c, "Tab 9 9 9 Enter");
				wrong++;
			} else {
				press(&c, keys);
				press(&c, "Enter");
			}
			n++;
			ck_assert_uint_eq(q->right, n - wrong);
			ck_assert_uint_eq(q->hints, wrong);
			press(&c, "Enter");
		}
		ck_assert_uint_gt(n, 20);
		for (int k = 0; k < PREDICT_SORTS; k++)
			ck_assert_uint_gt(q->counts[MAP_CLASSIC].asked[k], 0);
		ck_assert(strstr(c.replay.state.message, "right") != NULL);
		screen_close(&c);
		s->close(s);
	}
}
END_TEST

/* From the last step it begins at the beginning; where there is nothing to ask it says so. */
START_TEST(test_predict_ends)
{
	struct screen c;
	struct ui_options o = { .step = UINT64_MAX };
	screen_record(&c, fruit, &o, 80, 24);
	press(&c, "Q");
	ck_assert(mode_title(c.replay.mode) && c.replay.mode->predict->wrapped &&
		on_screen(&c, "From the beginning."));
	ck_assert_uint_lt(at(&c), 100);
	press(&c, "Escape");
	ck_assert(on_screen(&c, "right 0 of 0"));
	screen_close(&c);
	screen_record(&c, "map string int64\nsay nothing\ngc\n", &o, 80, 24);
	press(&c, "Q");
	ck_assert(!mode_title(c.replay.mode) && on_screen(&c, "nothing to ask in this recording"));
	screen_close(&c);
}
END_TEST

/* Gets and deletes are asked about too, hits and misses; nothing tells before the answer, and each can be
 * worked out. */
START_TEST(test_predict_kinds)
{
	static const char lookups[] = "map int32 int64 seed=5 hint=30\nfill 0 20\nprobe 15 25\ndrain 10 30\n";
	static const char nan[] = "map float64 int64 seed=3\nput NaN 1\nput NaN 2\nput NaN 3\nfill 0 60\n";
	unsigned hits = 0, misses = 0, halves = 0;
	struct screen c;
	struct ui_options o = { .step = 0 };
	screen_record(&c, lookups, &o, 80, 24);
	press(&c, "2 1 G Q");
	const struct predict_mode *q = c.replay.mode->predict;
	while (mode_title(c.replay.mode)) {
		check_answer(c.source, q);
		if (q->now.sort == PREDICT_SLOT) {
			ck_assert(c.replay.state.hold.held);
			hits += q->now.answer[0] != 'n';
			misses += q->now.answer[0] == 'n';
		}
		press(&c, q->now.sort == PREDICT_SLOT && q->now.answer[0] == 'n' ? "n Enter" : ".");
		press(&c, "Enter");
	}
	ck_assert_uint_gt(hits, 2);
	ck_assert_uint_gt(misses, 2);
	ck_assert_uint_ge(q->right, misses);
	screen_close(&c);
	/* a NaN goes by its tophash, another one each time: no bit of the hash in sight would tell */
	screen_record(&c, nan, &o, 80, 24);
	press(&c, "Q");
	q = c.replay.mode->predict;
	while (mode_title(c.replay.mode)) {
		ck_assert(q->now.sort != PREDICT_HALF || !on_screen(&c, "way does NaN go"));
		halves += q->now.sort == PREDICT_HALF;
		press(&c, ". Enter");
	}
	ck_assert_uint_gt(halves, 1);
	screen_close(&c);
	/* a growth of the same size has no Y */
	char churn[2000] = "map int64 int64 seed=85\nfill 0 26\n"; /* one in, one out, until overflow buckets
								      are too many */
	for (int k = 0; k < 40; k++)
		snprintf(
			churn + strlen(churn), sizeof churn - strlen(churn), "del %d\nput %d 1\n", k, k + 26);
	struct source *s = record(churn);
	screen_open(&c, s, &o, 80, 24);
	const struct growth_row *g;
	size_t growths, same = 0;
	ck_assert(c.source->growths(c.source, &g, &growths) == 0);
	press(&c, "Q");
	q = c.replay.mode->predict;
	while (mode_title(c.replay.mode)) {
		for (size_t i = 0; i < growths; i++)
			if (g[i].old_B == g[i].new_B && q->now.at >= g[i].first_step &&
				(!g[i].last_step || q->now.at <= g[i].last_step)) {
				same++;
				ck_assert_int_ne(q->now.sort, PREDICT_HALF);
			}
		press(&c, ". Enter");
	}
	ck_assert_uint_gt(same, 0);
	screen_close(&c);
	s->close(s);
}
END_TEST

/* The slot is asked for in the chain that was chosen; left and right walk along it. */
START_TEST(test_predict_chain)
{
	struct screen c;
	struct ui_options o = { 0 };
	screen_record(&c, fruit, &o, 80, 24);
	press(&c, "2 3 G Q");
	const struct predict_mode *q = c.replay.mode->predict;
	while (q->now.sort != PREDICT_SLOT)
		press(&c, ". Enter");
	ck_assert(c.replay.state.hold.held && on_screen(&c, "new 3.0 held"));
	press(&c, "Right Right Right");
	ck_assert(on_screen(&c, "new 3.1 held"));
	press(&c, "Left Left");
	ck_assert(on_screen(&c, "new 3.0 held"));
	press(&c, ". Escape");
	ck_assert(!c.replay.state.hold.held);
	screen_close(&c);
}
END_TEST

START_TEST(test_predict_frames)
{
	static const int sizes[][2] = { { 80, 24 }, { 120, 40 }, { 60, 16 }, { 200, 60 } };
	struct source *s = record(fruit);
	for (int i = 0; i < 4; i++) {
		struct screen c;
		struct ui_options o = { .step = 870 };
		screen_open(&c, s, &o, sizes[i][0], sizes[i][1]);
		press(&c, "Q n Enter Enter");
		golden(&c, "predict");
		press(&c, "Tab y");
		golden(&c, "predict-hint");
		press(&c, "Enter");
		golden(&c, "predict-right");
		screen_close(&c);
	}
	s->close(s);
}
END_TEST

/* Every mode draws into every size. */
START_TEST(test_sizes)
{
	struct source *s = record(mixed), *t = record(fruit);
	for (int mode = 0; mode < 3; mode++) {
		struct fake f;
		struct screen c;
		fake_open(&f);
		struct ui_options o = {
			.engine = &f.ui, .other = mode == 1 ? t : NULL, .step = s->steps / 2
		};
		screen_open(&c, s, &o, 80, 24);
		press(&c, mode == 0 ? "p" : mode == 2 ? "Q" : "G");
		for (int w = 1; w <= 220; w += 3)
			for (int h = 1; h <= 70; h += w % 5 == 0 ? 1 : 5) {
				grid_release(&c.grid);
				grid_init(&c.grid, w, h, w % 2);
				c.replay.state.ascii = w % 2;
				replay_draw(&c.replay, &c.grid);
			}
		screen_close(&c);
		session_free(f.session);
	}
	s->close(s);
	t->close(t);
}
END_TEST

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	Suite *suite = suite_create("play");
	const struct {
		const char *name;
		const TTest *test;
	} all[] = { { "same", test_same }, { "store", test_store }, { "store_rows", test_store_rows },
		{ "selected", test_selected }, { "session", test_session }, { "branch", test_branch },
		{ "evil", test_evil }, { "complete", test_complete },
		{ "session frames", test_session_frames }, { "return", test_return }, { "empty", test_empty },
		{ "sync.Map", test_sync_map }, { "past", test_past }, { "compare", test_compare },
		{ "compare apart", test_compare_apart }, { "compare types", test_compare_types },
		{ "predict", test_predict }, { "predict ends", test_predict_ends },
		{ "predict kinds", test_predict_kinds }, { "predict chain", test_predict_chain },
		{ "predict frames", test_predict_frames }, { "sizes", test_sizes } };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		TCase *c = tcase_create(all[i].name);
		tcase_set_timeout(c, 120);
		tcase_add_test(c, all[i].test);
		suite_add_tcase(suite, c);
	}
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
