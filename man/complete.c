/* Completions of bash, zsh and fish; see generate.c.  Which words an option takes is known here; all else
 * comes from the table of commands. */
#include "man/generate.h"

#include "src/lab/lab.h"
#include "trace/go/release.h"
#include "trace/record/event.h"
#include "ui/ui.h"

#include <stdio.h>
#include <string.h>

static void add_word(char *out, size_t cap, const char *word)
{
	size_t n = strlen(out);
	snprintf(out + n, cap - n, "%s%s", n ? " " : "", word);
}

enum { WORDS = 1024 };

/* The words that an option takes, "" when they are not few: from the tables that the commands use. */
static void option_words(const struct page_option *o, char *out, size_t cap)
{
	out[0] = 0;
	if (strcmp(o->name, "go") == 0) {
		for (int i = 0; i < RELEASES; i++)
			add_word(out, cap, releases[i].name);
	} else if (strcmp(o->name, "kind") == 0) {
		for (const struct event_info *e = event_info; e->name; e++)
			add_word(out, cap, e->name);
	} else if (strcmp(o->name, "line") == 0) {
		snprintf(out, cap, "32 64 128 256");
	} else if (strcmp(o->name, "colour") == 0) {
		snprintf(out, cap, "0 16 256");
	} else if (strcmp(o->name, "size") == 0) {
		snprintf(out, cap, "80x24 120x40 200x60");
	} else if (strcmp(o->name, "theme") == 0) {
		for (int i = 0; ui_theme_name(i); i++)
			add_word(out, cap, ui_theme_name(i));
	}
}

static bool takes_file(const struct page_option *o)
{
	return strstr(o->argument, "FILE") || strstr(o->argument, "TRACE") || strstr(o->argument, "WORKLOAD");
}

/* A text inside single quotes of a shell. */
static void put_quoted(const char *text)
{
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
}

static void put_names(void)
{
	for (const struct page_command *c = page_commands; c->name; c++)
		printf("%s%s", c == page_commands ? "" : " ", c->name);
}

static void put_labs(const char *between)
{
	for (const struct lab_info *l = lab_infos; l->name; l++)
		printf("%s%s", l == lab_infos ? "" : between, l->name);
}

/* ---- bash ---- */

static void bash_options(const struct page_command *c)
{
	struct page_option o;
	printf("\t%s) options='", c->name);
	for (const char *help = c->options; option_next(&help, &o);)
		if (o.name[0])
			printf("--%s ", o.name);
	puts("--help --lang --no-config' ;;");
}

/* Which words follow an option; the same option takes the same words in every command. */
static void bash_arguments(void)
{
	char seen[2048] = " ";
	struct page_option o;
	for (const struct page_command *c = page_commands; c->name; c++)
		for (const char *help = c->options; option_next(&help, &o);) {
			char words[WORDS], name[40];
			snprintf(name, sizeof name, " %s ", o.name);
			if (!o.name[0] || !o.argument[0] || strstr(seen, name) ||
				strlen(seen) + 40 > sizeof seen)
				continue;
			strcat(seen, name + 1);
			option_words(&o, words, sizeof words);
			if (takes_file(&o))
				printf("\t--%s%s%s) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n",
					o.name, o.letter[0] ? " | -" : "", o.letter);
			else
				printf("\t--%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
					o.name, words);
		}
}

int complete_bash(void)
{
	puts("# Completion of mapscope's commands and options, generated from its table of commands.\n"
	     "_mapscope()\n{\n"
	     "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= options i\n"
	     "\tCOMPREPLY=()\n"
	     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	     "\t\tcase ${COMP_WORDS[i]} in\n"
	     "\t\t--lang) ((i++)) ;;\n"
	     "\t\t-*) ;;\n"
	     "\t\t*) command=${COMP_WORDS[i]}; break ;;\n"
	     "\t\tesac\n"
	     "\tdone\n"
	     "\tcase $before in\n"
	     "\t--lang) COMPREPLY=($(compgen -W 'en zh' -- \"$word\")); return ;;");
	bash_arguments();
	puts("\tesac\n\tcase $command in");
	fputs("\t'') COMPREPLY=($(compgen -W '", stdout);
	put_names();
	puts(" --help --version --lang --no-config' -- \"$word\")); return ;;");
	for (const struct page_command *c = page_commands; c->name; c++)
		bash_options(c);
	fputs("\t*) return ;;\n\tesac\n"
	      "\tif [[ $word == -* ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
	      "\telif [[ $command == demo ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$(\"${COMP_WORDS[0]}\" demo --list 2> /dev/null | cut -d ' ' -f "
	      "1)\" -- \"$word\"))\n"
	      "\telif [[ $command == lab && $before == lab ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W '",
		stdout);
	put_labs(" ");
	puts("' -- \"$word\"))\n"
	     "\telse\n"
	     "\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n"
	     "\tfi\n}\n"
	     "complete -o filenames -o bashdefault -F _mapscope mapscope");
	return 0;
}

