/* Moving: markers, search, what is watched, bookmarks and their file, places visited, playing, prompts, the
 * mouse.
 *
 * What a search must find is worked out here once more, in the plainest way: by looking at every event.
 */
#include "tests/screen/screen.h"
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"
#include "ui/scene/object.h"
#include "ui/scene/sentence.h"
#include "ui/control/replay_private.h"

#include <check.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Overflow buckets, growths, deletes, a fatal error at the end. */
static const char busy[] = "map string int64 seed=230\nfill 0 120\nprobe 100 140\ndrain 20 90\nfill 200 230\n"
			   "say \"the second map\"\nmap int64 int64 seed=3 name=n\nfill 0 60\ndrain 0 30\n"
			   "map string string seed=7 name=s\nput grapefruit \"a word\"\nput 芒果 一\nput "
			   "apple grape\nget grapefruit\ndel apple\n"
			   "use n\nrace put 1 2 | put 3 4\n";

static struct event event_at(struct screen *c, uint64_t step)
{
	const struct event *e = player_event(&c->replay.player[c->replay.now], step);
	NEED(e != NULL, "step %" PRIu64, step);
	return *e;
}

/* ---- markers ---- */

/* The same as marker_of, from the words of the specification. */
static int plain_marker(struct screen *c, uint64_t step)
{
	struct event e = event_at(c, step), b = { .kind = EV_COUNT }, bb = b;
	if (step > 1)
		b = event_at(c, step - 1);
	if (step > 2)
		bb = event_at(c, step - 2);
	bool equal = b.kind == EV_TOPHASH && b.d == TOP_EQUAL;
	switch (e.kind) {
	case EV_GROWTH: return MARKER_GROWTH;
	case EV_GROWN: return MARKER_GROWN;
	case EV_EVACUATE: return MARKER_EVACUATE;
	case EV_OVERFLOW: return MARKER_OVERFLOW;
	case EV_FAULT: return MARKER_FAULT;
	case EV_SAY: return MARKER_SAY;
	case EV_LENGTH: return equal && b.c == e.c && !e.d ? MARKER_COLLISION : -1;
	case EV_KEY:
		if (b.kind == EV_READ) { /* the text comes first */
			b = bb;
			bb = step > 3 ? event_at(c, step - 3) : e;
			equal = b.kind == EV_TOPHASH && b.d == TOP_EQUAL;
		}
		if (b.kind == EV_LENGTH && b.c == e.a && bb.kind == EV_TOPHASH && bb.c == e.a)
			equal = bb.d == TOP_EQUAL;
		else
			equal = equal && b.c == e.a;
		return equal && !e.b ? MARKER_COLLISION : -1;
	case EV_WRITE:
		if (e.size != 1 || e.old.v != 1 || e.new.v != 0)
			return -1;
		return (b.kind == EV_BACKFILL || b.kind == EV_CHAIN) && b.a == 0 ? MARKER_BACKFILL : -1;
	default: return -1;
	}
}

/* All markers of some kinds, by ] and then by [, against looking at every event. */
static void markers_both_ways(struct screen *c, unsigned set)
{
	uint64_t steps = c->source->steps, n = 0, *want = calloc(steps, sizeof *want);
	for (uint64_t s = 1; s <= steps; s++) {
		int m = plain_marker(c, s);
		if (m >= 0 && set >> m & 1)
			want[n++] = s;
	}
	c->replay.find.markers = set;
	press(c, "g");
	for (uint64_t i = 0; i < n; i++) {
		press(c, "]");
		NEED(at(c) == want[i], "set %x: ] comes to %" PRIu64 ", not %" PRIu64, set, at(c), want[i]);
	}
	press(c, "]");
	NEED(at(c) == (n ? want[n - 1] : 0) && c->replay.state.message[0], "nothing comes behind the last");
	press(c, "G");
	uint64_t first = n && want[n - 1] == steps ? n - 1 : n;
	for (uint64_t i = first; i > 0; i--) {
		press(c, "[");
		NEED(at(c) == want[i - 1], "set %x: [ comes to %" PRIu64 ", not %" PRIu64, set, at(c),
			want[i - 1]);
	}
	if (n >= 3) {
		press(c, "g 3 ]");
		ck_assert_uint_eq(at(c), want[2]);
		press(c, "2 [");
		ck_assert_uint_eq(at(c), want[0]);
		press(c, "9 9 9 9 9 9 ]"); /* there are fewer: the last */
		ck_assert_uint_eq(at(c), want[n - 1]);
	}
	free(want);
}

START_TEST(test_markers)
{
	struct screen c;
	screen_record(&c, busy, NULL, 80, 24);
	for (int m = 0; m < MARKERS; m++)
		markers_both_ways(&c, 1u << m);
	markers_both_ways(&c, MARKERS_ALL);
	markers_both_ways(&c, 1 << MARKER_GROWTH | 1 << MARKER_GROWN);
	screen_close(&c);
}
END_TEST

/* In a recording of several chunks, whose kinds let most of them be passed over. */
START_TEST(test_markers_far)
{
	struct screen c;
	screen_record(&c,
		"map string int64 seed=1\nfill 0 3000\nprobe 0 3000\ndrain 100 110\nprobe 0 3000\nfill 3000 "
		"3100\n",
		NULL, 80, 24);
	ck_assert_uint_gt(c.source->steps, 4 * 16384);
	markers_both_ways(&c, 1 << MARKER_GROWTH | 1 << MARKER_GROWN);
	markers_both_ways(&c, 1 << MARKER_BACKFILL);
	markers_both_ways(&c, 1 << MARKER_FAULT);
	markers_both_ways(&c, 1 << MARKER_COLLISION);
	screen_close(&c);
}
END_TEST

START_TEST(test_filter)
{
	struct screen c;
	screen_record(&c, busy, NULL, 80, 24);
	press(&c, "F");
	ck_assert(on_screen(&c, "growth starts"));
	press(&c, "Space"); /* off */
	ck_assert_uint_eq(c.replay.find.markers, MARKERS_ALL & ~1u);
	press(&c, "Space a");
	ck_assert_uint_eq(c.replay.find.markers, 0);
	press(&c, "Escape ]");
	ck_assert_uint_eq(at(&c), 0);
	ck_assert_uint_ne(c.replay.state.message[0], 0);
	press(&c, "F a Down Down Down Down Down Down Down Down Down Down Space F"); /* only these in the list
										  of events */
	ck_assert(c.replay.find.only && c.replay.find.list == LIST_NONE);
	/* The list then has markers alone, by the words of the specification. */
	unsigned seen = 0;
	c.replay.find.markers = 1 << MARKER_COLLISION | 1 << MARKER_BACKFILL | 1 << MARKER_OVERFLOW;
	press(&c, "g E");
	for (int k = 0; k < 40; k++) {
		uint64_t before = at(&c);
		press(&c, "Down");
		if (at(&c) == before)
			break;
		for (uint64_t step = before + 1; step <= at(&c); step++) {
			int is = plain_marker(&c, step);
			bool marker = is >= 0 && c.replay.find.markers >> is & 1;
			NEED(marker == (step == at(&c)), "step %" PRIu64, step);
			seen += marker;
		}
	}
	ck_assert_uint_gt(seen, 20);
	press(&c, "D F G k Escape F Down Down Down Down Down Down Down Down Down Down Space"); /* all again */
	ck_assert(!c.replay.find.only);
	press(&c, "Down a Space Escape"); /* of all kinds the first: alloc */
	const struct kind_set *hidden = &c.replay.find.hidden;
	for (unsigned k = 0; k < EV_COUNT; k++)
		ck_assert_int_eq(kinds_have(hidden, k), k != EV_ALLOC);
	press(&c, "g E Down");
	ck_assert_int_eq(event_at(&c, at(&c)).kind, EV_ALLOC);
	press(&c, "Down Down");
	ck_assert_int_eq(event_at(&c, at(&c)).kind, EV_ALLOC);
	press(&c, "F G a Escape"); /* all kinds again, from any row of them */
	ck_assert(kinds_empty(&c.replay.find.hidden));
	press(&c, "F Down Down Down Down Down Down Down Down Down Space j j j j Escape");
	ck_assert(c.replay.find.stop);
	screen_close(&c);
}
END_TEST

/* ---- search ---- */

