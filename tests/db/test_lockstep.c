/* The memory rebuilt from the file is the engine's, after every single step, both ways.
 *
 * While the engine runs, each event is also carried out on an image, and after each the image and the arena
 * are compared, block for block and byte for byte; the image's sum is kept.  Then the recording is played
 * from the file, forwards and backwards and by jumps, and must have those sums at those steps.
 */
#include "db/store.h"
#include "src/workload/run.h"
#include "trace/record/player.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMPARE_MOST = 4096 }; /* steps whose whole memory is compared; later ones now and then */

struct lockstep {
	struct sink sink;  /* what the engine sees */
	struct sink *file; /* the recording */
	struct image *image;
	struct run *run;
	uint64_t *sum; /* by step */
	size_t cap;
};

/* Every live block of the arena is in the image with the same bytes, and nothing else is. */
static void compare_memory(struct lockstep *l)
{
	const struct memory *m = &l->run->arena.memory;
	const struct reader *r = image_reader(l->image);
	uint64_t cursor = 0, bytes = 0;
	struct block b, found;
	uint8_t *copy = NULL;
	while (m->next(m, &cursor, &b)) {
		ck_assert_msg(r->block(r, b.addr, &found), "step %llu: no block at %llx",
			(unsigned long long)l->sink.steps, (unsigned long long)b.addr);
		ck_assert_uint_eq(found.size, b.size);
		ck_assert_uint_eq(found.rounded, b.rounded);
		ck_assert_int_eq(found.role, b.role);
		copy = realloc(copy, b.size);
		ck_assert(copy && image_read(l->image, b.addr, copy, b.size));
		ck_assert_msg(memcmp(copy, b.bytes, b.size) == 0, "step %llu: the block at %llx differs",
			(unsigned long long)l->sink.steps, (unsigned long long)b.addr);
		bytes += b.size;
	}
	free(copy);
	ck_assert_uint_eq(bytes, image_live_bytes(l->image));
}

static void on_event(struct sink *s, const struct event *e)
{
	struct lockstep *l = (struct lockstep *)s;
	ck_assert_msg(image_apply(l->image, e), "step %llu: %s", (unsigned long long)s->steps,
		image_error(l->image));
	if (s->steps >= l->cap) {
		l->cap = l->cap ? l->cap * 2 : 4096;
		l->sum = realloc(l->sum, l->cap * sizeof *l->sum);
		ck_assert_ptr_nonnull(l->sum);
	}
	l->sum[s->steps] = image_sum(l->image);
	if (s->steps < COMPARE_MOST || s->steps % 97 == 0)
		compare_memory(l);
	l->file->steps = s->steps;
	l->file->memory = s->memory;
	l->file->event(l->file, e);
}

static void on_map(struct sink *s, const struct map_info *m)
{
	struct lockstep *l = (struct lockstep *)s;
	l->file->map(l->file, m);
}

static void on_operation(struct sink *s, const struct operation *o)
{
	struct lockstep *l = (struct lockstep *)s;
	l->file->operation(l->file, o);
}

static void play(struct source *source, const uint64_t *sum)
{
	struct player p;
	player_init(&p, source);
	while (p.step < source->steps) {
		ck_assert_msg(player_forward(&p) == 0, "%s", p.error);
		ck_assert_msg(
			image_sum(p.image) == sum[p.step], "forward, step %llu", (unsigned long long)p.step);
	}
	while (p.step > 1) {
		ck_assert_msg(player_back(&p) == 0, "%s", p.error);
		ck_assert_msg(
			image_sum(p.image) == sum[p.step], "back, step %llu", (unsigned long long)p.step);
	}
	ck_assert_int_eq(player_back(&p), 0);
	ck_assert_uint_eq(image_live_bytes(p.image), 0);
	for (uint64_t i = 1; i < 300; i++) {
		uint64_t step = 1 + i * UINT64_C(2654435761) % source->steps;
		ck_assert_msg(player_seek(&p, step) == 0, "%s", p.error);
		ck_assert_msg(image_sum(p.image) == sum[step], "jump, step %llu", (unsigned long long)step);
	}
	player_release(&p);
}

static void lockstep(const char *text)
{
	char path[] = "/tmp/mapscope-lockstep.XXXXXX", error[STORE_ERROR];
	struct store_options o = { .overwrite = true, .workload = "lockstep", .tool = "test" };
	struct script s;
	struct run r;
	struct lockstep l = { .sink = { .map = on_map, .operation = on_operation, .event = on_event },
		.image = image_new(),
		.run = &r };
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(script_parse(&s, "f", text, strlen(text)), 0);
	l.file = store_create(path, &o, error);
	ck_assert_msg(l.file != NULL, "%s", error);
	ck_assert(run_init(&r, &l.sink, NULL));
	ck_assert_int_eq(run_script(&r, &s, 0), 0);
	ck_assert_int_eq(store_finish(l.file, false, NULL, error), 0);
	ck_assert_uint_gt(l.sink.steps, 10);
	struct source *source = store_open(path, error);
	ck_assert_msg(source != NULL, "%s", error);
	ck_assert_uint_eq(source->steps, l.sink.steps);
	play(source, l.sum);
	source->close(source);
	unlink(path);
	run_release(&r);
	script_release(&s);
	image_free(l.image);
	free(l.sum);
}

static const char *const workloads[] = {
	"map string int64 seed=230\nfill 0 60\nput k5 9\nprobe 0 10\ndrain 3 50\nrange\nfill 0 "
	"30\nclear\nfill 0 9\ngc\n",
	"map int64 int64 seed=7 go=1.19\nfill 0 30\niter a\nnext a 5\nfill 30 60\nnext a all\nclear\nnext "
	"a\n",
	"map int32 string seed=3\nfill 0 50\ndrain 0 50\nfill 0 50\ngc\nrange\ngc\nfill 50 60\n",
	"map [200]byte [200]byte seed=9\nfill 0 30\ndrain 10 20\nput 11 5\ngc\nrange\n",
	"map float64 any seed=5\nput NaN 1\nput NaN x\nput -0 2\nput 0 3\nfill 1 40\niter i\nnext i 3\nfill "
	"40 60\nnext i all\n",
	"map any struct{} seed=5\nput 1 {}\nput []int{} {}\nput word {}\nput nil {}\nget nil\ndel nil\nfill "
	"0 20\ngc\n",
	"map string int64 seed=2\nput a 1\nrace put b 1 | put c 1\n",
	"map [3]byte [5]byte seed=4 hint=100\nfill 0 150\nmap bool bool name=b place=stack\nput true "
	"true\nuse m\ndrain 0 150\n",
	"map int64 int64 seed=11\nfill 0 26\ndrain 0 20\nfill 100 120\ndrain 100 118\nfill 200 222\ndrain "
	"200 220\nfill 300 320\n",
};

START_TEST(the_file_has_the_engines_memory_at_every_step)
{
	lockstep(workloads[_i]);
}
END_TEST

/* Longer than a chunk, with keyframes. */
START_TEST(keyframes_too)
{
	lockstep("map string int64 seed=1\nfill 0 500\ndrain 0 300\ngc\nfill 2000 2200\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lockstep");
	TCase *t = tcase_create("lockstep");
	tcase_set_timeout(t, 240);
	tcase_add_loop_test(
		t, the_file_has_the_engines_memory_at_every_step, 0, sizeof workloads / sizeof *workloads);
	tcase_add_test(t, keyframes_too);
	suite_add_tcase(suite, t);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
