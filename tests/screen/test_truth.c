/* The replay tells the truth: rules that every step's event and sentence keep, over workloads of all
 * variants.
 *
 * MAPSCOPE_PRINT=1 in the environment prints every sentence, for people to read.
 */
#include "tests/screen/screen.h"
#include "ui/scene/scene.h"
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/measure.h"
#include "ui/scene/classic/overview.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"
#include "trace/cache/traffic.h"
#include "trace/heap/account.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const key_types[] = { "string", "int64", "uint32", "int16", "bool", "float64",
	"complex128", "any", "[16]byte", "[200]byte" };
enum { TYPES = sizeof key_types / sizeof key_types[0], SHAPES = 4, TEXT_MAX = 2048 };

/* What a map of any type goes through. */
static const char *const shapes[SHAPES] = {
	"range\niter e\nnext e 1\nclear\ndel %1$s\nfill 0 6\nprobe 0 8\ndel %1$s\nget %1$s\nput %1$s "
	"%2$s\nget %1$s\ndrain 0 3\nprobe 0 6\nfill 0 2\nrange\ndrain 0 20\nprobe 0 3\n",
	"fill 0 60\nprobe 40 70\niter i\nnext i 3\nfill 60 120\nnext i 7\ndrain 20 90\nnext i all\nnext "
	"i\nrange\nclear\nfill 0 4\nget %1$s\n",
	"fill 0 30\ndrain 0 20\nfill 100 120\ndrain 100 115\nfill 200 220\ndel %1$s\nput %1$s %2$s\nput %1$s "
	"%2$s\nget %1$s\ngc\n",
	"race get %1$s | del %1$s\nrace put %1$s %2$s | get %1$s\nput %1$s %2$s\nrace del %1$s | put %1$s "
	"%2$s\n",
};
static const char *const key_word[TYPES] = { "\"a b\"", "0", "0", "0", "false", "-0", "(0-0i)", "\"x\"", "7",
	"7" };

static const char *const more[] = {
	"map string int64 seed=1\nput aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbcc 1\nput "
	"aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbdd 2\n"
	"put aaaaaaaaaaaaaaaaXbbbbbbbbbbbbbbbcc 3\nget aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbcc\nget "
	"aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbdd\n"
	"get zaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbcc\nput k 4\nput \"\" 5\nget \"\"\ndel k\nget k\nget q\n",
	"map int32 string seed=9\nput 0 zero\nget 7\ndel 0\nget 0\nfill 0 40\ndrain 0 38\nget 0\nprobe 30 "
	"45\n",
	"map float64 int64 seed=17\nput NaN 1\nput NaN 2\nget NaN\nput 0 1\nput -0 2\nget 0\nfill 1 22\nput "
	"NaN 6\nput NaN 7\niter a\nfill 30 34\nnext a all\nrange\nclear\n",
	"map any int64 seed=5\nget []int{}\nput 7 1\nput 2.5 3\nput []int{} 4\nget nil\n",
	"nilmap string int64\nget x\ndel x\nrange\nclear\nput x 1\n",
	"map string int64 seed=2 name=a\nput plum 1\nmap int64 int64 seed=3 name=b\nput 1 1\nuse a\nput pear "
	"2\nrace put plum 3 | get apple\n",
	"map int64 int64 seed=4\nrace put 1 2 | range\n",
	"map string string seed=4\nput k v\nrace clear | get k\n",
	"map string string seed=4\nrace get \"x | y\" | put \"x | y\" \"a b\"\nget \"x | y\"\n",
	"map string int64 seed=8\ncounter a\ncounter b pad=64\nadd a\ncore 1 add b -3\ncore 2\nput k 1\nfill "
	"0 9\nadd a 5\ncore 3 range\ncore 0 get k\ngc\n",
	"counter a\nadd a\ncore 1 add a 2\n",
	"map string int64 seed=8 go=1.19\nfill 0 9\nclear\nfill 0 100\niter i\nnext i 3\nclear\nnext i all\n",
};
enum { MORE = sizeof more / sizeof more[0] };

/* ---- the rules ---- */