START_TEST(test_search)
{
	struct screen c;
	struct operation row;
	screen_record(&c, busy, NULL, 80, 24);
	uint64_t put = 0, get = 0;
	for (uint64_t op = 1; op <= c.source->ops; op++) {
		ck_assert_int_eq(c.source->operation(c.source, op, &row), 0);
		if (row.key && strcmp(row.key, "grapefruit") == 0 && !put)
			put = row.first_step;
		else if (row.key && strcmp(row.key, "grapefruit") == 0)
			get = row.first_step;
	}
	ck_assert(put && get);
	press(&c, "/");
	type(&c, "grapeFRUIT", "Enter"); /* as people type */
	ck_assert_uint_eq(at(&c), put);
	press(&c, "n");
	ck_assert_uint_eq(at(&c), get);
	press(&c, "n");
	ck_assert_uint_eq(at(&c), get);
	ck_assert(on_screen(&c, "not found"));
	press(&c, "N");
	ck_assert_uint_eq(at(&c), put);
	press(&c, "N");
	ck_assert_uint_eq(at(&c), put);
	press(&c, "G 2 N");
	ck_assert_uint_eq(at(&c), put);
	press(&c, "g /");
	type(&c, "k 芒", "Enter");
	ck_assert_uint_eq(event_at(&c, at(&c)).kind, EV_OP);
	press(&c, "g /");
	type(&c, "second map", "Enter"); /* what was said */
	ck_assert_uint_eq(event_at(&c, at(&c)).kind, EV_SAY);
	press(&c, "g /");
	type(&c, "concurrent", "Enter");
	ck_assert_uint_eq(event_at(&c, at(&c)).kind, EV_FAULT);
	press(&c, "/ Escape /");
	type(&c, "x 0", "Enter");
	ck_assert(c.replay.state.alarm);
	press(&c, "/");
	type(&c, "e ", "Enter");
	ck_assert(c.replay.state.alarm);
	screen_close(&c);
}
END_TEST

/* By name of event: n and N against looking at all; and bytes, in writes and in hashes. */
START_TEST(test_search_events)
{
	struct screen c;
	screen_record(&c, busy, NULL, 80, 24);
	press(&c, "/");
	type(&c, "e evacuate", "Enter g");
	uint64_t seen[512], n = 0;
	for (uint64_t s = 1; s <= c.source->steps; s++)
		if (event_at(&c, s).kind == EV_EVACUATE && n < 512)
			seen[n++] = s;
	ck_assert_uint_gt(n, 4);
	for (uint64_t i = 0; i < n; i++) {
		press(&c, "n");
		ck_assert_uint_eq(at(&c), seen[i]);
	}
	press(&c, "G");
	for (uint64_t i = n; i > 0; i--) {
		press(&c, "N");
		ck_assert_uint_eq(at(&c), seen[i - 1]);
	}
	for (uint64_t s = 1; s <= c.source->steps; s++) {
		struct event e = event_at(&c, s);
		char text[40];
		if (e.kind != EV_HASH)
			continue;
		snprintf(text, sizeof text, "x %016" PRIx64, e.a);
		press(&c, "g /");
		type(&c, text, "Enter");
		ck_assert_uint_eq(at(&c), s);
		break;
	}
	press(&c, "g /");
	type(&c, "x 6772 6170 6566 7275 6974", "Enter"); /* grapefruit */
	struct event e = event_at(&c, at(&c));
	ck_assert(e.kind == EV_WRITE && e.size >= 10);
	screen_close(&c);
}
END_TEST

/* Its moves are found too, both ways and with the name of the event before it; other keys' are not. */
START_TEST(test_search_moves)
{
	static const char *const words[] = { "kiwi", "e move kiwi", "e kiwi" };
	struct screen c;
	uint64_t move = 0, put = 0;
	screen_record(&c, fruit, NULL, 80, 24);
	for (uint64_t s = 1; s <= c.source->steps; s++) {
		struct event e = event_at(&c, s);
		char text[64];
		replay_go(&c.replay, s);
		struct scene scene;
		replay_scene(&c.replay, &scene);
		event_phrase(&scene, &e, text, sizeof text);
		if (e.kind == EV_MOVE && strncmp(text, "move kiwi to", 12) == 0)
			move = s;
		put = e.kind == EV_OP && strcmp(scene.op.key, "kiwi") == 0 ? s : put;
	}
	ck_assert(move && put && put < move);
	for (int i = 0; i < 3; i++) {
		press(&c, "g /");
		type(&c, words[i], i ? "Enter" : "Enter n");
		ck_assert_uint_eq(at(&c), move);
		press(&c, "G N");
		ck_assert_uint_eq(at(&c), move);
		press(&c, "N");
		ck_assert_uint_eq(at(&c), i ? move : put);
	}
	press(&c, "g /");
	type(&c, "e move kiwano", "Enter");
	ck_assert(on_screen(&c, "not found"));
	screen_close(&c);
}
END_TEST

/* ---- what is watched ---- */

static bool memory_differs(struct screen *c, uint64_t a, uint64_t b, uint64_t addr, size_t n)
{
	uint8_t one[64] = { 0 }, two[64] = { 0 };
	struct player p;
	player_init(&p, c->source);
	NEED(player_seek(&p, a) == 0, "seek");
	bool had = image_read(p.image, addr, one, n);
	NEED(player_seek(&p, b) == 0, "seek");
	bool has = image_read(p.image, addr, two, n);
	player_release(&p);
	return had != has || memcmp(one, two, n) != 0;
}

START_TEST(test_watch)
{
	struct screen c;
	screen_record(&c, "map string int64 seed=230\nfill 0 20\ndel k3\ndel k4\n", NULL, 80, 24);
	press(&c, "1 0 G :");
	type(&c, "watch count", "Enter");
	uint64_t addr = c.source->map[0].header, steps[64], n = 0;
	ck_assert_int_eq(c.replay.find.watch.parts, 1);
	for (uint64_t s = 1; s <= c.source->steps && n < 64; s++)
		if (memory_differs(&c, s - 1, s, addr, 8))
			steps[n++] = s;
	press(&c, "g");
	for (uint64_t i = 0; i < n; i++) {
		press(&c, ")");
		NEED(at(&c) == steps[i], "%" PRIu64 " not %" PRIu64, at(&c), steps[i]);
	}
	ck_assert(on_screen(&c, "count changes: now 18"));
	press(&c, ") G");
	for (uint64_t i = n; i > 0; i--) {
		press(&c, "(");
		ck_assert_uint_eq(at(&c), steps[i - 1]);
	}
	press(&c, "1 0 G :");
	type(&c, "watch 0:2", "Enter )");
	ck_assert_int_eq(c.replay.find.watch.parts, 3);
	press(&c, ":");
	type(&c, "watch new 0:2 key", "Enter");
	ck_assert_int_eq(c.replay.find.watch.parts, 1);
	ck_assert_uint_eq(c.replay.find.watch.part[0].size, 16);
	ck_assert_str_eq(c.replay.find.watch.name, "new 0.0:2 key");
	press(&c, ":");
	type(&c, "watch 0.7", "Enter");
	ck_assert(c.replay.state.alarm && on_screen(&c, "there is no such bucket here: 0.7"));
	press(&c, ":");
	type(&c, "watch 0:8", "Enter");
	ck_assert(c.replay.state.alarm && on_screen(&c, "cannot be watched: 0:8"));
	press(&c, ":");
	type(&c, "watch nonsense", "Enter");
	ck_assert(c.replay.state.alarm);
	press(&c, ":");
	char text[64];
	snprintf(text, sizeof text, "watch %" PRIx64 "+2", addr + 8);
	type(&c, text, "Enter g )");
	ck_assert_uint_eq(c.replay.find.watch.part[0].size, 2);
	ck_assert_uint_eq(event_at(&c, at(&c)).kind, EV_ALLOC);
	press(&c, ":");
	type(&c, "unwatch", "Enter )");
	ck_assert(on_screen(&c, "nothing is watched"));
	/* What is under the cursor: a slot, a bucket, and without a cursor what this step is about. */
	press(&c, "1 0 G > > Tab w");
	ck_assert_uint_gt(c.replay.find.watch.part[0].size, 8);
	press(&c, "Tab Down w");
	ck_assert_int_eq(c.replay.find.watch.parts, 3);
	press(&c, "Escape a g w");
	screen_close(&c);
}
END_TEST

/* ---- jobs ---- */

