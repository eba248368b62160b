/* mapscope compare: two recordings side by side, on a screen or in words. */
#include "src/command/command.h"
#include "src/command/options.h"
#include "src/command/report.h"

#include "trace/base/memory.h"
#include "trace/record/player.h"
#include "trace/map/sync/sync.h"
#include "ui/scene/cost.h"
#include "ui/scene/classic/align.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As diff has it: 0 and 1 tell of the files, 2 of trouble. */
enum { EXIT_EQUAL = EXIT_DONE, EXIT_DIFFERS = EXIT_FAILED, EXIT_TROUBLE = EXIT_FAILED };

struct compare {
	struct source *source[2];
	bool text, json;
	int width, height;
	const char *keys;
	bool framed;
	uint64_t op;
	struct ui_options ui;
	/* found out */
	uint64_t ops, placed, others, costs, first; /* others: not the same operation */
	char first_words[SCENE_TEXT];
	struct map_difference end;
	char other[64];          /* what the maps were given that differs */
};

/* Goes through the operations of both. */
static int count_operations(struct compare *c)
{
	struct costs *k = memory_array(2, sizeof *k);
	uint64_t most = c->source[0]->ops > c->source[1]->ops ? c->source[0]->ops : c->source[1]->ops;
	int status = 0;
	c->ops = most;
	for (uint64_t op = 1; op <= most; op++) {
		const struct op_cost *a = cost_of(&k[0], c->source[0], op), *b = cost_of(&k[1], c->source[1], op);
		for (int i = 0; i < 2; i++)
			if (!(i ? b : a) && op <= c->source[i]->ops) {
				const char *why = k[i].player.error[0] ? k[i].player.error : c->source[i]->error;
				command_fail("compare", "%s", *why ? why : _("a recording is damaged"));
				status = -1;
			}
		if (status)
			break;
		bool placed = a && b ? cost_placed_differently(a, b) : true;
		c->costs += !a || !b || cost_differs(a, b);
		c->others += !a || !b || strcmp(a->words, b->words) != 0;
		if (placed && c->placed++ == 0) {
			c->first = op;
			snprintf(c->first_words, sizeof c->first_words, "%s", a ? a->words : b->words);
		}
	}
	costs_release(&k[0]);
	costs_release(&k[1]);
	free(k);
	return status;
}

/* The maps that are selected at the end. */
static int compare_ends(struct compare *c)
{
	struct player p[2];
	struct map_type t[2];
	uint64_t hmap[2] = { 0 };
	const struct map_info *m[2] = { NULL, NULL };
	int status = 0;
	for (int i = 0; i < 2; i++) {
		struct source *s = c->source[i];
		struct go_type key, elem;
		player_init(&p[i], s);
		if (player_seek(&p[i], s->steps) != 0)
			status = command_fail("compare", "%s", p[i].error);
		const struct event *e = status ? NULL : player_event(&p[i], s->steps);
		unsigned n = e && e->map ? e->map : s->maps;
		if (n >= 1 && n <= s->maps && go_type_recorded(s->map[n - 1].key_type, &key) && go_type_recorded(s->map[n - 1].elem_type, &elem)) {
			m[i] = &s->map[n - 1];
			t[i] = map_type_make(key, elem);
			hmap[i] = map_hmap(s->map, n, image_reader(p[i].image));
		} else {
			t[i] = map_type_make(go_type_basic(GO_EMPTY), go_type_basic(GO_EMPTY));
		}
	}
	if (!status)
		align_maps(&c->end, image_reader(p[0].image), &t[0], hmap[0], image_reader(p[1].image), &t[1], hmap[1]);
	align_other(m[0], m[1], c->other, sizeof c->other);
	player_release(&p[0]);
	player_release(&p[1]);
	return status;
}

static bool equal(const struct compare *c)
{
	return !c->placed && !c->costs && c->source[0]->ops == c->source[1]->ops && !align_differs(&c->end);
}

/* A key and its values in A and in B. */
static void report_pair(struct json *j, const char *name, uint64_t a, uint64_t b)
{
	json_key_array(j, name);
	json_unsigned(j, a);
	json_unsigned(j, b);
	json_end(j);
}

static void report_end(struct json *j, const struct map_difference *d)
{
	json_key_object(j, "end");
	report_pair(j, "entries", d->entries[0], d->entries[1]);
	report_pair(j, "B", d->hmap[0].B, d->hmap[1].B);
	report_pair(j, "noverflow", d->hmap[0].noverflow, d->hmap[1].noverflow);
	report_pair(j, "hash0", d->hmap[0].hash0, d->hmap[1].hash0);
	report_pair(j, "overflow_buckets", d->overflow[0], d->overflow[1]);
	json_key_unsigned(j, "in_both", d->both);
	json_key_unsigned(j, "same_bucket", d->same_bucket);
	json_key_unsigned(j, "same_slot", d->same_slot);
	json_key_unsigned(j, "other_elem", d->other_elem);
	json_key_bool(j, "other_key_type", d->other_key_type);
	json_key_bool(j, "other_elem_type", d->other_elem_type);
	json_key_bool(j, "differs", align_differs(d));
	json_end(j);
}

