/* Writes the manual pages and the completions of shells from the tables that --help and the replay's help
 * come from.
 *
 *     generate TEMPLATE.in      a page: the template, where a line @name@ stands for a generated section
 *     generate bash|zsh|fish    a completion
 *
 * make runs it; a tarball holds what it wrote.
 */
#include "db/rows/schema.h"
#include "src/lab/lab.h"
#include "src/workload/script.h"
#include "trace/record/event.h"
#include "ui/state/keys.h"
#include "ui/ui.h"
#include "man/generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef N_
#define N_(text) text
const struct page_command page_commands[] = {
#define COMMAND(name, arguments, sentence, options) { #name, arguments, sentence, options },
#include "src/command/commands.def"
#undef COMMAND
	{ 0 },
};

/* ---- the options of a command, out of its help ---- */

static void copy(char *out, size_t cap, const char *text, size_t n)
{
	snprintf(out, cap, "%.*s", (int)n, text);
}

/* Is a line no beginning? Behind an option it has more blanks then; behind words a sentence goes on in it. */
static bool goes_on(const char *line, bool words)
{
	return words ? *line >= 'a' && *line <= 'z' : *line == ' ' && line[strspn(line, " ")] != '-';
}

bool option_next(const char **help, struct page_option *o)
{
	const char *line = *help;
	if (!*line)
		return false;
	*o = (struct page_option){ "", "", "", "" };
	size_t n = strcspn(line, "\n"), blanks = strspn(line, " ");
	const char *text = line, *end = line + n;
	if (blanks < n && line[blanks] == '-') {
		const char *head = line + blanks, *stop = strstr(head, "  ");
		if (!stop || stop > end)
			stop = end;
		text = stop + strspn(stop, " ");
		if (head[1] != '-') {
			copy(o->letter, sizeof o->letter, head + 1, 1);
			head += strcspn(head, " ") + 1;
		}
		if (head < stop && head[0] == '-') {
			size_t name = strcspn(head + 2, " \n");
			copy(o->name, sizeof o->name, head + 2, name);
			head += 2 + name;
		}
		head += strspn(head, " ");
		if (head < stop)
			copy(o->argument, sizeof o->argument, head, (size_t)(stop - head));
	}
	copy(o->text, sizeof o->text, text, (size_t)(end - text));
	*help = *end ? end + 1 : end;
	while (goes_on(*help, !o->letter[0] && !o->name[0])) {
		size_t used = strlen(o->text);
		n = strcspn(*help, "\n");
		blanks = strspn(*help, " ");
		snprintf(o->text + used, sizeof o->text - used, " %.*s", (int)(n - blanks), *help + blanks);
		*help += n + ((*help)[n] != 0);
	}
	return true;
}

/* ---- mdoc ---- */

/* One text line: nothing in it is a request or an escape. */
static void put_escaped(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (; *text; text++)
		if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
}

/* A sentence a line, as mdoc wants it; a full stop at the end. */
static void put_text(const char *text)
{
	size_t n = strlen(text);
	char line[4096];
	snprintf(line, sizeof line, "%s%s", text, n && strchr(".?!:", text[n - 1]) ? "" : ".");
	for (char *p = line; *p;) {
		char *stop = p;
		while (*stop && !(strchr(".;?!", *stop) && (stop[1] == ' ' || !stop[1])))
			stop++;
		char *next = *stop ? stop + 1 : stop;
		if (*next == ' ')
			*next++ = 0;
		if (next[0] == ' ')
			next++;
		put_escaped(p);
		putchar('\n');
		p = next;
	}
}

/* An argument of a macro: in quotes, and never a macro or a delimiter itself. */
static void put_argument(const char *text)
{
	fputs(" \"\\&", stdout);
	for (; *text; text++)
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '"')
			fputs("\\(dq", stdout);
		else
			putchar(*text);
	putchar('"');
}

static void put_options(const char *help)
{
	struct page_option o;
	bool list = false;
	while (option_next(&help, &o)) {
		bool option = o.letter[0] || o.name[0];
		if (option != list) {
			puts(option ? ".Bl -tag -width Ds" : ".El\n.Pp");
			list = option;
		} else if (!option) {
			puts(".Pp");
		}
		if (option) {
			fputs(".It", stdout);
			if (o.letter[0])
				printf(" Fl %s ,", o.letter);
			printf(" Fl -%s", o.name);
			if (o.argument[0]) {
				fputs(" Ar", stdout);
				put_argument(o.argument);
			}
			putchar('\n');
		}
		if (o.text[0])
			put_text(o.text);
	}
	if (list)
		puts(".El");
}

static void put_commands(void)
{
	puts(".Bl -tag -width Ds");
	for (const struct page_command *c = page_commands; c->name; c++) {
		printf(".It Nm Cm %s", c->name);
		if (*c->arguments) {
			fputs(" Ar", stdout);
			put_argument(c->arguments);
		}
		putchar('\n');
		put_text(c->sentence);
		put_options(c->options);
	}
	puts(".El");
}

static void put_key_group(enum action_group group)
{
	puts(".Bl -tag -width Ds");
	for (int a = 1; a < ACTIONS; a++) {
		char keys[256];
		if (action_info[a].group != group || !action_info[a].help)
			continue;
		action_keys((enum action)a, true, keys, sizeof keys);
		fputs(".It", stdout);
		for (char *p = strtok(keys, " "); p; p = strtok(NULL, " ")) {
			fputs(" Ic", stdout);
			put_argument(p);
		}
		putchar('\n');
		put_text(action_info[a].help);
		fputs("Actions:", stdout);
		int i = a;
		do
			printf("%s\n.Cm %s", i > a ? " ," : "", action_info[i].name);
		while (++i < ACTIONS && !action_info[i].help);
		puts(" .");
	}
	puts(".El");
}

