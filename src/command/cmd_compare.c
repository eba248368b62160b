/* mapscope compare: two recordings side by side, on a screen or in words. */
#include "src/command/command.h"

#include "trace/record/player.h"
#include "trace/map/sync/sync.h"
#include "ui/scene/cost.h"
#include "ui/mode/align.h"

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
	struct costs *k = calloc(2, sizeof *k);
	uint64_t most = c->source[0]->ops > c->source[1]->ops ? c->source[0]->ops : c->source[1]->ops;
	int status = 0;
	if (!k)
		abort();
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

static void print_json(const struct compare *c)
{
	const struct map_difference *d = &c->end;
	static const char *const truth[] = { "false", "true" };
	printf("{\"equal\":%s,\"operations\":[%" PRIu64 ",%" PRIu64 "],\"placed_differently\":%" PRIu64 ",\"other_operations\":%" PRIu64 ",\"other_cost\":%" PRIu64
	       ",\"first\":%" PRIu64 ",\"end\":{\"entries\":[%" PRIu64 ",%" PRIu64 "],\"B\":[%u,%u],\"noverflow\":[%u,%u],\"hash0\":[%" PRIu32
	       ",%" PRIu32 "],\"overflow_buckets\":[%" PRIu64 ",%" PRIu64 "],\"in_both\":%" PRIu64 ",\"same_bucket\":%" PRIu64
	       ",\"same_slot\":%" PRIu64 ",\"other_elem\":%" PRIu64 ",\"other_key_type\":%s,\"other_elem_type\":%s,\"differs\":%s}}\n",
	       truth[equal(c)], c->source[0]->ops, c->source[1]->ops, c->placed, c->others, c->costs, c->first, d->entries[0], d->entries[1], d->hmap[0].B,
	       d->hmap[1].B, d->hmap[0].noverflow, d->hmap[1].noverflow, d->hmap[0].hash0, d->hmap[1].hash0, d->overflow[0], d->overflow[1], d->both,
	       d->same_bucket, d->same_slot, d->other_elem, truth[d->other_key_type],
	       truth[d->other_elem_type], truth[align_differs(d)]);
}

/* A name or a key of a recording: no control bytes on a terminal. */
static void print_clean(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f || ((unsigned char)*text == 0xc2 && ((unsigned char)text[1] & 0xe0) == 0x80))
			printf("\\x%02x", (unsigned char)*text);
		else
			putchar(*text);
}

static void print_text(const struct compare *c)
{
	char words[1024];
	for (int i = 0; i < 2; i++) {
		const struct source *s = c->source[i];
		printf("%c: ", 'A' + i);
		print_clean(s->name);
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
		print_clean(c->first_words);
	}
	printf(P_("\n%" PRIu64 " costs something else\n", "\n%" PRIu64 " cost something else\n", c->costs), c->costs);
	if (c->others)
		printf(P_("%" PRIu64 " is another operation in B, or only in one of them\n",
			  "%" PRIu64 " are other operations in B, or only in one of them\n", c->others), c->others);
	align_words(&c->end, c->other, words, sizeof words);
	printf(_("At the end: %s\n"), words);
}

enum { OPT_TEXT = 256, OPT_JSON, OPT_OP, OPT_SIZE, OPT_KEYS, OPT_ASCII, OPT_THEME, OPT_HELP };

static int parse(int argc, char **argv, struct compare *c)
{
	static const struct option options[] = { { "text", no_argument, NULL, OPT_TEXT }, { "json", no_argument, NULL, OPT_JSON },
		{ "op", required_argument, NULL, OPT_OP }, { "size", required_argument, NULL, OPT_SIZE },
		{ "keys", required_argument, NULL, OPT_KEYS }, { "ascii", no_argument, NULL, OPT_ASCII },
		{ "theme", required_argument, NULL, OPT_THEME }, { "help", no_argument, NULL, OPT_HELP }, { 0 } };
	int o, n;
	char rest;
	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (o) {
		case OPT_TEXT: c->text = true; break;
		case OPT_JSON: c->json = true; break;
		case OPT_OP:
			if (!command_number(optarg, &c->op) || !c->op)
				return command_usage("compare", "\"%s\" is no operation", optarg);
			break;
		case OPT_SIZE:
			n = sscanf(optarg, "%4dx%4d%c", &c->width, &c->height, &rest);
			if (n != 2 || c->width < 1 || c->height < 1 || c->width > 1000 || c->height > 1000)
				return command_usage("compare", "\"%s\" is no size; write 80x24 (at most 1000x1000)", optarg);
			c->framed = true;
			break;
		case OPT_KEYS:
			c->keys = optarg;
			c->framed = true;
			break;
		case OPT_ASCII: c->ui.ascii = true; break;
		case OPT_THEME: c->ui.theme = optarg; break;
		case OPT_HELP: return command_help("compare");
		default: return command_usage("compare", NULL);
		}
	return -1;
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
	int status = parse(argc, argv, &c);
	if (status >= 0)
		return status;
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
