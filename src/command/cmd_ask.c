/* mapscope sql and unpack: the store does the work. */
#include "src/command/command.h"

#include <getopt.h>

int cmd_sql(int argc, char **argv)
{
	static const struct option options[] = { { "header", no_argument, NULL, 'H' }, { "json", no_argument, NULL, 'j' },
		{ "csv", no_argument, NULL, 'c' }, { "help", no_argument, NULL, 'h' }, { 0 } };
	enum store_format format = STORE_TABS;
	bool header = false;
	char error[STORE_ERROR];
	int c;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (c) {
		case 'H': header = true; break;
		case 'j': format = STORE_JSON; break;
		case 'c': format = STORE_CSV; break;
		case 'h': return command_help("sql");
		default: return command_usage("sql", NULL);
		}
	if (argc - optind != 2)
		return command_usage("sql", "give a trace and one query: mapscope sql TRACE \"select ...\"");
	int status = store_sql(argv[optind], argv[optind + 1], format, header, stdout, error);
	int flushed = command_flush("sql", stdout);
	return status ? command_fail("sql", "%s", error) : flushed;
}

int cmd_unpack(int argc, char **argv)
{
	static const struct option options[] = { { "output", required_argument, NULL, 'o' },
		{ "force", no_argument, NULL, 'f' }, { "help", no_argument, NULL, 'h' }, { 0 } };
	const char *output = NULL;
	bool force = false;
	char error[STORE_ERROR];
	int c;
	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1)
		switch (c) {
		case 'o': output = optarg; break;
		case 'f': force = true; break;
		case 'h': return command_help("unpack");
		default: return command_usage("unpack", NULL);
		}
	if (argc - optind != 1 || !output)
		return command_usage("unpack", !output ? "-o FILE is missing: where shall the tables go?" : N_("which trace?"));
	if (store_unpack(argv[optind], output, force, error))
		return command_fail("unpack", "%s", error);
	return EXIT_DONE;
}