/* What is watched has a mark wherever its bytes stand, in glyphs, and is named in the title. */
START_TEST(test_watch_marks)
{
	static const char *const views[] = { "D", "M", "Y" };
	struct screen c;
	screen_record(&c, fruit, NULL, 80, 24);
	press(&c, "2 4 G > Tab Tab Up w a Escape");
	ck_assert(on_screen(&c, "◊ new 3."));
	ck_assert(on_screen(&c, "[3◊") || on_screen(&c, "<3◊") || on_screen(&c, " 3◊"));
	ck_assert(on_screen(&c, "◊◊◊◊◊◊◊◊"));
	press(&c, "4 0 . Escape");
	ck_assert(on_screen(&c, "◊ new 3."));
	press(&c, "G"); /* the array that it was part of has been dropped */
	ck_assert(on_screen(&c, ", not there"));
	press(&c, "2 4 G > :");
	type(&c, "watch count", "Enter");
	for (int i = 0; i < 3; i++) {
		press(&c, views[i]);
		ck_assert(on_screen(&c, "◊ count"));
		if (i < 2)
			ck_assert(on_screen(&c, i ? "◊+00  count" : "count◊"));
	}
	press(&c, "Tab"); /* the hmap's bytes */
	ck_assert(on_screen(&c, "◊count"));
	press(&c, "D :");
	type(&c, "unwatch", "Enter .");
	ck_assert(!on_screen(&c, "◊"));
	screen_close(&c);
}
END_TEST

static int no_chunk(struct source *s, uint64_t step, struct chunk *ret)
{
	(void)step, (void)ret;
	snprintf(s->error, sizeof s->error, "the chunk is gone");
	return -1;
}

/* ---- a key that is followed ---- */

/* Where the maps of a recording have a key in a full slot at the step in sight: addresses of keys. */
static unsigned slots_with(struct screen *c, const char *key, uint64_t *at, unsigned most)
{
	const struct reader *r = image_reader(c->replay.player[c->replay.now].image);
	unsigned n = 0;
	for (unsigned m = 1; m <= c->source->maps; m++) {
		struct map_view v;
		struct map_group g;
		uint32_t map = c->replay.find.follow.map;
		if (m != map && c->source->map[m - 1].part_of != map)
			continue;
		if (!map_open(&v, c->source->map, m, r))
			continue;
		for (bool more = map_first(&v, &g); more; more = map_next(&v, &g))
			for (unsigned i = 0; i < g.slots; i++) {
				struct map_slot s;
				char text[256];
				v.kind->slot(&v, &g, i, &s);
				map_value_print(r, &s.key, VALUE_HUMAN, text, sizeof text);
				if (s.state == SLOT_FULL && strcmp(text, key) == 0 && n < most)
					at[n++] = s.key.addr;
			}
	}
	return n;
}

/* After each operation the key is followed to where it stands, and nowhere else; and back. */
static void follow_everywhere(const char *workload, const char *key, unsigned seen)
{
	struct screen c;
	char command[160];
	unsigned times = 0;
	screen_record(&c, workload, NULL, 80, 24);
	snprintf(command, sizeof command, ":follow %s", key);
	press(&c, "9 g");
	type(&c, command, "Enter");
	ck_assert(!follow_busy(&c.replay.find.follow));
	for (uint64_t step = c.source->steps; step > 0; step--) {
		uint64_t want[8];
		struct watch got[FOLLOW_PARTS];
		if (event_at(&c, step).kind != EV_DONE)
			continue;
		replay_go(&c.replay, step);
		unsigned n = slots_with(&c, key, want, 8), m = follow_at(&c.replay.find.follow, step, got);
		NEED(n == m, "step %" PRIu64 ": %s is in %u slots, not %u", step, key, n, m);
		for (unsigned i = 0; i < n; i++)
			NEED(watch_has(&got[0], want[i], 1) || (m > 1 && watch_has(&got[1], want[i], 1)),
				"step %" PRIu64 ": %s is at %" PRIx64, step, key, want[i]);
		times += n;
	}
	NEED(times >= seen, "%s is there after %u operations only", key, times);
	screen_close(&c);
}

START_TEST(test_follow)
{
	static const char sync[] =
		"syncmap string int64 seed=3\nput a 1\nput b 2\nget a\nget b\nget c\nput d 4\n"
		"del a\nput e 5\nput a 9\nget d\nget e\nget x\nget x\nput f 1\nfill 0 30\n"
		"range\ndel b\nput b 3\nclear\nput a 4\nget b\nput b 1\nrange\n";
	follow_everywhere(busy, "k3", 100);
	follow_everywhere(busy, "k25", 25);
	follow_everywhere(
		"map string int64 seed=4\nfill 0 40\nput k3 7\nclear\nput k3 1\ndel k3\nput k3 2\nfill 0 90\n",
		"k3", 120);
	follow_everywhere("map float64 int64 seed=4\nput 0 1\nput 1 1\nput NaN 2\nfill 2 30\n", "0", 30);
	follow_everywhere("map [200]byte [200]byte seed=4\nfill 0 30\ndrain 0 5\n",
		"[07"
		"00000000000000000000000000000000000000000000000000000000000000"
		"...]",
		20);
	follow_everywhere(sync, "a", 10);
	follow_everywhere(sync, "b", 10);
	follow_everywhere(sync, "d", 10);
}
END_TEST

/* The life of kiwi in fruit: seen in events by eye. */
START_TEST(test_follow_life)
{
	struct screen c;
	screen_record(&c, fruit, NULL, 80, 24);
	press(&c, "g");
	type(&c, ":follow \"kiwi\"", "Enter");
	ck_assert(on_screen(&c, "following kiwi"));
	const struct life *l = follow_life(&c.replay.find.follow);
	uint64_t last = 0;
	NEED(l->moments >= 4, "%zu moments", l->moments);
	for (size_t i = 0; i < l->moments; i++) { /* i, i, i: one behind the other */
		press(&c, "i");
		ck_assert_uint_eq(at(&c), l->moment[i].step);
		ck_assert_uint_gt(at(&c), last);
		last = at(&c);
		if (l->moment[i].kind == EV_INSERT || l->moment[i].kind == EV_MOVE) {
			struct event e = event_at(&c, last);
			ck_assert_int_eq(e.kind, l->moment[i].kind);
			press(&c, ". . .");
			ck_assert_uint_eq(c.replay.find.follow.on, true);
			ck_assert(on_screen(&c, "◆"));
			replay_go(&c.replay, last);
		}
	}
	press(&c, "i");
	ck_assert(on_screen(&c, "kiwi: nothing after this step"));
	press(&c, "G 2 u");
	ck_assert_uint_eq(at(&c), l->moment[l->moments - 2].step);
	press(&c, "y"); /* the key in focus is kiwi itself, or the operation's; the list of a life */
	if (!on_screen(&c, "the life of kiwi")) {
		type(&c, ":follow kiwi", "Enter");
		press(&c, "g y");
	}
	ck_assert(on_screen(&c, "the life of kiwi"));
	ck_assert(on_screen(&c, "put in 3.0:7"));
	ck_assert(on_screen(&c, "moved to 7.0:2"));
	press(&c, "G Enter");
	ck_assert_uint_eq(at(&c), l->moment[l->moments - 1].step);
	press(&c, "g");
	ck_assert(on_screen(&c, "◆ kiwi, not there"));
	press(&c, "y d");
	ck_assert(!c.replay.find.follow.on);
	ck_assert(!on_screen(&c, "◆"));
	press(&c, "i");
	ck_assert(on_screen(&c, "no key is followed"));
	type(&c, ":follow nobody", "Enter");
	ck_assert(on_screen(&c, "no operation and no slot has the key nobody"));
	screen_close(&c);
	screen_record(&c, "map float64 int64 seed=4\nput NaN 1\nput 2 1\n", NULL, 80, 24);
	press(&c, "G");
	type(&c, ":follow NaN", "Enter");
	ck_assert(on_screen(&c, "a NaN equals no key"));
	ck_assert(!c.replay.find.follow.on);
	screen_close(&c);
}
END_TEST

/* A trace that cannot be read is said to be so, not to lack the key; playing stops where words are said. */
START_TEST(test_follow_damaged)
{
	struct screen c;
	screen_record(&c, "map string int64 seed=1\nfill 0 4000\nsay \"here\"\nprobe 0 40\n", NULL, 80, 24);
	int (*chunk)(struct source *, uint64_t, struct chunk *) = c.source->chunk;
	press(&c, "5 G");
	for (const char *p = ":follow nobody"; *p; p++)
		replay_key(&c.replay, *p);
	c.source->chunk = c.source->facts = no_chunk;
	replay_key(&c.replay, K_ENTER);
	while (replay_work(&c.replay)) {
	}
	ck_assert(c.replay.state.alarm && strstr(c.replay.state.message, "gone"));
	ck_assert(!replay_busy(&c.replay));
	c.source->chunk = chunk;
	screen_close(&c);
	screen_record(&c, "map string int64 seed=1\nput a 1\nsay \"here\"\nput b 2\n", NULL, 80, 24);
	c.replay.find.stop = true;
	c.replay.find.markers = 1 << MARKER_SAY;
	press(&c, "g Space");
	for (int i = 0; i < 2000 && c.replay.state.playing; i++)
		replay_tick(&c.replay, 0.1);
	ck_assert_int_eq(event_at(&c, at(&c)).kind, EV_SAY);
	screen_close(&c);
}
END_TEST