struct telling {
	const struct scene *s;
	const char *text;
	const char *workload;
	bool faulted; /* in this operation */
	bool ended;   /* a sentence has said that nothing follows */
};
#define RULE(t, condition, what) \
	NEED(condition, "step %" PRIu64 ", %s: %s\n%s", (t)->s->step, event_info[(t)->s->event.kind].name, \
		what, (t)->text)

static void check_search(struct telling *t, const struct event *e)
{
	bool evacuates = t->s->phase == PHASE_EVACUATE;
	bool reads = e->kind == EV_TOPHASH || e->kind == EV_LENGTH || e->kind == EV_KEY ||
		(e->kind == EV_CHAIN && t->s->phase == PHASE_LOOKUP);
	if (e->kind == EV_OP || e->kind == EV_PHASE || e->kind == EV_BUCKET || e->kind == EV_ITERSLOT ||
		e->kind == EV_SECOND)
		t->ended = false;
	RULE(t, !(t->ended && reads), "the search goes on, but nothing was to follow");
	if (e->kind == EV_TOPHASH && !evacuates && strstr(t->text, "nothing follows"))
		t->ended = true;
}

static void check_tophash(struct telling *t, const struct event *e)
{
	bool word = search_variant(t->s) == VARIANT_FAST32 || search_variant(t->s) == VARIANT_FAST64;
	enum tophash_result want = e->a == EMPTY_REST ? TOP_EMPTY_REST
		: e->a == EMPTY_ONE                   ? TOP_EMPTY_ONE
		: e->b == 0                           ? TOP_FULL
		: e->a == e->b                        ? TOP_EQUAL
						      : TOP_DIFFERS;
	RULE(t, e->d == want, "the result is not what tophash and wanted say");
	RULE(t, !(word && e->b), "this variant compares no tophashes");
	RULE(t, e->b || !strstr(t->text, "equal"), "a tophash that is not compared cannot be equal");
}

/* The operation's own key, as it stands in the workload, begins the sentence. */
static void check_hash(struct telling *t, const struct event *e)
{
	char key[SCENE_TEXT], fit[SCENE_TEXT];
	const struct scene_op *o = &t->s->op;
	RULE(t,
		!(t->s->run.kind == OP_GET && classic_of(t->s)->type.variant == VARIANT_FASTSTR &&
			classic_of(t->s)->hmap.B == 0 && strlen(t->s->run.key) < 32),
		"nothing is hashed here");
	if (e->addr)
		return;
	enum map_variant variant = search_variant(t->s);
	bool looks_for_it = t->s->run.kind == OP_PUT || variant == VARIANT_GENERAL ||
		variant == VARIANT_FASTSTR;
	RULE(t, looks_for_it == (strstr(t->text, "becomes the tophash") != NULL),
		"not what this variant does with the tophash");
	scene_clean(t->s, t->s->run.key, key, sizeof key);
	text_fit(key, 24, fit, sizeof fit);
	RULE(t, strstr(t->text, fit), "the key is another one");
	RULE(t, o->kind != OP_RACE || !strstr(t->text, " | ") || strstr(key, " | "),
		"that is both halves of the race");
}

static void check_sentence(struct telling *t)
{
	const struct event *e = &t->s->event;
	char line[SENTENCE_MAX];
	RULE(t, t->text[0], "there is no sentence");
	RULE(t, strstr(t->text, ":") || strlen(t->text) > 8, "the sentence is bare");
	RULE(t, !wrong_plural(t->text), "one of something is in the plural");
	RULE(t, !strstr(t->text, "%") || strchr(t->workload, '%'), "a format is wrong");
	int rest = text_width(t->text);
	text_fit(t->text, 78, line, sizeof line);
	RULE(t, rest <= 156, "the sentence is longer than two lines");
	if (e->kind == EV_OP)
		t->faulted = false;
	RULE(t, !(e->kind == EV_ABSENT && t->faulted), "absent after a fault");
	if (e->kind == EV_FAULT)
		t->faulted = true;
	if (e->kind == EV_WRITE && place_in(&t->s->place, "hmap") && e->old.v == e->new.v)
		RULE(t, !strstr(t->text, "goes from") && !strstr(t->text, "change from"), "nothing changes");
	if (e->kind == EV_WRITE && place_in(&t->s->place, "hmap") && t->s->place.field &&
		strcmp(t->s->place.field->name, "extra") == 0 && e->new.v)
		RULE(t, !strstr(t->text, "without pointers") == classic_of(t->s)->type.pointers,
			"why overflow buckets hang on extra");
	RULE(t, !strstr(t->text, " 1 entries") && !strstr(t->text, " 1 overflow buckets were"),
		"one is no plural");
	RULE(t,
		e->kind != EV_REMOVE || classic_of(t->s)->type.variant == VARIANT_FASTSTR ||
			(strstr(t->text, "key and elem are cleared") != NULL) ==
				(classic_of(t->s)->type.indirect_key || classic_of(t->s)->type.key.pointers),
		"only keys with pointers are cleared");
	check_search(t, e);
	if (e->kind == EV_TOPHASH)
		check_tophash(t, e);
	if (e->kind == EV_HASH && t->s->live && (classic_of(t->s)->hmap.count || t->s->run.kind == OP_PUT))
		check_hash(t, e);
	if (e->kind == EV_KEY && t->s->phase != PHASE_ITERATE &&
		classic_of(t->s)->type.variant == VARIANT_FASTSTR && !t->s->hash.known)
		RULE(t, !strstr(t->text, "tophash"), "the tophash has not been compared");
}

