/* Every event has its words: a sentence and a phrase from its kind of map or from what all share, and a line
 * of pseudo-code where the kind has any.
 */
#include "tests/screen/screen.h"
#include "ui/scene/explain.h"
#include "ui/scene/sentence.h"

#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* By kind of event: the name of the kind of map that it belongs to, or "common". */
static const char *const of[EV_COUNT] = {
#define EVENT(name, NAME, place, fields, role, args, shown, predictions, of, sentence) [EV_##NAME] = #of,
#include "trace/record/events.def"
#undef EVENT
};

/* Its row of kinds.def; NULL: common. */
static const struct explain *owner(int event)
{
	enum map_kind kind;
	return map_kind_find(of[event], &kind) ? explains[kind] : NULL;
}

static bool whole(const struct event_text *text)
{
	return text && text->sentence && text->phrase;
}

START_TEST(test_words_for_each)
{
	for (int e = 0; e < EV_COUNT; e++) {
		bool any = whole(&shared_text[e]);
		for (int k = 0; k < MAP_KINDS; k++)
			any = any || whole(&explains[k]->text[e]);
		ck_assert_msg(any, "%s: nobody has a sentence and a phrase", event_info[e].name);
		if (owner(e))
			ck_assert_msg(whole(&owner(e)->text[e]), "%s: its own kind does not explain it",
				event_info[e].name);
	}
	for (int k = 0; k < MAP_KINDS; k++)
		ck_assert_str_eq(explains[k]->kind, map_kinds[k]->name);
}
END_TEST

START_TEST(test_line_for_each)
{
	for (int e = 0; e < EV_COUNT; e++) {
		const struct explain_code *c = owner(e) ? owner(e)->code : NULL;
		bool named = !c;
		for (unsigned i = 0; c && i < c->listings; i++)
			named = named || listing_names(&c->all[i], e);
		ck_assert_msg(named, "%s stands at no line", event_info[e].name);
	}
}
END_TEST

/* How the phrase of each kind of event begins: with words that are true of no other kind.  "": what follows is the
 * event's own text.  A kind that is not here fails. */
static const char *const begins[EV_COUNT] = { [EV_ALLOC] = "alloc ",
	[EV_WRITE] = "write ",
	[EV_FREE] = "free ",
	[EV_MAP] = "make map ",
	[EV_OP] = "── ",
	[EV_PHASE] = "phase ",
	[EV_HEADER] = "read hmap: count ",
	[EV_DONE] = "done: ",
	[EV_HASH] = "hash ",
	[EV_BUCKET] = "choose ",
	[EV_EVACUATED] = "read old ",
	[EV_TOPHASH] = "read ",
	[EV_LENGTH] = "read ",
	[EV_KEY] = "read ",
	[EV_CHAIN] = "read ",
	[EV_FOUND] = "found: ",
	[EV_ABSENT] = "absent",
	[EV_GOT] = "the caller ",
	[EV_INSERT] = "insert: ",
	[EV_OVERFLOW] = "chain overflow bucket ",
	[EV_CHECK] = "grow? ",
	[EV_REMOVE] = "delete: ",
	[EV_BACKFILL] = "read ",
	[EV_RESEED] = "draw hash0 ",
	[EV_GROWTH] = "growth: B ",
	[EV_EVACUATE] = "evacuate old ",
	[EV_MOVE] = "move ",
	[EV_MOVED] = "old ",
	[EV_MARK] = "nevacuate ",
	[EV_GROWN] = "growth over",
	[EV_ITERINIT] = "draw start ",
	[EV_ITERBUCKET] = "loop: bucket ",
	[EV_ITERSLOT] = "read ",
	[EV_ITEM] = "give the item",
	[EV_END] = "end of the loop",
	[EV_FAULT] = "",
	[EV_SAY] = "say",
	[EV_GC] = "gc: ",
	[EV_USE] = "map ",
	[EV_SECOND] = "second goroutine: ",
	[EV_READ] = "read ",
	[EV_CORE] = "on core ",
	[EV_ATOMIC] = "read ",
	[EV_SPAN] = "span ",
	[EV_UNSPAN] = "span ",
	[EV_SWEPT] = "sweep ",
	[EV_MARKING] = "marking ",
	[EV_BARRIER] = "barrier ",
	[EV_SHADE] = "mark ",
	[EV_SYNCREAD] = "read",
	[EV_MUTEX] = "",
	[EV_MISS] = "miss ",
	[EV_PROMOTE] = "promote dirty, ",
	[EV_AMENDED] = "read becomes amended",
	[EV_DIRTYCOPY] = "make dirty, ",
	[EV_ENTRY] = "read entry ",
	[EV_CAS] = "entry ",
	[EV_EXPUNGE] = "entry nil → expunged",
	[EV_UNEXPUNGE] = "entry expunged → nil" };

