/* mapscope events: the steps as text, one a line. */
#include "src/command/command.h"
#include "src/command/options.h"

#include "trace/base/json.h"
#include "trace/cache/access.h"
#include "trace/record/walk.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>

struct wanted {
	uint64_t from, to, op;
	struct kind_set kinds;
	bool json, accesses, words;
};

static void report_bytes(struct json *j, const char *name, union event_bytes b, uint64_t size)
{
	uint8_t small[8] = { 0 };
	for (uint64_t i = 0; i < size && i < sizeof small; i++)
		small[i] = event_byte(b, size, i);
	json_key(j, name);
	json_hex(j, size > sizeof small ? b.p : small, size);
}

/* words NULL: none are wanted. */
static void print_json(const struct event *e, uint64_t step, const char *words)
{
	const struct event_info *info = &event_info[e->kind];
	char given[EVENT_NAME], arg[64];
	const char *name;
	struct json j = json_to(stdout);
	json_object(&j);
	json_key_unsigned(&j, "step", step);
	json_key_unsigned(&j, "map", e->map);
	json_key_text(&j, "kind", event_name(e, given));
	if (strchr(info->fields, 'A'))
		json_key_unsigned(&j, "address", e->addr);
	if (strchr(info->fields, 'S'))
		json_key_unsigned(&j, "size", e->size);
	if (strchr(info->fields, 'O'))
		report_bytes(&j, "old", e->old, e->size);
	if (strchr(info->fields, 'N') && e->kind != EV_UNKNOWN)
		report_bytes(&j, "new", e->new, e->size);
	for (int i = 0, len; event_next_arg(info, &i, &name, &len); i++) {
		snprintf(arg, sizeof arg, "%.*s", len, name);
		json_key_unsigned(&j, arg, event_arg(e, i));
	}
	if (words)
		json_key_text(&j, "words", words);
	json_end(&j);
	putchar('\n');
}

static void print_access(void *context, uint64_t addr, unsigned size, bool write)
{
	const bool *as_json = context;
	if (!*as_json) {
		printf("%c %" PRIx64 " %u\n", write ? 'W' : 'R', addr, size);
		return;
	}
	struct json j = json_to(stdout);
	json_object(&j);
	json_key_text(&j, "access", write ? "write" : "read");
	json_key_unsigned(&j, "address", addr);
	json_key_unsigned(&j, "size", size);
	json_end(&j);
	putchar('\n');
}

struct printer {
	const struct wanted *wanted;
	struct access_types types;
	struct ui_words *words; /* NULL: none are wanted */
};

/* -1: the source's error says why. */
static int print_step(struct printer *p, const struct event *e, uint64_t step)
{
	const struct wanted *w = p->wanted;
	bool json = w->json;
	char line[1024], words[UI_SENTENCE] = "";
	if (p->words && ui_words_at(p->words, step, words, sizeof words) != 0)
		return -1;
	if (w->accesses) {
		access_each(&p->types, e, print_access, &json);
	} else if (json) {
		print_json(e, step, p->words ? words : NULL);
	} else if (p->words) {
		printf("%" PRIu64 "\t%s\n", step, words);
	} else {
		event_print(e, step, line, sizeof line);
		puts(line);
	}
	return 0;
}

static int print_steps(struct source *s, const struct wanted *w)
{
	struct walk walk;
	struct printer p = { .wanted = w, .types = { .source = s } };
	bool failed = false;
	if (w->words)
		p.words = ui_words_new(s);
	walk_init(&walk, s, w->from);
	while (!failed && !ferror(stdout) && walk_next(&walk, w->to, NULL))
		for (uint32_t i = 0; i < walk.n && !failed && !ferror(stdout); i++)
			if (kinds_have(&w->kinds, walk.event[i].kind))
				failed = print_step(&p, &walk.event[i], walk.step + i) != 0;
	int status = walk.failed || failed ? command_fail("events", "%s", s->error) : EXIT_DONE;
	walk_release(&walk);
	if (p.words)
		ui_words_free(p.words);
	return status;
}

static int print_kinds(const char *command, const char *none, void *to)
{
	static const char *const roles[] = { "fact", "read", "note" };
	for (int i = 0; i < EV_COUNT; i++) {
		const struct event_info *e = &event_info[event_listed(i)];
		printf("%-10s %-4s %-28s %s\n", e->name, roles[e->role], e->args, _(e->sentence));
	}
	(void)none, (void)to;
	return command_flush(command, stdout);
}

/* "write,alloc": only these. */
static int parse_kinds(const char *command, const char *list, void *to)
{
	struct kind_set *kinds = to;
	char name[32];
	*kinds = (struct kind_set){ 0 };
	while (*list) {
		size_t len = strcspn(list, ",");
		snprintf(name, sizeof name, "%.*s", (int)(len < 31 ? len : 31), list);
		int k = event_kind_parse(name);
		if (k < 0) {
			const char *near = script_nearest(name, &event_info[0].name, sizeof event_info[0]);
			return near && near != name
				? command_usage(
					  command, "\"%s\" is no kind of step; did you mean %s?", name, near)
				: command_usage(
					  command, "\"%s\" is no kind of step; --kinds names them", name);
		}
		kinds_add(kinds, (unsigned)k);
		list += len + (list[len] == ',');
	}
	return -1;
}

static int range_of_operation(struct source *s, struct wanted *w)
{
	struct operation o;
	if (w->op < 1 || w->op > s->ops)
		return command_fail(
			"events", "there is no operation %" PRIu64 ", the last is %" PRIu64, w->op, s->ops);
	if (command_operation_steps(s, w->op, &o, &w->to))
		return command_fail("events", "%s", s->error);
	w->from = o.first_step;
	return 0;
}

int cmd_events(int argc, char **argv)
{
	static const char wrong[] = N_("\"%s\" is no number from 1");
	struct wanted w = { .from = 1, .to = UINT64_MAX };
	w.kinds = kinds_complement(w.kinds);
	const struct option_row rows[] = { OPTION_COUNT("from", &w.from, wrong),
		OPTION_COUNT("to", &w.to, wrong), OPTION_COUNT("op", &w.op, wrong),
		OPTION_READ("kind", parse_kinds, &w.kinds), OPTION_ACTION("kinds", print_kinds, NULL),
		OPTION_FLAG("accesses", &w.accesses), OPTION_FLAG("words", &w.words),
		OPTION_FLAG("json", &w.json), { 0 } };
	int status = options_read("events", argc, argv, rows);
	if (status < 0 && w.accesses && w.words)
		return command_usage("events", "--accesses and --words do not go together");
	if (status < 0)
		status = options_one_file("events", argc);
	if (status >= 0)
		return status;
	struct source *s = command_open("events", argv[optind]);
	if (!s)
		return EXIT_FAILED;
	status = w.op ? range_of_operation(s, &w) : EXIT_DONE;
	if (w.to > s->steps)
		w.to = s->steps;
	if (status == 0)
		status = print_steps(s, &w);
	s->close(s);
	int flushed = command_flush("events", stdout);
	return status ? status : flushed;
}
