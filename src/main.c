/* mapscope: the table of subcommands, --help and --version. */
#include "command.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

const struct command commands[] = {
	{ "demo", cmd_demo, "[NAME]", "Opens a sample in the replay",
	  "      --list        name the samples\n"
	  "Without a terminal it prints the sample's last frame.  Options of replay work too." },
	{ "record", cmd_record, "WORKLOAD [-o TRACE]", "Records a workload (- is stdin) into a trace",
	  "  -o, --output FILE  the trace (default: the workload's name with .trace)\n"
	  "      --keys FILE    put a key a line of FILE into map[string]int64; no WORKLOAD then\n"
	  "      --map TEXT     with --keys: the map, as in a workload (\"string int64 seed=7\")\n"
	  "      --force        replace a trace that exists\n"
	  "      --json         report as JSON" },
	{ "replay", cmd_replay, "TRACE|WORKLOAD", "Steps through a recording, forwards and backwards",
	  "      --step N       begin at step N\n"
	  "      --theme NAME   dark, light, mono, colour-blind, projector\n"
	  "      --ascii        draw with ASCII only\n"
	  "      --colour N     0, 16 or 256 colours" },
	{ "layout", cmd_layout, "TRACE|WORKLOAD [--op N|all] [--map NAME]", "Prints a map's memory without addresses",
	  "      --op N|all     after operation N, or after each (default: after the last)\n"
	  "      --map NAME     this map, not the one that the operation works on" },
	{ "events", cmd_events, "TRACE|WORKLOAD", "Prints the steps, one a line",
	  "      --from N       first step (default 1)\n"
	  "      --to N         last step (default: the last)\n"
	  "      --op N         the steps of operation N\n"
	  "      --kind A,B     only these kinds\n"
	  "      --kinds        name the kinds and their arguments\n"
	  "      --json         one JSON object a line" },
	{ "stats", cmd_stats, "TRACE|WORKLOAD", "Sums a recording up",
	  "      --json         as JSON" },
	{ "sql", cmd_sql, "TRACE \"select ...\"", "Asks a trace in SQL, with virtual tables event, move, bucket, slot",
	  "      --header       name the columns first\n"
	  "      --json         an array of objects\n"
	  "      --csv          comma-separated, quoted as RFC 4180 has it" },
	{ "unpack", cmd_unpack, "TRACE -o PLAIN.db", "Writes a trace as ordinary tables, for plain sqlite3",
	  "  -o, --output FILE  the new database\n"
	  "      --force        replace a file that exists" },
	{ "show", cmd_show, "TRACE|WORKLOAD", "Prints a frame of the replay as text",
	  "      --step N       at step N (default: the last)\n"
	  "      --size WxH     default 80x24\n"
	  "      --keys KEYS    after these keys, by tmux's names, separated by blanks\n"
	  "      --ascii        draw with ASCII only\n"
	  "      --ansi         with colours\n"
	  "      --theme NAME   dark, light, mono, colour-blind, projector" },
	{ "check", cmd_check, "TRACE|WORKLOAD", "Replays all of it and tests every invariant of Go's map after each operation",
	  "      --json         report as JSON" },
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