/* Views that show slots in their own way mark the key as well; in ASCII by a letter. */
START_TEST(test_follow_views)
{
	struct ui_options ascii = { .ascii = true };
	struct screen c;
	screen_record(&c, fruit, NULL, 120, 40);
	press(&c, "G");
	type(&c, ":follow kiwi", "Enter O");
	ck_assert(on_screen(&c, "◆kiwi"));
	screen_close(&c);
	screen_record(&c, fruit, &ascii, 120, 40);
	press(&c, "G");
	type(&c, ":follow kiwi", "Enter O");
	ck_assert(on_screen(&c, "ykiwi"));
	screen_close(&c);
	screen_record(&c, "syncmap string int64 seed=3\nput a 1\nput b 2\n", NULL, 120, 40);
	press(&c, "G");
	type(&c, ":follow a", "Enter R");
	ck_assert(on_screen(&c, "◆0.0:0") || on_screen(&c, "◆-"));
	type(&c, ":follow", "Enter");
	ck_assert(!on_screen(&c, "◆"));
	screen_close(&c);
}
END_TEST

START_TEST(test_interrupted)
{
	struct screen c;
	screen_record(&c, "map string int64 seed=1\nfill 0 4000\nprobe 0 4000\n", NULL, 80, 24);
	struct replay *r = &c.replay;
	r->find.markers = 1 << MARKER_COLLISION | 1 << MARKER_FAULT;
	press(&c, "/");
	for (const char *p = "k no such key"; *p; p++)
		replay_key(r, *p);
	replay_key(r, K_ENTER);
	ck_assert(replay_busy(r));
	ck_assert(replay_work(r));
	replay_draw(r, &c.grid);
	ck_assert(on_screen(&c, " at "));
	ck_assert(on_screen(&c, "Esc stops"));
	uint64_t before = at(&c);
	replay_key(r, '.'); /* other keys are answered meanwhile */
	ck_assert_uint_eq(at(&c), before + 1);
	ck_assert(replay_busy(r));
	replay_key(r, K_ESCAPE);
	ck_assert(!replay_busy(r));
	ck_assert(!replay_work(r));
	ck_assert_uint_eq(at(&c), before + 1);
	/* One search takes the place of another. */
	replay_key(r, 'n');
	replay_key(r, ']');
	work(&c);
	ck_assert(r->find.job.kind == JOB_NONE);
	/* A damaged trace ends it with words. */
	screen_close(&c);
}
END_TEST

START_TEST(test_damaged)
{
	struct screen c;
	screen_record(&c, "map string int64 seed=1\nfill 0 4000\nprobe 0 4000\n", NULL, 80, 24);
	int (*chunk)(struct source *, uint64_t, struct chunk *) = c.source->chunk;
	static const char *const keys[] = { "]", "[", "n", "N", ")", "(" };
	press(&c, "5 G :");
	type(&c, "watch B", "Enter /");
	type(&c, "e growth", "Enter 5 0 %");
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		uint64_t step = at(&c);
		c.source->chunk = c.source->facts = no_chunk;
		const char *k = keys[i];
		replay_key(&c.replay, key_parse(&k));
		while (replay_work(&c.replay)) {
		}
		ck_assert(c.replay.state.alarm && strstr(c.replay.state.message, "gone"));
		ck_assert_uint_eq(at(&c), step);
		c.source->chunk = chunk;
	}
	screen_close(&c);
}
END_TEST

/* ---- bookmarks ---- */

static char folder[64];

static void folder_open(void)
{
	snprintf(folder, sizeof folder, "/tmp/mapscope-moves.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	char state[100];
	snprintf(state, sizeof state, "%s/state", folder);
	setenv("XDG_STATE_HOME", state, 1);
}

static void folder_close(void)
{
	char command[200];
	snprintf(command, sizeof command, "chmod -R u+w %s; rm -rf %s", folder, folder);
	ck_assert_int_eq(system(command), 0);
}

static void path_in(const char *name, char *out, size_t cap)
{
	snprintf(out, cap, "%s/%s", folder, name);
}

static void put_file(const char *name, const char *text, size_t n)
{
	char path[200];
	path_in(name, path, sizeof path);
	FILE *f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, n, f), n);
	fclose(f);
}

static void get_file(const char *name, char *out, size_t cap)
{
	char path[200];
	path_in(name, path, sizeof path);
	FILE *f = fopen(path, "r");
	out[f ? fread(out, 1, cap - 1, f) : 0] = 0;
	if (f)
		fclose(f);
}

START_TEST(test_bookmarks_kept)
{
	struct bookmarks n;
	char path[200], text[8192];
	folder_open();
	path_in("a.trace", path, sizeof path);
	put_file("a.trace.notes",
		"# mine\n12 one\nfrom the future: 7\n7\n12 again\n0 zero\n99999999999999999999 large\n", 78);
	bookmarks_init(&n, path, NULL);
	ck_assert(bookmarks_load(&n));
	ck_assert_uint_eq(n.count, 2);
	ck_assert_str_eq(bookmarks_at(&n, 12)->words, "again");
	ck_assert_str_eq(bookmarks_at(&n, 7)->words, "");
	ck_assert_ptr_null(bookmarks_at(&n, 8));
	ck_assert_uint_eq(bookmarks_near(&n, 7, false), 12);
	ck_assert_uint_eq(bookmarks_near(&n, 12, true), 7);
	ck_assert_uint_eq(bookmarks_near(&n, 12, false), 0);
	/* Somebody else writes meanwhile: both stay. */
	put_file("a.trace.notes", "# mine\n20 other\n", 16);
	ck_assert(bookmarks_set(&n, 30, "three"));
	get_file("a.trace.notes", text, sizeof text);
	ck_assert_str_eq(text, "# mine\n20 other\n30 three\n");
	ck_assert(bookmarks_set(&n, 20, NULL));
	get_file("a.trace.notes", text, sizeof text);
	ck_assert_str_eq(text, "# mine\n30 three\n");
	/* Long words are cut at a character. */
	memset(text, 'x', BOOKMARK_TEXT - 2);
	strcpy(text + BOOKMARK_TEXT - 2, "芒");
	ck_assert(bookmarks_set(&n, 31, text));
	ck_assert_uint_eq(strlen(bookmarks_at(&n, 31)->words), BOOKMARK_TEXT - 2);
	bookmarks_release(&n);
	folder_close();
}
END_TEST

/* Two replays of one trace set bookmarks at the same time: none is lost. */
START_TEST(test_bookmarks_together)
{
	enum { EACH = 60 };
	char made[] = "/tmp/mapscope-find.XXXXXX", path[64], notes[80];
	ck_assert(mkdtemp(made));
	snprintf(path, sizeof path, "%s/t.trace", made);
	snprintf(notes, sizeof notes, "%s.notes", path);
	pid_t child = fork();
	struct bookmarks n;
	bookmarks_init(&n, path, NULL);
	bool good = bookmarks_load(&n);
	for (uint64_t i = 1; i <= EACH; i++)
		good = bookmarks_set(&n, i * 2 + (child == 0), "x") && good;
	if (child == 0)
		_exit(good ? 0 : 1);
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(good && status == 0);
	ck_assert(bookmarks_load(&n));
	ck_assert_uint_eq(n.count, 2 * EACH);
	bookmarks_release(&n);
	unlink(notes);
	ck_assert_int_eq(rmdir(made), 0);
}
END_TEST

