/* mapscope events: the steps as text, one a line. */
#include "src/command/command.h"

#include "trace/base/json.h"
#include "trace/cache/access.h"
#include "trace/record/player.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>

struct wanted {
	uint64_t from, to, op;
	struct kind_set kinds;
	bool json, accesses;
};

static void report_bytes(struct json *j, const char *name, union event_bytes b, uint64_t size)
{
	uint8_t small[8] = { 0 };
	for (uint64_t i = 0; i < size && i < sizeof small; i++)
		small[i] = event_byte(b, size, i);
	json_key(j, name);
	json_hex(j, size > sizeof small ? b.p : small, size);
}

static void print_json(const struct event *e, uint64_t step)
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

static int print_steps(struct source *s, const struct wanted *w)
{
	struct chunk chunk = { 0 };
	struct access_types types = { .source = s };
	char line[1024];
	bool json = w->json;
	int status = EXIT_DONE;
	for (uint64_t step = w->from; step <= w->to && !ferror(stdout);) {
		if (s->chunk(s, step, &chunk)) {
			status = command_fail("events", "%s", s->error);
			break;
		}
		for (; step < chunk.first + chunk.count && step <= w->to; step++) {
			const struct event *e = &chunk.events[step - chunk.first];
			if (!kinds_have(&w->kinds, e->kind))
				continue;
			if (w->accesses) {
				access_each(&types, e, print_access, &json);
			} else if (w->json) {
				print_json(e, step);
			} else {
				event_print(e, step, line, sizeof line);
				puts(line);
			}
		}
	}
	chunk_release(&chunk);
	return status;
}

static int print_kinds(void)
{
	static const char *const roles[] = { "fact", "read", "note" };
	for (int i = 0; i < EV_COUNT; i++) {
		const struct event_info *e = &event_info[event_listed(i)];
		printf("%-10s %-4s %-28s %s\n", e->name, roles[e->role], e->args, _(e->sentence));
	}
	return command_flush("events", stdout);
}

/* "write,alloc": only these.  0, or the exit status. */
static int parse_kinds(struct wanted *w, const char *list)
{
	char name[32];
	w->kinds = (struct kind_set){ 0 };
	while (*list) {
		size_t len = strcspn(list, ",");
		snprintf(name, sizeof name, "%.*s", (int)(len < 31 ? len : 31), list);
		int k = event_kind_parse(name);
		if (k < 0) {
			const char *near = script_nearest(name, &event_info[0].name, sizeof event_info[0]);
			return near && near != name ? command_usage("events", "\"%s\" is no kind of step; did you mean %s?", name, near)
				    : command_usage("events", "\"%s\" is no kind of step; --kinds names them", name);
		}
		kinds_add(&w->kinds, (unsigned)k);
		list += len + (list[len] == ',');
	}
	return 0;
}

static int range_of_operation(struct source *s, struct wanted *w)
{
	struct operation o;
	if (w->op < 1 || w->op > s->ops)
		return command_fail("events", "there is no operation %" PRIu64 ", the last is %" PRIu64, w->op, s->ops);
	if (command_operation_steps(s, w->op, &o, &w->to))
		return command_fail("events", "%s", s->error);
	w->from = o.first_step;
	return 0;
}

int cmd_events(int argc, char **argv)
{
	static const struct option options[] = { { "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' }, { "op", required_argument, NULL, 'o' },
		{ "kind", required_argument, NULL, 'k' }, { "kinds", no_argument, NULL, 'K' }, { "accesses", no_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' }, { "help", no_argument, NULL, 'h' }, { 0 } };
	struct wanted w = { .from = 1, .to = UINT64_MAX };
	bool op_given = false;
	int c, status = 0;
	w.kinds = kinds_complement(w.kinds);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		uint64_t *number = c == 'f' ? &w.from : c == 't' ? &w.to : c == 'o' ? &w.op : NULL;
		if (number && (!command_number(optarg, number) || *number == 0))
			return command_usage("events", "\"%s\" is no number from 1", optarg);
		op_given = op_given || c == 'o';
		switch (c) {
		case 'f': case 't': case 'o': break;
		case 'k':
			status = parse_kinds(&w, optarg);
			if (status)
				return status;
			break;
		case 'K': return print_kinds();
		case 'a': w.accesses = true; break;
		case 'j': w.json = true; break;
		case 'h': return command_help("events");
		default: return command_usage("events", NULL);
		}
	}
	if (argc - optind != 1)
		return command_usage("events", argc == optind ? "which trace or workload?" : N_("one file at a time"));
	struct source *s = command_open("events", argv[optind]);
	if (!s)
		return EXIT_FAILED;
	if (op_given)
		status = range_of_operation(s, &w);
	if (w.to > s->steps)
		w.to = s->steps;
	if (status == 0)
		status = print_steps(s, &w);
	s->close(s);
	int flushed = command_flush("events", stdout);
	return status ? status : flushed;
}