static void check_workload(const char *workload)
{
	static struct scene s;
	struct player p;
	struct log l = { 0 };
	struct source *source = record(workload);
	struct telling t = { .s = &s, .workload = workload };
	char text[SENTENCE_MAX];
	player_init(&p, source);
	for (uint64_t step = 1; step <= source->steps; step++) {
		NEED(player_seek(&p, step) == 0 && log_seek(&l, &p, step) == 0, "step %" PRIu64, step);
		scene_make(&s, &p, &l, NULL, NULL, false);
		sentence_make(&s, text, sizeof text);
		t.text = text;
		if (getenv("MAPSCOPE_PRINT"))
			printf("%d\t%s\t%s\t%s\n", (int)step,
				classic_of(&s)->type_ok ? classic_of(&s)->type.key.name : "",
				event_info[s.event.kind].name, text);
		check_sentence(&t);
	}
	log_release(&l);
	player_release(&p);
	source->close(source);
}

START_TEST(test_shapes)
{
	char workload[TEXT_MAX], body[TEXT_MAX / 2];
	int type = _i / SHAPES, shape = _i % SHAPES;
	snprintf(body, sizeof body, shapes[shape], key_word[type], "7");
	snprintf(workload, sizeof workload, "map %s int64 seed=%d\n%s", key_types[type], 100 + _i, body);
	check_workload(workload);
}
END_TEST

START_TEST(test_more)
{
	check_workload(more[_i]);
}
END_TEST

/* ---- each entry once ---- */

/* How many entries a map has, from its events alone: a tophash that is written says that one comes or goes, but not
 * where entries move. */
struct tally {
	struct {
		uint64_t addr, size;
	} block[4096]; /* arrays and overflow buckets */
	size_t blocks;
	uint32_t bucket;
	bool evacuates, clears;
	int64_t entries;
};

static bool is_tophash(const struct tally *t, uint64_t addr)
{
	for (size_t i = 0; i < t->blocks; i++)
		if (addr >= t->block[i].addr && addr - t->block[i].addr < t->block[i].size)
			return (addr - t->block[i].addr) % t->bucket < SLOTS;
	return false;
}

static void tally_event(struct tally *t, const struct event *e)
{
	if (e->map != 1)
		return;
	switch (e->kind) {
	case EV_ALLOC:
		if (e->b == ROLE_BUCKETS || e->b == ROLE_OVERFLOW) {
			NEED(t->blocks < sizeof t->block / sizeof t->block[0], "too many blocks");
			t->block[t->blocks].addr = e->addr;
			t->block[t->blocks++].size = e->size;
		}
		break;
	case EV_FREE:
		for (size_t i = 0; i < t->blocks; i++)
			if (t->block[i].addr == e->addr)
				t->block[i] = t->block[--t->blocks];
		break;
	case EV_PHASE:
		t->evacuates = e->a == PHASE_EVACUATE;
		t->clears = t->clears || e->a == PHASE_CLEAR;
		break;
	case EV_DONE: /* clear takes all, without a word for each */
		t->entries = t->clears ? 0 : t->entries;
		t->clears = false;
		break;
	case EV_WRITE:
		if (e->size == 1 && !t->evacuates && is_tophash(t, e->addr))
			t->entries += (e->new.v >= 5) - (e->old.v >= 5);
		break;
	default: break;
	}
}

