/* mapscope check: replays a whole recording and tests every invariant after each operation; then the rows. */
#include "src/command/command.h"
#include "src/engine/engine.h"
#include "src/workload/tokens.h"

#include "src/command/report.h"
#include "trace/base/memory.h"
#include "trace/record/player.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A map of more buckets than this is walked as a whole only now and then; after the other operations the
 * buckets that they touched are.  So the work stays in proportion to the trace. */
enum { WALK_ALWAYS = 64, TOUCHED_MOST = 16 };

struct checking {
	struct player player;
	struct image *image;    /* a keyframe's */
	uint64_t next_keyframe; /* none lies between the player and this step */
	struct map **map;       /* by number - 1 */
	uint64_t *since_walk;   /* operations since the map was walked */
	uint64_t touched[TOUCHED_MOST];
	unsigned touched_count;
	uint64_t walks, faults;
};

static void touch(struct checking *c, uint64_t index)
{
	for (unsigned i = 0; i < c->touched_count; i++)
		if (c->touched[i] == index)
			return;
	if (c->touched_count < TOUCHED_MOST)
		c->touched[c->touched_count++] = index;
}

/* A keyframe after the step where the player stands must hold the memory that the steps have led to. */
static int check_keyframe(struct checking *c)
{
	struct source *s = c->player.source;
	uint64_t step, at = c->player.step;
	if (at < c->next_keyframe)
		return 0;
	if (s->keyframes) {
		uint64_t before, after;
		if (s->keyframes(s, at, &before, &after))
			return -1;
		c->next_keyframe = after ? after : UINT64_MAX;
		if (before != at)
			return 0;
	}
	if (s->keyframe(s, at, c->image, &step))
		return -1;
	if (step != at || image_sum(c->image) == image_sum(c->player.image))
		return 0;
	snprintf(s->error, sizeof s->error,
		_("%s is damaged: the keyframe after step %" PRIu64
		  " is not the memory that the steps lead to"),
		s->name, at);
	return -1;
}

/* The row's key, read as a workload would be, must have the hash that the steps recorded. */
static void check_key_text(struct checking *c, const struct operation *o, const struct event *e)
{
	struct map *m = c->map[o->map - 1];
	if (m->key.kind == GO_OPAQUE)
		return;
	struct pool pool = { 0 };
	struct line l = { .text = o->key, .len = strlen(o->key) };
	struct go_value v = { 0 };
	unsigned column;
	uint64_t random = 0;
	bool wrong = tokens_split(&l, &pool, &column) || l.tokens != 1;
	uint8_t *element = pool_alloc(&pool, LITERAL_BUFFER + m->key.size);
	if (!wrong && literal_parse(&pool, &m->key, &l.token[0], &v)) {
		int64_t i; /* fill, probe and drain keep the low bytes of a number that is too large */
		wrong = !literal_int64(l.token[0].text, &i);
		if (!wrong)
			literal_element(&m->key, i, 'k', element, &v, NULL);
	}
	v.is_any = v.is_any || m->engine->in_any;
	if (wrong) {
		c->faults++;
		command_fail("check", "operation %" PRIu64 ": its key is no %s", o->op, m->key.name);
	} else {
		uint64_t hash = hash_value(&m->keys, &v, e->b, &random);
		if (hash != e->a && random == 0) { /* random moved: a NaN, whose hash nobody can repeat */
			c->faults++;
			command_fail("check",
				"operation %" PRIu64 ": its key's hash is %016" PRIx64 ", not the %016" PRIx64
				" of step %" PRIu64,
				o->op, hash, e->a, c->player.step);
		}
	}
	pool_release(&pool);
}

/* Plays the operation's steps and notes which buckets it works on. */
static int play_operation(struct checking *c, const struct operation *o, uint64_t last, bool *ret_fatal)
{
	bool keyed = o->map && o->map <= c->player.source->maps && o->key && op_kind_keyed[o->kind];
	c->touched_count = 0;
	while (c->player.step < last) {
		if (player_forward(&c->player))
			return -1;
		if (check_keyframe(c)) {
			snprintf(c->player.error, sizeof c->player.error, "%s", c->player.source->error);
			return -1;
		}
		const struct event *e = player_event(&c->player, c->player.step);
		if (!e)
			return -1;
		if (e->kind == EV_BUCKET || e->kind == EV_EVACUATE)
			touch(c, e->a);
		if (e->kind == EV_HASH && e->addr == 0 && keyed) {
			check_key_text(c, o, e);
			keyed = false;
		}
		if (e->kind == EV_FAULT && e->b)
			*ret_fatal = true;
	}
	return 0;
}