static void print_json(const struct compare *c)
{
	struct json j = json_to(stdout);
	json_object(&j);
	json_key_bool(&j, "equal", equal(c));
	report_pair(&j, "operations", c->source[0]->ops, c->source[1]->ops);
	json_key_unsigned(&j, "placed_differently", c->placed);
	json_key_unsigned(&j, "other_operations", c->others);
	json_key_unsigned(&j, "other_cost", c->costs);
	json_key_unsigned(&j, "first", c->first);
	report_end(&j, &c->end);
	json_end(&j);
	putchar('\n');
}

static void print_text(const struct compare *c)
{
	char words[1024];
	for (int i = 0; i < 2; i++) {
		const struct source *s = c->source[i];
		printf("%c: ", 'A' + i);
		report_clean(s->name);
		printf(_(", %s, %s"), counted_operations(s->ops), counted_steps(s->steps));
		if (s->maps) {
			const struct map_info *m = &s->map[s->maps - 1];
			printf(_(", map[%s]%s, seed %" PRIu64 ", go %s"), m->key_type, m->elem_type, m->seed, m->go);
			if (m->hint >= 0)
				printf(_(", hint %" PRId64), m->hint);
		}
		putchar('\n');
	}
	printf(P_("%" PRIu64 " of %s is placed differently", "%" PRIu64 " of %s are placed differently", c->placed), c->placed,
	       counted_operations(c->ops));
	if (c->first) {
		printf(_(", first %" PRIu64 ": "), c->first);
		report_clean(c->first_words);
	}
	printf(P_("\n%" PRIu64 " costs something else\n", "\n%" PRIu64 " cost something else\n", c->costs), c->costs);
	if (c->others)
		printf(P_("%" PRIu64 " is another operation in B, or only in one of them\n",
			  "%" PRIu64 " are other operations in B, or only in one of them\n", c->others), c->others);
	align_words(&c->end, c->other, words, sizeof words);
	printf(_("At the end: %s\n"), words);
}

static int read_size(const char *command, const char *text, void *to)
{
	struct compare *c = to;
	char rest;
	c->framed = true;
	if (sscanf(text, "%4dx%4d%c", &c->width, &c->height, &rest) == 2 && c->width >= 1 && c->height >= 1 && c->width <= 1000 &&
	    c->height <= 1000)
		return -1;
	return command_usage(command, "\"%s\" is no size; write 80x24 (at most 1000x1000)", text);
}

/* The first step of the operation that is asked for. */
static void begin_step(struct compare *c)
{
	struct operation row;
	struct source *s = c->source[0];
	uint64_t op = c->op ? c->op : 1;
	if (s->ops && s->operation(s, op < s->ops ? op : s->ops, &row) == 0)
		c->ui.step = row.first_step;
}

static int report(struct compare *c)
{
	if (count_operations(c) != 0 || compare_ends(c) != 0)
		return EXIT_TROUBLE;
	if (c->json)
		print_json(c);
	else
		print_text(c);
	return command_flush("compare", stdout) ? EXIT_TROUBLE : equal(c) ? EXIT_EQUAL : EXIT_DIFFERS;
}

static int run(struct compare *c)
{
	bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	struct source *s = c->source[0];
	c->ui.other = c->source[1];
	begin_step(c);
	if (c->text || c->json || (!terminal && !c->framed))
		return report(c);
	if (!c->framed) {
		if (ui_run(s, &c->ui) == 0)
			return EXIT_EQUAL;
	} else if (ui_show(s, &c->ui, c->ui.step, c->width, c->height, c->keys, stdout) == 0) {
		return command_flush("compare", stdout) ? EXIT_TROUBLE : EXIT_EQUAL;
	}
	command_fail("compare", "%s", s->error);
	return EXIT_TROUBLE;
}

int cmd_compare(int argc, char **argv)
{
	struct compare c = { .width = 120, .height = 40 };
	const struct option_row rows[] = { OPTION_FLAG("text", &c.text), OPTION_FLAG("json", &c.json),
		OPTION_COUNT("op", &c.op, N_("\"%s\" is no operation")), OPTION_READ("size", read_size, &c), OPTION_TEXT("keys", &c.keys),
		OPTION_FLAG("ascii", &c.ui.ascii), OPTION_TEXT("theme", &c.ui.theme), { 0 } };
	int status = options_read("compare", argc, argv, rows);
	if (status >= 0)
		return status;
	c.framed = c.framed || c.keys;
	if (argc - optind != 2)
		return command_usage("compare", "two recordings: mapscope compare A B");
	c.source[0] = command_open("compare", argv[optind]);
	if (!c.source[0])
		return EXIT_TROUBLE;
	c.source[1] = command_open("compare", argv[optind + 1]);
	status = c.source[1] ? run(&c) : EXIT_TROUBLE;
	if (c.source[1])
		c.source[1]->close(c.source[1]);
	c.source[0]->close(c.source[0]);
	return status;
}