/* Files that are none: never written over, and what was typed is not lost. */
START_TEST(test_bookmarks_damaged)
{
	struct bookmarks n;
	char path[200], text[64];
	folder_open();
	path_in("a.trace", path, sizeof path);
	put_file("a.trace.notes", "1 a\n\0\0binary", 12);
	bookmarks_init(&n, path, NULL);
	ck_assert(!bookmarks_load(&n));
	ck_assert_ptr_nonnull(strstr(n.error, "a.trace.notes"));
	ck_assert(!bookmarks_set(&n, 5, "kept in memory"));
	ck_assert_ptr_nonnull(bookmarks_at(&n, 5));
	get_file("a.trace.notes", text, sizeof text);
	ck_assert_str_eq(text, "1 a\n");
	bookmarks_release(&n);
	char *large = malloc(5 << 20);
	memset(large, '\n', 5 << 20);
	put_file("a.trace.notes", large, 5 << 20);
	free(large);
	bookmarks_init(&n, path, NULL);
	ck_assert(!bookmarks_load(&n));
	bookmarks_release(&n);
	bookmarks_init(&n, NULL, NULL); /* nowhere */
	ck_assert(
		bookmarks_load(&n) && bookmarks_set(&n, 3, "x") && bookmarks_set(&n, 4, "y") && n.count == 2);
	bookmarks_release(&n);
	folder_close();
}
END_TEST

/* A folder that cannot be written: under the state folder, and from there again. */
START_TEST(test_bookmarks_elsewhere)
{
	struct bookmarks n;
	char path[200];
	folder_open();
	snprintf(path, sizeof path, "%s/gone/a.trace",
		folder); /* no such folder: root may write everywhere else */
	bookmarks_init(&n, path, NULL);
	ck_assert(bookmarks_load(&n));
	ck_assert_msg(bookmarks_set(&n, 3, "three"), "%s", n.error);
	bookmarks_release(&n);
	bookmarks_init(&n, path, NULL);
	ck_assert(bookmarks_load(&n));
	ck_assert_str_eq(bookmarks_at(&n, 3)->words, "three");
	snprintf(path, sizeof path, "%s/gone", folder); /* now it can be */
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert(bookmarks_set(&n, 4, "four"));
	ck_assert_int_ne(access(n.state, F_OK), 0);
	ck_assert_int_eq(access(n.beside, F_OK), 0);
	bookmarks_release(&n);
	bookmarks_init(&n, NULL, "fruit.map"); /* of a recording in memory */
	ck_assert(bookmarks_load(&n) && bookmarks_set(&n, 9, "nine"));
	bookmarks_release(&n);
	setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
	bookmarks_init(&n, NULL, "fruit.map");
	ck_assert(bookmarks_load(&n));
	ck_assert(!bookmarks_set(&n, 9, "nine") && bookmarks_at(&n, 9));
	ck_assert(!bookmarks_set(&n, 10, "ten") && bookmarks_at(&n, 9));
	bookmarks_release(&n);
	folder_close();
}
END_TEST

/* Sets a bookmark at the n-th event of a kind, in a recording of a workload that is kept under a name. */
static void note_at(const char *workload, const char *name, enum event_kind kind, int n, const char *words)
{
	struct ui_options o = { .name = name };
	struct screen c;
	screen_record(&c, workload, &o, 80, 24);
	for (uint64_t s = 1; s <= c.source->steps && n; s++)
		if (event_at(&c, s).kind == kind && --n == 0)
			replay_go(&c.replay, s);
	type(&c, words, "Enter");
	ck_assert(on_screen(&c, "has a bookmark"));
	screen_close(&c);
}

/* A bookmark keeps its place in an edited workload: the operation with its text, the phase, the event;
 * another workload of the same base name has its own; files of 1.0 are read. */
START_TEST(test_bookmarks_edited)
{
	static const char before
		[] = "map string int64 seed=3\nfill 0 20\nput kiwi 1\nfill 20 40\n",
	  after[] =
		  "map string int64 seed=3\nput early 1\nfill 0 12\nget k3\nfill 12 22\nput kiwi 1\nfill 22 40\n",
	  gone[] = "map string int64 seed=3\nfill 0 9\n";
	struct ui_options o = { .name = "/x/my.map" };
	struct screen c;
	folder_open();
	note_at(before, "/x/my.map", EV_INSERT, 21,
		":note where kiwi is put, with words that are longer than forty columns");
	screen_record(&c, after, &o, 80, 24);
	c.replay.find.markers = 1 << MARKER_BOOKMARK;
	press(&c, "g ]");
	ck_assert_int_eq(event_at(&c, at(&c)).kind, EV_INSERT);
	struct operation row;
	ck_assert_int_eq(c.source->operation(c.source, state_op(&c.replay.state, at(&c)), &row), 0);
	ck_assert_str_eq(row.key, "kiwi");
	press(&c, "'");
	ck_assert(on_screen(&c, "columns")); /* whole */
	ck_assert(on_screen(&c, "kept in /tmp/"));
	screen_close(&c);
	screen_record(&c, gone, &o, 80, 24); /* its operation is gone: it is not */
	ck_assert_uint_eq(c.replay.find.bookmarks.count, 1);
	ck_assert_uint_le(c.replay.find.bookmarks.mark[0].step, c.source->steps);
	screen_close(&c);
	o.name = "/y/my.map";
	screen_record(&c, before, &o, 80, 24);
	ck_assert_uint_eq(c.replay.find.bookmarks.count, 0);
	screen_close(&c);
	char path[200];
	path_in("state/mapscope/my.map.notes", path, sizeof path);
	FILE *old = fopen(path, "w");
	ck_assert_ptr_nonnull(old);
	fprintf(old, "# of 1.0\n30 an old one\n");
	fclose(old);
	screen_record(&c, before, &o, 80, 24);
	ck_assert_uint_eq(c.replay.find.bookmarks.count, 1);
	ck_assert_uint_eq(c.replay.find.bookmarks.mark[0].step, 30);
	screen_close(&c);
	folder_close();
}
END_TEST

START_TEST(test_bookmarks)
{
	struct screen c;
	char path[200];
	folder_open();
	path_in("b.trace", path, sizeof path);
	struct ui_options o = { .trace = path };
	screen_record(&c, busy, &o, 80, 24);
	press(&c, "m"); /* not at step 0 */
	ck_assert(!c.replay.state.prompting);
	press(&c, "3 9 0 g m");
	type(&c, "look at \xe2\x80\xae this", "Enter 7 0 0 g m");
	type(&c, "later", "Enter g");
	c.replay.find.markers = 1 << MARKER_BOOKMARK;
	press(&c, "]");
	ck_assert_uint_eq(at(&c), 390);
	ck_assert(on_screen(&c, "bookmark"));
	press(&c, "]");
	ck_assert_uint_eq(at(&c), 700);
	press(&c, "[ [");
	ck_assert_uint_eq(at(&c), 390);
	press(&c, "'");
	ck_assert(on_screen(&c, "later"));
	ck_assert(!on_screen(&c, "\xe2\x80\xae"));
	press(&c, "Down Enter");
	ck_assert_uint_eq(at(&c), 700);
	press(&c, "' d Escape");
	ck_assert_uint_eq(c.replay.find.bookmarks.count, 1);
	press(&c, "' Up d d Enter Escape");
	ck_assert_uint_eq(c.replay.find.bookmarks.count, 0);
	press(&c, "7 7 g m");
	type(&c, "old words", "Enter m"); /* what stands there can be changed */
	ck_assert(on_screen(&c, "change the bookmark: old words"));
	type(&c, "", "C-u");
	type(&c, "revised", "Enter");
	ck_assert_str_eq(bookmarks_at(&c.replay.find.bookmarks, 77)->words, "revised");
	screen_close(&c);
	/* What is printed without a terminal reads the file, and leaves it alone. */
	char before[1000], after[1000], *text = NULL;
	size_t n;
	get_file("b.trace.notes", before, sizeof before);
	struct source *s = record(busy);
	FILE *f = open_memstream(&text, &n);
	ck_assert_int_eq(ui_show(s, &o, 390, 80, 24, "m x Enter 7 7 g ' d Escape 3 9 0 g '", f), 0);
	fclose(f);
	ck_assert_ptr_nonnull(strstr(text, "390  x"));
	ck_assert_ptr_null(strstr(text, "revised"));
	get_file("b.trace.notes", after, sizeof after);
	ck_assert_str_eq(before, after);
	free(text);
	s->close(s);
	folder_close();
}
END_TEST

/* ---- places ---- */

