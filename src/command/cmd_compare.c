/* mapscope compare: two recordings side by side, on a screen or in words. */
#include "src/command/command.h"
#include "src/command/options.h"
#include "src/command/report.h"

#include "trace/base/memory.h"
#include "trace/record/player.h"
#include "trace/map/kind.h"
#include "ui/scene/cost.h"

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
	bool end_differs;   /* the maps at the end do */
	struct builder end; /* in what: sentences */
	char *end_json;     /* an object */
	size_t end_size;
};

/* Goes through the operations of both. */
static int count_operations(struct compare *c)
{
	struct costs *k = memory_array(2, sizeof *k);
	uint64_t most = c->source[0]->ops > c->source[1]->ops ? c->source[0]->ops : c->source[1]->ops;
	int status = 0;
	c->ops = most;
	for (uint64_t op = 1; op <= most; op++) {
		const struct op_cost *a = cost_of(&k[0], c->source[0], op),
				     *b = cost_of(&k[1], c->source[1], op);
		for (int i = 0; i < 2; i++)
			if (!(i ? b : a) && op <= c->source[i]->ops) {
				const char *why = k[i].player.error[0] ? k[i].player.error
								       : c->source[i]->error;
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

/* The map that is selected at the end; NULL: there is none, or of unknown types. */
static const struct map_info *open_end(struct player *p, struct map_view *ret)
{
	const struct source *s = p->source;
	const struct go_type empty = go_type_basic(GO_EMPTY);
	const struct event *e = player_event(p, s->steps);
	unsigned n = e && e->map ? e->map : s->maps;
	if (n >= 1 && n <= s->maps) {
		if (!map_open(ret, s->map, n, image_reader(p->image)))
			ret->header = 0;
		return &s->map[n - 1];
	}
	map_open_at(ret, (enum map_kind)0, "", &empty, &empty, 0, image_reader(p->image));
	return NULL;
}

/* By the kind of one of them; a map of another kind is none to it. */
static void compare_maps(struct compare *c, struct map_view v[2], const struct map_info *const m[2])
{
	const struct map_kind_ops *kind = v[0].kind->report ? v[0].kind
		: v[1].kind->report                         ? v[1].kind
							    : map_kinds[0];
	FILE *out = memory_need(open_memstream(&c->end_json, &c->end_size));
	struct json j = json_to(out);
	for (int i = 0; i < 2; i++)
		if (v[i].kind != kind)
			v[i].header = 0;
	c->end = builder_own();
	json_object(&j);
	c->end_differs = kind->report->compare(v, m, &c->end, &j);
	json_key_bool(&j, "differs", c->end_differs);
	json_end(&j);
	fclose(out);
}

static int compare_ends(struct compare *c)
{
	struct player p[2];
	struct map_view v[2];
	const struct map_info *m[2];
	int status = 0;
	for (int i = 0; i < 2; i++) {
		player_init(&p[i], c->source[i]);
		if (player_seek(&p[i], c->source[i]->steps) != 0)
			status = command_fail("compare", "%s", p[i].error);
		else
			m[i] = open_end(&p[i], &v[i]);
	}
	if (!status)
		compare_maps(c, v, m);
	player_release(&p[0]);
	player_release(&p[1]);
	return status;
}

static bool equal(const struct compare *c)
{
	return !c->placed && !c->costs && c->source[0]->ops == c->source[1]->ops && !c->end_differs;
}

/* A key and its values in A and in B. */
static void report_pair(struct json *j, const char *name, uint64_t a, uint64_t b)
{
	json_key_array(j, name);
	json_unsigned(j, a);
	json_unsigned(j, b);
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
	json_key(&j, "end");
	json_raw(&j, c->end_json);
	json_end(&j);
	putchar('\n');
}

static void print_text(const struct compare *c)
{
	for (int i = 0; i < 2; i++) {
		const struct source *s = c->source[i];
		printf("%c: ", 'A' + i);
		report_clean(s->name);
		printf(_(", %s, %s"), counted_operations(s->ops), counted_steps(s->steps));
		if (s->maps) {
			const struct map_info *m = &s->map[s->maps - 1];
			printf(_(", map[%s]%s, seed %" PRIu64 ", go %s"), m->key.name, m->elem.name, m->seed,
				m->go);
			if (m->hint >= 0)
				printf(_(", hint %" PRId64), m->hint);
		}
		putchar('\n');
	}
	printf(P_("%" PRIu64 " of %s is placed differently", "%" PRIu64 " of %s are placed differently",
		       c->placed),
		c->placed, counted_operations(c->ops));
	if (c->first) {
		printf(_(", first %" PRIu64 ": "), c->first);
		report_clean(c->first_words);
	}
	printf(P_("\n%" PRIu64 " costs something else\n", "\n%" PRIu64 " cost something else\n", c->costs),
		c->costs);
	if (c->others)
		printf(P_("%" PRIu64 " is another operation in B, or only in one of them\n",
			       "%" PRIu64 " are other operations in B, or only in one of them\n", c->others),
			c->others);
	printf(_("At the end: %s\n"), c->end.text);
}

static int read_size(const char *command, const char *text, void *to)
{
	struct compare *c = to;
	char rest;
	c->framed = true;
	if (sscanf(text, "%4dx%4d%c", &c->width, &c->height, &rest) == 2 && c->width >= 1 && c->height >= 1 &&
		c->width <= 1000 && c->height <= 1000)
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
	builder_release(&c->end);
	free(c->end_json);
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
		OPTION_COUNT("op", &c.op, N_("\"%s\" is no operation")), OPTION_READ("size", read_size, &c),
		OPTION_TEXT("keys", &c.keys), OPTION_FLAG("ascii", &c.ui.ascii),
		OPTION_TEXT("theme", &c.ui.theme), { 0 } };
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