START_TEST(test_begins)
{
	for (int e = 0; e < EV_COUNT; e++)
		ck_assert_msg(begins[e] != NULL, "%s: this test does not know its phrase", event_info[e].name);
}
END_TEST

/* Only what reads is said to read, and only that. */
static void check_phrase(const struct event *e, uint64_t step, const char *phrase)
{
	bool reads = event_info[e->kind].role == EVENT_read && e->kind != EV_HASH;
	ck_assert_msg(strncmp(phrase, begins[e->kind], strlen(begins[e->kind])) == 0,
		"step %u, %s: that is something else: %s", (unsigned)step, event_info[e->kind].name, phrase);
	ck_assert_msg(reads == (strncmp(phrase, "read", 4) == 0 && e->kind != EV_AMENDED),
		"step %u, %s: %s", (unsigned)step, event_info[e->kind].name, phrase);
}

/* Each step of a recording has its words; how many stand at a line. */
static unsigned walk(const char *workload)
{
	struct source *s = record(workload);
	struct player p;
	struct log log = { 0 };
	struct scene scene;
	char sentence[SENTENCE_MAX], phrase[256], line[64], name[64];
	unsigned lines = 0;
	player_init(&p, s);
	for (uint64_t step = 1; step <= s->steps; step++) {
		ck_assert(player_seek(&p, step) == 0 && log_seek(&log, &p, step) == 0);
		scene_make(&scene, &p, &log, NULL, NULL, false);
		sentence_make(&scene, sentence, sizeof sentence);
		event_phrase(&scene, &scene.event, phrase, sizeof phrase);
		code_stand(&scene, line, sizeof line);
		snprintf(name, sizeof name, "%s.", event_info[scene.event.kind].name);
		ck_assert_msg(sentence[0] && strcmp(sentence, name) != 0, "step %u, %s: no sentence",
			(unsigned)step, name);
		ck_assert_msg(phrase[0], "step %u, %s: no phrase", (unsigned)step, name);
		check_phrase(&scene.event, step, phrase);
		lines += line[0] != 0;
	}
	log_release(&log);
	player_release(&p);
	s->close(s);
	return lines;
}

START_TEST(test_recordings)
{
	ck_assert_uint_gt(walk(fruit), 500);
	ck_assert_uint_gt(
		walk("map uint32 int64 seed=3\nfill 0 40\nrange\ndrain 0 40\nput 1 1\nclear\n"), 300);
	ck_assert_uint_gt(walk("map string int64 seed=4\nput a 1\nrace put b 2 | get a\n"), 20);
	ck_assert_uint_gt(
		walk("map int64 int64 seed=11\nfill 0 26\niter a\nnext a 2\nfill 26 30\nnext a all\ngc mark\nput 3 4\ngc\n"),
		100);
	ck_assert_uint_gt(
		walk("syncmap string int64 seed=5\nput a 1\nput b 2\nget a\nget a\ndel a\nput c 3\nrange\n"),
		0);
}
END_TEST

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	Suite *suite = suite_create("explain");
	TCase *t = tcase_create("explain");
	tcase_set_timeout(t, 60);
	tcase_add_test(t, test_words_for_each);
	tcase_add_test(t, test_line_for_each);
	tcase_add_test(t, test_begins);
	tcase_add_test(t, test_recordings);
	suite_add_tcase(suite, t);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