START_TEST(test_places)
{
	struct screen c;
	screen_record(&c, busy, NULL, 80, 24);
	press(&c, "b");
	ck_assert_uint_eq(at(&c), 0);
	press(&c, "3 9 0 g . . 7 0 0 g G");
	uint64_t last = at(&c);
	press(&c, "b");
	ck_assert_uint_eq(at(&c), 700);
	press(&c, "b");
	ck_assert_uint_eq(at(&c), 392);
	press(&c, "f f");
	ck_assert_uint_eq(at(&c), last);
	press(&c, "f");
	ck_assert(c.replay.state.message[0]);
	press(&c, "2 b 1 0 0 g f"); /* what lay ahead is forgotten */
	ck_assert_uint_eq(at(&c), 100);
	press(&c, "b");
	ck_assert_uint_eq(at(&c), 392);
	for (int i = 1; i < 3 * JUMPS_MOST; i++) {
		char keys[32];
		snprintf(keys, sizeof keys, ": %d Enter", i % 9);
		press(&c, keys);
	}
	press(&c, "9 9 9 9 b 9 9 9 9 f");
	screen_close(&c);
}
END_TEST

/* ---- playing ---- */

/* Each read and write of the steps that a frame stands for has its mark, whichever way it plays. */
static void marks_there(struct screen *c, uint64_t from, uint64_t to, unsigned *ret_seen)
{
	struct replay *r = &c->replay;
	struct scene s;
	NEED(log_seek(&r->log, &r->player[r->now], at(c)) == 0, "%s", r->state.message);
	scene_make(&s, &r->player[r->now], &r->log, NULL, &r->state.hold, false);
	s.now_from = from;
	s.now_to = to;
	log_span(&r->log, &r->player[r->now], from, to);
	for (uint64_t step = from; step <= to; step++) {
		struct event e = event_at(c, step);
		uint8_t mark;
		if (!e.size || (e.kind != EV_WRITE && event_info[e.kind].role != EVENT_read))
			continue;
		scene_marks(&s, e.addr, 1, &mark);
		NEED(mark & (e.kind == EV_WRITE ? MARK_WRITE : MARK_READ),
			"step %" PRIu64 " of %" PRIu64 "..%" PRIu64, step, from, to);
		(*ret_seen)++;
	}
}

START_TEST(test_play_marks)
{
	/* 64 steps a second, 1024, and whole operations, forwards and back. */
	static const struct {
		int speed;
		bool back;
	} plays[] = { { 6, false }, { 6, true }, { 10, false }, { 10, true }, { 14, false }, { 14, true } };
	struct screen c;
	screen_record(&c, busy, NULL, 80, 24);
	struct replay *r = &c.replay;
	for (size_t k = 0; k < sizeof plays / sizeof plays[0]; k++) {
		press(&c, plays[k].back ? "8 0 %" : "1 0 0 g");
		r->state.speed = plays[k].speed;
		press(&c, plays[k].back ? "r" : "Space");
		uint64_t drawn[60] = { 0 }, from, to;
		unsigned seen = 0;
		bool back = plays[k].back;
		for (int i = 0; i < 60 && r->state.playing; i++) {
			replay_tick(r, 0.033);
			replay_marks(r, &from, &to);
			NEED(from <= at(&c) && to >= at(&c), "frame %d at %" PRIu64 ": %" PRIu64 "..%" PRIu64,
				i, at(&c), from, to);
			/* All steps since the last frame, and those of the frames of the last 150 ms. */
			if (i > 0 && at(&c) != drawn[i - 1])
				NEED(back ? to >= drawn[i - 1] - 1 : from <= drawn[i - 1] + 1,
					"frame %d: %" PRIu64 "..%" PRIu64, i, from, to);
			if (i > 5 && r->state.playing)
				NEED(back ? to >= drawn[i - 4] - 1 && to < drawn[i - 6]
					  : from <= drawn[i - 4] + 1 && from > drawn[i - 6],
					"frame %d: %" PRIu64 "..%" PRIu64, i, from, to);
			marks_there(&c, from, to, &seen);
			replay_draw(r, &c.grid);
			drawn[i] = at(&c);
		}
		NEED(seen > 100, "%u marks", seen);
		if (r->state.playing)
			press(&c, "Space");
		replay_marks(r, &from, &to);
		ck_assert(from == at(&c) && to == at(&c));
	}
	screen_close(&c);
}
END_TEST

/* What plays, or is looked for, never runs into the step. */
START_TEST(test_transport)
{
	struct screen c;
	screen_record(&c, busy, NULL, 60, 16);
	struct replay *r = &c.replay;
	for (int k = 0; k < 2; k++)
		for (int speed = 0; speed <= 20; speed++) {
			press(&c, "5 0 %");
			r->state.speed = speed;
			press(&c, k ? "r" : "Space");
			ck_assert(r->state.playing);
			NEED(c.grid.cell[15 * 60 + 8].ch == ' ' && c.grid.cell[15 * 60 + 1].ch != ' ',
				"speed %d", speed);
			press(&c, "Space");
		}
	static const unsigned set = MARKERS_ALL;
	press(&c, "g");
	job_marker(
		&r->find.job, c.source, set, &r->find.bookmarks, 0, 1000000, false); /* more than there are */
	replay_draw(r, &c.grid);
	ck_assert(on_screen(&c, " at 0%   step"));
	screen_close(&c);
}
END_TEST

START_TEST(test_play_stops)
{
	struct screen c;
	screen_record(&c, busy, NULL, 80, 24);
	struct replay *r = &c.replay;
	for (int ways = 0; ways < 4; ways++) {
		r->find.markers = 1 << MARKER_GROWTH | 1 << MARKER_GROWN;
		r->find.stop = true;
		r->state.speed = ways < 2 ? 10 : 15; /* steps, operations */
		press(&c, ways % 2 ? "G [" : "g ]");
		uint64_t want = at(&c);
		press(&c, ways % 2 ? "G r" : "g Space");
		for (int i = 0; i < 10000 && r->state.playing; i++)
			replay_tick(r, 0.033);
		ck_assert_uint_eq(at(&c), want);
		press(&c, ways % 2 ? "[" : "]");
		want = at(&c);
		press(&c, ways % 2 ? "b r" : "b Space");
		for (int i = 0; i < 10000 && r->state.playing; i++)
			replay_tick(r, 0.033);
		ck_assert_uint_eq(at(&c), want);
	}
	screen_close(&c);
}
END_TEST

/* ---- panels, prompts, files ---- */

START_TEST(test_alone)
{
	static const int sizes[][2] = { { 60, 16 }, { 80, 24 }, { 120, 40 }, { 200, 60 } };
	for (int i = 0; i < 4; i++) {
		struct screen c;
		screen_record(&c, busy, NULL, sizes[i][0], sizes[i][1]);
		press(&c, "5 0 % z");
		for (int k = 0; k < 8; k++) {
			press(&c, "Tab .");
			ck_assert(layout_has(&c.replay.layout, c.replay.state.panel));
			ck_assert(layout_has(&c.replay.layout, PANEL_TRANSPORT) &&
				layout_has(&c.replay.layout, PANEL_SENTENCE));
		}
		press(&c, "z");
		ck_assert(layout_has(&c.replay.layout, PANEL_SLOTS) ||
			layout_has(&c.replay.layout, PANEL_TABLES));
		screen_close(&c);
	}
}
END_TEST

/* Every panel that Tab reaches can have the whole middle, and fills it. */
START_TEST(test_alone_all)
{
	static const int sizes[][2] = { { 60, 16 }, { 80, 24 }, { 120, 40 }, { 160, 40 }, { 200, 60 } };
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct screen c;
		unsigned seen = 0;
		screen_record(&c,
			"map string int64 seed=230\nfill 0 70\nget k1\nmap string int64 seed=230\nfill 0 "
			"56\n",
			NULL, sizes[i][0], sizes[i][1]);
		press(&c, "G 2 0 0 ,");
		for (int k = 0; k < 8; k++) {
			int w = sizes[i][0], h = sizes[i][1], last = 0, blank = 0,
			    end = c.replay.layout.rect[PANEL_SENTENCE].y;
			press(&c, "z");
			ck_assert_int_eq(c.replay.layout.rect[c.replay.state.panel].h,
				c.replay.layout.rect[PANEL_SENTENCE].y - 2);
			end = c.replay.layout.rect[PANEL_SENTENCE].y;
			for (int y = 2; y < end; y++) {
				bool any = false;
				for (int x = 0; x < w; x++)
					any = any ||
						(c.grid.cell[y * w + x].ch != ' ' &&
							c.grid.cell[y * w + x].ch != 0x2502);
				last = any ? y : last;
				blank += !any;
			}
			NEED(end - last <= 1 + (end - 2) / 4 && blank <= 1 + (end - 2) * 4 / 5,
				"panel %d at %dx%d: the last row is %d of %d, %d blank",
				(int)c.replay.state.panel, w, h, last, end, blank);
			seen |= 1u << c.replay.state.panel;
			press(&c, "z Tab");
		}
		NEED(sizes[i][0] < 80 || __builtin_popcount(seen) >= 4, "panels %x", seen);
		screen_close(&c);
	}
}
END_TEST