static uint64_t account_entries(struct player *p)
{
	struct accounting *a = accounting_begin(p->image, p->source->map, p->source->maps, 1);
	accounting_at(a, p);
	while (accounting_work(a, UINT64_MAX)) {
	}
	const struct account *c = accounting_of(a, 1);
	uint64_t n = c->entries;
	uint32_t slot = map_type_make(p->source->map[0].key, p->source->map[0].elem).keysize +
		map_type_make(p->source->map[0].key, p->source->map[0].elem).elemsize;
	NEED(c->line[ACCOUNT_SLOTS] == n * slot, "keys and elems of %" PRIu64 " entries: %" PRIu64, n,
		c->line[ACCOUNT_SLOTS]);
	accounting_free(a);
	return n;
}

static uint64_t overview_entries(struct overview *o, const struct scene *s)
{
	overview_ask(o, &bucket_counts, s);
	while (overview_busy(o))
		overview_follow(o, s);
	const struct bucket_counts *c = o->own;
	uint64_t chains = 0, of_chains = 0;
	for (int a = 0; a < 2; a++)
		for (unsigned n = 0; n < OVERVIEW_ENTRIES; n++) {
			chains += c->array[a].by_entries[n];
			of_chains += n * c->array[a].by_entries[n];
		}
	NEED(chains == c->array[0].buckets + c->array[1].buckets - c->array[ARRAY_OLD].moved, "chains");
	NEED(of_chains == c->array[0].entries + c->array[1].entries, "entries of chains");
	return of_chains;
}

static const char *const moves[] = {
	fruit,
	"map int64 int64 seed=3\nfill 0 60\ndrain 0 30\nfill 100 140\n",
	"map uint32 uint8 seed=9\nfill 0 40\niter a\nnext a 3\nfill 40 60\nnext a all\n",
	"map [200]byte string seed=5\nfill 0 30\ndrain 3 9\nfill 40 60\n",
	"map any int64 seed=5\nfill 0 30\ndel k3\nfill 40 60\n",
	"map float64 int64 seed=17\nput NaN 1\nput NaN 2\nfill 1 22\nput NaN 6\nput NaN 7\niter a\nfill 30 60\nnext a all\n",
	"map string [136]byte seed=8\nfill 0 20\niter a\nfill 20 40\ndrain 0 40\nfill 0 40\n",
	/* holes, then a growth of the same size */
	"map int64 int64 seed=1 hint=24\nfill 0 26\ndrain 0 24\nfill 100 124\ndrain 100 122\nfill 200 224\n"
	"drain 200 222\nfill 300 324\ndrain 300 322\nfill 400 424\ndrain 400 422\nfill 500 524\ndrain 500 522\nfill 600 624\n",
};
enum { MOVES = sizeof moves / sizeof moves[0] };

/* At every step, or of a long recording at every so many; returns how often an entry was on its way. */
static unsigned check_once(struct source *source)
{
	enum { LOOKS = 4000 };
	static struct scene s;
	static struct tally t;
	struct player p, events;
	struct log l = { 0 };
	struct overview o = { 0 };
	struct measure m;
	unsigned moving = 0;
	t = (struct tally){ .bucket = map_type_make(source->map[0].key, source->map[0].elem).bucketsize };
	player_init(&p, source);
	player_init(&events, source);
	for (uint64_t step = 1; step <= source->steps; step++) {
		const struct event *e = player_event(&events, step);
		NEED(e, "step %" PRIu64, step);
		tally_event(&t, e);
		if (t.clears || step % (1 + source->steps / LOOKS))
			continue;
		NEED(player_seek(&p, step) == 0 && log_seek(&l, &p, step) == 0, "step %" PRIu64, step);
		scene_make(&s, &p, &l, NULL, NULL, false);
		if (!s.live || s.map->map != 1 || !classic_of(&s)->hmap.buckets)
			continue;
		moving += t.evacuates;
		measure_make(&m, &s);
		uint64_t in_account = account_entries(&p), in_overview = overview_entries(&o, &s);
		NEED((int64_t)in_account == t.entries, "step %" PRIu64 ": memory has %" PRIu64 " entries, not %" PRId64,
			step, in_account, t.entries);
		NEED((int64_t)in_overview == t.entries,
			"step %" PRIu64 ": overview has %" PRIu64 " entries, not %" PRId64, step, in_overview,
			t.entries);
		NEED(m.stride > 1 || (int64_t)m.entries == t.entries,
			"step %" PRIu64 ": theory has %" PRIu64 " entries, not %" PRId64, step,
			m.entries, t.entries);
	}
	overview_release(&o);
	log_release(&l);
	player_release(&p);
	player_release(&events);
	return moving;
}