static void put_keys(void)
{
	static const char *const titles[GROUPS] = { [GROUP_TIME] = "Time, from every panel",
		[GROUP_FOCUS] = "Focus",
		[GROUP_VIEW] = "Views",
		[GROUP_OTHER] = "Other" };
	for (int g = 0; g < GROUPS; g++) {
		bool any = false;
		for (int a = 1; a < ACTIONS; a++)
			any = any || (action_info[a].group == (enum action_group)g && action_info[a].help);
		if (!any)
			continue;
		printf(".Ss %s\n", titles[g] ? titles[g] : "More");
		put_key_group((enum action_group)g);
	}
}

static void put_directives(void)
{
	puts(".Bl -tag -width Ds");
	for (const struct directive_info *d = directive_info; d->name; d++) {
		printf(".It Ic %s", d->name);
		if (*d->arguments) {
			fputs(" Ar", stdout);
			put_argument(d->arguments);
		}
		putchar('\n');
		put_text(d->sentence);
	}
	puts(".El");
}

static void put_labs(void)
{
	puts(".Bl -tag -width Ds");
	for (const struct lab_info *l = lab_infos; l->name; l++) {
		printf(".It Cm %s\n", l->name);
		put_text(l->title);
		put_text(l->sentence);
		bool any = false;
		if (l->options & LAB_TAKES_GO) {
			fputs("It takes\n.Fl -go", stdout);
			any = true;
		}
		for (int o = 0; o < LAB_OPTIONS; o++)
			if (l->options & UINT32_C(1) << o) {
				printf("%s\n.Fl -%s", any ? " ," : "It takes", lab_option_info[o].name);
				any = true;
			}
		puts(any ? " ." : "");
	}
	puts(".El");
}

static void put_themes(void)
{
	for (int i = 0; ui_theme_name(i); i++)
		printf(".Cm %s%s\n", ui_theme_name(i),
			!ui_theme_name(i + 1)           ? " ."
				: !ui_theme_name(i + 2) ? " and"
							: " ,");
}

/* Kinds of steps: the numbers by name, and the sentence with its blanks shown as {name}. */
static void put_events(void)
{
	static const char *const roles[] = { "fact", "read", "note" };
	puts(".Bl -tag -width Ds");
	for (int k = 0; k < EV_COUNT; k++) {
		const struct event_info *e = &event_info[event_listed(k)];
		char names[EVENT_ARGS][32] = { 0 }, text[512];
		size_t n = 0;
		sscanf(e->args, "%31s %31s %31s %31s %31s %31s", names[0], names[1], names[2], names[3],
			names[4], names[5]);
		printf(".It Cm %s Pq %s\n", e->name, roles[e->role]);
		for (const char *p = e->sentence; *p && n + 40 < sizeof text; p++) {
			if (p[0] == '{' && p[1] >= 'a' && p[1] <= 'f' && (p[2] == '}' || p[2] == ':'))
				n += (size_t)snprintf(text + n, sizeof text - n, "{%s}", names[p[1] - 'a']);
			else if (p[0] == '{')
				n += (size_t)snprintf(text + n, sizeof text - n, "{%.*s}",
					(int)strcspn(p + 1, ":}"), p + 1);
			else
				text[n++] = *p;
			if (p[0] == '{')
				p = strchr(p, '}');
		}
		text[n] = 0;
		put_text(text);
		bool any = false;
		for (int i = 0; i < EVENT_ARGS; i++)
			if (names[i][0] && strcmp(names[i], "-") != 0) {
				printf("%s\n.Va %c\nis %s", any ? "," : "Of its numbers", 'a' + i, names[i]);
				any = true;
			}
		if (any)
			puts(".");
	}
	puts(".El");
}

/* The SQL of the schema as it stands in every trace. */
static void put_tables(void)
{
	puts(".Bd -literal");
	for (const char *p = schema_sql; *p;) {
		size_t n = strcspn(p, "\n");
		char line[512];
		copy(line, sizeof line, p, n);
		if (p != schema_sql && strncmp(line, "CREATE", 6) == 0)
			putchar('\n');
		put_escaped(line);
		putchar('\n');
		p += n + (p[n] != 0);
	}
	puts(".Ed");
}

static const struct {
	const char *name;
	void (*put)(void);
} sections[] = {
	{ "@commands@", put_commands },
	{ "@keys@", put_keys },
	{ "@directives@", put_directives },
	{ "@themes@", put_themes },
	{ "@labs@", put_labs },
	{ "@events@", put_events },
	{ "@tables@", put_tables },
	{ NULL, NULL },
};

static int put_page(const char *path)
{
	char line[1024];
	FILE *in = fopen(path, "r");
	if (!in) {
		perror(path);
		return 1;
	}
	while (fgets(line, sizeof line, in)) {
		int i = 0;
		while (sections[i].name && strncmp(sections[i].name, line, strlen(sections[i].name)) != 0)
			i++;
		if (sections[i].name)
			sections[i].put();
		else
			fputs(line, stdout);
	}
	fclose(in);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: generate TEMPLATE|bash|zsh|fish\n", stderr);
		return 2;
	}
	int status = strcmp(argv[1], "bash") == 0 ? complete_bash()
		: strcmp(argv[1], "zsh") == 0     ? complete_zsh()
		: strcmp(argv[1], "fish") == 0    ? complete_fish()
						  : put_page(argv[1]);
	return fflush(stdout) == 0 && !ferror(stdout) ? status : 1;
}