START_TEST(test_commands)
{
	struct screen c;
	screen_record(&c, busy, NULL, 80, 24);
	press(&c, ":");
	type(&c, "wat", "Tab");
	ck_assert_str_eq(c.replay.find.prompt[ASK_COMMAND].text, "watch ");
	type(&c, "coun", "Tab Enter");
	ck_assert_str_eq(c.replay.find.watch.name, "count");
	press(&c, ":");
	type(&c, "s", "Tab"); /* several: they are told */
	ck_assert(on_screen(&c, "search") && on_screen(&c, "save"));
	press(&c, "C-u");
	type(&c, "theme l", "Tab Enter");
	ck_assert_int_eq(c.replay.state.theme, theme_find("light"));
	press(&c, ":");
	type(&c, "theme pink", "Enter");
	ck_assert(c.replay.state.alarm);
	press(&c, ":");
	type(&c, "390", "Enter");
	ck_assert_uint_eq(at(&c), 390);
	press(&c, ":");
	type(&c, "50%", "Enter");
	ck_assert_uint_eq(at(&c), c.source->steps / 2);
	press(&c, ":");
	type(&c, "op x", "Enter");
	ck_assert(c.replay.state.alarm);
	press(&c, "M-q M-."); /* Alt is not Esc, and Alt and a key is not the key */
	ck_assert(!c.replay.state.quit);
	ck_assert_uint_eq(at(&c), c.source->steps / 2);
	press(&c, ":");
	type(&c, "quit", "Enter");
	ck_assert(c.replay.state.quit);
	screen_close(&c);
}
END_TEST

START_TEST(test_save)
{
	struct screen c;
	char path[200], text[8192], keys[300];
	folder_open();
	path_in("frame.txt", path, sizeof path);
	screen_record(&c, busy, NULL, 80, 24);
	press(&c, "3 9 0 g s");
	ck_assert_str_eq(c.replay.find.prompt[ASK_SAVE].text, "test-390.txt");
	press(&c, "C-u");
	type(&c, path, "Enter");
	get_file("frame.txt", text, sizeof text);
	ck_assert(strncmp(text, " mapscope  test.trace", 21) == 0 && strstr(text, "390/"));
	ck_assert_ptr_null(strstr(text, "save the frame"));
	press(&c, "4 0 0 g :");
	snprintf(keys, sizeof keys, "save %s", path);
	type(&c, keys, "Enter n Enter"); /* not over what is there, unless one says so */
	get_file("frame.txt", text, sizeof text);
	ck_assert_ptr_nonnull(strstr(text, "390/"));
	press(&c, ":");
	type(&c, keys, "Enter y Enter");
	get_file("frame.txt", text, sizeof text);
	ck_assert_ptr_nonnull(strstr(text, "400/"));
	press(&c, ":");
	type(&c, "save /nowhere/at/all", "Enter");
	ck_assert(c.replay.state.alarm);
	screen_close(&c);
	folder_close();
}
END_TEST

/* ---- the mouse ---- */

static struct hit hit_of_kind(struct screen *c, enum hit_kind kind, int nth)
{
	for (int i = 0; i < c->replay.hits.count; i++)
		if (c->replay.hits.hit[i].kind == kind && nth-- == 0)
			return c->replay.hits.hit[i];
	ck_abort_msg("no spot of kind %d", kind);
}

static void click(struct screen *c, enum mouse_kind kind, struct hit s)
{
	replay_mouse(&c->replay, kind, s.rect.x, s.rect.y);
	replay_draw(&c->replay, &c->grid);
}

START_TEST(test_mouse)
{
	struct screen c;
	screen_record(&c, busy, NULL, 120, 40);
	press(&c, "2 0 G");
	struct hit s = hit_of_kind(&c, HIT_BUCKET, 1);
	click(&c, MOUSE_PRESS, s);
	ck_assert(c.replay.state.hold.held && c.replay.state.hold.index == s.a &&
		c.replay.state.panel == PANEL_ARRAYS);
	s = hit_of_kind(&c, HIT_OPERATION, 40);
	click(&c, MOUSE_PRESS, s);
	ck_assert_int_eq(c.replay.state.panel, PANEL_TIMELINE);
	uint64_t op = 0;
	ck_assert_int_eq(c.source->operation_at(c.source, at(&c), &op), 0);
	ck_assert_uint_eq(op, s.a);
	replay_mouse(&c.replay, MOUSE_DRAG, s.rect.x + 20,
		s.rect.y + 30); /* the row does not matter while dragging */
	replay_draw(&c.replay, &c.grid);
	uint64_t dragged = at(&c);
	ck_assert_uint_gt(dragged, 0);
	replay_mouse(&c.replay, MOUSE_RELEASE, 0, 0);
	replay_mouse(&c.replay, MOUSE_DRAG, s.rect.x, s.rect.y);
	ck_assert_uint_eq(at(&c), dragged);
	replay_mouse(&c.replay, MOUSE_WHEEL_DOWN, s.rect.x, s.rect.y);
	ck_assert_uint_eq(at(&c), dragged + 1);
	replay_mouse(&c.replay, MOUSE_WHEEL_UP, s.rect.x, s.rect.y);
	ck_assert_uint_eq(at(&c), dragged);
	press(&c, "g F");
	s = hit_of_kind(&c, HIT_ROW, 3);
	click(&c, MOUSE_DOUBLE, s);
	ck_assert_uint_eq(c.replay.find.markers, MARKERS_ALL & ~8u);
	replay_mouse(&c.replay, MOUSE_PRESS, 0, 39); /* beside the list */
	ck_assert_int_eq(c.replay.find.list, LIST_NONE);
	for (int w = 1; w < 140; w += 23) /* anywhere, at any size */
		for (int y = 0; y < 45; y++)
			for (int k = 0; k < 6; k++) {
				replay_mouse(&c.replay, (enum mouse_kind)k, w, y);
				replay_draw(&c.replay, &c.grid);
			}
	screen_close(&c);
	screen_record(&c, busy, NULL, 80, 24);
	click(&c, MOUSE_PRESS, hit_of_kind(&c, HIT_BAR, 9));
	ck_assert_uint_eq(at(&c), c.source->steps);
	click(&c, MOUSE_PRESS, hit_of_kind(&c, HIT_SLOT, 5));
	ck_assert(c.replay.state.hold.slot == 5 && c.replay.state.panel == PANEL_SLOTS);
	screen_close(&c);
}
END_TEST

/* A click n columns into a spot. */
static void click_in(struct screen *c, enum mouse_kind kind, struct hit s, int n)
{
	s.rect.x += n;
	click(c, kind, s);
}

static void wheel(struct screen *c, struct hit s, int by)
{
	for (; by; by += by < 0 ? 1 : -1)
		click(c, by < 0 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN, s);
}

START_TEST(test_mouse_tables)
{
	struct screen c;
	screen_record(&c, busy, NULL, 120, 40);
	press(&c, "2 0 G > 1 0 .");
	struct hit s = hit_of_kind(&c, HIT_SLOT, 3);
	click(&c, MOUSE_PRESS, s);
	ck_assert_int_eq(c.replay.state.panel, PANEL_TABLES);
	ck_assert(c.replay.state.hold.held && c.replay.state.hold.slot == 3 &&
		c.replay.state.hold.index == s.a);
	wheel(&c, s, 2);
	ck_assert_int_eq(c.replay.state.hold.slot, 5);
	s = hit_of_kind(&c, HIT_BYTE, 1);
	click_in(&c, MOUSE_PRESS, s, 9);
	ck_assert_int_eq(c.replay.state.panel, PANEL_LINES);
	ck_assert(c.replay.state.hold.index == s.index && c.replay.state.cursor.byte == s.a + 9);
	press(&c, "Right Down Left Up w"); /* the keys of what a click does */
	ck_assert_uint_eq(c.replay.state.cursor.byte, s.a + 9);
	ck_assert_uint_eq(c.replay.find.watch.parts, 1);
	click_in(&c, MOUSE_DOUBLE, s, 10);
	ck_assert(c.replay.state.view == VIEW_BYTES && c.replay.state.cursor.object == OBJECT_GROUP &&
		c.replay.state.cursor.byte == s.a + 10);
	screen_close(&c);
}
END_TEST