START_TEST(test_once)
{
	struct source *source = record(moves[_i]);
	ck_assert_uint_gt(check_once(source), 20);
	source->close(source);
}
END_TEST

/* ---- workloads that nobody chose ---- */

enum { RANDOM = 20 };

/* MAPSCOPE_TRUTH: how many; make proof has it at 200. */
static int random_workloads(void)
{
	const char *n = getenv("MAPSCOPE_TRUTH");
	return n && atoi(n) > 0 ? atoi(n) : RANDOM;
}

START_TEST(test_random)
{
	static char workload[1 << 20];
	char command[512];
	const char *top = getenv("top_builddir");
	snprintf(command, sizeof command, "%s/tests/engine/genwork %d", top ? top : ".", _i + 1);
	FILE *f = popen(command, "r");
	NEED(f != NULL, "%s", command);
	workload[fread(workload, 1, sizeof workload - 1, f)] = 0;
	NEED(pclose(f) == 0 && workload[0], "%s", command);
	struct source *source = record(workload);
	if (source->steps < 12000) check_workload(workload);
	if (source->maps && source->map[0].kind == MAP_CLASSIC)
		check_once(source);
	source->close(source);
}
END_TEST

/* ---- the numbers of the operation in sight ---- */

enum { HERE_OPS = 1024 };
struct here {
	uint64_t last; /* its last step */
	double load;
	unsigned probes, misses;
};

/* What plots say of each operation, from events alone, but for the model of the caches. */
static size_t here_all(struct source *source, struct here *h)
{
	static struct traffic t;
	struct player p;
	const struct cache_shape shape = cache_shape_usual();
	size_t n = 0;
	unsigned tops = 0, keys = 0, B = 0;
	player_init(&p, source);
	ck_assert(traffic_init(&t, source, &shape));
	for (uint64_t step = 1; step <= source->steps; step++) {
		const struct event *e = player_event(&p, step);
		if (e->kind == EV_OP) {
			NEED(n < HERE_OPS, "too many operations");
			tops = keys = 0;
			n++;
		}
		traffic_event(&t, e);
		tops += e->kind == EV_TOPHASH;
		keys += e->kind == EV_LENGTH || e->kind == EV_KEY;
		if (e->kind == EV_HEADER || e->kind == EV_GROWTH)
			B = (unsigned)e->c;
		if (!n)
			continue;
		if (e->kind == EV_DONE)
			h[n - 1].load = (double)e->b / (1 << B);
		h[n - 1].last = step;
		h[n - 1].probes = tops > keys ? tops : keys;
		h[n - 1].misses = (unsigned)counts_l1_misses(&t.operation);
	}
	traffic_release(&t);
	player_release(&p);
	return n;
}

/* The number behind "here" in the line that has a title. */
static double here_on(const char *frame, const char *title)
{
	const char *line = strstr(frame, title), *end = line ? strchr(line, '\n') : NULL,
		   *here = line ? strstr(line, "here ") : NULL;
	NEED(here && here < end, "%s has no number:\n%s", title, frame);
	return atof(here + strlen("here "));
}