static void report_faults(struct checking *c, unsigned map, uint64_t op, unsigned faults, const char *message)
{
	if (faults == 0)
		return;
	c->faults++;
	if (c->faults <= 20)
		command_fail("check", "operation %" PRIu64 ", step %" PRIu64 ", map %s: %s%s", op,
			c->player.step, c->player.source->map[map - 1].name, message,
			faults > 1 ? _(" (and more)") : "");
}

static void check_map(struct checking *c, unsigned map, uint64_t op, bool last)
{
	char message[CHECK_MESSAGE];
	const struct map *m = c->map[map - 1];
	const struct engine *e = m->engine;
	const struct reader *r = image_reader(c->player.image);
	unsigned faults = 0;
	if (!e->address(m))
		return;
	uint64_t groups = e->check_group ? e->groups(m, r, 0) : 0;
	if (last || groups <= WALK_ALWAYS || ++c->since_walk[map - 1] >= groups / WALK_ALWAYS) {
		c->since_walk[map - 1] = 0;
		c->walks++;
		faults = e->check(m, r, true, message);
	} else {
		for (unsigned i = 0; i < c->touched_count && !faults; i++)
			faults = e->check_group(m, r, c->touched[i], message);
	}
	report_faults(c, map, op, faults, message);
}

static int check_operations(struct checking *c)
{
	struct source *s = c->player.source;
	bool fatal = false;
	for (uint64_t op = 1; op <= s->ops; op++) {
		struct operation o;
		uint64_t last;
		if (command_operation_steps(s, op, &o, &last))
			return command_fail("check", "%s", s->error);
		unsigned map = o.map;
		if (play_operation(c, &o, last, &fatal))
			return command_fail("check", "%s", c->player.error);
		/* Go's fatal error leaves the map in the middle of a write, and so does the end of a trace
		 * that was cut off. */
		if (map && map <= s->maps && !fatal && (op < s->ops || s->complete))
			check_map(c, map, op, op == s->ops);
	}
	while (c->player.step < s->steps)
		if (player_forward(&c->player))
			return command_fail("check", "%s", c->player.error);
	return EXIT_DONE;
}

/* All the way back must lead to nothing. */
static int check_way_back(struct checking *c)
{
	while (c->player.step > 0)
		if (player_back(&c->player))
			return command_fail("check", "%s", c->player.error);
	if (image_live_bytes(c->player.image) != 0) {
		c->faults++;
		command_fail("check",
			P_("all steps undone, %" PRIu64 " byte is still there",
				"all steps undone, %" PRIu64 " bytes are still there",
				image_live_bytes(c->player.image)),
			image_live_bytes(c->player.image));
	}
	return EXIT_DONE;
}

static void print_json(const struct checking *c, uint64_t rows, bool ok)
{
	const struct source *s = c->player.source;
	struct report r = report_to(FORM_JSON);
	report_row(&r);
	report_unsigned(&r, "operations", s->ops);
	report_unsigned(&r, "steps", s->steps);
	report_unsigned(&r, "walks", c->walks);
	report_unsigned(&r, "faults", c->faults);
	report_unsigned(&r, "row_differences", rows);
	report_bool(&r, "complete", s->complete);
	report_bool(&r, "ok", ok);
	report_row_end(&r);
	putchar('\n');
}

static int check_source(struct source *s, const char *path, bool json)
{
	struct checking c = { 0 };
	char error[STORE_ERROR];
	player_init(&c.player, s);
	c.image = image_new();
	c.map = memory_array(s->maps + 1u, sizeof *c.map);
	c.since_walk = memory_array(s->maps + 1u, sizeof *c.since_walk);
	for (unsigned i = 0; i < s->maps; i++)
		c.map[i] = command_map_of(&s->map[i]);
	int status = check_operations(&c);
	if (status == EXIT_DONE)
		status = check_way_back(&c);
	long rows = 0;
	if (status == EXIT_DONE && store_is_trace(path)) {
		rows = store_check_rows(path, stderr, error);
		if (rows < 0)
			status = command_fail("check", "%s", error);
	}
	if (status == EXIT_DONE && (c.faults || rows > 0))
		status = EXIT_FAILED;
	if (json)
		print_json(&c, rows < 0 ? 0 : (uint64_t)rows, status == EXIT_DONE);
	else if (status == EXIT_DONE)
		printf(store_is_trace(path)
				? _("%s, %s%s: every invariant holds, the rows agree, all steps back lead to "
				    "nothing\n")
				: _("%s, %s%s: every invariant holds, all steps back lead to nothing\n"),
			counted_operations(s->ops), counted_steps(s->steps),
			s->complete ? "" : _(" (cut off)"));
	for (unsigned i = 0; i < s->maps; i++)
		c.map[i]->engine->release(c.map[i]);
	free(c.map);
	free(c.since_walk);
	image_free(c.image);
	player_release(&c.player);
	return status;
}

int cmd_check(int argc, char **argv)
{
	return command_report("check", argc, argv, check_source);
}