/* What the views keep, as their files have it. */
struct timeline_state {
	uint64_t op;
	int zoom;
};
struct hmap_state {
	int field;
};
struct cores_state {
	bool held;
	uint32_t line;
};
struct overview_state {
	bool held;
	enum which_array array;
	uint64_t cell;
	int zoom;
};
#define STATE_OF(NAME, name) \
	static const struct name##_state *name##_of(const struct screen *c) \
	{ \
		return c->replay.state.views[VIEW_##NAME]; \
	}
STATE_OF(TIMELINE, timeline)
STATE_OF(HMAP, hmap)
STATE_OF(CORES, cores)
STATE_OF(OVERVIEW, overview)

START_TEST(test_mouse_views)
{
	struct screen c;
	struct operation row;
	screen_record(&c, busy, NULL, 120, 40);
	const struct byte_cursor *v = &c.replay.state.cursor;
	const struct passes *p = &c.replay.passes;
	press(&c, "6 0 G > 3 0 . Y");
	work(&c);
	struct hit s = hit_of_kind(&c, HIT_OWN_BYTE, 2);
	click_in(&c, MOUSE_PRESS, s, 2 * 3 + 1);
	ck_assert(v->held && v->byte == s.a + 3 && !c.replay.state.hold.held);
	work(&c);
	s = hit_of_kind(&c, HIT_WRITES, 0);
	wheel(&c, s, 1);
	ck_assert(v->who_focus && at(&c) > 0);
	s = hit_of_kind(&c, HIT_WRITE, 0);
	uint64_t wrote = history_get(&p->history, 0)->step;
	click(&c, MOUSE_DOUBLE, s);
	ck_assert_uint_eq(at(&c), wrote);
	press(&c, "g G b o E"); /* the list of events */
	s = hit_of_kind(&c, HIT_STEP, 7);
	click(&c, MOUSE_PRESS, s);
	ck_assert_uint_eq(at(&c), s.a);
	wheel(&c, s, 2);
	ck_assert_uint_eq(at(&c), s.a + 2);
	press(&c, "T");
	s = hit_of_kind(&c, HIT_OWN, 4);
	click(&c, MOUSE_PRESS, s);
	ck_assert(timeline_of(&c)->op == s.a);
	wheel(&c, s, -3);
	ck_assert(timeline_of(&c)->op == s.a - 3);
	s = hit_of_kind(&c, HIT_OWN, 6);
	click(&c, MOUSE_DOUBLE, s);
	ck_assert_int_eq(c.source->operation(c.source, s.a, &row), 0);
	ck_assert(timeline_of(&c)->op == 0 && at(&c) == row.first_step);
	s = hit_of_kind(&c, HIT_OPERATION, 20); /* the plot above: goes there, and scrubs */
	click(&c, MOUSE_PRESS, s);
	replay_mouse(&c.replay, MOUSE_DRAG, s.rect.x + 8, 39);
	uint64_t op = 0;
	ck_assert_int_eq(c.source->operation_at(c.source, at(&c), &op), 0);
	ck_assert_uint_gt(op, s.a);
	click(&c, MOUSE_RELEASE, s);
	press(&c, "M");
	s = hit_of_kind(&c, HIT_OWN, 2);
	click(&c, MOUSE_PRESS, s);
	ck_assert_int_eq(hmap_of(&c)->field, 2);
	wheel(&c, s, 1);
	ck_assert_int_eq(hmap_of(&c)->field, 3);
	click(&c, MOUSE_DOUBLE, s);
	ck_assert(c.replay.state.view == VIEW_BYTES && v->object == OBJECT_HEADER);
	press(&c, "I"); /* lines of the cache: one is held, Enter goes to its last use */
	work(&c);
	s = hit_of_kind(&c, HIT_OWN, 1);
	click(&c, MOUSE_PRESS, s);
	ck_assert(cores_of(&c)->held && cores_of(&c)->line == s.a);
	wheel(&c, s, 1);
	ck_assert(cores_of(&c)->held && cores_of(&c)->line == s.a + 1);
	uint64_t used = sharing_model(&p->sharing)->line[s.a].step;
	click(&c, MOUSE_DOUBLE, s);
	ck_assert_uint_eq(at(&c), used);
	ck_assert(!cores_of(&c)->held && sharing_model(&p->sharing)->last == s.a);
	press(&c, "P");
	work(&c);
	s = hit_of_kind(&c, HIT_OPERATION, 50);
	click(&c, MOUSE_PRESS, s);
	ck_assert_int_eq(c.source->operation_at(c.source, at(&c), &op), 0);
	ck_assert_uint_eq(op, s.a);
	press(&c, "B");
	s = hit_of_kind(&c, HIT_SLOT, 6);
	click(&c, MOUSE_PRESS, s);
	ck_assert(c.replay.state.hold.held && c.replay.state.hold.slot == s.slot);
	ck_assert_int_eq(c.replay.state.panel, PANEL_TIMELINE); /* panels that are not there get no focus */
	screen_close(&c);
	screen_record(&c, "map string int64 seed=230\nfill 0 2000\n", NULL, 120, 40);
	press(&c, "G O");
	work(&c);
	s = hit_of_kind(&c, HIT_OWN, 1);
	click_in(&c, MOUSE_PRESS, s, 5 * s.cell);
	ck_assert(overview_of(&c)->held && overview_of(&c)->cell == s.a + 5 * s.each &&
		overview_of(&c)->array == s.array);
	wheel(&c, s, 1);
	ck_assert(overview_of(&c)->cell != s.a + 5 * s.each);
	click_in(&c, MOUSE_DOUBLE, s, 0);
	ck_assert(c.replay.state.view == VIEW_BUCKET && c.replay.state.hold.index == s.a);
	screen_close(&c);
}
END_TEST

/* Clicks on every cell of every view change nothing that a frame cannot show. */
START_TEST(test_mouse_anywhere)
{
	static const int sizes[][2] = { { 60, 16 }, { 80, 24 }, { 120, 40 }, { 200, 60 } };
	static const char *const views[] = { "D", "O", "B", "Y", "W", "H", "C", "E", "T", "P", "M", "K", "R",
		"L", "z", "?", "F" };
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct screen c;
		screen_record(&c, busy, NULL, sizes[i][0], sizes[i][1]);
		for (size_t k = 0; k < sizeof views / sizeof views[0]; k++) {
			press(&c, "Escape Escape Escape D 8 0 G > > 5 .");
			for (int n = 0; n < 97; n++) {
				if (n % 16 == 0)
					press(&c, views[k]);
				replay_mouse(&c.replay, (enum mouse_kind)(n % 6), n * 31 % sizes[i][0],
					n * 17 % sizes[i][1]);
				replay_draw(&c.replay, &c.grid);
				NEED(c.replay.hits.count < HITS_MOST, "too many hits in %s", views[k]);
			}
		}
		screen_close(&c);
	}
}
END_TEST

int main(void)
{
	if (!setlocale(LC_ALL, "C.UTF-8"))
		return 77;
	Suite *suite = suite_create("moves");
	TCase *c = tcase_create("moves");
	tcase_set_timeout(c, 300);
	tcase_add_test(c, test_markers);
	tcase_add_test(c, test_markers_far);
	tcase_add_test(c, test_filter);
	tcase_add_test(c, test_search);
	tcase_add_test(c, test_search_events);
	tcase_add_test(c, test_search_moves);
	tcase_add_test(c, test_watch);
	tcase_add_test(c, test_watch_marks);
	tcase_add_test(c, test_follow);
	tcase_add_test(c, test_follow_life);
	tcase_add_test(c, test_follow_damaged);
	tcase_add_test(c, test_follow_views);
	tcase_add_test(c, test_interrupted);
	tcase_add_test(c, test_damaged);
	tcase_add_test(c, test_bookmarks_kept);
	tcase_add_test(c, test_bookmarks_together);
	tcase_add_test(c, test_bookmarks_damaged);
	tcase_add_test(c, test_bookmarks_elsewhere);
	tcase_add_test(c, test_bookmarks_edited);
	tcase_add_test(c, test_bookmarks);
	tcase_add_test(c, test_places);
	tcase_add_test(c, test_play_marks);
	tcase_add_test(c, test_transport);
	tcase_add_test(c, test_play_stops);
	tcase_add_test(c, test_alone);
	tcase_add_test(c, test_alone_all);
	tcase_add_test(c, test_commands);
	tcase_add_test(c, test_save);
	tcase_add_test(c, test_mouse);
	tcase_add_test(c, test_mouse_tables);
	tcase_add_test(c, test_mouse_views);
	tcase_add_test(c, test_mouse_anywhere);
	suite_add_tcase(suite, c);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