START_TEST(test_here)
{
	static const char *const workload[] = { fruit, "map int64 int64 seed=3\nfill 0 700\n" };
	static const struct {
		int w, h;
	} size[] = { { 80, 24 }, { 120, 40 }, { 200, 60 } };
	static struct here h[HERE_OPS];
	struct source *source = record(workload[_i]);
	size_t n = here_all(source, h);
	for (size_t z = 0; z < sizeof size / sizeof size[0]; z++) {
		struct screen c;
		screen_open(&c, source, NULL, size[z].w, size[z].h);
		press(&c, "P");
		for (size_t op = 0; op < n; op += 1 + n / 40) {
			char go[32];
			snprintf(go, sizeof go, "%" PRIu64, h[op].last);
			for (const char *digit = go; *digit; digit++)
				press(&c, (char[2]){ *digit });
			press(&c, "g");
			char *frame = screen_text(&c);
			double load = here_on(frame, "load factor"), probes = here_on(frame, "probes: "),
			       misses = here_on(frame, "misses in L1");
			NEED(load > h[op].load - 0.0051 && load < h[op].load + 0.0051 &&
					(unsigned)probes == h[op].probes && (unsigned)misses == h[op].misses,
				"%d columns, operation %zu: load %.3f, probes %u, misses %u:\n%s", size[z].w, op + 1,
				h[op].load, h[op].probes, h[op].misses, frame);
			free(frame);
		}
		screen_close(&c);
	}
	source->close(source);
}
END_TEST

/* ---- one of something ---- */

static const char *const small[] = {
	"map uint8 bool seed=3\nput 1 true\nget 1\nget 2\nput 1 false\nrange\ndel 1\n",
	"map string string seed=4 hint=0\nput k v\ncore 1 get k\ngc mark\nput k w\ngc\ngc\n",
	"map int64 int64 seed=4 hint=9\nfill 0 9\ndel 1\ngc\n",
	"map int64 int64 seed=4\nfill 0 9\nget 3\n",
	"map string int64 seed=8\ncounter a\ncounter b\nadd a\ncore 1 add b 1\ncore 0 add a\n",
	"map string int64 seed=230\nget k\n",
	"syncmap string int64 seed=7\nput a 1\nget a\nget b\nput c 1\ndel a\nrange\n",
};
static const char *const letters[] = { "", "O", "B", "Y", "H", "C", "E", "T", "P", "M", "W", "K", "V", "R",
	"S", "A", "I", "Q", "x X" };
enum { SMALL = sizeof small / sizeof small[0], LETTERS = sizeof letters / sizeof letters[0] };

/* Every view, with the cursor here and there, at steps of recordings where much is there once. */
START_TEST(test_one)
{
	struct source *source = record(small[_i]);
	struct screen c;
	char go[32], *frame;
	for (int v = 0; v < LETTERS; v++) {
		screen_open(&c, source, NULL, 120, 40);
		if (*letters[v])
			press(&c, letters[v]);
		for (uint64_t step = 1; step <= source->steps; step += 1 + source->steps / 40) {
			snprintf(go, sizeof go, "%" PRIu64, step);
			for (const char *digit = go; *digit && *letters[v] != 'Q'; digit++)
				press(&c, (char[2]){ *digit });
			press(&c, *letters[v] == 'Q' ? "Tab n Enter Enter" : "g Right Down");
			frame = screen_text(&c);
			const char *wrong = wrong_plural(frame);
			NEED(!wrong, "view %s, step %" PRIu64 ": %.80s\n%s", letters[v], step, wrong,
				small[_i]);
			free(frame);
		}
		screen_close(&c);
	}
	source->close(source);
}
END_TEST

START_TEST(test_pattern)
{
	static const char *const wrong[] = { "1 buckets", "took 1 steps.", "(1 bytes",
		"1 overflow buckets were", "the low 1 bits of" };
	static const char *const right[] = { "1 bucket", "11 buckets", "0.1 entries", "1 step",
		"21 steps, 1.1 entries", "1 bytewise" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		ck_assert_msg(wrong_plural(wrong[i]) != NULL, "%s", wrong[i]);
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
		ck_assert_msg(!wrong_plural(right[i]), "%s", right[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("truth");
	TCase *tc = tcase_create("truth");
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, test_shapes, 0, TYPES * SHAPES);
	tcase_add_loop_test(tc, test_more, 0, MORE);
	tcase_add_loop_test(tc, test_once, 0, MOVES);
	tcase_add_loop_test(tc, test_random, 0, random_workloads());
	tcase_add_loop_test(tc, test_here, 0, 2);
	tcase_add_test(tc, test_pattern);
	tcase_add_loop_test(tc, test_one, 0, SMALL);
	suite_add_tcase(suite, tc);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
