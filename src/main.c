/* mapscope: which subcommand, --help and --version. */
#include "command.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

const struct command commands[] = {
#define COMMAND(name, arguments, sentence, options) { #name, cmd_##name, arguments, sentence, options },
#include "commands.def"
#undef COMMAND
	{ 0 },
};

static int help(FILE *out)
{
	fputs("Usage: mapscope COMMAND [OPTION]... [FILE]\n"
	      "An oscilloscope for Go's map: records every byte that a map operation reads or writes,\n"
	      "and replays it, forwards and backwards, in your terminal.\n\nCommands:\n", out);
	for (const struct command *c = commands; c->name; c++)
		fprintf(out, "  %-8s %s\n", c->name, c->sentence);
	fputs("\n      --help     this text; mapscope COMMAND --help tells more\n"
	      "      --version  the version and the releases of Go that it reproduces\n\n"
	      "Begin with: mapscope demo\n", out);
	return command_flush("", out);
}

static int version(void)
{
	printf("%s\nGo's classic map on amd64, byte for byte:", PACKAGE_STRING);
	for (int i = 0; i < RELEASES; i++)
		printf("%s go%s %s", i ? "," : "", releases[i].name,
		       releases[i].proved ? "(proved against the real runtime)" : "(from reading)");
	putchar('\n');
	return command_flush("", stdout);
}

static int unknown(const char *name)
{
	const char *near = script_nearest(name, &commands[0].name, sizeof commands[0]);
	if (near)
		return command_usage("", "\"%s\" is no command; did you mean %s?", name, near);
	return command_usage("", "\"%s\" is no command", name);
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C"); /* numbers are read and written as Go and SQL have them */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		help(stderr);
		return EXIT_USAGE;
	}
	const char *name = argv[1];
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
		return help(stdout);
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		return version();
	const struct command *c = command_find(name);
	if (!c)
		return unknown(name);
	return c->run(argc - 1, argv + 1);
}