/* ---- zsh ---- */

/* In _arguments' descriptions brackets and colons have a meaning. */
static void zsh_text(const char *text)
{
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			printf("%s%c", strchr("[]:\\", *text) ? "\\" : "", *text);
}

static void zsh_option(const struct page_option *o)
{
	char words[WORDS];
	option_words(o, words, sizeof words);
	printf("\t\t\t'--%s%s[", o->name, o->argument[0] ? "=" : "");
	zsh_text(o->text);
	putchar(']');
	if (o->argument[0]) {
		putchar(':');
		zsh_text(o->argument);
		if (words[0])
			printf(":(%s)", words);
		else
			fputs(takes_file(o) ? ":_files" : ": ", stdout);
	}
	puts("' \\");
}

int complete_zsh(void)
{
	struct page_option o;
	puts("#compdef mapscope\n"
	     "# Completion of mapscope's commands and options, generated from its table of commands.\n"
	     "_mapscope()\n{\n"
	     "\tlocal -a commands common\n"
	     "\tcommon=('--help[what it does]' '--lang=[texts in this language]:LANG:(en zh)'\n"
	     "\t\t'--no-config[leave the configuration file out]')\n"
	     "\tcommands=(");
	for (const struct page_command *c = page_commands; c->name; c++) {
		printf("\t\t'%s:", c->name);
		put_quoted(c->sentence);
		puts("'");
	}
	puts("\t)\n"
	     "\tif ((CURRENT == 2)); then\n"
	     "\t\t_describe command commands\n"
	     "\t\t_arguments $common '--version[the version]'\n"
	     "\t\treturn\n\tfi\n"
	     "\tcase $words[2] in");
	for (const struct page_command *c = page_commands; c->name; c++) {
		printf("\t%s)\n\t\tshift words\n\t\t((CURRENT--))\n\t\t_arguments $common \\\n", c->name);
		for (const char *help = c->options; option_next(&help, &o);)
			if (o.name[0])
				zsh_option(&o);
		if (strcmp(c->name, "lab") == 0) {
			fputs("\t\t\t'1:lab:(", stdout);
			put_labs(" ");
			puts(")' \\");
		}
		puts(strcmp(c->name, "demo") == 0 ? "\t\t\t'*:sample:($(mapscope demo --list 2> /dev/null | "
						    "cut -d \" \" -f 1))'"
						  : "\t\t\t'*:file:_files'");
		puts("\t\t;;");
	}
	puts("\tesac\n}\n_mapscope \"$@\"");
	return 0;
}

/* ---- fish ---- */

static void fish_option(const char *command, const struct page_option *o)
{
	char words[WORDS];
	option_words(o, words, sizeof words);
	printf("complete -c mapscope -n '__fish_seen_subcommand_from %s' -l %s", command, o->name);
	if (o->letter[0])
		printf(" -s %s", o->letter);
	if (o->argument[0])
		fputs(takes_file(o) ? " -r -F" : " -x", stdout);
	if (words[0])
		printf(" -a '%s'", words);
	fputs(" -d '", stdout);
	for (const char *p = o->text; *p; p++)
		printf("%s%c", *p == '\'' || *p == '\\' ? "\\" : "", *p);
	puts("'");
}

int complete_fish(void)
{
	struct page_option o;
	puts("# Completion of mapscope's commands and options, generated from its table of commands.\n"
	     "complete -c mapscope -l help -d 'what it does'\n"
	     "complete -c mapscope -l lang -x -a 'en zh' -d 'texts in this language'\n"
	     "complete -c mapscope -l no-config -d 'leave the configuration file out'\n"
	     "complete -c mapscope -n __fish_use_subcommand -l version -d 'the version'");
	for (const struct page_command *c = page_commands; c->name; c++) {
		printf("complete -c mapscope -f -n __fish_use_subcommand -a %s -d '", c->name);
		for (const char *p = c->sentence; *p; p++)
			printf("%s%c", *p == '\'' || *p == '\\' ? "\\" : "", *p);
		puts("'");
		for (const char *help = c->options; option_next(&help, &o);)
			if (o.name[0])
				fish_option(c->name, &o);
	}
	fputs("complete -c mapscope -n '__fish_seen_subcommand_from lab' -a '", stdout);
	put_labs(" ");
	puts("' -d lab");
	puts("complete -c mapscope -f -n '__fish_seen_subcommand_from demo' \\\n"
	     "\t-a \"(mapscope demo --list 2> /dev/null | string match -r '^\\S+')\" -d sample");
	return 0;
}
